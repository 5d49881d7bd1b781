"""A share of nothing.

The test `share_of` compares the indicator with a whole, and `cluster` with `model: bernoulli` looks for
places where more of it than elsewhere are cases: `indicator.share_of.where` says which.

Wrong: `share_of: 0.3` alone. Right: `indicator: {..., share_of: {where: {category: traffic}}}` as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source
from engine.rulebook.language.strictness import uses_whole

NAME = "share-without-whole"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    rule = source.threshold
    if rule is None or rule.indicator.share_of is not None:
        return
    for place, test in source.conditions():
        if uses_whole(test):
            yield place, "a share needs a whole: say under indicator: share_of: {where: {category: ...}}"
            return
