"""A baseline of very few blocks.

With fewer than six earlier blocks a test cannot see a doubling, and one unusual block among them decides.
Half a year is a good length for weekly windows.

Wrong: `window: 7d` with `baseline: 28d`. Right: `baseline: 182d`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.notation import written_duration
from engine.rulebook.language.source import Place, Source

NAME = "baseline-short"
LEVEL = Level.WARNING


FEWEST = 6


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    rule = source.threshold
    if rule is None or not 0 < rule.blocks() < FEWEST:
        return
    span = written_duration(rule.window)
    yield ("baseline",), f"{rule.blocks()} earlier blocks of {span} are few: take {FEWEST} or more"
