"""A measure that stands twice.

Wrong: `measures: [patrol-evening, patrol-evening]`. Right: once.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "measure-twice"
LEVEL = Level.WARNING


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    codes = [choice.code for choice in source.written.measures]
    for number, code in enumerate(codes):
        if code in codes[:number]:
            yield ("measures", number), f"the measure '{code}' stands here twice"
