"""A chance within another time than the rule speaks of.

`for` says within how many days the rule's warnings will come true, and by it they are counted. A `chance` in
its rungs that is one of another time makes warnings that mean something else than they say.

Wrong: `for: 7d` with `chance: {at_least: 0.2, within: 14d}`. Right: `within: 7d`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.model.rule import AHEAD
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "chance-horizon"
LEVEL = Level.WARNING


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    ahead = source.written.for_.days or AHEAD[source.written.cycle]
    for place, asked in source.chances():
        if asked.ahead != ahead:
            yield place, f"the rule speaks of {ahead}d, its chance of {asked.within}: let 'for' be the same"
            return
