"""Who hears of how much, by the routes; and who hears too much by a promotion."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.backtest.budget import Load, Ways, heard, loads
from engine.backtest.history import Span
from engine.judge import Conclusion
from engine.model.area import Area, AreaTree
from engine.model.grade import Confidence, Domain, Grade
from engine.model.message import Route
from engine.model.period import Calendar, Cycle, Period
from engine.model.text import Text
from engine.model.warning import Change, RiskWarning, Step

CALENDAR = Calendar(ZoneInfo("UTC"))
SPAN = Span(date(2026, 3, 2), date(2026, 3, 15), CALENDAR)
TREE = AreaTree.of(
    ("county", "town"),
    [Area("C", Text("C"), "county"), *(Area(code, Text(code), "town", "C") for code in ("T1", "T2"))],
)
NONE, BLUE, YELLOW, RED = Grade.NONE, Grade.BLUE, Grade.YELLOW, Grade.RED


def moment(day: int) -> datetime:
    return CALENDAR.cut_at(SPAN.first) + timedelta(days=day)


def lived(*steps: tuple[int, str, Step, Grade, Grade]) -> list[tuple[Period, Conclusion]]:
    """(day, area, step, grade before, grade after) of one warning an area, run by run."""
    runs = []
    for day in sorted({step[0] for step in steps}):
        period = CALENDAR.period(Cycle.DAILY, SPAN.first + timedelta(days=day - 1))
        own = [step for step in steps if step[0] == day]
        runs.append((period, Conclusion(warnings=tuple(_warning(*s) for s in own),
                                        changes=tuple(_change(*s) for s in own))))  # fmt: skip
    return runs


def _warning(day: int, area: str, step: Step, before: Grade, after: Grade) -> RiskWarning:
    return RiskWarning(
        id=f"{area}.theft", area=area, topic="theft", domain=Domain.SAFETY, grade=after or before, score=0,
        confidence=Confidence.HIGH, title_en="Theft", since=moment(0), judged_at=moment(day),
        lifted_at=moment(day) if after is NONE else None,
    )  # fmt: skip


def _change(day: int, area: str, step: Step, before: Grade, after: Grade) -> Change:
    return Change(warning=f"{area}.theft", step=step, at=moment(day), before=before, after=after, reason="",
                  by=f"daily/{day}")  # fmt: skip


def days(found: dict[str, list[datetime]]) -> dict[str, list[int]]:
    return {name: [(at - moment(0)).days for at in moments] for name, moments in found.items()}


def test_a_warning_counts_once_for_whoever_hears_of_it_and_from_when_it_does():
    grave = Route(id="grave", grade=RED, receivers=("chief",))
    ways = Ways([Route(id="all", receivers=("duty",)), grave], TREE)
    life = lived(
        (1, "T1", Step.ISSUED, NONE, BLUE), (2, "T1", Step.UPGRADED, BLUE, RED),
        (3, "T1", Step.DOWNGRADED, RED, BLUE), (4, "T1", Step.LIFTED, BLUE, NONE),
        (4, "T2", Step.ISSUED, NONE, YELLOW),
    )  # fmt: skip
    assert days(heard(life, ways)) == {"duty": [1, 4], "chief": [2]}


@pytest.mark.parametrize(("inhibit", "expected"), [(False, [1, 1]), (True, [1])])
def test_what_a_worse_warning_above_mutes_does_not_count(inhibit: bool, expected: list[int]):
    ways = Ways([Route(id="all", receivers=("duty",))], TREE, inhibit)
    life = lived((1, "T1", Step.ISSUED, NONE, BLUE), (1, "C", Step.ISSUED, NONE, RED))
    assert days(heard(life, ways)) == {"duty": expected}


def test_only_who_hears_more_is_listed_with_all_it_hears():
    before = {"duty": [moment(1)], "chief": [moment(1)]}
    after = {"duty": [moment(1), moment(2), moment(9)], "chief": [moment(1)], "fire": [moment(3)]}
    rest = {"duty": [moment(3), moment(4)], "chief": [moment(2)] * 50}
    found = loads(before, after, rest, {"duty": 2.0, "chief": 1.0}, SPAN)
    assert found == (
        Load(receiver="duty", before=3, after=5, allowed=4.0, busiest=4),
        Load(receiver="fire", before=0, after=1, allowed=None, busiest=1),
    )
    assert [load.over for load in found] == [True, False]


@pytest.mark.parametrize(
    ("before", "after", "allowed", "over"),
    [(3, 4, 4.0, False), (3, 5, 4.0, True), (9, 9, 4.0, False), (9, 10, 4.0, True), (0, 99, None, False)],
)
def test_over_is_what_the_promotion_asks_too_much(before: int, after: int, allowed: float | None, over: bool):
    load = Load(receiver="duty", before=before, after=after, allowed=allowed, busiest=9)
    assert load.over is over
