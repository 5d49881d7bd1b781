"""Counts of days, None for one that could not be seen whole: beside each other, and what follows."""

from __future__ import annotations

import math
from collections.abc import Sequence

from engine.report.figures import Ratio, Span
from engine.report.ratio import compare, following

Days = Sequence[int | None]


def beside(days: Days, before: Days) -> Ratio:
    """The seen days of a period beside those of another."""
    now, then = ([one for one in of if one is not None] for of in (days, before))
    return compare(sum(now), sum(then), len(now), len(then))


def next_of(days: Days, length: int) -> Span | None:
    """What the periods of so many days that end with the last day lead to expect of the next one."""
    blocks = [days[end - length : end] for end in range(len(days), length - 1, -length)]
    return following([math.nan if None in one else sum(filter(None, one)) for one in blocks])
