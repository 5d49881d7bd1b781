"""A test that gives what nobody knows yet.

What happens on or after the day of the judgement is not seen by it.

Wrong: `on: 2026-03-09` with `at: 2026-03-08`. Right: a day before `at`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "test-unseen"
LEVEL = Level.WARNING


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    for test in source.tests:
        at = test.example.at
        for number, incident in enumerate(test.example.given.incidents):
            late = incident.on.first > at.first if at.moment else incident.on.first >= at.first
            if late:
                place = (*test.place, "given", "incidents", number, "on")
                yield place, f"{incident.on.first} is not before the judgement at {at.first}"
