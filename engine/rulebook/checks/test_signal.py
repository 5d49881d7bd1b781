"""A test that expects a signal the rule cannot give.

`signals:` names the tests of a rung that held at the judgement; a correlation has patterns instead, and
says where it found them when a test fails.

Wrong: `expect: {A: {signals: [rair]}}`. Right: `expect: {A: {signals: [rare]}}`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level, nearest
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "test-signal"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    known = {test.name for _, test in source.conditions()}
    for test in source.tests:
        for area, expected in test.example.expect.items():
            for number, name in enumerate(expected.signals or ()):
                if name not in known:
                    listed = f"its tests are {', '.join(sorted(known))}" if known else "it has no tests"
                    sentence = f"the rule has no test '{name}'{nearest(name, known)}; {listed}"
                    yield (*test.place, "expect", area, "signals", number), sentence
