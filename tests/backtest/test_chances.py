"""Claims of a backtest: counted plainly, shown with their n, and blind to what became known later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from engine.backtest.chances import Chances
from engine.backtest.history import History, Span, Spell
from engine.backtest.match import Against
from engine.chance.learn import LEAST
from engine.ingest.truth import Event, Stretch, Truth
from engine.model.grade import Domain, Grade
from engine.model.period import Cycle
from engine.model.rule import Rule, RuleBook, Rung
from engine.model.text import Text
from tests.backtest.conftest import CALENDAR, TREE, ZERO, at

YEAR = Span(ZERO, ZERO + timedelta(days=364), CALENDAR)
RULE = Rule(
    id="x.y", title=Text("y"), domain=Domain.SAFETY, topic="t", cycle=Cycle.DAILY, level="town",
    horizon=timedelta(days=7), rungs=(Rung(Grade.BLUE, ()), Rung(Grade.YELLOW, ())),
)  # fmt: skip


def lived(seed: int, *, until: int = 365) -> tuple[list[Spell], list[Event]]:
    """A year of short warnings, a third of which an event follows within the week."""
    random, spells, events = np.random.default_rng(seed), [], []
    for area in ("T1", "T2"):
        for opened in range(0, 360, 9):
            grade = Grade.YELLOW if random.random() < 0.4 else Grade.BLUE
            if opened < until:
                closed = at(opened + 1 + int(random.integers(3)))
                spells.append(Spell((area, "t"), ((at(opened), grade),), closed))
            if random.random() < 0.35:
                day = ZERO + timedelta(days=opened + int(random.integers(7)))
                known = day + timedelta(days=1 + int(random.integers(30)))
                events.append(Event(area, "t", day, day, "x", False, day, known))
    return spells, events


def chances(spells: list[Spell], events: list[Event]) -> Chances:
    stated = (Stretch("C", "t", YEAR.first, YEAR.last),)
    against = Against(Truth(tuple(events), frozenset({"t"}), stated), TREE, {"t": "public-safety"})
    return Chances(RuleBook({"x.y": RULE}), History(rules={"x.y": spells}), YEAR, against, TREE)


def day(number: int) -> date:
    return ZERO + timedelta(days=number)


@pytest.mark.parametrize("morning", [60, 150, 365])
def test_what_was_learned_is_what_a_person_would_count(morning: int):
    spells, events = lived(1)
    found = chances(spells, events).by(day(morning))["x.y"]
    told, came = [0] * 4, [0] * 4
    for spell in spells:
        opened = (spell.opened.date() - ZERO).days
        if opened + 7 <= morning:
            true = any(
                day(opened) <= one.start < day(opened + 7) and one.known <= day(morning)
                for one in events if one.area == spell.place[0]
            )
            told[spell.peak - 1] += 1
            came[spell.peak - 1] += true
    assert found.told.tolist() == told and found.came.tolist() == came and sum(told) > LEAST


@pytest.mark.parametrize("morning", [100, 200, 300])
def test_shuffling_what_became_known_later_changes_no_claim(morning: int):
    """Warnings after it, events known after it, and what is stated of days after it."""
    spells, events = lived(2)
    before = chances(spells, events).by(day(morning))
    random = np.random.default_rng(morning)
    kept = [one for one in spells if one.opened <= at(morning)]
    later = [
        replace(one, start=day(int(random.integers(365))), area=str(random.choice(["T1", "T2"])))
        for one in events if one.known > day(morning)
    ]
    later = [replace(one, end=one.start) for one in later]
    others = [Spell((area, "t"), ((at(n), Grade.YELLOW),), at(n + 9)) for area in ("T1", "T2")
              for n in range(morning + 1, 360, 11)]  # fmt: skip
    known = [one for one in events if one.known <= day(morning)]
    after = chances([*kept, *others], [*known, *later, *later]).by(day(morning))
    assert len(later) > 5 and repr(after) == repr(before)


def test_a_warning_shows_what_was_known_on_the_first_of_its_month():
    spells, events = lived(3)
    made = chances(spells, events)
    early = made.claim(RULE, spells[0])
    late = next(one for one in spells if one.opened >= at(330))
    assert early is None
    claim = made.claim(RULE, late)
    learned = made.by(late.opened.date().replace(day=1))["x.y"]
    assert claim == learned.claim(late.peak, 7) and claim is not None and claim.told >= LEAST


def test_the_rows_tell_what_bore_out():
    rows = list(chances(*lived(4)).rows())
    assert [row["grade"] for row in rows] == ["blue", "yellow"]
    for row in rows:
        assert row["days"] == 7 and row["bore_out"] == "yes"
        assert row["chance_low"] < row["chance"] < row["chance_high"] and row["told"] > row["later_told"] > 0


def test_a_claim_of_what_never_comes_true_any_more_does_not_bear_out():
    spells, events = lived(5)
    early = [one for one in events if one.start < day(240)]
    days = [(area, day(n)) for area in ("T1", "T2") for n in range(0, 240, 3)]
    always = [Event(area, "t", one, one, "x", False, one) for area, one in days]
    rows = list(chances(spells, [*early, *always]).rows())
    assert {row["bore_out"] for row in rows} == {"no"}
