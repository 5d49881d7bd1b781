"""A measure from a grade that the rule cannot give.

A measure asked for from orange up is never asked for by a rule whose highest rung is yellow.

Wrong: `{code: duty-meeting, grade: red}` in a rule without red. Right: a grade of the rule.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.grade import Grade
from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "measure-grade"
LEVEL = Level.WARNING


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    highest = max((Grade.named(word) for word in source.grades()), default=Grade.NONE)
    for number, choice in enumerate(source.written.measures):
        if choice.grade and Grade.named(choice.grade) > highest:
            sentence = f"'{choice.code}' is asked for from {choice.grade} up"
            yield ("measures", number), f"{sentence}, and the rule ends at {highest.word}"
