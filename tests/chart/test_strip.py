"""Strips: bars in proportion, what was not seen is hatched and never nothing, thresholds told apart."""

from __future__ import annotations

from itertools import pairwise
from math import nan

import pytest
from lxml import etree

from engine.chart import svg
from engine.chart.strip import Strip
from engine.model.grade import Grade

SVG = {"class": "class"}


def drawn(**of: object) -> etree._Element:
    return etree.fromstring(svg.strip(Strip(**{"title": "t", "before": (), "observed": 0.0} | of)))  # type: ignore[arg-type]


def heights(svg: etree._Element, kind: str) -> list[float]:
    return [float(one.get("height", "0")) for one in svg.iterfind(f"rect[@class='{kind}']")]


def test_bars_are_in_proportion_to_their_counts():
    svg = drawn(before=(1, 2, 4), observed=8.0)
    one, two, four = heights(svg, "count")
    (now,) = heights(svg, "now")
    assert (two, four, now) == pytest.approx((2 * one, 4 * one, 8 * one), abs=0.5)


def test_what_nobody_saw_is_hatched_and_zero_is_no_bar():
    svg = drawn(before=(nan, 0, 3), observed=1.0)
    assert len(heights(svg, "unseen")) == 1 and len(heights(svg, "count")) == 1


def test_a_count_that_may_not_be_shown_is_not_drawn():
    svg = drawn(before=(1,), observed=None)
    assert heights(svg, "now") == [] and "8" not in "".join(svg.itertext())


def test_a_threshold_that_holds_is_solid_and_the_other_dashed():
    svg = drawn(observed=5.0, lines=[(Grade.YELLOW, 3.0, True), (Grade.RED, 9.0, False)])
    assert [one.get("class") for one in svg.iterfind("line")][:2] == ["s2", "s4 not"]
    assert [text for text in svg.itertext() if text in ("III", "I", "3", "9")] == ["III", "3", "I", "9"]


def test_two_thresholds_close_together_do_not_write_over_each_other():
    svg = drawn(
        observed=100.0,
        lines=[(Grade.YELLOW, 50.0, True), (Grade.ORANGE, 51.0, True), (Grade.RED, 52.0, True)],
    )
    ys = [float(one.get("y", "0")) for one in svg.iterfind("text[@class='b']")][-3:]
    assert all(above - below >= 13 for above, below in pairwise(ys))


def keys(svg: etree._Element) -> list[tuple[str, float]]:
    """The numerals of the thresholds from the top down, each with its height."""
    texts = [one for one in svg.iterfind("text") if one.get("class", "").startswith("n")]
    return sorted(((one.text or "", float(one.get("y", "0"))) for one in texts), key=lambda key: key[1])


def test_of_equal_thresholds_the_graver_stands_above_the_lesser_and_none_over_the_top():
    grades = [Grade.RED, Grade.ORANGE, Grade.YELLOW, Grade.BLUE]
    for order in (grades, grades[::-1]):
        svg = drawn(observed=5.0, lines=[(grade, 5.0, True) for grade in order])
        told = keys(svg)
        assert [numeral for numeral, _ in told] == ["I", "II", "III", "IV"] and told[0][1] > 7
        assert all(below - above >= 13 for (_, above), (_, below) in pairwise(told))


def test_an_advisory_threshold_has_a_hollow_key():
    lines = [(Grade.YELLOW, 3.0, True)]
    solid, hollow = (drawn(observed=5.0, lines=lines, advisory=advisory) for advisory in (False, True))
    assert len(heights(solid, "hollow")) == 0 and len(heights(hollow, "hollow")) == 1
    assert hollow.find("text[@class='n0']") is not None and solid.find("text[@class='n2']") is not None


def test_words_are_escaped():
    assert "<b>" not in svg.strip(Strip(title='"<b>', before=(), observed=1.0, foot="<b>&"))
