"""A hold so long that a warning outlives its cause.

`hold` counts cycles: a daily rule that holds for 15 days, or a weekly one for 9 weeks, tells the centre of a
risk that has long been over. A person can keep a warning open.

Wrong: `hold: 30` in a daily rule. Right: `hold: 3`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.model.rule import LONGEST_HOLD
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "hold-long"
LEVEL = Level.HINT


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    hold, cycle = source.written.hold, source.written.cycle
    if hold > LONGEST_HOLD[cycle]:
        sentence = f"{hold} quiet cycles are many before a {cycle} warning falls"
        yield ("hold",), f"{sentence}: take {LONGEST_HOLD[cycle]} or fewer"
