from __future__ import annotations

from datetime import date, timedelta

from engine.backtest.history import History, Span, Spell, grades
from engine.judge import Conclusion
from engine.model.finding import Finding
from engine.model.grade import Confidence, Domain, Grade
from engine.model.period import Cycle
from engine.model.warning import RiskWarning, Standing
from tests.backtest.conftest import CALENDAR, SPAN, ZERO, at, spell


def standing(grade: Grade) -> Standing:
    return Standing(
        rule="r", area="T1", topic="t", domain=Domain.SAFETY, rule_hash="", on=(), off=(), grade=grade
    )  # fmt: skip


def warning(grade: Grade, lifted: bool = False) -> RiskWarning:
    return RiskWarning(
        id="T1.t", area="T1", topic="t", domain=Domain.SAFETY, grade=grade, score=0, title_en="t",
        confidence=Confidence.HIGH, since=at(0), judged_at=at(0), lifted_at=at(0) if lifted else None,
    )  # fmt: skip


def lived(*runs: Conclusion) -> History:
    periods = [CALENDAR.period(Cycle.DAILY, ZERO + timedelta(days=n - 1)) for n in range(len(runs))]
    return History.of(zip(periods, runs, strict=True))


def test_a_spell_begins_rises_and_ends_with_the_runs_that_said_so():
    history = lived(
        Conclusion(standing=(standing(Grade.BLUE),), warnings=(warning(Grade.BLUE),)),
        Conclusion(warnings=(warning(Grade.BLUE),)),
        Conclusion(standing=(standing(Grade.RED),), warnings=(warning(Grade.RED),)),
        Conclusion(standing=(standing(Grade.NONE),), warnings=(warning(Grade.RED, lifted=True),)),
        Conclusion(standing=(standing(Grade.BLUE),), warnings=(warning(Grade.BLUE),)),
    )
    first = Spell(("T1", "t"), ((at(0), Grade.BLUE), (at(2), Grade.RED)), at(3))
    second = Spell(("T1", "t"), ((at(4), Grade.BLUE),), None)
    assert history.rules == {"r": [first, second]}
    assert history.warnings == [first, second]
    assert (first.opened, first.peak) == (at(0), Grade.RED)


def test_what_never_stood_is_no_spell():
    history = lived(Conclusion(standing=(standing(Grade.NONE),)))
    assert (history.rules, history.warnings) == ({}, [])


def test_the_parts_above_a_grade_are_spells_of_their_own():
    steps = ((at(0), Grade.BLUE), (at(1), Grade.RED), (at(2), Grade.BLUE), (at(4), Grade.YELLOW))
    whole = Spell(("T1", "t"), steps, at(6))
    assert whole.above(Grade.BLUE) == (whole,)
    assert whole.above(Grade.YELLOW) == (
        Spell(("T1", "t"), ((at(1), Grade.RED),), at(2)), Spell(("T1", "t"), ((at(4), Grade.YELLOW),), at(6)),
    )  # fmt: skip
    open_ = Spell(("T1", "t"), steps, None)
    assert open_.above(Grade.YELLOW)[-1].closed is None
    assert whole.above(Grade.RED)[0].opened == at(1) and len(whole.above(Grade.RED)) == 1


def test_a_watch_day_lasts_from_its_cut_to_the_next():
    assert [SPAN.watch(at(day)) for day in (-0.01, 0, 0.99, 1)] == [-1, 0, 0, 1]
    assert SPAN.days == 10 and SPAN.since < at(0) < SPAN.until < at(10)


def test_what_ends_at_a_cut_no_longer_stands_on_the_day_it_opens():
    spells = [spell("T1", 1, 3), spell("T2", 2.4, 2.6, Grade.RED), spell("T2", 8, None, Grade.YELLOW)]
    grid = grades(spells, {("T1", "t"): 0, ("T2", "t"): 1}, SPAN)
    assert grid.tolist() == [[0, 1, 1, 0, 0, 0, 0, 0, 0, 0], [0, 0, 4, 0, 0, 0, 0, 0, 2, 2]]


def test_of_several_grades_on_one_day_the_highest_counts_and_strangers_do_not():
    steps = ((at(1), Grade.BLUE), (at(1.3), Grade.RED), (at(1.6), Grade.YELLOW))
    grid = grades([Spell(("T1", "t"), steps, at(3)), spell("T2", 0, None)], {("T1", "t"): 0}, SPAN)
    assert grid.tolist() == [[0, 4, 2, 0, 0, 0, 0, 0, 0, 0]]


def test_spells_outside_the_span_leave_no_mark():
    span = Span(date(2026, 3, 10), date(2026, 3, 11), CALENDAR)
    assert not grades([spell("T1", 1, 3)], {("T1", "t"): 0}, span).any()


def test_findings_are_kept_as_they_came():
    finding = Finding.__new__(Finding)
    assert lived(Conclusion(findings=(finding,))).findings == [finding]
