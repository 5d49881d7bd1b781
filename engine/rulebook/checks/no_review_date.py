"""A rule without a date of review.

A threshold is right for a time. `review_by` is the day by which the owner looks at the rule again.

Wrong: no `review_by:`. Right: `review_by: 2027-06-30`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "no-review-date"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    if source.written.review_by is None:
        yield ("id",), "'review_by' is missing: say by which day this rule is looked at again"
