"""An id that does not begin with its domain.

`public-safety.burglary-surge` tells the reader where it belongs; a correlation may begin with `x.`.

Wrong: `id: fire.surge`. Right: `id: public-safety.fire-surge`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "id-domain"
LEVEL = Level.WARNING


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    prefix, domain = source.id.split(".")[0], source.written.domain
    if prefix != domain and not (prefix == "x" and source.correlate is not None):
        yield ("id",), f"the id should begin with its domain: {domain}.{source.id.split('.', 1)[1]}"
