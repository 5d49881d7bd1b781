"""Whether the past that rules compare with can be compared at all, and else what of which feed forbids it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from engine.cycle.panels import StorePanels
from engine.cycle.world import World
from engine.detect import TESTS, rare
from engine.detect.evaluate import params, pasts
from engine.detect.measure import ENOUGH, reach, spans_of
from engine.detect.series import Past
from engine.errors import StoreError
from engine.judge.doubt import when
from engine.judge.ladder import measured
from engine.model.feed import Feed
from engine.model.indicator import Indicator
from engine.model.panel import FeedWatch, Watch
from engine.model.period import Cycle
from engine.model.rule import Rule, Window
from engine.model.text import numbered
from engine.store.database import Tx


def remarks(world: World, tx: Tx, feed: Feed) -> list[str]:
    """Of the rules that a feed fills, those of whose baseline nothing is usable now, alike ones in one
    sentence."""
    panels = StorePanels(tx, world.settings)
    cut = world.settings.calendar.cut_after(world.clock()) - timedelta(days=1)
    alike: dict[tuple[int, str], list[str]] = {}
    for rule in _comparing(world, feed):
        # What is not counted yet, as before the first poll, is counted from the service's next start on.
        with suppress(StoreError):
            for blocks, why in _unusable(rule, panels, feed, cut):
                alike.setdefault((blocks, why), []).append(rule.id)
    return [
        f"baseline: none of {numbered(blocks, 'block')} usable for {rules[0]}"
        f"{f' and {len(rules) - 1} more' if rules[1:] else ''}, because {why}"
        for (blocks, why), rules in alike.items()
    ]


@dataclass(frozen=True)
class Young:
    """Rules that compare with a past of which too little can be used yet, and why; until: the morning from
    which it is enough, if nothing is missed any more."""

    rules: tuple[str, ...]
    usable: int
    blocks: int
    until: date
    why: str

    def __str__(self) -> str:
        more = f" and {len(self.rules) - 1} more have" if self.rules[1:] else " has"
        return (
            f"{self.rules[0]}{more} too little past to compare with until {self.until} ({self.usable} of "
            f"{numbered(self.blocks, 'earlier block')} usable): {self.why}"
        )


def young(world: World, tx: Tx) -> list[Young]:
    """The rules of which a test can tell nothing anywhere, because too little of its past can be used yet;
    alike ones together."""
    panels = StorePanels(tx, world.settings)
    cut = world.settings.calendar.cut_after(world.clock()) - timedelta(days=1)
    alike: dict[tuple[int, int, date, str], list[str]] = {}
    for rule in world.book.rules.values():
        if rule.indicator is not None and rule.judged and rule.cycle is not Cycle.IMMEDIATE:
            with suppress(StoreError):
                for found in _too_little(rule, rule.indicator, panels, cut):
                    alike.setdefault(found, []).append(rule.id)
    return [
        Young(tuple(rules), usable, blocks, until, why)
        for (usable, blocks, until, why), rules in alike.items()
    ]


def _too_little(
    rule: Rule, indicator: Indicator, panels: StorePanels, cut: date
) -> Iterator[tuple[int, int, date, str]]:
    past, day = pasts(rule.rungs, rule.window)[0], cut.toordinal()
    if not (least := needed(rule)):
        return
    series = measured(rule, indicator, panels, np.array([day]), past)
    assert series.unmonitored is not None
    judged = np.array([rule.judges(area) for area in panels.tree.at(rule.level)], bool)
    covered = np.flatnonzero(~series.unmonitored[0] & judged)
    if not covered.size or series.valid[0, covered].max() >= least:
        return
    area = int(covered[series.valid[0, covered].argmax()])
    first, last = day - reach(rule.window, past), day - rule.window.days - past.gap
    watch = panels.watch(indicator, rule.level, first, day)
    until = date.fromordinal(_enough(watch, area, day, rule.window, past, least))
    why = _because(watch, rule.level, first, last, day + watch.wait)
    yield int(series.valid[0, area]), past.blocks, until, why


def needed(rule: Rule) -> float:
    """How many usable blocks the lowest rung asks for; none where its tests look at nothing earlier."""
    blocks = [(test, TESTS[test.name].past(params(test), rule.window).blocks) for test in rule.rungs[0].every]
    return max((rare.needed(n) if test.name == "rare" else 1 for test, n in blocks if n), default=0)


def _enough(watch: Watch, area: int, cut: int, window: Window, past: Past, needed: float) -> int:
    """The first cut at which so many blocks can be used, if all is heard and read from now on."""
    first = cut - reach(window, past)
    good = np.ones(2 * (cut - first), bool)
    good[: cut - first] = ~watch.lost(first, cut - 1, cut)[area] & watch.monitored(first, cut - 1)[area]
    begun = max((feed.since for feed in watch.feeds if feed.covers[area] and feed.since < cut), default=first)
    for at in range(cut, 2 * cut - first):
        starts, lengths = (of[0, 1 : past.blocks + 1] for of in spans_of(np.array([at]), window, past))
        spans = zip((starts - first).tolist(), lengths.tolist(), strict=True)
        seen = np.array([good[max(begin, 0) : begin + length].mean() for begin, length in spans])
        if ((seen >= ENOUGH) & (starts >= begun)).sum() >= needed:
            return at
    return 2 * cut - first


def _comparing(world: World, feed: Feed) -> Iterator[Rule]:
    for rule in world.book.rules.values():
        counts = rule.indicator is not None and feed.fills(rule.indicator)
        if counts and rule.judged and rule.cycle is not Cycle.IMMEDIATE:
            yield rule


def _unusable(rule: Rule, panels: StorePanels, feed: Feed, cut: date) -> Iterator[tuple[int, str]]:
    """(how many blocks there are, why none of them can be used) where none can in any of the feed's areas."""
    assert rule.indicator is not None
    past, day = pasts(rule.rungs, rule.window)[0], cut.toordinal()
    if not past.blocks:
        return
    series = measured(rule, rule.indicator, panels, np.array([day]), past)
    first = day - reach(rule.window, past)
    watch = panels.watch(rule.indicator, rule.level, first, day)
    own = next(one for one in watch.feeds if one.feed == feed.id)
    if own.covers.any() and not series.valid[0, own.covers].any():
        last = day - rule.window.days - past.gap
        yield past.blocks, _because(watch, rule.level, first, last, day + watch.wait)


