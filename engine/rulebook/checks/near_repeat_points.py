"""A near repeat nearer than the points of any feed are known.

`near_repeat` holds pairs of points against a distance, and each point may be off: by what its feed says
(`accuracy`, beside `keep_point` in its mapping) and by 79 m more, because points are kept to about 100 m. A
pair can be told where `within` is at least twice that. A feed that does not say how accurate its points are
makes no pair, nor does what lies in the middle of its area; of sensitive categories no point is ever kept.

Wrong: `near_repeat: {within: 200m, days: 7}` where a feed says `accuracy: 100m`. Right: `within: 400m`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.distance import ROUNDED, written_metres
from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "near-repeat-points"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    for place, asked in source.repeats():
        where = source.threshold.indicator.where if source.threshold else None
        chosen = context.selected(where.categories()) if where else frozenset()
        feeds = context.reporting(chosen, where.feeds()) if where else []
        if chosen and all(context.taxonomy[code].sensitive for code in chosen):
            yield place, "no point of a sensitive category is kept: count them by area"
            return
        told = {feed.id: feed.accuracy for feed in feeds if feed.accuracy is not None}
        if feeds and not told:
            named = ", ".join(feed.id for feed in feeds)
            yield place, (
                f"no feed that reports these ({named}) says how accurate its points are: set `keep_point: "
                "true` and `accuracy: 100m` in its mapping, or count them by area"
            )
            return
        best = min(told, key=lambda id_: told[id_]) if told else ""
        if best and 2 * told[best] > asked.far:
            said = written_metres(told[best] - ROUNDED)
            least = written_metres(10 * -(-2 * told[best] // 10))
            yield place, (
                f"the points of {best} are accurate to {said} and kept to about 100 m, and each of two may "
                f"be off: {asked.within} cannot be told; within must be {least} or more"
            )
            return
