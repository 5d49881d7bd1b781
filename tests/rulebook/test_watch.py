"""Watch periods: stricter in an area for some days, or judged only then, and otherwise the rule itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from engine.judge import find, find_immediate
from engine.model.finding import Held
from engine.model.grade import Grade
from engine.model.incident import Incident
from engine.model.period import Calendar
from engine.model.rule import Rule, RuleBook, Test
from engine.model.text import Text
from engine.model.watch import WatchPeriod
from engine.rulebook import watch
from engine.rulebook.context import Context
from engine.rulebook.load import load
from engine.rulebook.trial.draft import DraftPanels
from engine.rulebook.words.explain import explain

GOOD = Path(__file__).parent / "good"
SURGE, BLAST, FRONT = "public-safety.burglary-surge", "public-safety.explosion", "x.winter-front"
FIRST, LAST = date(2026, 3, 5), date(2026, 3, 7)
#: In county 01 one burglary is enough for blue, and two for yellow.
TIGHTER = {SURGE: {
    Grade.BLUE: (Test.of("at_least", count=1.0),), Grade.YELLOW: (Test.of("at_least", count=2.0),),
}}  # fmt: skip


@pytest.fixture(scope="module")
def book(context: Context) -> RuleBook:
    return load(GOOD, context)


def period(
    tighter: Mapping = TIGHTER, *, only: tuple[str, ...] = (), areas: tuple[str, ...] = ("01",)
) -> WatchPeriod:
    title = Text("Festival", "节日")
    return WatchPeriod("festival", title, FIRST.toordinal(), LAST.toordinal(), areas, tighter, only, line=3)


def told(area: str, on: date, category: str = "property.burglary", hour: int = 11) -> Incident:
    at = datetime(on.year, on.month, on.day, hour, tzinfo=UTC)
    return Incident(
        feed="police", source_id=f"{area} {at}", occurred_at=at, known_at=at, areas=(area,), category=category
    )


def grades(rule: Rule, context: Context, given: list[Incident], cut: date) -> dict[str, Grade]:
    """What a calendar rule gives at a cut."""
    panels = DraftPanels(context.tree, Calendar(), given)
    (found,) = find([rule], panels, [cut])
    return {
        one.area: max(
            (rung.grade for rung, held in zip(rule.rungs, one.held, strict=True) if held is Held.HELD),
            default=Grade.NONE,
        )
        for one in found.outcomes
    }  # fmt: skip


def test_stricter_there_and_then_alone(book: RuleBook, context: Context) -> None:
    made = watch.watched(book, [period()], context.tree).rules[SURGE]
    every = [told(area, LAST, hour=hour) for area in ("01", "03") for hour in (9, 10)]
    assert grades(made, context, every, LAST + timedelta(days=1)) == {"01": Grade.YELLOW}
    assert grades(made, context, every[1:], LAST + timedelta(days=1)) == {"01": Grade.BLUE}
    assert grades(made, context, every, LAST + timedelta(days=2)) == {}, "the judged day is after it"
    before = [told("01", FIRST - timedelta(days=1))]
    assert grades(made, context, before, FIRST) == {}
    assert grades(made, context, before, FIRST + timedelta(days=1)) == {"01": Grade.BLUE}


def test_what_the_rule_itself_asks_is_enough_as_before(book: RuleBook, context: Context) -> None:
    made = watch.watched(book, [period()], context.tree).rules[SURGE]
    many = [told(area, FIRST - timedelta(days=9), hour=hour) for area in ("01", "03") for hour in range(6)]
    cut = FIRST - timedelta(days=8)
    assert grades(made, context, many, cut) == grades(book.rules[SURGE], context, many, cut) != {}


def test_only_there_and_then(book: RuleBook, context: Context) -> None:
    made = watch.watched(book, [period({}, only=(SURGE,))], context.tree).rules[SURGE]
    for day, wanted in ((LAST, {"01"}), (LAST + timedelta(days=1), set())):
        many = [told(area, day, hour=hour) for area in ("01", "03") for hour in range(6)]
        assert grades(made, context, many, day + timedelta(days=1)).keys() == wanted


def test_a_rule_that_judges_at_once(book: RuleBook, context: Context) -> None:
    made = watch.watched(book, [period({}, only=(BLAST,))], context.tree).rules[BLAST]
    for day, wanted in ((FIRST - timedelta(days=1), Held.NOT), (FIRST, Held.HELD), (LAST, Held.HELD)):
        one = told("0110", day, "violence.explosion")
        (found,) = find_immediate([made], DraftPanels(context.tree, Calendar(), [one]), one.known_at)
        assert found.held[0] is wanted


def test_what_no_period_names_stays_the_rule_it_was(book: RuleBook, context: Context) -> None:
    made = watch.watched(book, [period()], context.tree)
    assert {id_ for id_ in book.rules if made.rules[id_] != book.rules[id_]} == {SURGE}
    assert made.rules[SURGE].hash != book.rules[SURGE].hash
    assert made.hash != book.hash
    assert watch.watched(book, [], context.tree) is book


def test_in_words(book: RuleBook, context: Context) -> None:
    made = watch.watched(book, [period()], context.tree).rules[SURGE]
    assert ", or (it is a time of 'Festival' there, and there are 1 or more)" in explain(made, "en", context)
    assert "当地处于“节日”期间" in explain(made, "zh", context)


@pytest.mark.parametrize(
    ("made", "name", "says"),
    [
        (period({"public-safety.burglary-surges": {}}), "unknown-rule", "did you mean"),
        (period({}, only=(FRONT,)), "watch-correlation", "is a correlation"),
        (period(areas=("0110",)), "watch-level", "judges each county, and none lies in 0110"),
        (period({SURGE: {Grade.RED: (Test.of("at_least", count=9.0),)}}), "watch-grade", "has no rung red"),
        (period({SURGE: {Grade.BLUE: (Test.of("on", calendar="fairs"),)}}), "watch-tests", "into the rule"),
        (period({SURGE: {Grade.BLUE: (Test.of("share_of", share=0.5),)}}), "watch-tests", "no whole"),
        (period({BLAST: {Grade.ORANGE: (Test.of("rare"),)}}), "watch-tests", "only at_least, rate_at_least"),
    ],
)  # fmt: skip
def test_mistakes(book: RuleBook, context: Context, made: WatchPeriod, name: str, says: str) -> None:
    found = watch.problems(book, [made], context.tree)
    assert any(one.name == name and says in one.sentence and one.line == 3 for one in found), found


def test_a_test_that_looks_back_needs_a_rule_with_a_past(book: RuleBook, context: Context) -> None:
    """It could never tell, and what stands would never fall while the period lasts."""
    rule = replace(book.rules[SURGE], window=replace(book.rules[SURGE].window, baseline=0))
    for test, says in ((Test.of("rare"), ["earlier blocks"]), (Test.of("at_least", count=2.0), [])):
        made = period({SURGE: {Grade.BLUE: (test,)}})
        found = watch.problems(RuleBook({SURGE: rule}), [made], context.tree)
        assert [word for one in found for word in says if word in one.sentence] == says
        assert len(found) == len(says)


def test_a_period_that_is_meant_is_no_mistake(book: RuleBook, context: Context) -> None:
    for one in (period(), period({}, only=(SURGE, BLAST)), replace(period(), areas=("SE",))):
        assert watch.problems(book, [one], context.tree) == []
