"""A rung that no test reaches.

A threshold nobody has tested may be out of reach, or too easy.

Right: one test for each grade.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "test-unfired-rung"
LEVEL = Level.HINT


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    if not source.judged or not source.tests:
        return
    expected = {word for test in source.tests for word in test.example.grades().values()}
    for word in source.grades():
        if word not in expected:
            yield ("grades", word), f"no test expects {word}: write one in which this rung holds"
