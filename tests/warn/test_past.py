"""Which grade stood when, from changes alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from engine.model.grade import Confidence, Domain, Grade, Mark
from engine.model.warning import Change, RiskWarning, Step
from engine.warn import past
from engine.warn.past import Span

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def on(day: int) -> datetime:
    return START + timedelta(days=day)


def change(day: int, before: Grade, after: Grade, step: Step = Step.UPGRADED) -> Change:
    return Change(warning="w", step=step, at=on(day), before=before, after=after, reason="", by="daily/x")


LIFE = (
    change(0, Grade.NONE, Grade.BLUE, Step.ISSUED), change(2, Grade.BLUE, Grade.ORANGE),
    change(3, Grade.ORANGE, Grade.ORANGE, Step.HELD), change(5, Grade.ORANGE, Grade.NONE, Step.LIFTED),
)  # fmt: skip


def test_a_life_is_its_grades_in_their_order_and_a_hold_begins_none():
    assert past.spans(LIFE) == (Span(Grade.BLUE, on(0), on(2)), Span(Grade.ORANGE, on(2), on(5)))
    assert past.spans(LIFE[:2])[-1] == Span(Grade.ORANGE, on(2), None)
    assert past.spans(()) == ()


def test_a_grade_stands_from_its_moment_to_the_one_before_the_next():
    lives = {"w": past.spans(LIFE)}
    seen = [
        past.at(lives, "w", on(day) + timedelta(seconds=s))
        for day, s in ((0, -1), (0, 0), (2, -1), (2, 0), (5, 0))
    ]
    assert seen == [Grade.NONE, Grade.BLUE, Grade.BLUE, Grade.ORANGE, Grade.NONE]
    assert past.at(lives, "another", on(1)) is Grade.NONE


def test_of_several_warnings_of_an_area_the_highest_counts():
    def warning(id_: str, area: str) -> RiskWarning:
        return RiskWarning(
            id=id_, area=area, topic="t", domain=Domain.SAFETY, grade=Grade.BLUE, score=1.0,
            confidence=Confidence.HIGH, title_en="t", since=on(0), judged_at=on(0),
        )  # fmt: skip

    lives = {"a": past.spans(LIFE), "b": (Span(Grade.RED, on(1), on(2)),), "c": ()}
    warnings = [warning("a", "A"), warning("b", "A"), warning("c", "C")]
    blue, orange, red = (Mark(grade, True) for grade in (Grade.BLUE, Grade.ORANGE, Grade.RED))
    assert past.highest(warnings, lives, [on(-1), on(0), on(1), on(2), on(3), on(5), on(9)]) == [
        {}, {"A": blue}, {"A": red}, {"A": orange}, {"A": orange}, {}, {},
    ]  # fmt: skip
    advisory = replace(warnings[1], domain=Domain.CYBER)
    days = past.highest([warnings[0], advisory], lives, [on(1), on(2)])
    assert days == [{"A": Mark(Grade.RED)}, {"A": orange}]
    assert past.highest(warnings, lives, []) == []
