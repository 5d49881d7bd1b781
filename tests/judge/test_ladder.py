"""What tests are given to look at: estimates, wholes, populations, and what nobody counted."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import numpy as np
import pytest

from engine.detect.series import Past
from engine.judge import find, ladder, trace_of
from engine.judge.ladder import measured
from engine.model.finding import Held
from engine.model.incident import Incident
from engine.model.indicator import Indicator
from engine.model.rule import Rule, Test, Window
from tests.judge.conftest import CUT, FEEDS, TOWNS, panels, reports, rule, steady

BOTH = Indicator(frozenset({"fire", "theft"}))
DAY = Window(days=1)


def held(judged: Rule, given: list[Incident], **more: object) -> dict[str, Held]:
    """The lowest rung in every town at the cut."""
    cells = ladder(judged, panels(given, **more), [CUT]).held[0, 0]
    return {town: Held(int(state)) for town, state in zip(TOWNS, cells, strict=True)}


def half_late(**more: object) -> list[Incident]:
    """Two a day in A1, of which one is known a day later; yesterday five are known and the rest to come."""
    at_once, late = steady("A1", 1)[1:], steady("A1", 1)[1:]
    return [*reports(at_once, **more), *reports(late, late=1, **more), *reports([("A1", 1, 5)], **more)]


def test_what_is_still_to_be_reported_raises_the_count_and_both_are_shown() -> None:
    given, eight = half_late(), Test.of("at_least", count=8)
    assert held(rule(eight, window=DAY), given)["A1"] == Held.NOT
    assert held(rule(eight, window=DAY, nowcast=True), given)["A1"] == Held.HELD
    why = trace_of(rule(eight, window=DAY, nowcast=True), panels(given), CUT, "A1")
    assert why.reported == 5 and why.observed == pytest.approx(10, rel=0.05)
    assert trace_of(rule(eight, window=DAY), panels(given), CUT, "A1").reported is None


def test_an_estimate_of_a_sum_is_the_sum_completed_as_its_count_is() -> None:
    burnt = Indicator(frozenset({"fire"}), measure="burnt_area")
    given = half_late(measures={"burnt_area": 30.0})
    judged = rule(Test.of("at_least", count=200), indicator=burnt, window=DAY, nowcast=True)
    why = trace_of(judged, panels(given), CUT, "A1")
    assert why.reported == 150 and why.observed == pytest.approx(300, rel=0.05)


def test_without_delays_to_learn_from_the_count_stays_as_reported() -> None:
    judged = rule(Test.of("at_least", count=2), window=DAY, nowcast=True)
    why = trace_of(judged, panels(reports([("A1", 1, 3)], late=0)), CUT, "A1")
    assert why.observed == why.reported == 3


def test_nothing_is_estimated_while_a_feed_is_silent() -> None:
    judged = rule(Test.of("at_least", count=8), window=DAY, nowcast=True)
    yesterday = CUT - timedelta(days=1)
    assert held(judged, half_late(), down=[("fires", yesterday, yesterday)])["A1"] == Held.UNKNOWN


def share(of_at_least: int = 5) -> Rule:
    return rule(Test.of("share_of", share=0.5, of_at_least=of_at_least), share_of=BOTH)


@pytest.mark.parametrize(
    "fires, thefts, state",
    [(3, 3, Held.HELD), (3, 4, Held.NOT), (4, 0, Held.NOT), (5, 0, Held.HELD), (0, 0, Held.NOT)],
    ids=["half", "less than half", "too few in all", "all of them", "nothing"],
)
def test_a_share_is_of_the_whole_that_the_rule_names(fires: int, thefts: int, state: Held) -> None:
    given = [*reports([("A1", 1, fires)]), *reports([("A1", 2, thefts)], "theft")]
    assert held(share(), given)["A1"] == state


@pytest.mark.parametrize("feed", sorted(FEEDS))
def test_a_share_of_what_a_silent_feed_left_out_is_unknown(feed: str) -> None:
    """Neither part is a bound of the share: what is missing may have raised it or lowered it."""
    yesterday = CUT - timedelta(days=1)
    assert held(share(), reports([("A1", 1, 9)]), down=[(feed, yesterday, yesterday)])["A1"] == Held.UNKNOWN


def test_a_share_of_what_will_be_reported_is_of_the_whole_that_will_be() -> None:
    """Both halves of the reports are late: completed alone, five of twelve would be ten of twelve."""
    thefts = [*reports(steady("A1", 1)[1:], "theft"), *reports(steady("A1", 1)[1:], "theft", late=1)]
    given = [*half_late(), *thefts, *reports([("A1", 1, 7)], "theft")]
    judged = replace(share(), window=DAY, nowcast=True)
    (signal,) = trace_of(judged, panels(given), CUT, "A1").rungs[0].signals
    assert signal.observed == pytest.approx(10, rel=0.05)
    assert signal.facts["whole"] == pytest.approx(24, rel=0.05)
    assert held(judged, given)["A1"] == Held.NOT


def test_a_rate_needs_inhabitants() -> None:
    given = reports([("A1", 1, 2), ("A2", 1, 9), ("A3", 1, 2)])
    found = held(rule(Test.of("rate_at_least", rate=10.0)), given)
    assert found == {"A1": Held.NOT, "A2": Held.UNKNOWN, "A3": Held.HELD, "B1": Held.NOT, "B2": Held.NOT}


def test_a_count_that_is_a_lower_bound_can_hold_but_not_fail() -> None:
    gone = CUT - timedelta(days=2)
    given = reports([("A1", 1, 3), ("A2", 1, 2)])
    found = held(rule(Test.of("at_least", count=3)), given, down=[("", gone, gone)])
    assert found["A1"] == Held.HELD and found["A2"] == Held.UNKNOWN


def test_what_is_told_of_a_silence_afterwards_counts_and_may_not_be_all() -> None:
    gone = CUT - timedelta(days=2)
    given = reports([("A1", 2, 9), ("A1", 1, 1), ("A2", 2, 2)])
    of, several = panels(given, down=[("", gone, gone)]), rule(Test.of("at_least", count=3))
    why = trace_of(several, of, CUT, "A1")
    assert (why.observed, why.data_state, why.rungs[0].held) == (10, "lower bound", Held.HELD)
    assert trace_of(several, of, CUT, "A2").rungs[0].held == Held.UNKNOWN


@pytest.mark.parametrize(
    "of", [{}, {"share_of": BOTH}, {"nowcast": True}], ids=["count", "share", "estimate"]
)
@pytest.mark.parametrize("days", [1, 7, 30], ids=["in the block", "before it too", "in all of it"])
def test_the_judged_block_of_a_long_past_is_the_one_that_is_measured_by_itself(
    of: dict[str, object], days: int
) -> None:
    """Tests without a past are given that of the others, without its past."""
    down = [("fires", CUT - timedelta(days=days), CUT - timedelta(days=1))]
    judged = rule(Test.of("at_least", count=1), window=Window(days=7), **of)
    store, cuts = panels(half_late(), down=down), np.array([CUT.toordinal()])
    assert judged.indicator is not None
    long, short = (measured(judged, judged.indicator, store, cuts, past) for past in (Past(9, 3), Past(0)))
    assert long.baseline.shape[2] == 9
    for one in fields(short):
        name = one.name
        np.testing.assert_array_equal(getattr(long.alone(), name), getattr(short, name), err_msg=name)


def test_no_place_counts_as_quiet_in_a_scan_on_a_day_on_which_nobody_looked() -> None:
    """A zero that only means silence would make the other places a cluster."""
    scan = Test.of("cluster", max_days=2, replicates=19, metric="degrees", alpha=0.05)
    judged = rule(scan, window=Window(days=1, baseline=30))
    given = reports([count for town in TOWNS for count in steady(town, 1, 31)])
    yesterday = CUT - timedelta(days=1)
    assert set(held(judged, given).values()) == {Held.NOT}
    assert set(held(judged, given, down=[("fires", yesterday, yesterday)]).values()) == {Held.UNKNOWN}
    (found,) = find([judged], panels(given, unmonitored={"B": None}), [CUT])
    assert {one.area for one in found.outcomes if one.held == (Held.UNKNOWN,)} == {"B1", "B2"}


def test_a_scan_of_a_part_looks_at_the_whole_of_every_day() -> None:
    """Thefts everywhere every day; fires as well in one town, lately. A feed of the whole that was silent on
    the last day leaves nothing to compare with."""
    scan = Test.of("cluster", max_days=3, replicates=99, metric="degrees", alpha=0.05, model="bernoulli")
    judged = rule(scan, window=Window(days=1, baseline=30), share_of=BOTH)
    thefts = [count for town in TOWNS for count in steady(town, 1, 31, 3)]
    given = [*reports(thefts, "theft"), *reports([("B1", day, 5) for day in (1, 2, 3)])]
    found = held(judged, given)
    assert found["B1"] == Held.HELD and {found[town] for town in ("A1", "A2", "A3")} == {Held.NOT}
    yesterday = CUT - timedelta(days=1)
    assert set(held(judged, given, down=[("thefts", yesterday, yesterday)]).values()) == {Held.UNKNOWN}
    alone = replace(judged, share_of=None)
    assert set(held(alone, given).values()) == {Held.UNKNOWN}


def test_the_place_that_nobody_located_is_unknown_in_a_scan() -> None:
    scan = Test.of("cluster", max_days=2, replicates=19, metric="degrees", alpha=0.05)
    judged = rule(scan, window=Window(days=1, baseline=30))
    of = panels(reports([count for town in TOWNS for count in steady(town, 1, 31)]))
    lost = replace(of.tree["A2"], centroid=None)
    of.tree = replace(of.tree, areas={**of.tree.areas, "A2": lost})
    (found,) = find([judged], of, [CUT])
    assert [(one.area, one.held) for one in found.outcomes] == [("A2", (Held.UNKNOWN,))]
