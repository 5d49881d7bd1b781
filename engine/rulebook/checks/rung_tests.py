"""Rungs with different tests.

All rungs of a ladder use the same tests on the same indicator, so that a higher grade always means more of
the same; alternatives (`any`) too, in the same order. Several risks together are a correlation rule.

Wrong: `blue: {at_least: 3}` with `yellow: {rare: {alpha: 0.01}}`. Right: both tests in both rungs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.model.problem import Level
from engine.model.rule import Test
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "rung-tests"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    rungs = source.rungs()
    if not rungs:
        return
    first, lowest = next(iter(rungs.items()))
    wanted, ways = _names(lowest.tests), [_names(way) for way in lowest.any]
    if not lowest.every:
        yield ("grades", first), f"the rung '{first}' has no test; give at least one, such as at_least: 3"
    for word, rung in list(rungs.items())[1:]:
        found, others = _names(rung.tests), [_names(way) for way in rung.any]
        if found != wanted:
            sentence = f"the rung '{word}' needs the same tests as '{first}'"
            yield ("grades", word), sentence + _difference(wanted, found)
        if others != ways:
            sentence = f"the rung '{word}' needs the alternatives of '{first}' under 'any', in their order"
            yield ("grades", word, "any"), f"{sentence}: {_listed(ways)}; found {_listed(others)}"


def _names(tests: Iterable[Test]) -> set[str]:
    return {test.name for test in tests}


def _listed(ways: Iterable[set[str]]) -> str:
    return ", then ".join(" with ".join(sorted(way)) for way in ways) or "none"


def _difference(wanted: set[str], found: set[str]) -> str:
    lacking, extra = sorted(wanted - found), sorted(found - wanted)
    said = f": add {', '.join(lacking)}" if lacking else ""
    return said + (f": take out {', '.join(extra)}" if extra else "")
