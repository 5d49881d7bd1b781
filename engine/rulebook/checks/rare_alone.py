"""A rare count without a least number.

In a quiet area two incidents can be rare; a warning of two is a warning of chance. Say from how many on,
in an alternative of `any` too.

Wrong: `blue: {rare: {alpha: 0.01}}`. Right: `blue: {at_least: 3, rare: {alpha: 0.01}}`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "rare-alone"
LEVEL = Level.WARNING


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    for word, rung in source.rungs().items():
        if any([test.name for test in way] == ["rare"] for way in rung.ways):
            yield ("grades", word), "rare alone warns of twos and threes: add at_least, such as at_least: 3"
            return
