"""A rule that asks for nothing.

A warning must be answered for by measures. Choose from the catalogue what a centre should do.

Wrong: no `measures:`. Right: `measures: [patrol-evening]`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "no-measures"
LEVEL = Level.WARNING


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    if not source.written.measures:
        yield ("id",), "the rule has no measures: say what a centre should do, from the catalogue"
