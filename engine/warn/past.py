"""Which grade stood where and when, from the changes of warnings: as it was known then."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.model.grade import Grade, Mark
from engine.model.warning import Change, RiskWarning, Step

#: What is about a grade that is not in force.
_ASKING = frozenset({Step.PROPOSED, Step.DECLINED, Step.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Span:
    """A grade in force from a moment to another; `until` is None while it stands."""

    grade: Grade
    since: datetime
    until: datetime | None

    def covers(self, moment: datetime) -> bool:
        return self.since <= moment and (self.until is None or moment < self.until)


def spans(changes: Sequence[Change]) -> tuple[Span, ...]:
    """The grades of one warning in their order; a step that leaves the grade as it is begins no other, nor
    does one that only asks for it."""
    steps = [one for one in changes if one.before != one.after and one.step not in _ASKING]
    ends = [*(change.at for change in steps[1:]), None]
    pairs = zip(steps, ends, strict=False)
    return tuple(Span(step.after, step.at, end) for step, end in pairs if step.after > Grade.NONE)


def at(lives: Mapping[str, Sequence[Span]], id_: str, moment: datetime) -> Grade:
    """The grade at which a warning stood at a moment."""
    found = (span.grade for span in lives.get(id_, ()) if span.covers(moment))
    return next(found, Grade.NONE)


def highest(
    warnings: Iterable[RiskWarning], lives: Mapping[str, Sequence[Span]], moments: Sequence[datetime]
) -> list[dict[str, Mark]]:
    """For each of these moments, which rise, the highest grade in force in each area that had one."""
    found: list[dict[str, Mark]] = [{} for _ in moments]
    for warning in warnings:
        for span in lives.get(warning.id, ()):
            end = len(moments) if span.until is None else bisect_left(moments, span.until)
            mark = Mark.of(span.grade, warning.domain)
            for marks in found[bisect_left(moments, span.since) : end]:
                marks[warning.area] = max(mark, marks.get(warning.area, Mark()))
    return found
