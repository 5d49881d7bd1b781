"""An order of one thing.

`ordered: true` asks whether the patterns under `all:` came one after the other, `after: 72h` whether each
came so soon after the one before; that takes two or more.

Wrong: `ordered: true` with one pattern. Right: name the second pattern, or drop `ordered`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.inference import found
from engine.rulebook.language.source import Place, Source

NAME = "correlation-order"
LEVEL = Level.ERROR


def check(sources: Sequence[Source], context: Context) -> Iterator[tuple[Source, Place, str]]:
    yield from found(sources, context, NAME)
