"""A rate where nobody knows the population.

`rate_at_least`, `percentile` by rate and `cluster` with `model: poisson` are unknown, never zero, in an area
without a population (`config/areas.csv`).

Wrong: `rate_at_least: "2 per 100,000"` at a level without figures. Right: fill the column, or count.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.model.text import numbered
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source
from engine.rulebook.language.strictness import parameters

NAME = "rate-without-population"
LEVEL = Level.WARNING


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    if source.written.level not in context.tree.levels:
        return
    areas = [context.tree[code] for code in context.tree.at(source.written.level)]
    lacking = sum(1 for area in areas if not area.population)
    for place, test in source.conditions():
        given = parameters(test)
        asked = given.get("by") == "rate" or given.get("model") == "poisson"
        by_people = test.name == "rate_at_least" or asked
        if lacking and by_people:
            of = numbered(len(areas), "area")
            yield place, f"{lacking} of {of} have no population: their rate stays unknown"
            return
