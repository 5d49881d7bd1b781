"""Whether a rule and its mutant find the same on every day of the last year of the data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from engine.judge import Panels, find
from engine.model.finding import Held
from engine.model.period import Cycle
from engine.model.rule import Rule
from engine.rulebook.context import Ledger
from engine.rulebook.trial.scene import opens

#: So many days of the data are judged.
DAYS = 366

_Found = dict[tuple[date, str], tuple[Held, ...]]


def on(ledger: Ledger) -> Callable[[Rule, Rule], bool | None]:
    """A comparison on what the ledger has counted; None for what it cannot replay: immediate rules and
    correlations, and what differs in delays alone, which every rise and fall shows."""
    first = ledger.cut - timedelta(days=DAYS)
    days = [first + timedelta(days=n) for n in range(DAYS + 1)]
    found: dict[str, _Found] = {}

    def alike(rule: Rule, mutant: Rule) -> bool | None:
        if rule.indicator is None or rule.cycle is Cycle.IMMEDIATE or _judged(rule) == _judged(mutant):
            return None
        cuts = [day for day in days if opens(day, rule.cycle)]
        if rule.id not in found:
            found[rule.id] = _found(rule, ledger.panels, cuts)
        return found[rule.id] == _found(mutant, ledger.panels, cuts)

    return alike


def _judged(rule: Rule) -> tuple[object, ...]:
    """Everything that decides what is found at one cut."""
    tests = tuple((rung.grade, rung.tests, rung.any) for rung in rule.rungs)
    return tests, rule.window, rule.indicator, rule.share_of, rule.fdr, rule.nowcast


def _found(rule: Rule, panels: Panels, cuts: list[date]) -> _Found:
    return {
        (found.cut, one.area): one.held
        for found in find([rule], panels, cuts) for one in found.outcomes
    }  # fmt: skip
