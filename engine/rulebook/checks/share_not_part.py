"""A share of something it is not part of.

A share is of a whole that includes it; otherwise it can pass 1 and means nothing. That is true of hours and
weekdays, too: a share of the nights' is of what happens at night.

Wrong: crashes as a share of burglaries. Right: injury crashes as a share of crashes.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "share-not-part"
LEVEL = Level.WARNING


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    indicator = source.threshold.indicator if source.threshold else None
    if indicator is None or indicator.share_of is None:
        return
    part = context.selected(indicator.where.categories())
    whole = context.selected(indicator.share_of.where.categories())
    outside = sorted(part - whole)
    if outside and whole:
        sentence = f"the whole does not include {', '.join(outside[:3])}: a share is of what it is part of"
        yield ("indicator", "share_of", "where", "category"), sentence
    zone = context.zone.key
    whenever = indicator.share_of.where.times(zone)
    if whenever is not None and whenever != indicator.where.times(zone):
        when = "the whole has other hours or weekdays than its part: give both the same, or the whole none"
        yield ("indicator", "share_of", "where"), when
