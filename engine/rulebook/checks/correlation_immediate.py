"""A correlation that looks for the findings of an immediate rule.

Immediate findings are made between the cuts and are no part of a calendar judgement: look for the incidents
themselves.

Wrong: `finding: {rule: public-safety.explosion-shooting}` (immediate). Right:
`incident: {where: {category: violence.explosion}}`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.model.period import Cycle
from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "correlation-immediate"
LEVEL = Level.ERROR


def check(sources: Sequence[Source], context: Context) -> Iterator[tuple[Source, Place, str]]:
    immediate = {source.id for source in sources if source.written.cycle is Cycle.IMMEDIATE}
    for source in sources:
        for place, pattern in source.finding_patterns():
            if pattern.rule in immediate:
                sentence = f"'{pattern.rule}' is judged at once: look for its incidents with incident:"
                yield source, (*place, "rule"), sentence
