"""A test that expects something of an area the rule does not judge.

A rule judges the areas of one level: a made-up area without a number (`A`), or a real one of that level. One
that chooses among them (`areas`) is tested in real ones: a made-up area is none of those it names.

Wrong: `expect: {A1: blue}`, or a municipality in a county rule's test. Right: `expect: {A: blue}`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.imaginary import areas_named, imaginable
from engine.rulebook.language.source import Place, Source

NAME = "test-level"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    level, tree = source.written.level, context.tree
    if level not in tree.levels:
        return
    for test in source.tests:
        real = all(code in tree for _, code in areas_named(test.example))
        if source.written.areas is not None and not real:
            sentence = "the rule judges chosen areas, and this one is made up: name real areas in its tests"
            yield (*test.place, "expect"), sentence
            continue
        for code in test.example.expect:
            if not real and not imaginable(code, level, tree):
                continue
            if (tree[code].level != level) if real else (len(code) > 1):
                sentence = f"the rule judges {level} areas, and '{code}' is none"
                yield (*test.place, "expect", code), f"{sentence}: expect something of the area it lies in"
