"""What is known of a rule's warnings, what follows from it, and thresholds that hold on time held back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from statsmodels.stats.proportion import proportion_confint

from engine.backtest.history import Span, Spell
from engine.backtest.match import Against
from engine.backtest.scorecard import Card, Figures, Known, card, known, measure, to_try, variants, wilson
from engine.ingest.truth import Event, Truth
from engine.model.act import Act, ActKind, Verdict
from engine.model.area import Area, AreaTree
from engine.model.grade import Confidence, Domain, Grade
from engine.model.period import Calendar, Cycle
from engine.model.rule import Combine, Correlation, Pattern, Rule, Rung, Test
from engine.model.text import Text
from engine.model.warning import RiskWarning

CALENDAR = Calendar(ZoneInfo("UTC"))
SPAN = Span(date(2025, 1, 1), date(2025, 12, 31), CALENDAR)
TREE = AreaTree.of(("county",), [Area(code, Text(code), "county") for code in "AB"])
DOMAINS = {"theft": "public-safety", "fire": "public-safety"}
RULE = Rule(
    id="x.theft", title=Text("Theft"), domain=Domain.SAFETY, topic="theft", cycle=Cycle.DAILY, level="county",
    rungs=(
        Rung(Grade.BLUE, (Test.of("at_least", count=3.0), Test.of("rare", alpha=0.01))),
        Rung(Grade.RED, (Test.of("at_least", count=6.0), Test.of("rare", alpha=0.001))),
    ),
)  # fmt: skip


def at(day: float) -> datetime:
    return CALENDAR.cut_at(SPAN.first) + timedelta(days=day)


def spell(day: float, area: str = "A") -> Spell:
    return Spell((area, "theft"), ((at(day), Grade.BLUE),), at(day + 2))


def event(day: int, area: str = "A") -> Event:
    start = SPAN.first + timedelta(days=day)
    return Event(area, "theft", start, start + timedelta(days=1), "series", onset=False, began=start)


def truth(*days: int) -> Known:
    events = tuple(event(day) for day in days)
    against = Against(Truth(events, frozenset({"theft"})), TREE, DOMAINS)
    return known(against, TREE, DOMAINS, (), (), SPAN)


def warning(day: float, area: str = "A", *, lifted: bool = True) -> RiskWarning:
    return RiskWarning(
        id=f"{area}.theft.{day}", area=area, topic="theft", domain=Domain.SAFETY, grade=Grade.BLUE, score=0,
        confidence=Confidence.HIGH, title_en="Theft", since=at(day), judged_at=at(day),
        lifted_at=at(day + 2) if lifted else None,
    )  # fmt: skip


def verdict(day: float, grade: Grade, area: str = "A") -> Act:
    return Act(id=f"{day}", kind=ActKind.VERDICT, area=area, topic="theft", at=at(day), grade=grade)


def judged(*days: float, told: Known, tried: dict[str, list[Spell]] | None = None) -> Card:
    return card(RULE, [spell(day) for day in days], tried or {}, told, SPAN, wanted=0.3)


@pytest.mark.parametrize(("right", "told"), [(0, 1), (1, 1), (0, 10), (3, 10), (10, 10), (250, 1000)])
def test_the_interval_is_wilsons(right: int, told: int):
    expected = proportion_confint(right, told, alpha=0.05, method="wilson")
    assert wilson(right, told) == pytest.approx(expected, abs=1e-6)


def test_nothing_told_may_be_anything():
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_truth_tells_everything_of_its_topic():
    figures = measure(RULE, [spell(10), spell(20), spell(30)], truth(10, 30, 50), SPAN)
    assert figures == Figures(right=2, wrong=1, met=2, missed=1)
    assert figures.csi == 2 / 4


def test_a_verdict_tells_of_its_own_warning_only():
    acts = [verdict(13, Grade.NONE), verdict(21, Grade.BLUE), verdict(22, Grade.NONE, "B")]
    warnings = [warning(10), warning(20), warning(20, "B"), warning(40)]
    told = known(None, TREE, DOMAINS, acts, warnings, SPAN)
    spells = [spell(10), spell(20), spell(20, "B"), spell(40)]
    assert measure(RULE, spells, told, SPAN) == Figures(right=1, wrong=2, met=1, missed=0)
    assert measure(RULE, spells[2:], told, SPAN) == Figures(right=0, wrong=1, met=0, missed=1)


def test_the_last_verdict_on_a_warning_holds_and_other_acts_say_nothing():
    silence = Act(id="s", kind=ActKind.SILENCE, area="A", topic="theft", at=at(30), grade=Grade.NONE)
    acts = [verdict(12, Grade.NONE), verdict(14, Grade.YELLOW), verdict(5, Grade.NONE), silence]
    told = known(None, TREE, DOMAINS, acts, [warning(10), warning(25, lifted=False)], SPAN)
    assert measure(RULE, [spell(10), spell(25)], told, SPAN) == Figures(right=1, wrong=0, met=1, missed=0)


def test_where_both_speak_the_truth_does():
    against = Against(Truth((event(10),), frozenset({"theft"})), TREE, DOMAINS)
    told = known(against, TREE, DOMAINS, [verdict(12, Grade.NONE)], [warning(10)], SPAN)
    assert measure(RULE, [spell(10)], told, SPAN).right == 1


DAYS = tuple(range(10, 350, 10))


@pytest.mark.parametrize(
    ("events", "decision"),
    [(DAYS, "keep"), ((), "retire"), (DAYS[:10], "wait"), (DAYS[:1], "retire"), (DAYS[:20], "keep")],
)
def test_what_the_interval_says(events: tuple[int, ...], decision: str):
    assert judged(*DAYS, told=truth(*events)).decision == decision


def test_a_handful_decides_nothing():
    assert judged(10, 20, 30, 40, told=truth()).decision == "wait"
    assert judged(10, 20, 30, 40, 50, told=truth()).decision == "wait", "0 of 5 may still be a third"
    assert judged(*range(10, 110, 10), told=truth()).decision == "retire"


def test_a_threshold_is_shown_when_it_is_better_on_both_parts():
    events = DAYS[::5]
    sharper = [spell(day) for day in events]
    found = judged(*DAYS, told=truth(*events), tried={"count 3, 6 -> 4, 7": sharper, "other": []})
    assert found.decision == "tune"
    assert found.proposal is not None
    assert found.proposal.change == "count 3, 6 -> 4, 7"
    assert found.proposal.after.wrong == 0
    assert found.proposal.before.wrong > 5


def test_a_threshold_that_fails_on_the_time_held_back_is_not_shown():
    split = 365 * 2 // 3
    events = DAYS[::5]
    lucky = [spell(day) for day in events if day < split]
    found = judged(*DAYS, told=truth(*events), tried={"lucky": lucky})
    assert found.proposal is None
    assert found.decision in ("retire", "wait")


def test_variants_move_every_rung_alike_and_stay_possible():
    made = variants(RULE)
    assert "count 3, 6 -> 2, 5" in made
    assert not any("-> 0," in change for change in made)
    for change, variant in made.items():
        for name in ("count", "alpha"):
            values = [dict(test.params)[name] for rung in variant.rungs for test in rung.tests
                      if name in dict(test.params)]  # fmt: skip
            assert values == sorted(values, reverse=name == "alpha")
            assert min(values) > 0
        assert change.split()[0] in ("count", "alpha")
    assert len({variant.rungs for variant in made.values()}) == len(made)


def test_variants_stand_in_a_book_of_their_own():
    combined = Correlation(Combine.ANY, (Pattern("finding", topic="theft"),))
    other = Rule(id="x.wave", title=Text("Wave"), domain=Domain.SAFETY, topic="fire", cycle=Cycle.DAILY,
                 level="county", correlation=combined)  # fmt: skip
    book, names = to_try([RULE, other])
    assert names["x.wave"] == {}
    assert set(names["x.theft"].values()) == set(book.rules)
    assert RULE.id not in book.rules


@pytest.mark.parametrize(
    ("word", "figures"),
    [
        (Verdict.CONFIRMED, Figures(right=1, wrong=0, met=1, missed=0)),
        (Verdict.AVERTED, Figures(right=1, wrong=0, met=1, missed=0)),
        (Verdict.FALSE_ALARM, Figures(right=0, wrong=1, met=0, missed=0)),
        (Verdict.UNCLEAR, Figures(right=0, wrong=0, met=0, missed=0)),
    ],
)
def test_what_somebody_said_when_they_closed_it_is_known_of_that_warning(word: Verdict, figures: Figures):
    """Of the one that they named, though another of the place is younger."""
    closed = replace(verdict(23, Grade.NONE), kind=ActKind.CLOSE, grade=None, warning="A.theft.10")
    before = replace(closed, id="0", at=at(22), verdict=Verdict.CONFIRMED)
    acts = [before, replace(closed, verdict=word)]
    told = known(None, TREE, DOMAINS, acts, [warning(10), warning(20)], SPAN)
    assert measure(RULE, [spell(10)], told, SPAN) == figures


def test_the_day_of_the_outcome_is_the_day_of_the_event():
    day = SPAN.calendar.local_day(at(11))
    closed = replace(verdict(23, Grade.NONE), grade=None, verdict=Verdict.CONFIRMED, outcome=day)
    told = known(None, TREE, DOMAINS, [closed], [warning(10)], SPAN)
    assert [(event.start, event.end) for event in told.against.truth.events] == [(day, day)]
