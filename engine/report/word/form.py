"""How a document looks in each language: the official Chinese form, and a plain one in English.

GB/T 9704-2012: margins 37, 35, 28 and 26 mm, body 16 pt on 28 pt in 仿宋, headings in 黑体, the title 22 pt,
page numbers 14 pt between dashes, odd ones right, even ones left. The daily one is one page whatever the day
was, so its letters are as large as its text allows.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from engine.report.document import Picture, Points, Prose, Report, Table
from engine.report.page import head


@dataclass(frozen=True)
class Form:
    """Fonts as (Latin, Chinese), sizes in points, margins in millimetres: top, bottom, left, right."""

    body: tuple[str, str]
    heading: tuple[str, str]
    title: tuple[str, str]
    size: float
    line: float
    table: float
    margins: tuple[float, float, float, float]
    #: Letters of the first line's indent.
    indent: int = 0
    official: bool = False

    @property
    def width(self) -> float:
        """The type area, in points."""
        return (210 - self.margins[2] - self.margins[3]) / 25.4 * 72

    @property
    def height(self) -> float:
        return (297 - self.margins[0] - self.margins[1]) / 25.4 * 72


_FANG, _HEI, _SONG = (
    ("Times New Roman", "FangSong"),
    ("Times New Roman", "SimHei"),
    ("Times New Roman", "SimSun"),
)
ENGLISH = Form(
    ("Arial", "Microsoft YaHei"), ("Arial", "Microsoft YaHei"), ("Arial", "Microsoft YaHei"), 10.5, 15, 9.5,
    (22, 20, 22, 22),
)  # fmt: skip
CHINESE = Form(_FANG, _HEI, _SONG, 16, 28, 9.5, (37, 35, 28, 26), indent=2, official=True)
#: Of the daily one, from the largest on; one page wins over the margins.
_DAILY = {
    "en": [(10.5, 14.5, 9.5), (10, 13.5, 9), (9.5, 12.5, 8.5), (9, 12, 8), (8.5, 11, 7.5), (8, 10, 7)],
    "zh": [(16, 28, 12), (14, 23, 11), (12, 19, 10.5), (11, 17, 10), (10.5, 15.5, 9), (9.5, 13.5, 8.5),
           (9, 12, 8), (8, 10.5, 7.5)],
}  # fmt: skip
_DAILY_MARGINS = {"en": (16, 14, 18, 18), "zh": (22, 18, 26, 24)}
#: A page is never filled to the last line: other machines have other fonts.
_FULL = 0.98


def form(report: Report, language: str) -> Form:
    usual = CHINESE if language == "zh" else ENGLISH
    if report.figures.cycle != "daily":
        return usual
    daily = replace(usual, margins=_DAILY_MARGINS[language])
    sizes = [replace(daily, size=size, line=line, table=table) for size, line, table in _DAILY[language]]
    return next((one for one in sizes if _fits(report, language, one)), sizes[-1])


def _fits(report: Report, language: str, of: Form) -> bool:
    return _height(report, language, of) <= of.height * _FULL


def _height(report: Report, language: str, of: Form) -> float:
    """About how much of a page the report takes, in points."""
    parts = [of.line * (5.5 if of.official else 5), *_heights(report, language, of)]
    return sum(parts)


def _heights(report: Report, language: str, of: Form) -> Iterable[float]:
    yield of.line * _lines(report.lead.say(language), of.width, of.size * 1.1) * 1.2
    for at, section in enumerate(report.sections):
        yield of.line * 1.25 * _lines(head(section, at, language), of.width, of.size)
        for block in section.blocks:
            if isinstance(block, Prose):
                yield of.line * (_lines(block.said.say(language), of.width, of.size) + 0.15)
            elif isinstance(block, Points):
                yield of.line * sum(_lines(one.say(language), of.width, of.size) for one in block.items)
            elif isinstance(block, Table):
                yield of.line * 2 + _rows(block, language, of)
            elif isinstance(block, Picture):
                yield of.width * 0.3 + of.line
    yield of.line * 1.5


def _rows(table: Table, language: str, of: Form) -> float:
    """Each row is as high as its fullest cell."""
    whole = sum(one.part for one in table.columns)
    widths = [of.width * one.part / whole - 8 for one in table.columns]
    high = 0.0
    for row in table.rows:
        cells = zip(row, widths, strict=True)
        lines = max(_lines(f"{cell.said.say(language)}    ", wide, of.table) for cell, wide in cells)
        high += lines * of.table * 1.35 + 5
    return high


def _lines(said: str, width: float, size: float) -> int:
    """How many lines a text takes: a Chinese sign is as wide as high, a Latin letter about half."""
    wide = sum(1.0 if ord(sign) > 0x2E80 else 0.53 for sign in said) * size
    return max(1, math.ceil(wide / max(width, 1) * 1.03))
