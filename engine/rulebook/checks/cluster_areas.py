"""A scan for clusters with nothing to compare.

`cluster` compares the areas of its level with each other, by where they lie. Where the level has one area
alone, or fewer than two have a place on the map, nobody can ever tell.

Wrong: `cluster: {max_days: 7}` at `level: country`. Right: at `level: county`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.model.text import numbered
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "cluster-areas"
LEVEL = Level.WARNING


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    level, tree = source.written.level, context.tree
    if level not in tree.levels or not source.judged:
        return
    known = [code for code in tree.at(level) if tree[code].centroid is not None]
    for place, test in source.conditions():
        if test.name == "cluster" and len(known) < 2:
            few = numbered(len(known), "area")
            yield place, f"a scan compares areas with each other, and finds {few} with a place on the map"
            return
