"""A report as one page of HTML: it loads nothing, runs nothing, and prints on A4."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from engine.chart import svg
from engine.chart.strip import NUMERAL
from engine.model.grade import RUNGS
from engine.model.text import Text
from engine.report.document import Column, Picture, Report, Section, Table
from engine.report.figures import Word
from engine.report.picture import bars
from engine.report.words import colour, moment

FOLDER = Path(__file__).parent
NUMERALS: dict[Word, str] = {grade.word: NUMERAL[grade] for grade in RUNGS}  # type: ignore[misc]
_NOTHING = Text("No warning stands", "无预警")
_GIVEN, _TAKEN = Text("Handed over by", "交班人："), Text("Taken over by", "接班人：")
_ANNEX = Text("Annex: {title}", "附件：{title}")
_ORDINALS = "一二三四五六七八九"


def html(report: Report, language: str) -> str:
    """The page in one language."""
    say = partial(_say, language)
    style = _style()
    made: str = _template().render(
        report=report, of=report.figures, zh=language == "zh", say=say, style=style, policy=policy(),
        tally=tally(report), numeral=NUMERALS, colour=lambda word: say(colour(word)), nothing=say(_NOTHING),
        heads=[head(section, at, language) for at, section in enumerate(report.sections)], width=_width,
        drawn=lambda one: _drawn(one, language), stamp=stamp(report, language), given=say(_GIVEN),
        taken=say(_TAKEN),
    )  # fmt: skip
    return made


def policy() -> str:
    """What the page may do: show its own style, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'"


def head(section: Section, at: int, language: str) -> str:
    """A section's title with its number, as each language numbers them."""
    title = section.title.say(language)
    if section.annex:
        return _ANNEX.say(language).format(title=title)
    return f"{_ORDINALS[at]}、{title}" if language == "zh" else f"{at + 1}. {title}"


def tally(report: Report) -> list[tuple[Word, int]]:
    """How many stand at each grade, the gravest first."""
    counted = Counter(one.grade for one in report.figures.standing)
    return [(grade.word, counted[grade.word]) for grade in reversed(RUNGS) if counted[grade.word]]  # type: ignore[misc,index]


def stamp(report: Report, language: str) -> str:
    """The moment by whose knowledge it was made."""
    at = report.figures.at
    if language == "zh":
        return f"{at.year}年{moment(at).zh}"
    return f"{at.day} {at:%B %Y, %H:%M}"


def _say(language: str, of: Text) -> str:
    return of.say(language)


def _width(table: Table, column: Column) -> str:
    share = 100 * column.part / sum(one.part for one in table.columns)
    return f' width="{share:.0f}%"'


def _drawn(of: Picture, language: str) -> str:
    return svg.bars(bars(of, language))


@cache
def _style() -> str:
    return (FOLDER / "page.css").read_text(encoding="utf-8")


@cache
def _template():  # type: ignore[no-untyped-def]
    return Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    ).get_template("page.html")  # fmt: skip
