"""A measure that is not in the catalogue.

What a warning may ask for is a closed list, `config/measures.yaml`.

Wrong: `measures: [arrest-everybody]`. Right: `measures: [patrol-evening]`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level, nearest
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "unknown-measure"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    for number, choice in enumerate(source.written.measures):
        if choice.code not in context.catalogue:
            near = nearest(choice.code, context.catalogue)
            sentence = f"unknown measure '{choice.code}'{near}; measures come from the catalogue"
            yield ("measures", number), sentence
