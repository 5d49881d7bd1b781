"""What a feed's reports leave unsaid although rules count by it: how severe it was, a measure they add
up, at what hour it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.cycle import faults
from engine.cycle.world import World
from engine.model.feed import Feed, too_many
from engine.model.indicator import Indicator
from engine.model.rule import Rule
from engine.notify.notice import Trouble
from engine.store import known
from engine.store.database import Tx

#: What was told so lately is how it is now.
RECENT = timedelta(days=7)
#: Where a feed's mapping says it, where that is called otherwise.
_MAPPED = {"hour": "occurred_at", "day": "occurred_at"}


@dataclass(frozen=True)
class Gap:
    """Of the reports told since a moment that rules count, so many do not say what they count by."""

    what: str
    since: datetime
    lacking: int
    of: int
    #: Whose indicator it is: the first such rule, and how many more there are.
    rule: str
    more: int

    def __str__(self) -> str:
        rules = f"{self.rule} and {self.more} more count" if self.more else f"{self.rule} counts"
        key = _MAPPED.get(self.what, self.what)
        return (
            f"{self.lacking} of {self.of} reports do not say their {self.what}, by which {rules}; the "
            f"others can raise it, and nothing lifts it: ask the source what changed, mend `{key}` in "
            f"its mapping, or say there what an empty field means (`otherwise`)"
        )


def gaps(world: World, tx: Tx, feed: Feed, now: datetime) -> list[Gap]:
    """What too many of the feed's latest reports do not say, each once for the first rule that asks."""
    found: dict[str, Gap] = {}
    for indicator, rules in _asking(world, feed).items():
        told = known.answered(tx, feed, indicator, now - RECENT)
        mute = [(at, what) for at, what in told if what]
        if too_many(len(mute), len(told), feed.tolerate):
            since, what = min(mute)
            gap = Gap(what, since, len(mute), len(told), rules[0].id, len(rules) - 1)
            found.setdefault(what, gap)
    return list(found.values())


def _asking(world: World, feed: Feed) -> dict[Indicator, list[Rule]]:
    """The indicators that ask more of the feed's reports than when, where and what, and their rules."""
    asking: dict[Indicator, list[Rule]] = {}
    for rule in world.book.rules.values():
        for indicator in _of(rule, feed):
            asking.setdefault(indicator, []).append(rule)
    return asking


def _of(rule: Rule, feed: Feed) -> Iterator[Indicator]:
    if rule.judged:
        yield from (one for one in rule.indicators if one.asks and feed.fills(one))


def watch(world: World, tx: Tx, feed: Feed, now: datetime) -> None:
    """Tell the operators of what reports do not say when it begins, and when it is over."""
    found = gaps(world, tx, feed, now)
    if found:
        said = "; ".join(map(str, found))
        faults.begin(world, tx, Trouble.UNSAID, feed.id, said, min(gap.since for gap in found))
    else:
        faults.end(world, tx, Trouble.UNSAID, feed.id, now, "its reports say again what rules count by")
