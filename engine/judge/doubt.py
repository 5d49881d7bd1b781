"""Why a count may be less than what happened: which feed, which of the reasons, since when, how many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from math import floor

import numpy as np

from engine.detect.series import Series
from engine.judge.panels import Panels
from engine.judge.placement import Counts, shallow
from engine.model.indicator import Indicator
from engine.model.panel import FeedWatch, Silence, Watch
from engine.model.rule import Rule
from engine.model.text import numbered

#: What is unknown is not zero.
NO_READING = "no reading that still holds"
#: So many days back it is looked up since when reports are placed no deeper.
_SINCE = 366


@dataclass
class Doubts:
    """The reasons for which one rule's judged blocks are lower bounds; looked up only where somebody asks."""

    rule: Rule
    panels: Panels
    series: Series
    _told: dict[tuple[object, ...], tuple[str, ...]] = field(default_factory=dict)
    _around: dict[tuple[str, int, int], Counts] = field(default_factory=dict)

    def of(self, at: int, area: int) -> str:
        """Of one area at one of the series' cuts; empty where all was observed."""
        if self.series.whole[at, area]:
            return ""
        indicators = [one for one in (self.rule.indicator, self.rule.share_of) if one is not None]
        found = [text for indicator in indicators for text in self._reasons(indicator, at, area)]
        if np.isnan(self.series.observed[at, area]):
            found.insert(0, NO_READING)
        return "; ".join(dict.fromkeys(found))

    def _reasons(self, indicator: Indicator, at: int, area: int) -> tuple[str, ...]:
        watch, cut = self._watches[indicator.key], int(self.series.cuts[at])
        code = self.panels.tree.at(self.rule.level)[area]
        feeds = tuple(feed for feed in watch.feeds if feed.covers[area])
        if not feeds:
            return ("no feed reports on it",)
        own = tuple(day for feed in feeds for day in feed.unread if day.area == area)
        key = (indicator.key, at, tuple(feed.feed for feed in feeds), self.panels.tree[code].parent, own)
        if key not in self._told:
            spans = (cut - self.series.length(at), cut, cut + watch.wait)
            told = [text for feed in feeds for text in _of_feed(feed, area, *spans)]
            placed = self._placed(indicator, at, code, max(feed.placed for feed in feeds))
            names = ", ".join(feed.feed for feed in feeds)
            self._told[key] = (*told, *(f"{names}: {text}" for text in placed))
        return self._told[key]

    @cached_property
    def _watches(self) -> dict[str, Watch]:
        first, last = int(self.series.cuts[0]) - self.series.length(0), int(self.series.cuts[-1])
        of = (self.rule.indicator, self.rule.share_of)
        return {
            one.key: self.panels.watch(one, self.rule.level, first, last) for one in of if one is not None
        }

    def _placed(self, indicator: Indicator, at: int, code: str, wanted: float) -> Iterator[str]:
        """The regions around an area of which too many reports are placed no deeper."""
        doubt, cut = 0.0, int(self.series.cuts[at])
        for region, own, whole in shallow(self._counts(indicator, cut, self.series.length(at)), code):
            doubt += own
            if (whole - doubt) / whole < wanted:
                level = self.panels.tree[region].level
                much = "all" if own == whole else f"{own / whole:.0%} of the"
                yield f"{much} reports placed only at {level} level{self._since(indicator, cut, region)}"

    def _since(self, indicator: Indicator, cut: int, region: str) -> str:
        """Since which day nothing was placed deeper than in the region."""
        counts = self._counts(indicator, cut, 1, _SINCE)
        at = counts.regions.codes.index(region)
        own, whole = counts.own[0, at], counts.whole[0, at]
        deeper = np.flatnonzero(whole > own)
        shallow_ = np.flatnonzero(own[: deeper[0] if deeper.size else None] > 0)
        if not shallow_.size:
            return ""
        return f" since {date.fromordinal(cut - 1 - int(shallow_[-1]))}"

    def _counts(self, indicator: Indicator, cut: int, days: int, blocks: int = 1) -> Counts:
        """So many blocks of so many days before the cut, the newest first."""
        key = (indicator.key, cut, blocks)
        if key not in self._around:
            starts = cut - days * np.arange(1, blocks + 1)[None, :]
            level, upto = self.rule.level, int(self.series.cuts[-1])
            around = Counts(self.panels, indicator, level, np.array([cut]), starts, days, upto)
            self._around[key] = around
        return self._around[key]


def _of_feed(feed: FeedWatch, area: int, first: int, cut: int, moment: float) -> Iterator[str]:
    """Why one feed may not have told all of the days `first`..`cut - 1`, as known at a moment."""
    name = feed.feed or "its feed"
    if feed.since > first:
        yield f"{name}: reports only from {date.fromordinal(feed.since)} on"
    known = ((one, *one.days(moment, feed.least)) for one in feed.silences if one.known < moment)
    silent = [one for one, begins, ends in known if max(begins, first) < min(ends, cut)]
    heard = float(feed.heard_at(np.array([cut]))[0])
    if silent:
        yield f"{name}: {_stretch(silent[-1], moment)}"
    elif heard < cut:
        yield f"{name}: " + (f"nobody listened since {when(heard)}" if np.isfinite(heard) else "never heard")
    half = [
        day for day in feed.unread
        if day.area in (None, area) and first <= day.day < cut and day.begins <= cut < day.ends
    ]  # fmt: skip
    if scaled := [day for day in half if day.mute and day.lacks]:
        yield f"{name}: its {scaled[-1].lacks} are of another scale since {date.fromordinal(scaled[-1].mute)}"
    elif ceased := [day for day in half if day.category]:
        day, what = date.fromordinal(ceased[-1].mute), ceased[-1].category
        yield f"{name}: none of its reports is of {what} since {day}"
    elif mute := [day.mute for day in half if day.mute]:
        yield f"{name}: none of its reports names the area since {date.fromordinal(max(mute))}"
    elif half:
        worst = max(half, key=lambda day: (day.unread, day.day))
        more = f", nor many of {numbered(len(half) - 1, 'other day')}" if len(half) > 1 else ""
        how = f"do not say their {worst.lacks}" if worst.lacks else "could not be read"
        text = f"{worst.unread} of {numbered(worst.of, 'report')} of {date.fromordinal(worst.day)} {how}"
        yield f"{name}: {text}{more}"


def _stretch(one: Silence, moment: float) -> str:
    """A silence, as known at a moment."""
    how = "told nothing new" if one.aged else "silent"
    if one.end >= moment:
        return f"{how} since {when(one.start)}"
    return f"{how} from {when(one.start)} to {when(one.end)}"


def when(moment: float) -> str:
    """A local day with a fraction as people write it, to the minute."""
    minutes = round((moment - floor(moment)) * 24 * 60)
    at = datetime.fromordinal(floor(moment)) + timedelta(minutes=minutes)
    return f"{at:%Y-%m-%d %H:%M}"
