"""Months, quarters, weeks and years, which sources write where they tell no day: 2026-03, 2026Q1."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum

_YEAR = r"((?:19|20)[0-9]{2})\s*(?:年|년)?"
_MONTH = r"(0?[1-9]|1[0-2])\s*(?:月份?|월)?"
_QUARTER = (
    r"(?:(?:Q|K|T|kv(?:artal|\.)?|quarter|trim(?:estre)?|第)\s*|(?=[1-4一二三四]\s*[季四분]))"
    r"([1-4一二三四])\s*(?:季度?|四半期|분기)?"
)
_WEEK = r"(?:W|V|KW|S|uke|uge|vecka|woche|week|第)\.?\s*([0-5]?[0-9])\s*(?:周|週|주)?"
_NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4}
#: By their first letters, in English, Swedish, German, Dutch, French, Spanish, Italian and Portuguese.
_NAMES = (
    ("jan", "ene", "gen"), ("feb", "fev", "fév"), ("mar", "mär", "mrt", "maa"), ("apr", "avr", "abr"),
    ("may", "maj", "mai", "mei", "mag"), ("jun", "juin", "giu"), ("jul", "juil", "lug"),
    ("aug", "aoû", "aou", "ago"), ("sep", "set"), ("oct", "okt", "out", "ott"), ("nov",),
    ("dec", "dez", "déc", "dic"),
)  # fmt: skip


class Span(StrEnum):
    """How long a time it is, the shortest first."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


def span(text: str) -> tuple[date, Span]:
    """The first day of the time that a text names, and how long that is. Raises ValueError for what names
    none."""
    text = " ".join(text.split())
    for pattern, read in _WRITTEN:
        if found := pattern.fullmatch(text):
            return read(*found.groups())
    raise ValueError(text)


def _month(year: str, month: str) -> tuple[date, Span]:
    return date(int(year), int(month), 1), Span.MONTH


def _named(year: str, name: str) -> tuple[date, Span]:
    name, whole = name.casefold(), int(year) + (2000 if len(year) == 2 else 0)
    # The longest first: `juin` and `juil` begin alike.
    known = ((len(one), at) for at, names in enumerate(_NAMES, 1) for one in names if name.startswith(one))
    fit = sorted(known)
    if not fit:
        raise ValueError(name)
    return date(whole, fit[-1][1], 1), Span.MONTH


def _quarter(year: str, quarter: str) -> tuple[date, Span]:
    return date(int(year), 3 * int(_NUMERALS.get(quarter, quarter)) - 2, 1), Span.QUARTER


def _week(year: str, week: str) -> tuple[date, Span]:
    return date.fromisocalendar(int(year), int(week), 1), Span.WEEK


def _year(year: str) -> tuple[date, Span]:
    return date(int(year), 1, 1), Span.YEAR


def _turned(read: Callable[[str, str], tuple[date, Span]]) -> Callable[[str, str], tuple[date, Span]]:
    return lambda second, first: read(first, second)


_GAP = r"\s*[-/.,]?\s*"
_NAME = r"([^\W\d_]{3,12})\.?"
#: In the order in which they are tried: what says by a mark of its own what it is stands first.
_WRITTEN: tuple[tuple[re.Pattern[str], Callable[..., tuple[date, Span]]], ...] = tuple(
    (re.compile(pattern, re.I), read)
    for pattern, read in (
        (rf"{_YEAR}{_GAP}{_QUARTER}", _quarter), (rf"{_QUARTER}{_GAP}{_YEAR}", _turned(_quarter)),
        (rf"{_YEAR}{_GAP}{_WEEK}", _week), (rf"{_WEEK}{_GAP}{_YEAR}", _turned(_week)),
        (r"((?:19|20)[0-9]{2})M?(0[1-9]|1[0-2])", _month), (rf"{_YEAR}(?:\s|{_GAP}(?<!\d)){_MONTH}", _month),
        (rf"{_MONTH}\s*[-/. ]\s*{_YEAR}", _turned(_month)),
        (rf"{_YEAR}{_GAP}{_NAME}", _named), (rf"{_NAME}{_GAP}{_YEAR}", _turned(_named)),
        (rf"{_NAME}[-' ]+([0-9]{{2}})", _turned(_named)), (_YEAR, _year),
    )
)  # fmt: skip
