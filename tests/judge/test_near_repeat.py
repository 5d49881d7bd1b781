"""Near repeats as known at each judgement: whose points count, where, since when, and what leaves it open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from engine.console.whys import Names
from engine.cycle.why import _signal
from engine.detect.near_repeat.rung import CROWDED, UNASKED, Params, Repeats
from engine.judge import find, trace_of
from engine.judge.near_repeat import repeats
from engine.model.finding import Held
from engine.model.incident import Incident
from engine.model.rule import Test, Window
from engine.notify.cause import cause
from engine.notify.reason import reason as in_chinese
from engine.rulebook.trial.draft import DraftPanels
from engine.warn.sentence import reason
from tests.judge.conftest import CUT, TOWNS, panels, report, rule

ASKED = Params("500m", 7)
TEST = Test.of("near_repeat", within="500m", days=7, alpha=0.02)
RULE = rule(TEST, window=Window(days=7, baseline=25))
A1 = TOWNS.index("A1")
PRECISE = {"log": 150.0}


def scattered(town: str = "A1", number: int = 40, **more: object) -> list[Incident]:
    """Far from each other, every four days."""
    return [
        report(town, CUT - timedelta(days=2 + 4 * n), f"far {town} {n}", point=(50.0 + n / 50, 10.0), **more)
        for n in range(number)
    ]


def next_door(town: str = "A1", **more: object) -> list[Incident]:
    """Three within a week and 250 m."""
    at = [(60.031, 15.0), (60.032, 15.002), (60.033, 15.0)]
    return [
        report(town, CUT - timedelta(days=1 + 2 * n), f"near {town} {n}", point=point, **more)
        for n, point in enumerate(at)
    ]


def found(given: Iterable[Incident], *cuts: date, **more: object) -> Repeats:
    draft = panels(given, **{"accuracy": PRECISE, **more})
    (one,) = repeats(RULE, RULE.rungs, draft, cuts or (CUT,)).values()
    return one


def held(given: Iterable[Incident], town: str = "A1", **more: object) -> Held:
    draft = panels(given, **{"accuracy": PRECISE, **more})
    (rung,) = trace_of(RULE, draft, CUT, town).rungs
    return rung.held


def test_three_next_door_within_a_week_are_a_finding_where_they_lie() -> None:
    given = [*scattered(), *next_door()]
    outcomes = find([RULE], panels(given, accuracy=PRECISE), [CUT])[0].outcomes
    assert [(one.area, one.held) for one in outcomes] == [("A1", (Held.HELD,))]
    one = found(given)
    assert one.pairs[0, A1] == 3
    assert one.pairs[0].sum() == 3


def test_the_same_incidents_in_two_towns_make_no_pairs() -> None:
    first, *others = next_door()
    apart = [*scattered(), first, *(replace(one, areas=("A2",)) for one in others[:1])]
    assert found(apart).pairs.sum() == 0


def test_what_becomes_known_later_is_not_known_before() -> None:
    given = [*scattered(), *next_door(late=9)]
    one = found(given, CUT, CUT + timedelta(days=10))
    assert one.pairs[0, A1] == 0
    late = [*scattered(), *next_door(late=2)]
    then = found(late, CUT, CUT + timedelta(days=3))
    # Of the last day's nothing was known; the pairs of the two before end in both weeks.
    assert list(then.pairs[:, A1]) == [1.0, 3.0]


def test_every_cut_is_judged_as_it_would_be_alone() -> None:
    given = [*scattered(number=60), *next_door(), *next_door("B1")]
    cuts = [CUT + timedelta(days=n) for n in range(-3, 9)]
    together = found(given, *cuts)
    for at, cut in enumerate(cuts):
        alone = found(given, cut)
        for name in ("pairs", "expected", "chance", "incidents", "precise", "sure"):
            np.testing.assert_array_equal(getattr(together, name)[at], getattr(alone, name)[0], err_msg=name)


def test_the_reference_is_the_window_the_gap_and_the_baseline() -> None:
    draft = panels([*scattered(number=80), *next_door()], accuracy=PRECISE)
    for gap, days in ((0, 182), (14, 196)):
        of = replace(RULE, window=Window(days=7, baseline=25, gap=gap))
        (one,) = repeats(of, of.rungs, draft, [CUT]).values()
        events = [one for one in draft.given if CUT - one.occurred_at.date() <= timedelta(days=days)]
        dates = np.array([one.occurred_at.date().toordinal() for one in events])
        near = [
            abs(a - b) <= 7 and max(a, b) >= CUT.toordinal() - 7
            for n, a in enumerate(dates) for b in dates[:n]
        ]
        assert one.expected[0, A1] == pytest.approx(3 * np.mean(near))


# -- whose point says where it was


def test_without_a_point_it_is_unknown_and_never_none() -> None:
    bare = [replace(one, point=None) for one in next_door()]
    assert held([*scattered(), *bare]) is Held.UNKNOWN
    trace = trace_of(RULE, panels([*scattered(), *bare], accuracy=PRECISE), CUT, "A1")
    note = trace.rungs[0].signals[0].facts["note"]
    assert note == "3 of 7 incidents without a point as exact as 500m asks for"


def test_with_some_more_without_a_point_what_is_found_is_a_lower_bound_that_holds() -> None:
    bare = [report("A1", CUT - timedelta(days=n), f"bare {n}") for n in range(1, 6)]
    assert held([*scattered(), *next_door(), *bare]) is Held.HELD
    assert held([*scattered(), *bare]) is Held.UNKNOWN


def test_a_few_without_a_point_are_borne_as_a_few_without_a_place_are() -> None:
    bare = [report("A1", CUT - timedelta(days=n), f"bare {n}") for n in (1, 2)]
    # Of those of two weeks four have one.
    assert held([*scattered(), *bare[:1]]) is Held.NOT
    assert held([*scattered(), *bare]) is Held.UNKNOWN


def test_points_of_a_feed_that_does_not_say_how_accurate_they_are_say_nothing() -> None:
    assert held([*scattered(), *next_door()], accuracy={}) is Held.UNKNOWN
    assert held([*scattered(), *next_door()], accuracy={"log": 251.0}) is Held.UNKNOWN
    assert held([*scattered(), *next_door()], accuracy={"log": 250.0}) is Held.HELD


def test_the_middle_of_an_area_is_no_point() -> None:
    middle = [replace(one, point=(60.0, 15.0)) for one in next_door()]
    assert found([*scattered(), *middle]).pairs.sum() == 0
    assert held([*scattered(), *middle]) is Held.UNKNOWN
    # That of the county around it says no more; a place that is the middle of another town does.
    of_other = [replace(one, areas=("A2",), point=(60.1, 15.1)) for one in next_door()]
    assert found([*scattered("A2"), *of_other]).pairs.sum() == 0
    elsewhere = [replace(one, point=(60.9, 16.5)) for one in next_door()]
    assert found([*scattered(), *elsewhere]).pairs[0, A1] == 3


# -- what was not told


def down(first: int, last: int) -> list[tuple[str, date, date]]:
    return [("", CUT - timedelta(days=first), CUT - timedelta(days=last))]


@pytest.mark.parametrize(("first", "last", "quiet"), [
    (2, 2, Held.UNKNOWN), (9, 9, Held.UNKNOWN), (14, 14, Held.UNKNOWN), (16, 15, Held.NOT),
])  # fmt: skip
def test_where_a_pair_may_have_been_missed_nothing_is_cleared(first: int, last: int, quiet: Held) -> None:
    """Silence counts in the week that is judged, and in the days before it in which a pair may begin."""
    assert held(scattered(), down=down(first, last)) is quiet
    assert held([*scattered(), *next_door()], down=down(first, last)) is Held.HELD


def test_where_nobody_reports_nobody_can_tell() -> None:
    assert held([], "B1", unmonitored={"B1": None}) is Held.UNKNOWN
    assert held([], "B1") is Held.NOT


# -- in words


def test_a_message_says_how_many_pairs_and_how_many_by_chance() -> None:
    trace = trace_of(RULE, panels([*scattered(), *next_door()], accuracy=PRECISE), CUT, "A1")
    said = reason(RULE, trace)
    pairs = "(blue holds, with 3 pairs within 500m and 7 days, by chance 0.043)"
    assert said == f"fires: 5 in 7 days {pairs}"
    chinese = in_chinese(said, [RULE], "zh")
    assert chinese == "fires：7天内5起（已达蓝色标准，相距500m、7天以内有3对，偶然约0.043对）"


def test_why_says_it_in_both_languages() -> None:
    trace = trace_of(RULE, panels([*scattered(), *next_door()], accuracy=PRECISE), CUT, "A1")
    (signal,) = trace.rungs[0].signals
    said = _signal(signal)["say"]
    assert said == (
        "near_repeat: observed 5, chance 0.002 (alpha 0.02, pairs 3, pairs_expected 0.04319, within 500m, "
        "days 7, incidents 7, with_points 7)"
    )
    assert Names({}, {}, {}, ()).chinese({"say": said})["say"] == (
        "near_repeat：观测5，相距500m、7天以内有3对，偶然约0.04319对，偶然概率0.002（标准0.02；7起中7起坐标足够精确）"
    )
    doubt = "3 of 7 incidents without a point as exact as 500m asks for"
    assert cause(doubt, "zh") == "7起事件中有3起没有足以判断500m远近的坐标"
    for one in (UNASKED, CROWDED):
        assert cause(one, "zh") != one


def test_a_draft_without_points_is_asked_nothing() -> None:
    plain = rule(Test.of("at_least", count=3.0))
    assert repeats(plain, plain.rungs, DraftPanels(panels([]).tree, panels([]).calendar, ()), [CUT]) == {}
