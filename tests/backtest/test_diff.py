"""Two editions of the rules side by side: what is added, dropped, raised, lowered, moved, won and lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.backtest.diff import Diff, Effect, Side, compare, promoted, touched
from engine.backtest.history import History, Span, Spell
from engine.backtest.match import Against
from engine.ingest.truth import Event, Truth
from engine.model.area import Area, AreaTree
from engine.model.grade import Domain, Grade
from engine.model.period import Calendar, Cycle
from engine.model.rule import Combine, Correlation, Pattern, Rule, RuleBook, Status
from engine.model.text import Text

CALENDAR = Calendar(ZoneInfo("UTC"))
SPAN = Span(date(2025, 1, 1), date(2025, 3, 1), CALENDAR)
TREE = AreaTree.of(
    ("country", "county"),
    [Area("X", Text("X"), "country", None), *(Area(c, Text(c), "county", "X") for c in "AB")],
)  # fmt: skip
BLUE, YELLOW, RED = Grade.BLUE, Grade.YELLOW, Grade.RED


def day(number: float) -> datetime:
    return CALENDAR.cut_at(SPAN.first) + timedelta(days=number)


def spell(first: float, last: float | None, *grades: Grade, area: str = "A") -> Spell:
    """From one day to another; each further grade one day after the one before."""
    steps = tuple((day(first + at), grade) for at, grade in enumerate(grades or (BLUE,)))
    return Spell((area, "theft"), steps, None if last is None else day(last))


def rule(id_: str, topic: str = "theft", hash: str = "1", **changed: Any) -> Rule:
    made = Rule(id=id_, title=Text(id_), domain=Domain.SAFETY, topic=topic, cycle=Cycle.DAILY, level="county")
    return replace(made, hash=hash, **changed)


def book(*rules: Rule) -> RuleBook:
    return RuleBook({one.id: one for one in rules})


def side(*spells: Spell) -> Side:
    return Side(book(rule("x.theft")), History(warnings=list(spells)))


def diff(old: list[Spell], new: list[Spell], *events: Event) -> Diff:
    against = None
    if events:
        truth = Truth(events, frozenset({"theft"}))
        against = Against(truth, TREE, {"theft": "public-safety", "fire": "public-safety"})
    return compare(side(*old), side(*new), {"theft"}, SPAN, against)


def event(first: int, last: int, area: str = "A") -> Event:
    start, end = (SPAN.first + timedelta(days=number) for number in (first, last))
    return Event(area, "theft", start, end, "series", onset=False, began=start)


@pytest.mark.parametrize(
    ("old", "new", "effects"),
    [
        ([], [spell(3, 5)], ["added"]),
        ([spell(3, 5)], [], ["dropped"]),
        ([spell(3, 5)], [spell(3, 5)], []),
        ([spell(3, 5)], [spell(3, 5, BLUE, YELLOW)], ["raised"]),
        ([spell(3, 9, BLUE, RED)], [spell(2, 5, YELLOW)], ["lowered"]),
        ([spell(3, 5)], [spell(4, 5)], ["moved"]),
        ([spell(3, 5)], [spell(3, None)], ["moved"]),
        ([spell(3, 5)], [spell(5, 7)], ["dropped", "added"]),
        ([spell(3, 5)], [spell(3, 5, area="B")], ["dropped", "added"]),
        ([spell(3, 20)], [spell(3, 5), spell(9, 12, RED)], ["raised"]),
        ([spell(3, None)], [spell(30, 31), spell(40, 41)], ["moved"]),
    ],
)
def test_each_effect(old: list[Spell], new: list[Spell], effects: list[str]):
    assert sorted(shift.effect for shift in diff(old, new).shifts) == sorted(effects)


def test_a_hit_won_is_an_event_that_only_the_edit_warns_of():
    events = event(3, 4), event(20, 21), event(40, 41), event(3, 4, area="B")
    old = [spell(3, 5), spell(40, 42)]
    new = [spell(20, 22), spell(40, 42), spell(30, 31)]
    found = diff(old, new, *events)
    assert (found.won, found.lost) == ((events[1],), (events[0],))
    told = {(shift.effect, shift.since): shift.right for shift in found.shifts}
    assert told == {
        (Effect.DROPPED, day(3)): True, (Effect.ADDED, day(20)): True, (Effect.ADDED, day(30)): False,
    }  # fmt: skip


def test_a_topic_that_the_truth_does_not_name_is_neither_right_nor_wrong():
    truth = Truth((replace(event(3, 4), topic="fire"),), frozenset({"fire"}))
    against = Against(truth, TREE, {"theft": "public-safety", "fire": "public-safety"})
    found = compare(side(), side(spell(3, 5)), {"theft"}, SPAN, against)
    assert found.untold == ("theft",)
    assert [shift.right for shift in found.shifts] == [None]
    assert not found.won


@st.composite
def histories(draw: st.DrawFn) -> list[Spell]:
    spells = []
    for area in "AB":
        at = 0
        while draw(st.booleans()) and at < 50:
            first = at + draw(st.integers(1, 5))
            grades = draw(st.lists(st.sampled_from([BLUE, YELLOW, RED]), min_size=1, max_size=3))
            at = first + len(grades) + draw(st.integers(0, 5))
            spells.append(spell(first, at, *grades, area=area))
    return spells


@given(histories(), histories(), st.lists(st.builds(event, st.integers(0, 20), st.integers(21, 50))))
def test_the_edit_undone_undoes_its_effects(old: list[Spell], new: list[Spell], events: list[Event]):
    there, back = diff(old, new, event(55, 56), *events), diff(new, old, event(55, 56), *events)
    opposite = {"added": "dropped", "dropped": "added", "raised": "lowered", "lowered": "raised"}
    assert {(s.since, s.place, s.effect) for s in back.shifts} == {
        (s.since, s.place, opposite.get(s.effect, s.effect)) for s in there.shifts
    }
    assert (set(there.won), set(there.lost)) == (set(back.lost), set(back.won))
    assert diff(old, old).shifts == ()
    shifted = [one for shift in there.shifts for one in (*shift.before, *shift.after)]
    assert {one for one in (*old, *new) if (one in old) != (one in new)} <= set(shifted)


def test_an_edit_touches_what_builds_on_it_and_nothing_else():
    thefts, waves = Pattern("finding", topic="theft"), Pattern("finding", rule="x.wave")
    wave = rule("x.wave", "unrest", correlation=Correlation(Combine.ALL, (thefts,)))
    on_wave = rule("x.on-wave", "storm", correlation=Correlation(Combine.ANY, (waves,)))
    rest = rule("x.fire", "fire")
    old = book(rule("x.theft"), wave, on_wave, rest)
    assert touched(old, old) == frozenset()
    assert touched(old, book(rule("x.theft", hash="2"), wave, on_wave, rest)) == {"theft", "unrest", "storm"}
    assert touched(old, book(rule("x.theft"), wave, on_wave)) == {"fire"}
    assert touched(old, book(rule("x.theft"), replace(wave, hash="3"), on_wave, rest)) == {"unrest", "storm"}
    moved = book(rule("x.theft", "burglary", hash="2"), wave, on_wave, rest)
    assert touched(old, moved) == {"theft", "burglary", "unrest", "storm"}


def test_drafts_are_taken_as_if_they_warned_and_the_retired_are_not():
    every = {status: rule(f"x.{status}", status=status) for status in Status}
    after = promoted(book(*every.values()))
    assert {one.status for one in after.rules.values()} == {Status.STABLE, Status.RETIRED}
    only = promoted(book(*every.values()), ["x.trial"])
    assert [only.rules[f"x.{s}"].status for s in ("draft", "trial")] == [Status.DRAFT, Status.STABLE]
