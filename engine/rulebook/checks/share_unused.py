"""A whole that no test compares with.

`indicator.share_of` is read by the test `share_of`, and by `cluster` with `model: bernoulli`.

Wrong: `indicator: {..., share_of: {...}}` with rungs on `at_least` only. Right: add `share_of: 0.3`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source
from engine.rulebook.language.strictness import uses_whole

NAME = "share-unused"
LEVEL = Level.WARNING


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    rule = source.threshold
    if rule is None or rule.indicator.share_of is None:
        return
    if not any(uses_whole(test) for _, test in source.conditions()):
        yield ("indicator", "share_of"), "no rung tests a share: add share_of: 0.3, or take the whole out"
