"""Two rules that judge the same.

Same indicator, window, level and rungs: every warning has two rules behind it that are one.

Right: keep one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "twin-rules"
LEVEL = Level.WARNING


def check(sources: Sequence[Source], context: Context) -> Iterator[tuple[Source, Place, str]]:
    seen: dict[tuple[object, ...], Source] = {}
    for source in sources:
        rule = source.threshold
        if rule is None or not source.judged:
            continue
        # As it is written out: what holds lists is no key, and to compare each with each takes long.
        written = repr(rule.indicator), repr(rule.grades)
        judged = (*written, rule.window, rule.blocks(), rule.gap, rule.level, rule.cycle)
        earlier = seen.setdefault(judged, source)
        if earlier.id != source.id:
            yield source, ("id",), f"'{earlier.id}' judges exactly the same: keep one of the two"
