"""A test that gives the numbers of an indicator the rule does not have.

`series` gives an indicator block by block and `background` its usual pace; a correlation has no indicator,
so a background names its category and a series has no meaning. An immediate rule has no blocks either.

Wrong: `background: [{area: A1, each: 2 per 7d}]` in a correlation's test. Right:
`background: [{area: A1, category: traffic.crash, each: 2 per 7d}]`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.period import Cycle
from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "test-indicator"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    for test in source.tests:
        given = test.example.given
        if given.series and (source.threshold is None or source.written.cycle is Cycle.IMMEDIATE):
            kind = "a correlation" if source.threshold is None else "an immediate rule"
            yield (*test.place, "given", "series"), f"{kind} has no blocks: give incidents instead"
        for number, one in enumerate(given.background):
            if one.category is None and source.threshold is None:
                place = (*test.place, "given", "background", number)
                yield place, "a correlation has no indicator: say of which category this background is"
