"""What became known at one moment: the areas it touches, and nothing old."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.judge import find_immediate
from engine.judge.immediate import SECOND
from engine.model.finding import Held
from engine.model.grade import Grade
from engine.model.incident import Incident, Precision
from engine.model.indicator import Indicator
from engine.model.period import Calendar, Cycle
from engine.model.rule import Rule, Rung, Test, Window
from engine.rulebook.trial.draft import DraftPanels
from tests.judge.conftest import TREE, panels, rule

NOW = datetime(2026, 3, 1, 18, 0, tzinfo=UTC)
ONE, TWO = Test.of("at_least", count=1), Rung(Grade.YELLOW, (Test.of("at_least", count=2),))


def judged(hours: int = 6, max_age: float = 4) -> Rule:
    window = Window(hours=hours, max_age=timedelta(hours=max_age))
    return rule(ONE, TWO, cycle=Cycle.IMMEDIATE, window=window)


def fire(area: str, ago: float, known: float = 0, **more: object) -> Incident:
    """It happened, and became known, so many hours before now."""
    at, known_at = (NOW - timedelta(hours=hours) for hours in (ago, known))
    return Incident(
        feed="log", source_id=f"{area}{ago}{known}", areas=(area,), category="fire", occurred_at=at,
        known_at=known_at, **more,
    )  # fmt: skip


def found(
    *given: Incident, hours: int = 6, max_age: float = 4, holding: frozenset[str] = frozenset()
) -> dict[str, tuple[float, int]]:
    """By area: what was counted, and how many rungs held."""
    outcomes = find_immediate([judged(hours, max_age)], replace(panels(given), holding=holding), NOW)
    return {one.area: (one.trace.observed, one.held.count(Held.HELD)) for one in outcomes if one.trace}


def test_only_the_areas_touched_are_judged_by_all_that_happened_there() -> None:
    given = fire("A1", 1), fire("A1", 5, 3), fire("B1", 5, 3)
    assert found(*given) == {"A1": (2, 2)}


def test_what_happened_before_the_window_is_not_counted() -> None:
    assert found(fire("A1", 1), fire("A1", 6.5, 6), hours=6) == {"A1": (1, 1)}
    assert found(fire("A1", 1), fire("A1", 6.5, 6), hours=7) == {"A1": (2, 2)}


@pytest.mark.parametrize("ago, areas", [(4, {"A1"}), (4.01, set())])
def test_what_is_told_too_late_raises_nothing(ago: float, areas: set[str]) -> None:
    assert found(fire("A1", ago), max_age=4).keys() == areas


@pytest.mark.parametrize(("feed", "counted"), [
    ("log", {"A1": (1, 1)}), ("other", {"A1": (2, 2), "A2": (1, 1)}),
])  # fmt: skip
def test_a_hazard_that_is_over_counts_no_more(feed: str, counted: dict[str, tuple[float, int]]) -> None:
    lasts = fire("A1", 2, ended_at=NOW + timedelta(seconds=1))
    over = [fire(area, 1, ended_at=NOW) for area in ("A1", "A2")]
    assert found(lasts, *over, holding=frozenset({feed})) == counted


def test_but_it_counts_beside_what_is_fresh() -> None:
    assert found(fire("A1", 5), fire("A1", 1), max_age=4) == {"A1": (2, 2)}


def test_what_becomes_known_later_is_not_seen() -> None:
    assert found(fire("A1", 1), fire("A1", 1, -0.5)) == {"A1": (1, 1)}
    assert found(fire("A1", 1, 0.5)) == {}


def test_an_incident_without_a_time_raises_nothing() -> None:
    assert found(fire("A1", 0, precision=Precision.UNKNOWN)) == {}


def test_what_is_placed_higher_than_the_rule_looks_touches_nothing() -> None:
    assert found(fire("A", 1)) == {}


def test_an_alert_for_several_towns_touches_each() -> None:
    towns = ("A1", "A2", "B1")
    assert found(replace(fire("A1", 1), areas=towns)) == dict.fromkeys(towns, (1, 1))


def test_the_trace_tells_the_hours_that_were_looked_at() -> None:
    (outcome,) = find_immediate([judged()], panels([fire("A1", 1)]), NOW)
    assert outcome.trace is not None
    assert outcome.trace.window == ("2026-03-01T12:00:00+00:00", "2026-03-01T18:00:00+00:00")
    assert outcome.trace.rungs[1].missing == 1


def test_a_rate_is_judged_where_the_inhabitants_are_known() -> None:
    rate = rule(Test.of("rate_at_least", rate=10.0), cycle=Cycle.IMMEDIATE, window=Window(hours=6))
    outcomes = find_immediate([rate], panels([fire("A2", 1), fire("A3", 1), fire("B1", 1)]), NOW)
    held = {one.area: one.held[0] for one in outcomes}
    assert held == {"A2": Held.UNKNOWN, "A3": Held.HELD, "B1": Held.NOT}


class Told(DraftPanels):
    """Panels of incidents that are told otherwise later: of each, its latest revision known by then."""

    def incidents(
        self, indicator: Indicator, since: datetime, until: datetime, known_before: datetime
    ) -> list[Incident]:
        latest: dict[tuple[str, str], Incident] = {}
        for one in sorted(self.given, key=lambda one: one.known_at):
            if one.known_at < known_before:
                latest[one.identity] = one
        return [
            one for one in latest.values()
            if indicator.matches(one) and since <= one.occurred_at < until and not one.withdrawn
        ]  # fmt: skip


def rests(*given: Incident, lasts: float = 24) -> dict[str, list[float | None] | None]:
    """By area, for each rung: how many hours before this judgement it last held by what still counts."""
    window = Window(hours=6, lasts=timedelta(hours=lasts))
    rule_ = rule(ONE, TWO, cycle=Cycle.IMMEDIATE, window=window)
    outcomes = find_immediate([rule_], Told(TREE, Calendar(), given), NOW)
    return {
        one.area: None if one.rests_on is None else [
            None if at is None else (NOW + SECOND - at) / timedelta(hours=1) for at in one.rests_on
        ]
        for one in outcomes
    }  # fmt: skip


def two(first: str, second: str = "A1") -> tuple[Incident, Incident]:
    """Told five and three hours ago."""
    return fire(first, 5.5, 5), fire(second, 3.5, 3)


@pytest.mark.parametrize(
    "otherwise",
    [{"withdrawn": True}, {"category": "theft"}, {"areas": ("B1",)}, {"areas": ("A",)}],
    ids=["withdrawn", "category", "area", "higher area"],
)
def test_what_is_told_otherwise_leaves_what_rests_on_the_rest(otherwise: dict[str, object]) -> None:
    first, second = two("A1")
    assert rests(first, second, replace(second, known_at=NOW, **otherwise))["A1"] == [5, None]
    assert rests(first, second, replace(first, known_at=NOW, **otherwise))["A1"] == [3, None]
    assert rests(second, replace(second, known_at=NOW, **otherwise))["A1"] == [None, None]


def test_only_what_is_still_told_in_the_same_way_is_untouched() -> None:
    first, second = two("A1", "B1")
    assert rests(first, second, replace(second, known_at=NOW, withdrawn=True)) == {"B1": [None, None]}
    news = fire("B1", 0.5)
    assert rests(first, second, news) == {"B1": None}
    gone = replace(first, known_at=NOW, withdrawn=True)
    assert rests(first, news, gone) == {"A1": [None, None], "B1": None}


def test_a_correction_after_which_it_still_counts_takes_nothing_away() -> None:
    first, second = two("A1")
    again = replace(first, known_at=NOW - timedelta(hours=1), title="again")
    assert rests(first, second, again, replace(second, known_at=NOW, withdrawn=True))["A1"] == [1, None]
    assert rests(first, second, replace(second, known_at=NOW, title="again"))["A1"] == [0, 0]


@pytest.mark.parametrize("hours, left", [(12, 5), (48, 5), (5, 0)])
def test_news_that_is_told_to_be_older_was_none(hours: float, left: float) -> None:
    """Two were told five hours ago, a third three hours ago; it happened before them, as is told now."""
    first, second, third = fire("A1", 5.5, 5), fire("A1", 5.2, 5), fire("A1", 3.5, 3)
    moved = replace(third, known_at=NOW, occurred_at=NOW - timedelta(hours=hours))
    assert rests(first, second, third, moved)["A1"] == [left, left]


def test_what_held_longer_ago_than_it_lasts_supports_nothing() -> None:
    first, second = two("A1")
    gone = replace(second, known_at=NOW, withdrawn=True)
    assert rests(first, second, gone, lasts=4)["A1"] == [None, None]
    assert rests(first, second, gone, lasts=5.1)["A1"] == [5, None]
