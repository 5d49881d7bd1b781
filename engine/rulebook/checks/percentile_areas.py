"""A percentile among too few areas.

`percentile` compares an area with the others that the rule judges at that moment. Where there are fewer of
them than it asks for (`among`, ten unless written), it is never known.

Wrong: `percentile: 0.95` at `level: country`. Right: at `level: county`, or a lower `among`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.detect import percentile
from engine.detect.evaluate import params
from engine.model.problem import Level
from engine.model.text import numbered
from engine.rulebook.context import Context
from engine.rulebook.language.resolve import areas_of
from engine.rulebook.language.source import Place, Source

NAME = "percentile-areas"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    level, tree = source.written.level, context.tree
    if level not in tree.levels or any(code not in tree for _, code in source.areas()):
        return
    chosen = areas_of(source.written, context)
    others = len(tree.at(level) if chosen is None else chosen) - 1
    for place, test in source.conditions():
        if test.name == percentile.ID and others < params(test).among:
            few = numbered(max(others, 0), "other area")
            said = f"it has {few} to compare with, and asks for {params(test).among}"
            yield place, f"{said}: lower 'among', or judge a level with more areas"
            return
