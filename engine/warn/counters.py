"""Each rung's consecutive cycles, and the grade that stands after them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from engine.model.finding import Held, Outcome
from engine.model.grade import Confidence, Grade
from engine.model.rule import Rule, Rung
from engine.model.warning import Standing
from engine.warn.lasting import ended, lasting


def start(rule: Rule, area: str) -> Standing:
    """Nothing counted yet."""
    none = (0,) * len(grades(rule))
    return Standing(
        rule=rule.id, area=area, topic=rule.topic, domain=rule.domain, rule_hash=rule.sense,
        on=none, off=none, trial=not rule.stands,
    )  # fmt: skip


def grades(rule: Rule) -> tuple[Grade, ...]:
    """The grades a rule can give, lowest first."""
    if rule.correlation is not None:
        return tuple(grade for grade, _ in rule.correlation.rungs)
    return tuple(rung.grade for rung in rule.rungs)


def advance(
    standing: Standing, rule: Rule, outcome: Outcome | None, at: datetime, *, judged: datetime | None = None
) -> Standing:
    """One more cycle has judged: no outcome means every rung surely did not hold.

    An unknown rung freezes its counters; a rung holds when a higher one does; a changed rule starts
    its counters anew. An immediate finding stands until its time is up. judged: up to where everything
    has been judged already, where that is later than `at`.
    """
    of = grades(rule)
    if standing.rule_hash != rule.sense or len(standing.on) != len(of):
        standing = _anew(standing, rule)
    held = _carried(outcome.held if outcome else (Held.NOT,) * len(of))
    if rule.window.hours:
        moved = lasting(standing, rule, held, outcome, at, judged)
    else:
        moved = _counted(standing, rule, held, at)
    # The lowest rung holds where any does: while it is unknown, nothing says that the finding is over.
    blind = moved.grade is not Grade.NONE and held[0] is Held.UNKNOWN
    moved = replace(moved, blind_since=(standing.blind_since or at) if blind else None)
    was_blind = standing.blind_since is not None
    return _told(_dated(standing, moved, at), rule, held, outcome, was_blind=was_blind)


def _counted(standing: Standing, rule: Rule, held: Sequence[Held], at: datetime) -> Standing:
    """The counters moved on, and the highest rung that they let stand."""
    of, delays = grades(rule), _delays(rule)
    on = tuple(_count(count, state, Held.HELD) for count, state in zip(standing.on, held, strict=True))
    # Quiet cycles count only against a rung that stands: everywhere else there is nothing to remember.
    off = tuple(
        _count(count, state, Held.NOT) if standing.grade >= rung else 0
        for count, state, rung in zip(standing.off, held, of, strict=True)
    )
    grade = Grade.NONE
    for rung in range(len(of)):
        was = standing.grade >= of[rung]
        rises = held[rung] is Held.HELD and on[rung] >= delays[rung].delay_on
        if rises or (was and off[rung] < delays[rung].delay_off):
            grade = of[rung]
    if standing.grade is Grade.NONE and _cooling(standing, rule, grade, at):
        grade = Grade.NONE
    return replace(standing, on=on, off=off, grade=grade, ends=(), until=None)


def _anew(standing: Standing, rule: Rule) -> Standing:
    """Nothing counted yet under the rule as it reads now; what stands, stands on until it is judged,
    but what a rule found on trial never becomes a warning."""
    fresh = start(rule, standing.area)
    if standing.trial and not fresh.trial:
        return fresh
    return replace(standing, topic=fresh.topic, domain=fresh.domain, rule_hash=fresh.rule_hash,
                   on=fresh.on, off=fresh.off, trial=fresh.trial)  # fmt: skip


def idle(standing: Standing) -> bool:
    """Whether a cycle without an outcome would leave it as it is."""
    return standing.grade is Grade.NONE and not any(standing.on)


def lapse(standing: Standing, at: datetime) -> Standing:
    """The finding ends by itself."""
    none = (0,) * len(standing.on)
    return replace(ended(standing, at), on=none, off=none, blind_since=None)


def _carried(held: Sequence[Held]) -> tuple[Held, ...]:
    """A rung holds when a higher one does."""
    carried = list(held)
    for rung in range(len(carried) - 2, -1, -1):
        if carried[rung + 1] is Held.HELD:
            carried[rung] = Held.HELD
    return tuple(carried)


def _count(count: int, state: Held, wanted: Held) -> int:
    if state is Held.UNKNOWN:
        return count
    return count + 1 if state is wanted else 0


def _delays(rule: Rule) -> tuple[Rung, ...]:
    return rule.rungs or (Rung(Grade.NONE, ()),) * len(grades(rule))


def _cooling(standing: Standing, rule: Rule, grade: Grade, at: datetime) -> bool:
    if not rule.cool_down or standing.lifted_at is None or grade is Grade.NONE:
        return False
    # Days by the clocks of the cut's own zone: read back from the store, moments are in UTC.
    return grade <= standing.lifted_grade and at < standing.lifted_at.astimezone(at.tzinfo) + rule.cool_down


def _dated(before: Standing, after: Standing, at: datetime) -> Standing:
    if after.grade is Grade.NONE:
        return ended(after, at, before.grade) if before.grade is not Grade.NONE else after
    since = before.since if before.grade is not Grade.NONE else at
    raised = at if after.grade > before.grade else before.raised_at
    return replace(after, since=since, raised_at=raised)


def _told(
    standing: Standing, rule: Rule, held: Sequence[Held], outcome: Outcome | None, *, was_blind: bool
) -> Standing:
    """With what the outcome says of the finding that stands."""
    if standing.grade is Grade.NONE:
        return standing
    of, trace = grades(rule), outcome.trace if outcome else None
    if standing.grade in of and held[of.index(standing.grade)] is Held.HELD:
        standing = replace(standing, found_as=rule.sense)
    if trace is not None:
        return replace(standing, confidence=trace.confidence, confidence_cause=trace.confidence_cause)
    if standing.blind_since is not None:
        return replace(standing, confidence=Confidence.LOW, confidence_cause=outcome.doubt if outcome else "")
    if was_blind:  # it is seen again, and stands by its delay
        return replace(standing, confidence=Confidence.HIGH, confidence_cause="")
    return standing
