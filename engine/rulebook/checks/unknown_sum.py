"""A measure to add up or to read that no feed gives.

`sum:`, `max:` and `last:` name a number that a feed's mapping gives its incidents (`measures:` in
`config/feeds.yaml`). Where no feed gives it, a sum is always zero, and a reading is never known.

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
    measure = source.threshold.indicator.measure if source.threshold else ""
    if measure and measure not in context.sums and not persons.summed(measure):
        sentence = f"no feed gives its incidents a measure '{measure}'{nearest(measure, context.sums)}"
        yield source.measured, sentence
