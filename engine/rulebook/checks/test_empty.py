"""A test that does not test.

A test that gives nothing and expects nothing passes for every rule.

Wrong: `expect: {A: none}` without `given`. Right: give what is nearly enough.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "test-empty"
LEVEL = Level.WARNING


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    for test in source.tests:
        given = test.example.given
        nothing = not given.model_fields_set - {"population"}
        if nothing and set(test.example.grades().values()) <= {"none"}:
            yield test.place, f"the test '{test.example.name}' gives nothing: every rule passes it"
