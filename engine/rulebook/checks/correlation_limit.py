"""More correlations than the inference engine bears.

durable_rules hangs or drops facts beyond its limits instead of saying so, so a rulebook near them is refused.

Right: retire correlations, or move some to another cycle.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.inference import found
from engine.rulebook.language.source import Place, Source

NAME = "correlation-limit"
LEVEL = Level.ERROR


def check(sources: Sequence[Source], context: Context) -> Iterator[tuple[Source, Place, str]]:
    yield from found(sources, context, NAME)
