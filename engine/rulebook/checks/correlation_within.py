"""A time that does not fit the correlation's cycle.

`within` is measured back from the cut in whole days, and is at least as long as the cycle: what lies between
two judgements would never be seen.

Wrong: `cycle: weekly` with `within: 2d`. Right: `within: 7d`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from engine.model.period import Cycle
from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "correlation-within"
LEVEL = Level.ERROR


SHORTEST = {Cycle.DAILY: 1, Cycle.WEEKLY: 7, Cycle.MONTHLY: 28}
_DAY = timedelta(days=1)


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    correlate, cycle = source.correlate, source.written.cycle
    if correlate is None or cycle not in SHORTEST:
        return
    if correlate.within % _DAY or not correlate.within:
        yield ("correlate", "within"), "within is measured in whole days: write 2d, 7d"
    elif correlate.within.days < SHORTEST[cycle]:
        sentence = f"within {correlate.within.days}d misses days between two {cycle} judgements"
        yield ("correlate", "within"), f"{sentence}: take {SHORTEST[cycle]}d or more"
