"""What correlations look for: findings of other rules, and incidents, of the last days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from engine.infer import reference
from engine.infer.correlate import correlate
from engine.judge import Correlator, find
from engine.model.finding import Held
from engine.model.grade import Domain, Grade
from engine.model.incident import Incident
from engine.model.period import CALENDAR, Cycle
from engine.model.rule import (
    Combine,
    Correlation,
    Pattern,
    Rule,
    RuleBook,
    Rung,
    Scope,
    See,
    Status,
    Test,
    Window,
)
from engine.model.text import Text
from tests.judge.conftest import CUT, FEEDS, FIRE, THEFT, panels, reports, rule

PLAIN = partial(correlate, evaluator=reference.evaluate)
ONE, THREE = Test.of("at_least", count=1), Test.of("at_least", count=3)
FIRES = rule(THREE, Rung(Grade.YELLOW, (Test.of("at_least", count=5),)), window=Window(days=1))


def pair(
    pattern: Pattern, *, within: int = 1, scope: Scope = Scope.BELOW, status: Status = Status.STABLE,
    needed: int = 1,
) -> Rule:  # fmt: skip
    """A daily county rule that looks for `pattern` in so many areas."""
    sought = Correlation(
        Combine.AT_LEAST, (pattern,), within=timedelta(days=within), scope=scope,
        rungs=((Grade.BLUE, needed),),
    )  # fmt: skip
    return Rule(
        id="pair", title=Text("pair"), domain=Domain.SAFETY, topic="both", cycle=Cycle.DAILY, level="county",
        correlation=sought, status=status,
    )  # fmt: skip


def held(
    judged: Rule, given: list[Incident], *others: Rule, cuts: tuple[date, ...] = (CUT,), **more: object
) -> list[dict[str, Held]]:
    """By cut, the counties in which the correlation is held or unknown, after ten days of history."""
    book, of = RuleBook({one.id: one for one in (judged, *others)}), panels(given, **more)
    correlator, states = Correlator(book, of.tree, of.calendar, PLAIN), {}
    days = [cuts[0] + timedelta(days=n) for n in range(-10, (cuts[-1] - cuts[0]).days + 1)]
    runs = []
    for cycle in CALENDAR:
        rules = book.of(cycle)
        ends = [day for day in days if of.calendar.period(cycle, day - timedelta(days=1)).cut == day]
        runs += [(of.calendar.period(cycle, one.cut - timedelta(days=1)), rules, one)
                 for one in find(rules, of, ends, book=book)]  # fmt: skip
    for period, rules, one in sorted(runs, key=lambda run: run[0].rank):
        found = correlator.step(rules, period, one)
        if period.cycle is judged.cycle:
            states[one.cut] = {o.area: o.held[0] for o in found.outcomes if o.rule == judged.id}
    return [states[cut] for cut in cuts]


def finding(**more: object) -> Pattern:
    return Pattern("finding", **{"rule": "fires", **more})  # type: ignore[arg-type]


def test_a_rules_findings_are_those_of_its_rungs() -> None:
    assert held(pair(finding()), reports([("A1", 1, 3), ("B1", 1, 2)]), FIRES) == [{"A": Held.HELD}]


def test_from_a_grade_up() -> None:
    yellow = pair(finding(grade=Grade.YELLOW))
    assert held(yellow, reports([("A1", 1, 4), ("B1", 1, 5)]), FIRES) == [{"B": Held.HELD}]


def test_a_pattern_with_its_own_test_does_not_wait_for_the_rungs() -> None:
    given = reports([("A1", 1, 1), ("B1", 1, 2)])
    own = finding(tests=(Test.of("at_least", count=2),))
    assert held(pair(own), given, FIRES) == [{"B": Held.HELD}]


def test_a_topic_means_every_rule_on_it_and_a_rule_only_itself() -> None:
    thefts = rule(THREE, id_="thefts", indicator=THEFT, window=Window(days=1))
    given = [*reports([("A1", 1, 3)]), *reports([("B1", 1, 3)], "theft")]
    topic = Pattern("finding", topic="fire")
    assert held(pair(topic), given, FIRES, thefts) == [{"A": Held.HELD, "B": Held.HELD}]
    assert held(pair(finding()), given, FIRES, thefts) == [{"A": Held.HELD}]


@pytest.mark.parametrize(
    "source, seeker, found",
    [
        (Status.STABLE, Status.STABLE, True), (Status.STABLE, Status.TRIAL, True),
        (Status.TRIAL, Status.STABLE, False), (Status.TRIAL, Status.TRIAL, True),
        (Status.DRAFT, Status.TRIAL, False), (Status.RETIRED, Status.TRIAL, False),
    ],
)  # fmt: skip
def test_a_rule_on_trial_feeds_no_stable_one(source: Status, seeker: Status, found: bool) -> None:
    fires = rule(THREE, window=Window(days=1), status=source)
    for pattern in (finding(), Pattern("finding", topic="fire")):
        given = reports([("A1", 1, 3)])
        assert held(pair(pattern, status=seeker), given, fires) == ([{"A": Held.HELD}] if found else [{}])


@pytest.mark.parametrize("back, seen", [(1, True), (2, True), (3, False)])
def test_within_two_days_are_the_findings_of_two_cuts(back: int, seen: bool) -> None:
    expected = [{"A": Held.HELD}] if seen else [{}]
    assert held(pair(finding(), within=2), reports([("A1", back, 3)]), FIRES) == expected


@pytest.mark.parametrize("back, seen", [(1, True), (2, True), (3, False)])
def test_within_two_days_are_the_incidents_of_two_days(back: int, seen: bool) -> None:
    fires = Pattern("incident", indicator=FIRE, level="town")
    assert held(pair(fires, within=2), reports([("A1", back, 1)])) == [{"A": Held.HELD} if seen else {}]


def test_incidents_are_counted_over_all_the_days_and_in_each_area() -> None:
    three = Pattern("incident", indicator=FIRE, count=3, level="town")
    given = reports([("A1", 1, 1), ("A1", 2, 2), ("B1", 1, 2), ("B2", 2, 2)])
    assert held(pair(three, within=2), given) == [{"A": Held.HELD}]
    county = Pattern("incident", indicator=FIRE, count=3, level="county")
    found = held(pair(county, within=2, scope=Scope.SAME), given)
    assert found == [{"A": Held.HELD, "B": Held.HELD}]


def test_two_areas_may_match_on_different_days() -> None:
    given = reports([("A1", 1, 3), ("A2", 2, 3), ("B1", 1, 3)])
    assert held(pair(finding(), within=2, needed=2), given, FIRES) == [{"A": Held.HELD}]
    assert held(pair(finding(), within=1, needed=2), given, FIRES) == [{}]


def test_a_weekly_finding_is_seen_while_it_stands_and_raw_at_its_mondays() -> None:
    """The daily rules of a Monday are judged before the weekly ones."""
    weekly = rule(THREE, cycle=Cycle.WEEKLY, window=Window(days=7))
    cuts = tuple(CUT + timedelta(days=days) for days in (-1, 0, 2, 3, 7, 8, 9))
    given, hit = reports([("A1", 3, 3)]), {"A": Held.HELD}
    assert held(pair(finding(), within=2), given, weekly, cuts=cuts) == [{}, {}, hit, hit, hit, {}, {}]
    raw = pair(finding(see=See.RAW), within=3)
    assert held(raw, given, weekly, cuts=cuts) == [{}, hit, hit, {}, {}, {}, {}]


def slow(**more: int) -> Rule:
    """Three fires a day, with a delay."""
    return rule(Rung(Grade.BLUE, (THREE,), **more), window=Window(days=1))


@pytest.mark.parametrize("see", See)
def test_delays_of_a_part_are_heeded_unless_raw_is_asked_for(see: See) -> None:
    cuts = tuple(CUT + timedelta(days=days) for days in range(-2, 2))
    given, hit = reports([("A1", 3, 3), ("A1", 2, 3)]), {"A": Held.HELD}
    raw = see is See.RAW
    late = held(pair(finding(see=see)), given, slow(delay_on=2), cuts=cuts)
    assert late == ([hit, hit, {}, {}] if raw else [{}, hit, {}, {}])
    kept = held(pair(finding(see=see)), given, slow(delay_off=2), cuts=cuts)
    assert kept == ([hit, hit, {}, {}] if raw else [hit, hit, hit, {}])


def test_a_hold_chains_however_long_it_takes() -> None:
    """Every other day is quiet: with a hold of two it stands all the time."""
    given = reports([("A1", back, 3) for back in range(1, 11, 2)])
    alternating = tuple(CUT - timedelta(days=days) for days in range(6, -1, -1))
    found = held(pair(finding()), given, slow(delay_off=2), cuts=alternating)
    assert found == [{"A": Held.HELD}] * 7


def test_what_does_not_stand_is_unknown_where_a_part_could_not_tell() -> None:
    """Yesterday held, but once only; today nobody could look: it may stand by now."""
    yesterday = CUT - timedelta(days=1)
    found = held(
        pair(finding(), within=2), reports([("A1", 2, 3)]), slow(delay_on=2),
        down=[("fires", yesterday, yesterday)],
    )  # fmt: skip
    assert found == [{"A": Held.UNKNOWN, "B": Held.UNKNOWN}]


def test_a_correlation_on_a_correlation_sees_it_stand_through_its_hold() -> None:
    """Found today, it stands tomorrow by its hold; raw is only what is found today."""
    over = replace(pair(finding()), id="front", topic="front",
                   rungs=(Rung(Grade.BLUE, (), delay_off=2),))  # fmt: skip
    cuts = tuple(CUT + timedelta(days=days) for days in range(4))
    given, hit = reports([("A1", 1, 3)]), {"A": Held.HELD}
    for see, within, days in ((See.STANDING, 1, 2), (See.STANDING, 2, 3), (See.RAW, 1, 1), (See.RAW, 2, 1)):
        seeker = pair(Pattern("finding", rule="front", see=see), scope=Scope.SAME, within=within)
        assert held(seeker, given, FIRES, over, cuts=cuts) == [hit] * days + [{}] * (4 - days)


def test_what_was_told_late_is_an_incident_from_then_on_and_never_a_finding_of_the_day() -> None:
    cuts = (CUT, CUT + timedelta(days=1))
    given = reports([("A1", 1, 3)], late=1)
    fires = Pattern("incident", indicator=FIRE, count=3, level="town")
    assert held(pair(fires, within=2), given, cuts=cuts) == [{}, {"A": Held.HELD}]
    assert held(pair(finding(), within=2), given, FIRES, cuts=cuts) == [{}, {}]


@pytest.mark.parametrize("pattern", [finding(), Pattern("incident", indicator=FIRE, count=3, level="town")])
def test_where_nobody_looked_a_pattern_is_unknown_unless_it_was_seen(pattern: Pattern) -> None:
    yesterday = CUT - timedelta(days=1)
    given = reports([("A1", 2, 3), ("A1", 1, 1)])
    down = [("fires", yesterday, yesterday)]
    found = held(pair(pattern, within=2), given, FIRES, down=down)
    assert found == [{"A": Held.HELD, "B": Held.UNKNOWN}]


@pytest.mark.parametrize("silent", ["more fires", ""])
def test_what_was_told_of_a_silence_is_seen(silent: str) -> None:
    """Of one feed or of all of them, while it lasted or afterwards."""
    two_days_ago = CUT - timedelta(days=2)
    fires = Pattern("incident", indicator=FIRE, count=3, level="town")
    found = held(
        pair(fires, within=3), reports([("A1", 2, 3)]), down=[(silent, two_days_ago, two_days_ago)],
        feeds={**FEEDS, "more fires": FEEDS["fires"]},
    )  # fmt: skip
    assert found == [{"A": Held.HELD, "B": Held.UNKNOWN}]
