"""A level that the area tree does not have.

`level:` is one of the levels of `config/areas.yaml`, in a rule and in a pattern.

Wrong: `level: conty`. Right: `level: county`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level, nearest
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "unknown-level"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    levels = context.tree.levels
    for place, level in source.levels():
        if level not in levels:
            sentence = f"unknown level '{level}'{nearest(level, levels)}; the levels are {', '.join(levels)}"
            yield place, sentence
