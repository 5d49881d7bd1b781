"""How long an immediate finding stands: each of its grades to an end of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from engine.model.finding import Held, Outcome
from engine.model.grade import Grade
from engine.model.rule import Rule
from engine.model.warning import Standing

Ends = dict[Grade, datetime]


def lasting(
    standing: Standing, rule: Rule, held: Sequence[Held], outcome: Outcome | None, at: datetime,
    judged: datetime | None = None,
) -> Standing:  # fmt: skip
    """What became known at `at` lets the rungs that hold stand for the rule's `lasts` from then on; a lesser
    incident prolongs no higher grade. What was taken back ends what rests on nothing else.

    judged: nothing opens whose time is up at this moment.
    """
    of = [rung.grade for rung in rule.rungs]
    ends = _ends(standing)
    if outcome is not None and outcome.rests_on is not None:
        ends = _resting(ends, dict(zip(of, outcome.rests_on, strict=True)), rule.window.lasts)
    until = at.astimezone(UTC) + rule.window.lasts
    if judged is None or until > judged:
        for grade, state in zip(of, held, strict=True):
            if state is Held.HELD:
                # What one feed told first may reach us last: news of long ago shortens nothing.
                ends[grade] = max(until, ends.get(grade, until))
    return _at(standing, ends, at)


def wane(standing: Standing, at: datetime) -> Standing:
    """What still stands at a moment without any news."""
    return _at(standing, _ends(standing), at)


def next_end(standing: Iterable[Standing]) -> datetime | None:
    """The first moment at which one of these findings falls by itself."""
    return min((one.until for one in standing if one.until is not None), default=None)


def ended(standing: Standing, at: datetime, grade: Grade | None = None) -> Standing:
    """Nothing stands from `at` on; grade: what stood until then."""
    return replace(
        standing, grade=Grade.NONE, since=None, raised_at=None, ends=(), until=None, found_as="",
        lifted_at=at, lifted_grade=standing.grade if grade is None else grade,
    )  # fmt: skip


def _ends(standing: Standing) -> Ends:
    if not standing.ends and standing.until is not None:
        return {standing.grade: standing.until}
    return dict(standing.ends)


def _resting(ends: Ends, last: Mapping[Grade, datetime | None], lasts: timedelta) -> Ends:
    """The ends as they would be had only been told what still counts; a grade that the rule no longer gives
    keeps its own."""
    found: Ends = {}
    for grade, end in ends.items():
        moment = last.get(grade)
        if grade not in last:
            found[grade] = end
        elif moment is not None:
            found[grade] = min(end, moment.astimezone(UTC) + lasts)
    return found


def _at(standing: Standing, ends: Ends, at: datetime) -> Standing:
    """The highest grade whose end has not come."""
    now = at.astimezone(UTC)
    left = sorted(((grade, end) for grade, end in ends.items() if end > now), reverse=True)
    if not left:
        return replace(standing, ends=(), until=None, grade=Grade.NONE)
    grade, until = left[0]
    return replace(standing, ends=tuple(reversed(left)), until=until, grade=grade)
