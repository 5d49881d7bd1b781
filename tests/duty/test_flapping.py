"""Which findings turn too often, and what would keep them still."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from engine.duty.flapping import Flap, Limit, flaps, proposal
from engine.model.grade import Grade
from engine.model.period import Cycle

DAY = datetime(2026, 3, 1, 8, tzinfo=UTC)
B, Y, N = Grade.BLUE, Grade.YELLOW, Grade.NONE


def days(*grades: Grade) -> list[tuple[datetime, Grade]]:
    return [(DAY + timedelta(days=day), grade) for day, grade in enumerate(grades)]


@pytest.mark.parametrize(("grades", "turns"), [
    ((N, B, N, B, N), 3),
    ((N, B, B, N, N, B, N), 3),
    ((N, B, Y, B, Y), 2),
    ((N, B, Y, Y, N), None),  # a climb and its fall turn once
    ((B, B, B), None),
    ((), None),
])  # fmt: skip
def test_a_turn_is_a_fall_after_a_rise_or_a_rise_after_a_fall(grades: tuple[Grade, ...], turns: int | None):
    found = list(flaps({("r", "T1"): days(*grades)}, Limit(1)))
    assert [one.turns for one in found] == ([turns] if turns else [])


def test_more_than_so_many():
    history = {("r", "T1"): days(N, B, N, B, N)}
    assert list(flaps(history, Limit(3))) == []
    (one,) = flaps(history, Limit(2))
    assert (one.rule, one.area, one.pauses) == ("r", "T1", (timedelta(days=1),))


def rule(cycle: Cycle = Cycle.DAILY, hold: int = 1) -> Any:
    return SimpleNamespace(cycle=cycle, rungs=[SimpleNamespace(delay_off=hold)])


@pytest.mark.parametrize(("of", "pauses", "said"), [
    (rule(), (2, 3), "`hold: 4` (it is 1) would have bridged 2 of its 2 pauses; `cool_down: 3d`"),
    (rule(hold=2), (2, 30), "`hold: 4` (it is 2) would have bridged 1 of its 2 pauses; `cool_down: 30d`"),
    (rule(), (20,), "`cool_down: 20d`"),
    (rule(Cycle.WEEKLY), (7, 14), "`hold: 3` (it is 1) would have bridged 2 of its 2 pauses"),
])  # fmt: skip
def test_what_would_keep_it_still_with_its_figures(of: Any, pauses: tuple[int, ...], said: str):
    flap = Flap("r", "T1", 9, DAY, tuple(timedelta(days=many) for many in pauses))
    assert proposal(flap, of).startswith(said)
