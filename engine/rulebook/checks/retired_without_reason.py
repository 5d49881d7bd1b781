"""A retired rule that does not say why it was retired.

Its open findings are lifted with that reason, and the next analyst wants to know it.

Wrong: `status: retired` without `why:`. Right: `why: Replaced by public-safety.fire-surge in 2026.`
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.model.rule import Status
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "retired-without-reason"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    if source.written.status is Status.RETIRED and source.written.why is None:
        yield ("status",), "say under 'why' for what reason the rule was retired"
