"""A category that another in the same list already includes.

A category includes everything below it, so naming a child as well says nothing more.

Wrong: `category: [property, property.burglary]`. Right: `category: property`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "category-twice"
LEVEL = Level.WARNING


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    for place, where in source.wheres():
        codes = [code for code in where.categories() if code in context.taxonomy]
        for number, code in enumerate(codes):
            if code in codes[:number]:
                yield (*place, "category"), f"'{code}' stands here twice"
            for other in codes:
                if other != code and code in context.selected([other]):
                    yield (*place, "category"), f"'{code}' is already part of '{other}': name one of them"
