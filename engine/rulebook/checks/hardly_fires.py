"""A rung that could hardly ever fire.

At twice the usual counts of its areas (blue), four times (yellow), eight times (orange), sixteen times (red)
it would hold with a chance below 5 %, in every area: a real rise would go unseen. Checked with `forewarn
rules check --data`, against the ledger's last half-year, for rules that count incidents and whose tests
judge a window by its own count.

Wrong: `blue: {at_least: 20}` where counties see two a week. Right: `blue: {at_least: 4}`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.model.problem import Level
from engine.rulebook import power
from engine.rulebook.context import Context
from engine.rulebook.inference import nameable
from engine.rulebook.language.resolve import resolve
from engine.rulebook.language.source import Place, Source

NAME = "hardly-fires"
LEVEL = Level.WARNING
_LEAST = 0.05


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    if context.ledger is None or not source.judged or not nameable(source, context):
        return
    rule = resolve(source, context)
    if not power.judgeable(rule):
        return
    expected = power.usual(rule, context.ledger)
    if not np.nansum(expected):
        return
    areas = context.tree.at(rule.level)
    for grade, chances in power.chances(rule, context.ledger, expected).items():
        best = int(np.nanargmax(chances))
        if chances[best] < _LEAST:
            rise = f"even at {power.RISES[grade]} times the usual {expected[best]:.2g} a window"
            sentence = f"{rise} (in {areas[best]}) its chance to hold is {chances[best]:.1%}, nowhere more"
            yield ("grades", grade.word), sentence
