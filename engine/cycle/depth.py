"""How deep a feed places its reports: one placed no deeper than a county says nothing of its towns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from engine.cycle.dispatch import notify_operators
from engine.cycle.world import World
from engine.model.area import AreaTree
from engine.model.feed import Feed
from engine.notify.notice import Notice, Trouble
from engine.store import known
from engine.store.database import Tx

#: What was told so lately is how it is now, the newest few reports whenever they were told.
RECENT, FEW = timedelta(days=7), 10
#: What is usual is looked up so far back, in so many reports.
BACK, MOST = timedelta(days=35), 5_000
#: So many reports must be placed too high before anything is said of it.
LACKING = 4


@dataclass(frozen=True)
class Placements:
    """A feed's latest reports, the newest first: when each became known, and how deep it is placed, as a
    place in `levels`."""

    levels: tuple[str, ...]
    at: Sequence[datetime]
    depth: Sequence[int]
    #: So many of them are recent.
    recent: int

    def shares(self) -> dict[str, float]:
        """The share of the recent reports that is placed at each level or deeper."""
        return {level: self._deep(nth, 0, self.recent) / self.recent
                for nth, level in enumerate(self.levels) if self.recent}  # fmt: skip

    def fall(self, level: str, wanted: float) -> Fall | None:
        """Whether too few of the recent reports are placed as deep as a level, and since when."""
        nth = self.levels.index(level)
        if wanted * self.recent - self._deep(nth, 0, self.recent) < LACKING:
            return None
        lacking = list(accumulate(wanted - (depth >= nth) for depth in self.depth))
        since = max(range(len(lacking)), key=lacking.__getitem__) + 1
        before = len(self.depth) - since
        usual = self._deep(nth, since, None) / before if before >= FEW else None
        return Fall(level, self.at[since - 1], self._deep(nth, 0, since), since, usual)

    def _deep(self, nth: int, first: int, last: int | None) -> int:
        return sum(depth >= nth for depth in self.depth[first:last])


@dataclass(frozen=True)
class Fall:
    """Of the reports since a moment, so many are placed at the level or deeper; usual: the share before,
    None where too little is known of it."""

    level: str
    since: datetime
    placed: int
    of: int
    usual: float | None

    def __str__(self) -> str:
        before = "" if self.usual is None else f", {self.usual:.0%} before"
        return (
            f"{self.placed} of {self.of} reports are placed at {self.level} level or deeper{before}; rules "
            f"judge that level, and what they judge can be raised by it, never lifted: ask the source what "
            f"changed, mend `place` in its mapping, or judge at a level that is still placed"
        )


def placements(world: World, tx: Tx, feed: Feed, now: datetime) -> Placements:
    """How deep the feed's latest reports are placed."""
    tree, categories = world.settings.tree, feed.covers.categories
    found = known.placed(tx, feed.id, categories, now - BACK, now + timedelta(seconds=1), MOST)
    told = [(at, depth) for at, areas in found if (depth := _depth(tree, areas)) is not None]
    lately = sum(at >= now - RECENT for at, _ in told)
    return Placements(
        tree.levels, [at for at, _ in told], [depth for _, depth in told],
        max(lately, min(FEW, len(told))),
    )  # fmt: skip


def _depth(tree: AreaTree, areas: Sequence[str]) -> int | None:
    """The deepest level among the areas of a report."""
    return max((tree.levels.index(tree[code].level) for code in areas if code in tree), default=None)


def falls(world: World, tx: Tx, feed: Feed, now: datetime) -> list[Fall]:
    """The levels that rules judge by this feed and that too few of its reports reach, the highest first."""
    judged = set(_judged(world, feed))
    if not judged:
        return []
    of = placements(world, tx, feed, now)
    told = (of.fall(level, feed.placed) for level in of.levels if level in judged)
    return [fall for fall in told if fall is not None]


def _judged(world: World, feed: Feed) -> Iterator[str]:
    for rule in world.book.rules.values():
        if rule.judged and any(feed.fills(indicator) for indicator in rule.indicators):
            yield rule.level


def watch(world: World, tx: Tx, feed: Feed, now: datetime) -> None:
    """Tell the operators, once for each fall, of reports that are placed less deep than is judged."""
    for fall in falls(world, tx, feed, now):
        notify_operators(world, tx, Notice(Trouble.SHALLOW, feed.id, str(fall), fall.since))
