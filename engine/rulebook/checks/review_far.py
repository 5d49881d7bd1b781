"""A date of review further away than three years.

By then nobody remembers why the threshold was chosen.

Wrong: `review_by: 2099-12-31`. Right: a day within a year or two.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "review-far"
LEVEL = Level.HINT


FARTHEST = timedelta(days=3 * 366)


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    day = source.written.review_by
    if day is not None and day - context.today > FARTHEST:
        yield ("review_by",), f"{day} is far away: look at a rule at least every three years"
