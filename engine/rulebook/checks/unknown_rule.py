"""A pattern that looks for a rule that does not exist.

`finding: {rule: ID}` names the id of a rule in the same rulebook.

Wrong: `rule: public-safety.crash-dya`. Right: `rule: public-safety.crash-day`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.model.problem import Level, nearest
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "unknown-rule"
LEVEL = Level.ERROR


def check(sources: Sequence[Source], context: Context) -> Iterator[tuple[Source, Place, str]]:
    known = {source.id for source in sources}
    for source in sources:
        for place, pattern in source.finding_patterns():
            if pattern.rule and pattern.rule not in known:
                sentence = f"unknown rule '{pattern.rule}'{nearest(pattern.rule, known)}"
                yield source, (*place, "rule"), sentence
