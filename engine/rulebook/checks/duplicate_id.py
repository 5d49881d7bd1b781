"""Two rules with one id.

An id names a rule in findings, warnings and correlations; it stands once in all files together.

Wrong: `id: public-safety.fire` in two files. Right: two ids.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "duplicate-id"
LEVEL = Level.ERROR


def check(sources: Sequence[Source], context: Context) -> Iterator[tuple[Source, Place, str]]:
    first: dict[str, Source] = {}
    for source in sources:
        earlier = first.setdefault(source.id, source)
        if earlier is not source:
            where = f"{earlier.path}:{earlier.document.line('id')}"
            yield source, ("id",), f"the id '{source.id}' stands here again; it is already in {where}"
