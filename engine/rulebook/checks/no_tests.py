"""A judged rule without tests.

A rule test says what must fire and what must not; it keeps an edit from breaking what worked.

Wrong: no `tests:`. Right: at least one test that fires and one that stays silent.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "no-tests"
LEVEL = Level.WARNING


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    if source.judged and not source.tests:
        yield ("id",), "the rule has no tests: write one that fires and one that stays silent"
