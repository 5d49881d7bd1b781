"""How long before its first day a backtest begins to judge, so that it starts as warm as the service is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from engine.backtest.history import Span
from engine.model.period import Cycle
from engine.model.rule import Rule, RuleBook

#: What stands may have stood for weeks: no start is shorter.
LEAST = 28
_DAYS = {Cycle.IMMEDIATE: 1, Cycle.DAILY: 1, Cycle.WEEKLY: 7, Cycle.MONTHLY: 31}


def warmed(span: Span, *books: RuleBook) -> Span:
    """The span with as many days before it as the slowest rule needs to forget how it began."""
    every = [rule for book in books for rule in book.rules.values()]
    within = [rule.correlation.within.days + 1 for rule in every if rule.correlation]
    slowest = max(map(_settles, every), default=0) + max(within, default=0)
    return replace(span, warm=max(span.warm, LEAST, slowest))


def _settles(rule: Rule) -> int:
    """The days after which nothing that a rule remembers is of before: delays, holds, the time that an
    immediate finding stands, the pause after a lift."""
    judgements = max((rung.delay_on + rung.delay_off for rung in rule.rungs), default=1)
    rests = (rule.window.lasts + rule.cool_down) // timedelta(days=1) + 1
    return judgements * _DAYS[rule.cycle] + rests
