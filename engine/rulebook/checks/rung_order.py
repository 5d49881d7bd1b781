"""A higher rung that is easier to reach.

From blue to red no parameter may become looser: counts and rates rise or stay, `alpha` falls or stays.
A parameter that is neither stricter nor looser (a method, say) is the same in all rungs. The alternatives of
`any` are compared one by one, in the order written.

Wrong: `yellow: {at_least: 6}` with `orange: {at_least: 4}`. Right: 4 and 6.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from engine.model.problem import Level
from engine.model.rule import Test
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source
from engine.rulebook.language.strictness import STRICTER, looser, parameters

NAME = "rung-order"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    for (low, below), (high, above) in itertools.pairwise(source.rungs().items()):
        for parameter, sentence in _all(below.tests, above.tests):
            yield ("grades", high, parameter.partition(".")[0]), f"{high}: {parameter} {sentence} {low}"
        for at, ways in enumerate(zip(below.any, above.any, strict=False)):
            # Where they are not the same tests, rung-tests says so.
            alike = len({tuple(sorted(test.name for test in way)) for way in ways}) == 1
            for parameter, sentence in _all(*ways) if alike else ():
                place = ("grades", high, "any", at, parameter.partition(".")[0])
                yield place, f"{high}: {parameter} {sentence} {low}"


def _all(below: Sequence[Test], above: Sequence[Test]) -> Iterator[tuple[str, str]]:
    """What is wrong with tests that should be as strict as those of the rung below, name by name."""
    for lower, upper in itertools.product(below, above):
        if lower.name == upper.name:
            yield from compare(lower, upper)


def compare(lower: Test, upper: Test) -> Iterator[tuple[str, str]]:
    """(parameter, what is wrong with it) where the upper test is not at least as strict."""
    was, now = parameters(lower), parameters(upper)
    for name in was:
        direction = STRICTER.get(name, 0)
        if (was[name] is None) is not (now[name] is None):
            yield f"{upper.name}.{name} is given in one rung only:", "give it here and in"
        elif not direction and was[name] != now[name]:
            yield f"{upper.name}.{name} is {_shown(now[name])}, not {_shown(was[name])}:", "keep it as in"
        elif direction and now[name] is not None and looser(was[name], now[name], direction):
            step = "rise" if direction > 0 else "fall"
            found = f"{upper.name}.{name} is {now[name]:g} after {was[name]:g}:"
            yield found, f"it must {step} or stay from"


def _shown(value: object) -> str:
    """A parameter as it is written; several are parted by commas."""
    return ", ".join(map(str, value)) or "not given" if isinstance(value, tuple) else str(value)
