"""A scope in which the pattern's areas cannot lie.

`same` and `neighbours` hold areas of the rule's own level, `below` lower ones, `parent` and `ancestors`
higher ones. A pattern's level is its own `level:`, else the correlation's, else that of the rule it looks
for, else the correlating rule's own.

Wrong: `scope: below` of a county, looking for findings made by county. Right: `level: country`, or
`scope: same`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.model.problem import Level
from engine.model.rule import Scope
from engine.rulebook.context import Context
from engine.rulebook.language.schema import IncidentPattern
from engine.rulebook.language.source import Place, Source

NAME = "correlation-scope"
LEVEL = Level.ERROR


def check(sources: Sequence[Source], context: Context) -> Iterator[tuple[Source, Place, str]]:
    by_id = {source.id: source for source in sources}
    for source in sources:
        if source.correlate is not None and source.written.level in context.tree.levels:
            for place, level in _levels(source, by_id):
                sentence = _unseen(source, level, context.tree.levels)
                if sentence:
                    yield source, place, sentence


def _levels(source: Source, by_id: Mapping[str, Source]) -> Iterator[tuple[Place, str]]:
    """(place, the level it is looked for at), where that is certain."""
    correlate = source.correlate
    assert correlate is not None
    for place, pattern in source.patterns():
        stated = pattern.level or correlate.level
        if isinstance(pattern, IncidentPattern):
            yield place, stated or source.written.level
        elif stated:
            yield place, stated
        elif pattern.rule and pattern.rule in by_id:
            yield place, by_id[pattern.rule].written.level


def _unseen(source: Source, level: str, levels: tuple[str, ...]) -> str:
    """What is wrong with looking for areas of `level` in the source's scope, or nothing."""
    assert source.correlate is not None
    if level not in levels:
        return ""
    scope, own = source.correlate.scope, source.written.level
    down = levels.index(level) - levels.index(own)
    fits = {
        Scope.SAME: down == 0, Scope.NEIGHBOURS: down == 0, Scope.BELOW: down > 0,
        Scope.PARENT: down < 0, Scope.ANCESTORS: down < 0,
    }[scope]  # fmt: skip
    if fits:
        return ""
    better = "same or neighbours" if down == 0 else "below" if down > 0 else "parent or ancestors"
    return f"the scope '{scope}' of a {own} holds no {level}: say scope: {better}"
