"""A baseline that no test looks at.

`at_least`, `rate_at_least` and `share_of` look at the last block alone.

Wrong: `at_least: 3` with `baseline: 26`. Right: add `rare: {alpha: 0.01}` (of a gauge or a stock `ears`), or
drop the baseline.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.indicator import Take
from engine.model.period import Cycle
from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source
from engine.rulebook.language.strictness import uses_baseline

NAME = "baseline-unused"
LEVEL = Level.WARNING


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    rule = source.threshold
    if rule is None or not rule.blocks() or rule.cycle is Cycle.IMMEDIATE:
        return
    tests = [test for _, test in source.conditions()]
    if tests and not any(uses_baseline(test) for test in tests):
        fit = "rare" if rule.indicator.take is Take.SUM else "ears"
        yield ("baseline",), f"no test of this rule looks at earlier blocks: drop the baseline, or add {fit}"
