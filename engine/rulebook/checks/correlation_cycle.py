"""Correlations that wait for each other.

A correlation may rest on the findings of other correlations, but not in a circle: no order of judging would
be right.

Wrong: A looks for B and B for A. Right: let one of them look for incidents, or for a threshold rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.inference import found
from engine.rulebook.language.source import Place, Source

NAME = "correlation-cycle"
LEVEL = Level.ERROR


def check(sources: Sequence[Source], context: Context) -> Iterator[tuple[Source, Place, str]]:
    yield from found(sources, context, NAME)
