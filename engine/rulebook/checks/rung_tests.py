"""Rungs with different tests.

All rungs of a ladder use the same tests on the same indicator, so that a higher grade always means more of
the same. Several risks together are a correlation rule.

Wrong: `blue: {at_least: 3}` with `yellow: {rare: {alpha: 0.01}}`. Right: both tests in both rungs.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "rung-tests"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    rungs = source.rungs()
    if not rungs:
        return
    first, tests = next(iter(rungs.items()))
    wanted = {test.name for test in tests}
    if not wanted:
        yield ("grades", first), f"the rung '{first}' has no test; give at least one, such as at_least: 3"
    for word, others in list(rungs.items())[1:]:
        found = {test.name for test in others}
        if found != wanted:
            sentence = f"the rung '{word}' needs the same tests as '{first}'"
            yield ("grades", word), sentence + _difference(wanted, found)


def _difference(wanted: set[str], found: set[str]) -> str:
    lacking, extra = sorted(wanted - found), sorted(found - wanted)
    said = f": add {', '.join(lacking)}" if lacking else ""
    return said + (f": take out {', '.join(extra)}" if extra else "")
