"""The judged stretch and the earlier ones: docs/truth.md, "Stretches of several days"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tests.oracle.plain.clock import DAY
from tests.oracle.plain.counted import View, stretch

#: Of an earlier block so much must have been seen to stand for the whole.
ENOUGH = 0.75
#: A year is so many days, so that weekdays meet weekdays.
YEAR = 364


@dataclass(frozen=True)
class Judged:
    """The judged stretch of one area. placed: the share of the reports around it placed as deep as it."""

    #: None where a gauge shows nothing.
    observed: float | None
    monitored: bool
    whole: bool
    placed: float


@dataclass(frozen=True)
class Earlier:
    """One earlier block. told: what was told of the days that were seen; share: how many judged blocks these
    are worth; both 0 where nothing is known of it; length: how many of these it would be worth as a whole,
    which for a calendar month is not one."""

    told: float = 0.0
    share: float = 0.0
    length: float = 1.0

    @property
    def value(self) -> float:
        """What it stands for."""
        return self.told / self.share

    @property
    def seen(self) -> float:
        """The share of it that was seen."""
        return min(1.0, self.share / self.length)


def month_before(day: date) -> date:
    """The first of the month before the one that begins on a day."""
    return (day - DAY).replace(day=1)


class Stretches:
    """The judged stretch of `days` days before a view's cut (0: the calendar month), and those before it."""

    def __init__(self, view: View, area: str, days: int) -> None:
        self.view, self.area, self.written = view, area, days
        self.start = view.cut - days * DAY if days else month_before(view.cut)
        self.days = (view.cut - self.start).days

    def long(self, start: date) -> int:
        """How many days the stretch that begins on a day has."""
        return self.days if self.written else ((start + 31 * DAY).replace(day=1) - start).days

    def judged(self) -> Judged:
        days = stretch(self.start, self.days)
        reported = [bool(self.view.reporting(self.area, day)) for day in days]
        lost = any(self.view.lost(self.area, day) for day in days)
        placed = self.placed([self.start])
        whole = all(reported) and not lost and placed >= self.wanted
        if self.view.indicator.take in ("open", "change"):
            return self._stock(all(reported) and not lost)
        if self.view.indicator.take:
            value = self.view.reading(self.area, self.start, self.days)
            last, holds = self.view.indicator.take == "last", self.view.indicator.holds
            if last and not (holds or whole):  # a later reading may be missing
                value = None
            return Judged(value, any(reported), value is not None and (whole or last), placed)
        return Judged(sum(self.view.value(self.area, day) for day in days), any(reported), whole, placed)

    def _stock(self, seen: bool) -> Judged:
        """Of a stock nothing is known where openings or closings may be missing; what is open but placed less
        deep may be open here, too."""
        end, older = self.start + self.days * DAY, self.view.indicator.older
        value = self.view.stock(self.area, end, older)
        if self.view.indicator.take == "change":
            value -= self.view.stock(self.area, self.start, older)
        doubtful, least = 0, 1.0
        for region in self.around:
            all_, own = self.view.placed_open(region, end)
            doubtful += own
            if all_:
                least = min(least, (all_ - doubtful) / all_)
        return Judged(value, seen, seen and least >= self.wanted, least)

    def baseline(self, blocks: int, gap: int) -> list[Earlier]:
        """The blocks before the judged one, oldest first; they end `gap` days before it."""
        starts = [self.start - (gap + n * self.days) * DAY for n in range(blocks, 0, -1)]
        if not self.written:
            starts = [self.start]
            while len(starts) <= blocks:
                starts.insert(0, month_before(starts[0]))
            starts.pop()
        deep = self._deep(starts)
        return [self._earlier(start) if fine else Earlier() for start, fine in zip(starts, deep, strict=True)]

    def year_ago(self) -> Earlier:
        start = self.start - YEAR * DAY
        return self._earlier(start) if self.placed([start]) >= self.wanted else Earlier()

    def _earlier(self, start: date) -> Earlier:
        """Known where the same feeds reported on all of it, and three quarters of its days were seen."""
        if not self._comparable(start):
            return Earlier()
        days = stretch(start, self.long(start))
        seen = [day for day in days if not self.view.lost(self.area, day)]
        if len(seen) < ENOUGH * len(days):
            return Earlier()
        told = sum(self.view.value(self.area, day) for day in seen)
        return Earlier(told, len(seen) / self.days, len(days) / self.days)

    def _comparable(self, start: date) -> bool:
        """The feeds that report on any of the judged days report on all of the block, and no others do."""
        now = {
            feed.id for day in stretch(self.start, self.days) for feed in self.view.reporting(self.area, day)
        }
        then = [
            {feed.id for feed in self.view.reporting(self.area, day)}
            for day in stretch(start, self.long(start))
        ]
        return bool(now) and all(feeds == now for feeds in then)

    # --- how deep reports are placed ------------------------------------------------------------

    @property
    def wanted(self) -> float:
        return max((feed.placed for feed in self.view.feeds(self.area)), default=0.0)

    @property
    def around(self) -> list[str]:
        """The regions around the area, from its parent up to the root."""
        return self.view.scene.lineage(self.area)[1:]

    def placed(self, starts: Sequence[date]) -> float:
        """Of the reports of each region around the area, over all these blocks, the share placed deep enough;
        the least of them. What a region counts beyond what those right below it count may be anywhere."""
        days = [day for start in starts for day in stretch(start, self.long(start))]
        doubtful, least = [0] * len(starts), 1.0
        for region in self.around:
            own = [self._own(region, start) for start in starts]
            doubtful = [before + more for before, more in zip(doubtful, own, strict=True)]
            all_ = sum(self.view.number(region, day) for day in days)
            if all_:
                least = min(least, (all_ - sum(doubtful)) / all_)
        return least

    def _own(self, region: str, start: date) -> int:
        days = stretch(start, self.long(start))
        below = sum(self.view.number(child, day) for child in self.view.scene.below(region) for day in days)
        return max(0, sum(self.view.number(region, day) for day in days) - below)

    def _deep(self, starts: Sequence[date]) -> list[bool]:
        """Of each block of a baseline whether it was placed deep enough: decided for all together first; else
        one by one, a block without any report as the last before it that has some (or the first after)."""
        if not starts or self.placed(starts) >= self.wanted:
            return [True] * len(starts)
        told = [start for start in starts if self._tells(start)]
        found = []
        for start in starts:
            before = [one for one in told if one <= start]
            like = before[-1] if before else told[0] if told else None
            found.append(like is None or self.placed([like]) >= self.wanted)
        return found

    def _tells(self, start: date) -> bool:
        """Whether there is any report that could show how deep they are placed."""
        parent = sum(
            self.view.number(region, day)
            for region in self.around[:1] for day in stretch(start, self.long(start))
        )  # fmt: skip
        return parent > 0 or any(self._own(region, start) for region in self.around)
