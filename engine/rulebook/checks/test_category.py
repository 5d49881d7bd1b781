"""A test about a category that the taxonomy does not have.

Wrong: `category: property.burglery` under `given`. Right: `category: property.burglary`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level, nearest
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, RuleTest, Source

NAME = "test-category"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    known = context.taxonomy.categories
    for test in source.tests:
        for place, code in _named(test):
            if code not in known:
                yield (*test.place, *place), f"unknown category '{code}'{nearest(code, known)}"


def _named(test: RuleTest) -> Iterator[tuple[Place, str]]:
    for number, incident in enumerate(test.example.given.incidents):
        yield ("given", "incidents", number, "category"), incident.category
    for number, alert in enumerate(test.example.given.alerts):
        yield ("given", "alerts", number, "category"), alert.category
    for number, background in enumerate(test.example.given.background):
        if background.category:
            yield ("given", "background", number, "category"), background.category
