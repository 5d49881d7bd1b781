"""A rule that does not say why.

`why` stands in the warning: what the rule is after, and why that deserves action.

Wrong: no `why:`. Right: `why: Clustered burglaries repeat within days; early patrols cut the repeats.`
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.model.rule import Status
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "no-why"
LEVEL = Level.WARNING


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    if source.written.why is None and source.written.status is not Status.RETIRED:
        yield ("id",), "'why' is missing: say in a sentence what the rule is after"
