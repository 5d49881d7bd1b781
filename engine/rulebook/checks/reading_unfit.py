"""A test of counts on readings or a stock.

`max` and `last` read a gauge, and what is open today was mostly open yesterday: their values are no number of
cases by chance, so no test that expects such can say what is usual of them, and nothing completes them. Fit
are `at_least`, `at_most`, `ears`, `forecast`, `percentile` and `trend`. No reading is unknown, never zero:
`new` and `silent` would see nothing in it.

Wrong: `max: customers_out` with `rare`. Right: `max: customers_out` with `at_least`, or `ears`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.detect import GIVEN
from engine.model.indicator import Take
from engine.model.period import Cycle
from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.schema import ThresholdRule
from engine.rulebook.language.source import Place, Source

NAME = "reading-unfit"
LEVEL = Level.ERROR

FIT = ("at_least", "at_most", "ears", "forecast", "percentile", "trend")


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    rule = source.threshold
    if rule is None or rule.indicator.take is Take.SUM:
        return
    if rule.nowcast:
        yield ("nowcast",), f"{_what(rule)} are not completed by what usually comes late: take nowcast out"
    if rule.cycle is Cycle.IMMEDIATE and rule.indicator.stock:
        yield ("indicator", "stock"), "what is open is judged by the day: choose daily, weekly or monthly"
        return
    if rule.cycle is Cycle.IMMEDIATE and rule.indicator.holds and rule.indicator.holds > rule.window:
        yield ("indicator", "holds"), "an immediate rule reads no further back than its window: lengthen that"
    for place, test in source.conditions():
        if test.name not in FIT and test.name not in GIVEN:
            fit = f"use one of {', '.join(FIT)}"
            yield place, f"'{test.name}' is a test of counts, not of {_what(rule)}: {fit}"
            return


def _what(rule: ThresholdRule) -> str:
    return "stocks" if rule.indicator.stock else "readings"
