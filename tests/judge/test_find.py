"""Many cuts at once are the cuts one by one, and only what is found is told."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.judge import Found, find
from engine.model.finding import Held, Outcome, Trace
from engine.model.grade import Grade
from engine.model.incident import Incident
from engine.model.indicator import Indicator
from engine.model.panel import Deltas
from engine.model.rule import Rule, Rung, Test, Window
from engine.rulebook.trial.draft import DraftPanels
from tests.judge.conftest import CUT, THEFT, TOWNS, panels, report, reports, rule, steady

DAYS = 40
CUTS = [CUT - timedelta(days=back) for back in range(6, -1, -1)]
WEEKLY, DAILY = Window(days=3, baseline=8), Window(days=1, baseline=20)
#: Every kind of past: none, blocks, blocks after a gap, a block a year ago, delays.
RULES = [
    rule(Test.of("at_least", count=2)),
    rule(Test.of("rate_at_least", rate=3.0)),
    rule(Test.of("share_of", share=0.4, of_at_least=2), share_of=Indicator(frozenset({"fire", "theft"}))),
    rule(Test.of("rare", alpha=0.05), window=Window(days=3, baseline=8, gap=3)),
    rule(Test.of("rare", alpha=0.2), window=DAILY, fdr=0.3),
    rule(Test.of("ears", method="C2", alpha=0.05), window=WEEKLY),
    rule(Test.of("cusum", run=3, alpha=0.1), window=WEEKLY),
    rule(Test.of("change", against="previous", alpha=0.2), window=WEEKLY),
    rule(Test.of("change", against="year", relative_to="all", alpha=0.2), window=WEEKLY),
    rule(Test.of("trend", alpha=0.1), window=WEEKLY),
    rule(Test.of("new", at_least=1), window=WEEKLY),
    rule(Test.of("silent", alpha=0.2), window=WEEKLY),
    rule(Test.of("cluster", max_days=3, replicates=19, alpha=0.2), window=DAILY),
    rule(Test.of("at_least", count=2), nowcast=True, window=WEEKLY),
]
#: (town, days before the last cut, days until it was known, days until it was taken back or 0)
REPORTS = st.tuples(
    st.sampled_from(["A1", "A2", "B1", "A"]), st.integers(1, DAYS), st.integers(0, 5), st.integers(0, 6)
)


class Corrected(DraftPanels):
    """Reports of which some are taken back: the ledger books the opposite on the day that is known."""

    def __init__(self, given: list[Incident], taken: list[Incident], **more: object) -> None:
        first = panels(given, **more)
        super().__init__(first.tree, first.calendar, first.given, first.feeds, first.down)
        self.taken = panels(taken)

    def deltas(self, indicator: Indicator, level: str, first: int, cut: int) -> Deltas:
        plus = super().deltas(indicator, level, first, cut)
        minus = self.taken.deltas(indicator, level, first, cut)
        joined = {
            name: np.concatenate([getattr(plus, name), sign * getattr(minus, name)])
            for name, sign in (("area", 1), ("day", 1), ("cut", 1), ("n", -1), ("total", -1))
        }
        return Deltas(plus.areas, **joined)


@pytest.mark.parametrize("judged", RULES, ids=lambda one: one.rungs[0].tests[0].name)
@settings(max_examples=12)
@given(
    told=st.lists(REPORTS, max_size=40),
    silent=st.none() | st.tuples(st.sampled_from(["", "fires", "thefts"]), st.integers(1, 12)),
)
def test_many_cuts_at_once_are_the_cuts_one_by_one(
    judged: Rule, told: list[tuple[str, int, int, int]], silent: tuple[str, int] | None
) -> None:
    given, taken = [], []
    for number, (town, back, late, undone) in enumerate(told):
        day, category = CUT - timedelta(days=back), ("fire", "fire", "theft")[number % 3]
        given.append(report(town, day, f"{number}", category, late=late))
        if undone:
            taken.append(report(town, day, f"{number}", category, late=late + undone))
    gone = CUT - timedelta(days=silent[1]) if silent else CUT
    down = [(silent[0], gone, gone + timedelta(days=1))] if silent else []
    of = Corrected(given, taken, down=down)
    one_by_one = tuple(find([judged], of, [cut])[0] for cut in CUTS)
    # As text: equal to the last digit, and NaN where the other is.
    assert repr(find([judged], of, CUTS)) == repr(one_by_one)


def outcomes(found: Found) -> dict[tuple[str, str], tuple[Held, ...]]:
    return {(one.rule, one.area): one.held for one in found.outcomes}


def test_an_area_without_an_outcome_is_quiet() -> None:
    two, nine = Test.of("at_least", count=2), Rung(Grade.RED, (Test.of("at_least", count=9),))
    other = rule(Test.of("at_least", count=1), id_="thefts", indicator=THEFT)
    of = panels([*reports([("A1", 1, 3), ("A2", 1, 1)]), *reports([("B1", 2, 1)], "theft")])
    (found,) = find([rule(two, nine), other], of, [CUT])
    assert outcomes(found) == {("fires", "A1"): (Held.HELD, Held.NOT), ("thefts", "B1"): (Held.HELD,)}


def test_where_nobody_looked_the_outcome_is_unknown_and_has_no_trace() -> None:
    of = panels(reports([("A1", 1, 3)]), down=[("", CUT - timedelta(days=2), CUT - timedelta(days=2))])
    (found,) = find([rule(Test.of("at_least", count=2))], of, [CUT])
    by_area = {one.area: one for one in found.outcomes}
    assert by_area.keys() == set(TOWNS)
    assert by_area["A1"].held == (Held.HELD,) and by_area["A1"].trace is not None
    assert by_area["A2"].held == (Held.UNKNOWN,) and by_area["A2"].trace is None


def test_a_cut_sees_nothing_that_became_known_later() -> None:
    early, late = CUT - timedelta(days=3), CUT - timedelta(days=1)
    of = panels([*reports([("A1", 4, 1)]), *reports([("A1", 4, 2)], late=2)])
    held = [outcomes(found) for found in find([rule(Test.of("at_least", count=2))], of, [early, late])]
    assert held == [{}, {("fires", "A1"): (Held.HELD,)}]


def test_false_discoveries_are_dropped_over_all_areas_and_not_in_each() -> None:
    """One town stands out; another is just rare enough by itself, which among five is no discovery."""
    given = reports([
        *(count for town in TOWNS for count in steady(town, 9)), ("A1", 1, 9), ("B1", 1, 2), ("B1", 2, 1),
    ])  # fmt: skip
    loose = rule(Test.of("rare", alpha=0.05), window=Window(days=3, baseline=60, gap=3))
    assert held_areas(loose, given) == {"A1", "B1"}
    assert held_areas(rule(*loose.rungs, window=loose.window, fdr=0.01), given) == {"A1"}


def held_areas(judged: Rule, given: list[Incident]) -> set[str]:
    (found,) = find([judged], panels(given), [CUT])
    return {one.area for one in found.outcomes if Held.HELD in one.held}


def test_a_cluster_names_its_areas_and_days() -> None:
    given = reports([
        *(count for town in TOWNS for count in steady(town, 2, 61)),
        *((town, back, 4) for town in ("A1", "A2") for back in (1, 2, 3)),
    ])  # fmt: skip
    scan = Test.of("cluster", max_days=7, replicates=99, metric="degrees", alpha=0.05)
    (found,) = find([rule(scan, window=Window(days=1, baseline=60))], panels(given), [CUT])
    assert {one.area for one in found.outcomes} == {"A1", "A2"}
    (signal,) = traced(found.outcomes[0]).rungs[0].signals
    assert signal.facts["areas"] == "A1 A2"
    assert (signal.facts["from"], signal.facts["to"]) == ("2026-02-27", "2026-03-01")
    assert (signal.facts["cases"], signal.facts["cases_expected"]) == (26, 14)
    # Four a day may belong together: that is less unlikely than if each came by itself.
    assert signal.pvalue == 0.03 and signal.needed is None


def traced(outcome: Outcome) -> Trace:
    assert outcome.trace is not None
    return outcome.trace


def test_the_trace_of_a_finding_shows_what_was_seen_and_needed() -> None:
    given = reports([*steady("A1", 3), ("A1", 1, 5), ("A1", 2, 1)])
    window = Window(days=3, baseline=20, gap=3)
    both = (Test.of("at_least", count=5), Test.of("rare", alpha=0.01))
    (found,) = find([rule(both, window=window)], panels(given), [CUT])
    why = traced(found.outcomes[0])
    assert why.window == ("2026-02-27", "2026-03-02")
    assert why.observed == 7 and why.baseline == (1.0,) * 20
    at_least, rare = why.rungs[0].signals
    assert (at_least.test, at_least.held, at_least.needed) == ("at_least", Held.HELD, 5)
    assert (rare.test, rare.held, rare.needed) == ("rare", Held.HELD, 6)
    assert rare.expected == pytest.approx(1, abs=0.3)


def test_cuts_need_not_follow_each_other() -> None:
    cuts = [date(2026, 1, 5), date(2026, 2, 2), CUT]
    of = panels(reports([("A1", 1, 2), ("A1", 29, 2)]))
    two = rule(Test.of("at_least", count=2))
    assert [len(found.outcomes) for found in find([two], of, cuts)] == [0, 1, 1]
