"""A number of matches that can never be reached.

With one pattern `at_least` counts areas, with several it counts the patterns that matched.

Wrong: `at_least: 3` with two patterns under `of:`. Right: `at_least: 2`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.inference import found
from engine.rulebook.language.source import Place, Source

NAME = "correlation-count"
LEVEL = Level.ERROR


def check(sources: Sequence[Source], context: Context) -> Iterator[tuple[Source, Place, str]]:
    yield from found(sources, context, NAME)
