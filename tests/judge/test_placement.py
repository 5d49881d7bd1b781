"""Reports placed only above the judged level: what is told of the areas below may not be all."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from engine.detect.measure import Placed, starts_of
from engine.detect.series import Past
from engine.judge import find, trace_of
from engine.judge.placement import Counts, placement
from engine.model.area import Area, AreaTree
from engine.model.finding import Held
from engine.model.grade import Confidence
from engine.model.rule import Test, Window
from engine.model.text import Text
from engine.rulebook.trial.draft import DraftPanels
from tests.judge.conftest import CUT, FIRE, TOWNS, Count, panels, reports, rule, steady

#: A week against the five weeks before it.
WEEKS = Past(5)


def placed(counts: list[Count], level: str = "town", of: DraftPanels | None = None) -> Placed:
    given, cuts = of or panels(reports(counts)), np.array([CUT.toordinal()])
    starts = starts_of(cuts, 7, WEEKS)
    around = Counts(given, FIRE, level, cuts, starts, 7)
    found = placement(around, given.watch(FIRE, level, int(starts.min()), int(cuts[0])), WEEKS.blocks)
    assert found is not None
    return found


def known(counts: list[Count], area: str, level: str = "town") -> list[bool]:
    """Of the judged week and the five before, the newest first."""
    found = placed(counts, level)
    at = ("X",).index(area) if level == "country" else panels([]).tree.at(level).index(area)
    return np.broadcast_to(found.blocks, (1, len(panels([]).tree.at(level)), 6))[0, at].tolist()


def judged(counts: list[Count], level: str = "town") -> set[str]:
    """The areas whose judged week is placed well enough."""
    found, areas = placed(counts, level), panels([]).tree.at(level)
    blocks = np.broadcast_to(found.blocks[:, :, 0], (1, len(areas)))
    return {code for code, fine in zip(areas, blocks[0], strict=True) if fine}


@pytest.mark.parametrize(
    ("deep", "shallow", "fine"), [(0, 0, True), (9, 0, True), (3, 1, True), (2, 1, False), (0, 1, False)]
)
def test_three_of_four_reports_must_be_placed_as_deep_as_is_judged(
    deep: int, shallow: int, fine: bool
) -> None:
    below = {"A1", "A2", "A3"} if fine else set()
    assert judged([("A1", 1, deep), ("A", 1, shallow)]) == {"B1", "B2"} | below


def test_what_is_placed_only_in_the_country_may_be_anywhere() -> None:
    assert judged([("A1", 1, 2), ("X", 1, 1)]) == set()
    assert judged([("A1", 1, 2), ("X", 1, 1)], "county") == set()


def test_counties_that_are_badly_placed_cast_no_doubt_on_the_others() -> None:
    """However many: what is placed in A cannot be in B1."""
    assert judged([("A", 1, 50), ("B1", 1, 1)]) == {"B1", "B2"}
    assert judged([("A", 1, 50), ("B1", 1, 1)], "county") == {"A", "B"}


def test_doubts_of_the_county_and_of_the_country_add_up() -> None:
    assert judged([("A1", 1, 9), ("A", 1, 2), ("X", 1, 1)]) == set(TOWNS)
    assert judged([("A1", 1, 9), ("A", 1, 2), ("X", 1, 2)]) == {"B1", "B2"}


def test_nothing_lies_above_the_top() -> None:
    given, cuts = panels([]), np.array([CUT.toordinal()])
    around = Counts(given, FIRE, "country", cuts, starts_of(cuts, 7, WEEKS), 7)
    assert placement(around, given.watch(FIRE, "country", 1, int(cuts[0])), 5) is None


def test_where_a_level_is_missing_the_next_above_counts() -> None:
    tree = AreaTree.of(("country", "county", "town"), [
        Area("X", Text("X"), "country"), Area("A", Text("A"), "county", "X"),
        Area("A1", Text("A1"), "town", "A"), Area("free", Text("free"), "town", "X"),
    ])  # fmt: skip
    of = DraftPanels(tree, panels([]).calendar, tuple(reports([("A1", 1, 5), ("A", 1, 5), ("free", 1, 2)])))
    found = placed([], of=of)
    assert found.blocks[0, :, 0].tolist() == [False, True]
    assert found.share[0].tolist() == [0.5, 1.0]


# --- the past ---------------------------------------------------------------------------------------


def test_a_past_that_is_well_placed_as_a_whole_is_known_block_by_block() -> None:
    """The one report of a week may be the one of ten that is placed no deeper."""
    counts = [("A1", 9, 3), ("A1", 16, 3), ("A", 23, 1), ("A1", 30, 3)]
    assert known(counts, "A1") == [True] * 6


def test_from_the_day_on_which_they_are_placed_no_deeper_the_past_is_unknown() -> None:
    """Weeks without any report too: they would be the only ones left, and all zero."""
    drifted = [("A1", 36, 2), ("A1", 29, 2), ("A", 22, 2), ("A", 8, 2), ("A", 1, 1)]
    assert known(drifted, "A2") == [False, False, False, False, True, True]
    assert known(drifted, "B1") == [True] * 6


def test_what_nobody_can_place_is_never_proven_absent_and_says_so() -> None:
    """A warning is neither lifted nor kept from being raised, and the cause is named."""
    drifted = [*steady("A1", 3, 250), *[("A", back, 1) for back in range(1, 8)]]
    drifted = [one for one in drifted if one[0] == "A" or one[1] > 7]
    lone, none = rule(Test.of("at_least", count=3), window=Window(days=7)), rule(Test.of("silent"))
    of = panels(reports(drifted))
    for each in (lone, none):
        (found,) = find([each], of, [CUT])
        mine = {one.area: one for one in found.outcomes}
        assert {area for area in mine if mine[area].held == (Held.UNKNOWN,)} >= {"A1", "A2", "A3"}
        since = CUT - timedelta(days=7)
        assert mine["A2"].doubt == f"fires: all reports placed only at county level since {since}"
    why = trace_of(lone, of, CUT, "A1")
    assert (why.data_state, why.confidence) == ("lower bound", Confidence.LOW)
    assert "placed only at county level" in why.confidence_cause


def test_a_part_that_is_placed_no_deeper_is_told_as_a_share() -> None:
    of = panels(reports([("A1", 1, 1), ("A", 2, 1)]))
    cause = trace_of(rule(Test.of("at_least", count=3)), of, CUT, "A1").confidence_cause
    assert cause == "fires: 50% of the reports placed only at county level"


def test_what_is_told_may_raise_all_the_same() -> None:
    of = panels(reports([("A1", 1, 2), ("A", 1, 9)]))
    found = trace_of(rule(Test.of("at_least", count=2)), of, CUT, "A1")
    assert found.rungs[0].held == Held.HELD and found.confidence == Confidence.LOW