def _because(watch: Watch, level: str, first: int, last: int, moment: float) -> str:
    """What costs the most of the days `first`..`last - 1`, of all feeds that must have told of them."""
    told = [one for feed in watch.feeds for one in _losses(feed, first, last, moment)]
    days, why = max(told, default=(0, ""))
    return why if days else f"its reports are not placed as deep as {level} level there"


def _losses(feed: FeedWatch, first: int, last: int, moment: float) -> Iterator[tuple[int, str]]:
    """(how many days, the sentence) of each way in which a feed has no past to compare with."""
    yield (
        min(feed.since, last) - first,
        (f"{feed.feed} reports only from {date.fromordinal(feed.since)} on (its `covers.from`)"),
    )
    for one in feed.silences:
        begin, end = one.days(moment, feed.least) if one.known < moment else (first, first)
        until = f"to {when(one.end)}" if np.isfinite(one.end) else "on"
        yield (
            min(end, last) - max(begin, first),
            (
                f"nobody heard {feed.feed} from {when(one.start)} {until}; what it told then is loaded by "
                f"`forewarn ingest {feed.feed} FILE --history --observed FROM..TO`"
            ),
        )
    unread = {day.day for day in feed.unread if first <= day.day < last}
    yield (
        len(unread),
        (
            f"too many records of {numbered(len(unread), 'day')} of {feed.feed} could not be read; see "
            f"`forewarn feeds rejects {feed.feed} --by value`"
        ),
    )
