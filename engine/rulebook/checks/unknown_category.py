"""A category that the taxonomy does not have.

Categories are written with their full dotted code as in `config/taxonomy.yaml`, in filters and in tests.

Wrong: `category: property.burglery`. Right: `category: property.burglary`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level, nearest
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "unknown-category"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    known = context.taxonomy.categories
    for place, code in source.categories():
        if code not in known:
            yield place, f"unknown category '{code}'{nearest(code, known)}"
