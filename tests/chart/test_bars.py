"""Bars: hatched where nobody could tell, blank and named where nobody had looked yet."""

from __future__ import annotations

from lxml import etree

from engine.chart import svg
from engine.chart.bars import Bars


def drawn(**of: object) -> etree._Element:
    return etree.fromstring(svg.bars(Bars(**{"title": "t"} | of)))  # type: ignore[arg-type]


def kinds(svg: etree._Element) -> list[str]:
    return [one.get("class", "") for one in svg.iterfind("rect")]


def test_what_nobody_saw_is_hatched_and_zero_is_no_bar():
    assert kinds(drawn(values=(None, 0, 3))) == ["unseen", "count"]


def test_before_anybody_looked_nothing_is_hatched_and_it_says_since_when_somebody_did():
    begun = drawn(values=(*[None] * 20, 2, None, 1), before=20, since="seen since 3 Mar")
    assert kinds(begun) == ["before", "count", "unseen", "count"]
    assert "seen since 3 Mar" in begun.itertext() and "seen since 3 Mar" in begun.get("aria-label", "")


def test_where_it_has_no_room_only_the_title_says_so():
    begun = drawn(values=(None, *[1] * 50), before=1, since="seen since 3 Mar")
    assert "seen since 3 Mar" not in begun.itertext() and "seen since 3 Mar" in begun.get("aria-label", "")
