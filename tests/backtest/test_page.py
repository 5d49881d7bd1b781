from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from engine.backtest.drawing import clipped, months, ticks
from engine.backtest.expect import Verdict
from engine.backtest.history import Span
from engine.backtest.output import as_json, as_text
from engine.backtest.page import as_page
from engine.backtest.run import Backtest
from engine.backtest.skill import FIGURES
from tests.backtest.conftest import CALENDAR, ZERO

_VOID = {"meta", "br", "rect", "line", "circle", "i"}


class Reader(HTMLParser):
    """Refuses a page whose tags do not close; keeps headings and bars."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.areas: list[str] = []
        self.tips: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _VOID

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1] == "h3" and (found := re.match(r"(C|T\d) ", data)):
            self.areas.append(found[1])
        if self.open[-1] == "title":
            self.tips.append(data)


@pytest.fixture
def page(done: Backtest) -> str:
    return as_page(done, [Verdict("a <b> & c", False, "found 2")])


def test_the_page_is_whole_and_needs_nothing_from_outside(page: str):
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == [] and page.startswith("<!doctype html>")
    assert not re.search(r"https?:|src=|<script|@import|url\(", page)
    assert "a &lt;b&gt; &amp; c" in page


def test_areas_stand_in_the_order_of_their_codes(page: str, done: Backtest):
    reader = Reader()
    reader.feed(page)
    shown = {spell.place[0] for spell in done.history.warnings} | {"T2"}
    assert reader.areas == sorted(shown) and len(shown) > 2


def test_warnings_and_truth_are_drawn_where_they_were(page: str, done: Backtest):
    reader = Reader()
    reader.feed(page)
    for spell in done.history.warnings:
        opened = f"{spell.opened.astimezone(CALENDAR.zone):%Y-%m-%d %H:%M}"
        assert any(tip.startswith(f"{spell.steps[0][1].word} from {opened}") for tip in reader.tips)
    assert any(tip.startswith("a gang at work: 2026-03-05 to 2026-03-08, an onset") for tip in reader.tips)
    assert "Burglary surge" in page and 'class="zh"' in page


def test_every_figure_is_explained(page: str):
    assert all(f"<dt>{name}</dt>" in page for name in FIGURES)


def test_without_truth_the_page_and_the_text_tell_the_volume(untold: Backtest):
    page, text = as_page(untold), as_text(untold)
    assert "Lead time" not in page and "Calibration:" not in page and "POD" not in text
    assert "county.burglary-surge" in page and "county.burglary-surge" in text


def test_the_text_says_what_was_expected_and_what_went_wrong(done: Backtest):
    lines = as_text(done, [Verdict("x", True, "found 1"), Verdict("y", False, "found 2")]).splitlines()
    assert lines[-2:] == ["held: x (found 1)", "BROKEN: y (found 2)"]
    assert len({len(line) for line in lines[2:7]}) == 1 and "POD" in lines[2]


def test_the_json_is_lists_of_flat_rows_with_every_figure(done: Backtest):
    told = json.loads(as_json(done))
    assert (told["from"], told["to"]) == ("2026-03-02", "2026-03-11")
    assert [row["rule"] for row in told["rules"]] == list(done.book.rules)
    assert [row["grade"] for row in told["grades"]] == ["blue", "yellow", "orange", "red"]
    assert {row["domain"] for row in told["domains"]} >= {"public-safety", "cyber"}
    for row in (*told["rules"], *told["grades"], *told["domains"]):
        assert set(FIGURES) <= set(row)
        assert not any(isinstance(value, dict | list) for value in row.values())


def test_months_and_ticks_of_long_and_short_spans():
    day = ZERO.replace(year=2020, month=1, day=1)
    assert list(months(Span(ZERO, ZERO.replace(day=20), CALENDAR))) == []
    long = Span(day, day.replace(year=2026), CALENDAR)
    assert len(list(months(long))) == 73 and 5 <= len(ticks(long)) <= 12
    assert ticks(Span(day, day.replace(month=4), CALENDAR))[0] == day


def test_chinese_letters_take_two_places():
    assert clipped("abcdef", 6) == "abcdef" and clipped("abcdefg", 6) == "abcde…"
    assert clipped("爆炸枪击", 6) == "爆炸…" and clipped("爆炸枪", 6) == "爆炸枪"
