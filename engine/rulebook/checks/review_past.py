"""A date of review that has passed.

The owner promised to look at the rule again by that day.

Right: look at its figures, then set the next date.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "review-past"
LEVEL = Level.WARNING


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    day = source.written.review_by
    if day is not None and day < context.today and source.judged:
        owner = source.written.owner or "its owner"
        sentence = f"the review was due on {day}"
        yield ("review_by",), f"{sentence}: {owner} should look at the rule and set a new day"
