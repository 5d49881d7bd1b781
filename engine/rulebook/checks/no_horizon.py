"""A rule that does not say within which time.

A warning that names no time cannot be wrong. `for` says within how many days the rule expects something to
happen; backtests, learned chances and lead times count by it. Without it, it is one period of the cycle.

Wrong: no `for:` in a rule on the last 28 days. Right: `for: 28d`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.model.rule import Status
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "no-horizon"
LEVEL = Level.HINT


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    if not source.written.for_ and source.written.status is not Status.RETIRED:
        yield ("id",), "'for' is missing: say within how many days something will happen, as in for: 7d"
