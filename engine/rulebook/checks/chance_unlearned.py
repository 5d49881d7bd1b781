"""A chance that nobody could learn.

A model is learned from what came: what the truth on the rule's topic (`config/truth.csv`) tells, or, with
`of`, so many of what the rule counts. Without a truth on the topic there is nothing to learn from. With
`forewarn rules check --data` it is learned from the centre's own past: where too little came in it, there is
no model yet either. What has no model stays unknown.

Wrong: `chance: {at_least: 0.2, within: 7d}` on a topic of which no truth speaks. Right:
`chance: {at_least: 0.2, within: 7d, of: 3}`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.chance.model import Lack
from engine.judge.asked import Asked
from engine.judge.chance import lacking
from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.inference import nameable
from engine.rulebook.language.resolve import resolve
from engine.rulebook.language.source import Place, Source

NAME = "chance-unlearned"
LEVEL = Level.WARNING


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    written = source.written
    for place, asked in source.chances() if source.judged else ():
        subjects = {written.topic, written.domain.value}
        if not asked.of and context.outcomes is not None and not subjects & context.outcomes:
            yield place, f"no truth speaks of '{written.topic}', so nothing can be learned: say 'of' how many"
            return
        if context.ledger is not None and nameable(source, context):
            rule, ledger = resolve(source, context), context.ledger
            if rule.indicator is None or not rule.indicator.adds:
                return
            found = ledger.panels.models.of(Asked.by(rule, asked), ledger.cut)
            if isinstance(found, Lack):
                yield place, lacking(found)
                return
