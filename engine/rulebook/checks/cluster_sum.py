"""A scan for clusters, or near repeats, of something that is added up.

`cluster` and `near_repeat` shuffle the dates of cases, each case one thing that happened; the parts of a sum
(hectares, the injured of one crash) do not happen apart, and a fraction of a case cannot be shuffled at all.

Wrong: `sum: burnt_area` with `cluster`. Right: `count: incidents` with `cluster`; a second rule for the sum.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "cluster-sum"
LEVEL = Level.ERROR
_CASES = ("cluster", "near_repeat")


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    if source.threshold is None or not source.threshold.indicator.measure:
        return
    for place, test in source.conditions():
        if test.name in _CASES:
            yield place, f"{test.name} looks at cases, not at a sum: write count: incidents"
            return
