"""Two tests with one name.

A failed test is told by its name.

Right: a name that says what is special about each.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "test-name"
LEVEL = Level.WARNING


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    names: set[str] = set()
    for test in source.tests:
        if test.example.name in names:
            yield (*test.place, "name"), f"another test of this rule is already called '{test.example.name}'"
        names.add(test.example.name)
