"""A category that measures somebody's activity.

Checks, patrols, seizures and drunk drivers found follow staffing, not risk. A category with
`measures: activity` is refused as an indicator, by its own name and where it is all that a parent holds.

Wrong: `category: enforcement.drugs`. Right: count the harm.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.model.taxonomy import Measures
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "activity-category"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    for place, code in source.selectors():
        if code in context.taxonomy and context.taxonomy[code].measures is Measures.ACTIVITY:
            yield place, f"'{code}' counts activity, not harm: count what was done, not what was checked"
