"""Why a warning changed: the cause that changed it, whatever was edited, moved or decided meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.model.act import Act, ActKind
from engine.model.area import Area, AreaTree
from engine.model.finding import Held, Outcome
from engine.model.grade import Grade
from engine.model.period import Cycle
from engine.model.rule import Rule, RuleBook, Status
from engine.model.text import Text
from engine.model.warning import Change, Step
from engine.warn.conclude import Before, Terms, conclude
from tests.warn.test_conclude import CALENDAR, H, Life, N, U, outcome, rule, steps

TREE = AreaTree.of(("county", "town"), [Area("A", Text("A"), "county"), Area("A1", Text("A1"), "town", "A")])
#: What a person saw, and did, at noon of the first day.
NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


class Edited(Life):
    """A place whose rules are edited while it lives."""

    def edit(self, *rules: Rule) -> None:
        self.book = RuleBook({one.id: one for one in rules})


def opened(of: Rule, *held: Held) -> Edited:
    life = Edited(of)
    life.live(outcome(of, *(held or (H, H, N))))
    assert life.grade in (Grade.YELLOW, Grade.ORANGE)
    return life


def only(life: Life, *outcomes: Outcome, **more: object) -> Change:
    (change,) = life.live(*outcomes, **more).changes  # type: ignore[arg-type]
    return change


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        ({"status": Status.RETIRED, "why": Text("Replaced.")}, "the rule was retired (Replaced.)"),
        ({"status": Status.RETIRED}, "the rule was retired"),
        ({"status": Status.DRAFT}, "the rule is a draft again"),
        ({"status": Status.TRIAL}, "the rule is on trial now and warns nobody"),
        ({"topic": "theft"}, "the rule warns of 'theft' now"),
        ({"cycle": Cycle.IMMEDIATE}, "the rule judges at once now, and only what becomes known"),
    ],
)
def test_a_rule_that_was_changed_lifts_by_that_cause(edit: dict[str, object], reason: str) -> None:
    burglary = rule()
    life = opened(burglary)
    life.edit(replace(burglary, hash="h2", **edit))
    done = life.live()
    lifted = next(change for change in done.changes if change.warning == "A.burglary.d20260302")
    assert (lifted.step, lifted.reason) == (Step.LIFTED, f"Burglary surge: {reason}")


def test_a_rule_that_warns_of_another_topic_goes_on_there() -> None:
    burglary = rule()
    life, theft = opened(burglary), rule(topic="theft", hash="h2")
    life.edit(theft)
    done = life.live(outcome(theft, H, H, N))
    assert [(c.warning, c.step) for c in done.changes] == [
        ("A.burglary.d20260302", Step.LIFTED), ("A.theft.d20260303", Step.ISSUED),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("area", "level", "reason"),
    [
        ("A", "town", "the rule judges each town now, no county"),
        ("gone", "county", "'gone' is no longer an area"),
    ],
)
def test_a_place_that_is_judged_no_more_says_which_way_it_went(area: str, level: str, reason: str) -> None:
    old = rule()
    life = Life(old)
    life.live(outcome(old, H, H, N, area=area))
    moved = rule(level=level, hash="h2")
    book, before = RuleBook({moved.id: moved}), Before(life.standing, life.warnings)
    done = conclude(book, CALENDAR.period(Cycle.DAILY, life.day), [], before, Terms(tree=TREE))
    assert [(one.step, one.reason) for one in done.changes] == [(Step.LIFTED, f"Burglary surge: {reason}")]


@pytest.mark.parametrize(
    ("now", "step", "as_it_is"),
    [((), Step.LIFTED, "its thresholds are not met"), ((H, N, N), Step.DOWNGRADED, "it is blue")],
)
def test_what_an_edit_no_longer_calls_for_falls_by_the_edit_also_through_a_hold(
    now: tuple[Held, ...], step: Step, as_it_is: str
) -> None:
    held = rule(rungs=tuple(replace(rung, delay_off=2) for rung in rule().rungs))
    life, stricter = opened(held), replace(held, hash="h2")
    life.edit(stricter)
    outcomes = [outcome(stricter, *now)] if now else []
    assert steps(life.live(*outcomes)) == []
    change = only(life, *outcomes)
    assert change.step is step
    assert f"the rule, or what its categories hold, was changed; as it reads now {as_it_is}" in change.reason


def test_what_held_again_after_an_edit_falls_by_its_numbers() -> None:
    burglary = rule()
    life = opened(burglary)
    again = replace(burglary, hash="h2")
    life.edit(again)
    life.live(outcome(again, H, H, N))
    assert only(life).reason == "Burglary surge: below its thresholds again"


def test_another_title_is_no_cause_and_counts_nothing_anew() -> None:
    slow = rule(rungs=tuple(replace(rung, delay_on=2) for rung in rule().rungs), meaning="m")
    life = Edited(slow)
    life.live(outcome(slow, H, H, N))
    renamed = replace(slow, title=Text("Break-ins"), hash="h2")
    life.edit(renamed)
    assert only(life, outcome(renamed, H, H, N)).step is Step.ISSUED
    assert only(life).reason == "Break-ins: below its thresholds again"


def test_what_a_gone_rule_leaves_is_told_with_what_stands_still() -> None:
    grave, mild = rule(id="s.grave"), rule(id="s.mild")
    life = Edited(grave, mild)
    life.live(outcome(grave, H, H, H), outcome(mild, H, N, N))
    life.edit(mild)
    change = only(life, outcome(mild, H, N, N))
    assert (change.step, change.after) == (Step.DOWNGRADED, Grade.BLUE)
    assert change.reason == "s.grave is no longer in force; Burglary surge: 7 in 7 days (blue from 3)"


def test_what_is_held_says_why_nobody_can_tell() -> None:
    burglary = rule()
    life = opened(burglary)
    blind = replace(outcome(burglary, U, U, U), doubt="no feed reports on it")
    change = only(life, blind)
    assert change.step is Step.HELD and change.reason.endswith("is over: no feed reports on it")
    life.day = date(2026, 4, 30)
    expired = only(life, cycle=Cycle.MONTHLY)
    assert expired.reason.endswith("no data to judge it by for over 28 days (no feed reports on it)")


# --- people ------------------------------------------------------------------------------------


def act(kind: ActKind, **but: object) -> Act:
    usual = {"id": "act-1", "kind": kind, "area": "A", "topic": "burglary", "at": NOON, "reason": "a drill"}
    return Act(**{**usual, **but})  # type: ignore[arg-type]


def closed(kind: ActKind = ActKind.CLOSE, *held: Held, **but: object) -> tuple[Rule, Edited]:
    """Yellow was found in the morning; a person closes it at noon of the next day."""
    burglary = rule()
    life = opened(burglary)
    life.live(outcome(burglary, *(held or (H, H, N))))
    life.acts = [act(kind, at=NOON + timedelta(days=1), **but)]
    assert steps(life.live(outcome(burglary, H, H, N))) == [(Step.LIFTED, Grade.YELLOW, Grade.NONE)]
    return burglary, life


@pytest.mark.parametrize("kind", [ActKind.CLOSE, ActKind.DECLINE])
def test_closing_without_an_end_mutes_what_stood_and_nothing_that_comes_after(kind: ActKind) -> None:
    burglary, life = closed(kind)
    assert steps(life.live(outcome(burglary, H, H, N))) == [], "it still stands, and is closed"
    assert steps(life.live(outcome(burglary, H, N, N))) == []
    assert steps(life.live()) == [], "it is over"
    assert steps(life.live(outcome(burglary, H, N, N))) == [(Step.ISSUED, Grade.NONE, Grade.BLUE)]


def test_what_is_graver_than_what_was_closed_opens_at_once() -> None:
    burglary, life = closed()
    assert steps(life.live(outcome(burglary, H, H, H))) == [(Step.ISSUED, Grade.NONE, Grade.ORANGE)]


def test_another_rules_finding_opens_beside_what_was_closed() -> None:
    burglary, life = closed()
    other = rule(id="s.other")
    life.edit(burglary, other)
    done = life.live(outcome(burglary, H, H, N), outcome(other, H, N, N))
    assert steps(done) == [(Step.ISSUED, Grade.NONE, Grade.BLUE)]
    assert done.warnings[0].rules == ("s.other",)


def test_closing_until_an_end_mutes_all_but_what_is_graver_than_they_saw() -> None:
    until = NOON + timedelta(days=6)
    burglary, life = closed(until=until, seen=Grade.YELLOW)
    life.live()
    assert steps(life.live(outcome(burglary, H, H, N))) == []
    assert steps(life.live(outcome(burglary, H, H, H))) == [(Step.ISSUED, Grade.NONE, Grade.ORANGE)]


def test_when_a_closing_ends_what_stands_opens_and_says_so() -> None:
    burglary, life = closed(until=NOON + timedelta(days=2))
    change = only(life, outcome(burglary, H, H, N))
    assert change.step is Step.ISSUED and change.reason.startswith("what a person decided is over; ")


def test_a_grade_given_by_hand_yields_to_a_graver_call_than_they_saw() -> None:
    burglary = rule()
    life = opened(burglary)
    life.acts = [act(ActKind.REGRADE, grade=Grade.BLUE, seen=Grade.YELLOW)]
    assert steps(life.live(outcome(burglary, H, H, N))) == [(Step.DOWNGRADED, Grade.YELLOW, Grade.BLUE)]
    for found in ((H, N, N), (H, H, N)):
        assert steps(life.live(outcome(burglary, *found))) == [], "no more than they saw"
    assert steps(life.live(outcome(burglary, H, H, H))) == [(Step.UPGRADED, Grade.BLUE, Grade.ORANGE)]


def test_a_grade_given_by_hand_where_nothing_stands_opens_nothing() -> None:
    burglary = rule()
    life = Edited(burglary)
    life.acts = [act(ActKind.REGRADE, grade=Grade.RED, at=NOON - timedelta(days=3))]
    assert steps(life.live()) == []
