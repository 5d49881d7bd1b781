"""A higher rung that is easier to reach.

From blue to red no parameter may become looser: counts and rates rise or stay, `alpha` falls or stays.
A parameter that is neither stricter nor looser (a method, say) is the same in all rungs.

Wrong: `yellow: {at_least: 6}` with `orange: {at_least: 4}`. Right: 4 and 6.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from engine.model.problem import Level
from engine.model.rule import Test
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source
from engine.rulebook.language.strictness import STRICTER, looser, parameters

NAME = "rung-order"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    for (low, below), (high, above) in itertools.pairwise(source.rungs().items()):
        for lower in below:
            for upper in above:
                if lower.name == upper.name:
                    for parameter, sentence in compare(lower, upper):
                        yield ("grades", high, lower.name), f"{high}: {parameter} {sentence} {low}"


def compare(lower: Test, upper: Test) -> Iterator[tuple[str, str]]:
    """(parameter, what is wrong with it) where the upper test is not at least as strict."""
    was, now = parameters(lower), parameters(upper)
    for name in was:
        direction = STRICTER.get(name, 0)
        if (was[name] is None) is not (now[name] is None):
            yield f"{upper.name}.{name} is given in one rung only:", "give it here and in"
        elif not direction and was[name] != now[name]:
            yield f"{upper.name}.{name} is {now[name]}, not {was[name]}:", "keep it as in"
        elif direction and now[name] is not None and looser(was[name], now[name], direction):
            step = "rise" if direction > 0 else "fall"
            found = f"{upper.name}.{name} is {now[name]:g} after {was[name]:g}:"
            yield found, f"it must {step} or stay from"
