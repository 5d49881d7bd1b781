"""A test that expects to notify somebody to whom no route leads.

`notified:` names receivers of `config/routes.yaml` that hear of the change by a route.

Wrong: `expect: {A: {notified: [polise-desk]}}`. Right: `expect: {A: {notified: [police-desk]}}`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level, nearest
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "test-receiver"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    for test in source.tests:
        for area, expected in test.example.expect.items():
            for number, name in enumerate(expected.notified or ()):
                if name not in context.receivers:
                    sentence = f"no route leads to '{name}'{nearest(name, context.receivers)}"
                    yield (*test.place, "expect", area, "notified", number), sentence
