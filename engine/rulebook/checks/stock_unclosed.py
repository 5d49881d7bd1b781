"""A stock of what nothing ever closes.

What is open ends when its feed says so: `ended_at` in the mapping, the moment a dispute was settled or an
inspection done. Where no feed that is counted gives one, a stock only grows.

Wrong: `stock: open` on a log of crashes. Right: map `ended_at` of the ledger that is counted, or count what
comes.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "stock-unclosed"
LEVEL = Level.WARNING


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    indicator = source.threshold.indicator if source.threshold else None
    if indicator is None or not indicator.stock or not source.judged:
        return
    chosen = context.selected(indicator.where.categories())
    told = context.reporting(chosen, [feed for feed in indicator.where.feeds() if feed in context.feeds])
    if told and all(feed.mapping.ended_at is None for feed in told):
        feeds = ", ".join(feed.id for feed in told)
        yield ("indicator", "stock"), f"nothing of {feeds} is ever closed: map ended_at, or count what comes"
