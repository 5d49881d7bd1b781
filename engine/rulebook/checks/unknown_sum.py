"""A measure to add up that no feed gives.

`sum:` names a number that a feed's mapping gives its incidents (`measures:` in `config/feeds.yaml`).
Where no feed gives it, the indicator is always zero.

Wrong: `sum: burnt_aera`. Right: `sum: burnt_area`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level, nearest
from engine.rulebook import persons
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "unknown-sum"
LEVEL = Level.WARNING


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    measure = source.threshold.indicator.sum if source.threshold else None
    if measure and measure not in context.sums and not persons.summed(measure):
        sentence = f"no feed gives its incidents a measure '{measure}'{nearest(measure, context.sums)}"
        yield ("indicator", "sum"), sentence
