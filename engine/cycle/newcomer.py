"""Which rules lose the past they compare with when one more feed tells of what they count."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta

import numpy as np

from engine.cycle.comparable import needed
from engine.detect.evaluate import pasts
from engine.detect.measure import spans_of
from engine.model.area import AreaTree
from engine.model.feed import Feed
from engine.model.indicator import Indicator
from engine.model.period import Cycle
from engine.model.rule import Rule


def emptied(
    rules: Iterable[Rule], feeds: Collection[Feed], new: Feed, tree: AreaTree, cut: date
) -> list[Rule]:
    """The rules that other feeds filled for long enough, and that no more have enough once `new` counts too:
    a block is whole only if every feed that reports on an area was heard throughout. feeds: without the new
    one."""
    return [
        rule for rule in rules
        if rule.judged and rule.cycle is not Cycle.IMMEDIATE and rule.indicator is not None
        and new.fills(rule.indicator)
        and (begun := _begun(rule.indicator, feeds, new, tree)) is not None
        and _lacks(rule, new.covers.since, cut) and not _lacks(rule, begun, cut)
    ]  # fmt: skip


def _begun(indicator: Indicator, feeds: Iterable[Feed], new: Feed, tree: AreaTree) -> date | None:
    """Since when any other feed has told of it where the new one does; None where none has."""
    told = (one.covers.since for one in feeds if one.fills(indicator) and _meet(one, new, tree))
    return min(told, default=None)


def _meet(one: Feed, other: Feed, tree: AreaTree) -> bool:
    """Whether an area of the one lies in one of the other."""
    return any(
        a in tree.lineage(b) or b in tree.lineage(a) for a in one.covers.areas for b in other.covers.areas
    )


def _lacks(rule: Rule, since: date, cut: date) -> bool:
    """Whether too few of the blocks that the rule compares with begin since a day."""
    past = pasts(rule.rungs, rule.window)[0]
    starts, _ = spans_of(np.array([cut.toordinal()]), rule.window, past)
    return int((starts[0, 1:] >= since.toordinal()).sum()) < needed(rule)


def until(rule: Rule, since: date) -> date:
    """The first cut at which the past since a day is enough, if nothing is missed."""
    cut = since
    while _lacks(rule, since, cut):
        cut += timedelta(days=1)
    return cut
