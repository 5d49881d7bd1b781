"""A test that expects a grade the rule does not have.

Wrong: `expect: {A: red}` where the highest rung is orange. Right: `expect: {A: orange}`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "test-grade"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    grades = source.grades()
    for test in source.tests:
        for area, word in test.example.grades().items():
            if word not in ("none", "unknown") and word not in grades:
                sentence = f"the rule has no rung '{word}': it gives {', '.join(grades) or 'no grade'}"
                yield (*test.place, "expect", area), sentence
