"""Weeks, months, quarters and years as sources write them."""

from __future__ import annotations

from datetime import date

import pytest

from engine.ingest.span import Span, span

MARCH = (date(2026, 3, 1), Span.MONTH)


@pytest.mark.parametrize("text", [
    "2026-03", "2026/3", "202603", "2026 3", "2026年3月", "2026年03月份", "03/2026", "3-2026", "Mar 2026",
    "March 2026", "mars 2026", "Mar-26", "2026 mars", "März 2026", "2026년 3월",
])  # fmt: skip
def test_a_month_is_read(text: str) -> None:
    assert span(text) == MARCH


@pytest.mark.parametrize("text", ["2026Q2", "Q2 2026", "2026K2", "2026 kv.2", "2026年第二季度"])
def test_a_quarter_is_read(text: str) -> None:
    assert span(text) == (date(2026, 4, 1), Span.QUARTER)


@pytest.mark.parametrize("text", ["2026-W10", "2026W10", "2026 v.10", "KW 10 2026", "2026年第10周"])
def test_a_week_is_read_as_iso_counts_it(text: str) -> None:
    assert span(text) == (date(2026, 3, 2), Span.WEEK)


def test_months_that_begin_alike_are_told_apart() -> None:
    names = ("juin", "juillet", "mai", "maj", "giugno")
    assert [span(f"{name} 2026")[0].month for name in names] == [6, 7, 5, 5, 6]


@pytest.mark.parametrize("text", [
    "2026-13", "1234", "2026-03-01", "Total", "march", "12", "Uppsala 2026", "2026-W60", "Kommun-26", "",
])  # fmt: skip
def test_anything_else_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        span(text)
