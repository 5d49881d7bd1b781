"""Tests that only fire, or only stay silent.

A rule that always fires passes every firing test, a rule that never fires every silent one.

Right: at least one of each.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "test-one-sided"
LEVEL = Level.WARNING


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    if not source.judged or not source.tests:
        return
    expected = {word for test in source.tests for word in test.example.grades().values()}
    if not expected - {"none", "unknown"}:
        yield ("tests",), "no test expects a grade: write one in which the rule fires"
    elif "none" not in expected:
        yield ("tests",), "no test expects none: write one in which the rule stays silent"
