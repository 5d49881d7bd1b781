"""A pattern that looks for findings which nobody makes.

A pattern on a topic needs a rule of that topic that is judged; a pattern with a test of its own, from a grade
up or of a level needs a rule that has an indicator, that grade or that level. What a trial rule finds never
reaches a stable one, and a draft or retired rule finds nothing. Of other correlations a pattern finds those
of its own cycle, which are judged just before.

Wrong: `finding: {topic: flood}` where no stable rule warns of floods. Right: write that rule, or look for
incidents with `incident:`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.model.grade import Grade
from engine.model.period import Cycle
from engine.model.problem import Level
from engine.model.rule import Status
from engine.rulebook.context import Context
from engine.rulebook.language.schema import FindingPattern
from engine.rulebook.language.source import Place, Source

NAME = "unheard-pattern"
LEVEL = Level.ERROR


def check(sources: Sequence[Source], context: Context) -> Iterator[tuple[Source, Place, str]]:
    for source in sources:
        for place, pattern in source.finding_patterns():
            meant = [other for other in sources if _means(pattern, other) and other is not source]
            if pattern.topic and pattern.topic not in context.topics:
                continue
            if pattern.rule and not meant:
                continue
            reason = _reason(source, pattern, meant)
            if reason:
                yield source, place, reason


def _means(pattern: FindingPattern, other: Source) -> bool:
    return pattern.rule == other.id if pattern.rule else pattern.topic == other.written.topic


def _reason(source: Source, pattern: FindingPattern, meant: list[Source]) -> str:
    """Why no rule among those meant can ever match, or nothing."""
    name = f"the rule '{pattern.rule}'" if pattern.rule else f"the topic '{pattern.topic}'"
    heard = [other for other in meant if _heard(source, other)]
    if not heard:
        return f"nothing judged finds {name}: no stable rule stands behind it"
    heard = [other for other in heard if other.threshold or other.written.cycle is source.written.cycle]
    if not heard:
        return f"{name} is found by correlations of another cycle, which none sees: judge both in one"
    if pattern.test is not None:
        heard = [other for other in heard if other.threshold and other.written.cycle is not Cycle.IMMEDIATE]
        if not heard:
            return f"a pattern's own test needs an indicator, and {name} has none"
    elif all(_highest(other) < Grade.named(pattern.grade) for other in heard):
        return f"{name} never reaches {pattern.grade}: name a grade that it has"
    level = pattern.level or (source.correlate and source.correlate.level)
    judged = sorted({other.written.level for other in heard})
    if level and level not in judged:
        return f"{name} is judged by {' and '.join(judged)}, never by {level}: name that level, or none"
    return ""


def _heard(source: Source, other: Source) -> bool:
    if other.written.status is Status.STABLE:
        return True
    return other.written.status is Status.TRIAL and source.written.status is not Status.STABLE


def _highest(other: Source) -> Grade:
    return max((Grade.named(word) for word in other.grades()), default=Grade.NONE)
