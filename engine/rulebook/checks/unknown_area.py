"""An area that nobody knows: chosen by a rule, or neither real nor made up in its tests.

A rule's `areas` are named by the codes of `config/areas.csv`. A test names either areas of the tree by their
codes, or made-up ones: `A`, `B`, `C` at the rule's level, neighbours of each other; `A1`, `A2` one level
below `A`, `A1.1` below `A1`; the name of a level above (`country`) for the area all of them lie in. It does
not mix the two.

Wrong: `expect: {Stockholm: orange}`. Right: `expect: {"01": orange}`, or `{A: orange}`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level, nearest
from engine.rulebook.context import Context
from engine.rulebook.language.imaginary import areas_named, imaginable
from engine.rulebook.language.source import Place, Source

NAME = "unknown-area"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    for place, code in source.areas():
        if code not in context.tree:
            yield place, f"unknown area '{code}'{nearest(code, context.tree.areas)}"
    if source.written.level not in context.tree.levels:
        return
    for test in source.tests:
        named = list(areas_named(test.example))
        if all(code in context.tree for _, code in named):
            continue
        for place, code in named:
            if not imaginable(code, source.written.level, context.tree):
                yield (*test.place, *place), _sentence(code, context)


def _sentence(code: str, context: Context) -> str:
    if code in context.tree:
        return f"'{code}' is real where others of the test are made up: name real areas alone, or none"
    return f"unknown area '{code}'{nearest(code, context.tree.areas)}; made-up areas are called A, B, A1, B2"
