"""One run's outcomes upon what stood before: every finding moved on, and what ended by which cause."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from engine.model.area import AreaTree
from engine.model.finding import Outcome
from engine.model.grade import Grade
from engine.model.period import Cycle, Period
from engine.model.rule import Rule, RuleBook, Status
from engine.model.text import numbered
from engine.model.warning import Standing
from engine.warn.counters import advance, idle, lapse, start
from engine.warn.lasting import wane

Cell = tuple[str, str]


@dataclass(frozen=True)
class Ended:
    """A finding that stood before this run and does not any more, or not as high, and why."""

    place: tuple[str, str]
    reason: str
    stale: bool = False


@dataclass(frozen=True)
class Settled:
    """What one run makes of the findings: those it touched, as they are now, and what ended."""

    moved: Mapping[Cell, Standing] = field(default_factory=dict)
    ended: tuple[Ended, ...] = ()


@dataclass(frozen=True)
class Ground:
    """What decides beside the rules: the areas there are (None: nobody asks), for how long a finding may be
    held blind, and up to where everything is judged already, where that is later than the run."""

    tree: AreaTree | None = None
    stale_after: timedelta = timedelta(days=28)
    judged: datetime | None = None


def settle(
    book: RuleBook, period: Period, outcomes: Mapping[Cell, Outcome], before: Mapping[Cell, Standing],
    ground: Ground, *, withheld: Set[str] = frozenset(),
) -> Settled:  # fmt: skip
    """Move on every finding that this run judges, and end what ends by itself.

    An immediate run judges only the areas it touches: an area without an outcome was not looked at.
    withheld: rules of which the run says nothing.
    """
    moved: dict[Cell, Standing] = {}
    ends: list[Ended] = []
    for cell in sorted(_cells(outcomes, before)):
        was, rule = before.get(cell), book.rules.get(cell[0])
        now, cause = _moved(book, period, cell, outcomes.get(cell), was, ground, withheld)
        if now is None or now is was:
            continue
        moved[cell] = now
        if was is not None and was.grade is not Grade.NONE and not was.trial:
            reason = cause or _reason(rule, was, now, outcomes.get(cell), period.due_at)
            if reason:
                said = f"{rule.title.en}: {reason}" if rule else f"{was.rule} {reason}"
                ends.append(Ended((was.area, was.topic), said, cause.startswith(STALE)))
    return Settled(moved, tuple(ends))


#: How the reason of a finding begins that ends because nobody could look for too long.
STALE = "no data to judge it by"


def _cells(outcomes: Mapping[Cell, Outcome], before: Mapping[Cell, Standing]) -> set[Cell]:
    return set(outcomes) | {cell for cell, one in before.items() if not idle(one)}


def _moved(
    book: RuleBook, period: Period, cell: Cell, outcome: Outcome | None, was: Standing | None,
    ground: Ground, withheld: Set[str],
) -> tuple[Standing | None, str]:  # fmt: skip
    """The finding as it is now, and why it ended where nobody judged it to."""
    at, rule = period.due_at, book.rules.get(cell[0])
    stands = was is not None and was.grade is not Grade.NONE
    if was is not None and stands and period.cycle is not Cycle.IMMEDIATE:
        gone = _gone(rule, was, ground.tree)
        if gone:
            return lapse(was, at), gone
    now = was
    if rule is not None and rule.judged and cell[0] not in withheld and _turn(rule, period, outcome):
        now = advance(was or start(rule, cell[1]), rule, outcome, at, judged=ground.judged)
    if now is not None and now.until is not None and now.until <= at:
        waned = wane(now, at)
        now = lapse(now, at) if waned.grade is Grade.NONE else waned
    if now is not None and _stale(now, period, ground.stale_after):
        why = f" ({now.confidence_cause})" if now.confidence_cause else ""
        return lapse(now, at), f"{STALE} for over {numbered(ground.stale_after.days, 'day')}{why}"
    return now, ""


def _turn(rule: Rule, period: Period, outcome: Outcome | None) -> bool:
    return outcome is not None or (period.cycle is not Cycle.IMMEDIATE and rule.cycle is period.cycle)


def _stale(one: Standing, period: Period, after: timedelta) -> bool:
    """The monthly analysis lets go of what has been held blind too long."""
    return (
        period.cycle is Cycle.MONTHLY
        and one.grade is not Grade.NONE
        and one.blind_since is not None
        and period.due_at.astimezone(UTC) - one.blind_since > after
    )


def _gone(rule: Rule | None, one: Standing, tree: AreaTree | None) -> str:
    """Why nobody judges the finding any more; nothing where somebody does."""
    if rule is None:
        return "is no longer in force"
    if rule.status is Status.RETIRED:
        return "the rule was retired" + (f" ({rule.why.en})" if rule.why.en else "")
    if not rule.judged:
        return "the rule is a draft again"
    if rule.cycle is Cycle.IMMEDIATE and one.until is None:
        return "the rule judges at once now, and only what becomes known"
    if tree is None:
        return ""
    if one.area not in tree:
        return f"'{one.area}' is no longer an area"
    level = tree[one.area].level
    if level != rule.level:
        return f"the rule judges each {rule.level} now, no {level}"
    return "" if rule.judges(one.area) else "the rule judges other areas now"


def _reason(rule: Rule | None, was: Standing, now: Standing, outcome: Outcome | None, at: datetime) -> str:
    """Why what stood stands no more, or not as high; nothing where its own finding says enough."""
    assert rule is not None or was.until is not None, "without a rule only its time ends it"
    if now.trial:
        return "the rule is on trial now and warns nobody"
    if now.topic != was.topic:
        return f"the rule warns of '{now.topic}' now"
    if now.grade >= was.grade:
        return ""
    over = now.grade is Grade.NONE
    if outcome is not None and outcome.rests_on is not None and was.until is not None and was.until > at:
        return "what it rested on was taken back or corrected"
    if was.until is not None:
        return "has had its time and nothing new came" if over else f"the time of {was.grade.word} is up"
    if rule is not None and was.found_as and was.found_as != rule.sense:
        as_it_is = "its thresholds are not met" if over else f"it is {now.grade.word}"
        return f"the rule, or what its categories hold, was changed; as it reads now {as_it_is}"
    return "below its thresholds again" if over else ""

