"""What a report is made of, whatever it is shown as: sections of sentences, tables and pictures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from engine.model.text import Text
from engine.report.figures import Figures, Word

#: Rises when a key changes its meaning or goes; new keys may come at any time.
FORMAT = "forewarn.report/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """A paragraph."""

    kind: Literal["prose"] = "prose"
    said: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """A numbered list of sentences."""

    kind: Literal["points"] = "points"
    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its head, its part of the width, and whether it holds numbers."""

    head: Text
    part: int = 1
    number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What stands in a cell; of a grade, its badge before it."""

    said: Text = Text("")
    grade: Word | None = None
    advisory: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table under its caption."""

    kind: Literal["table"] = "table"
    caption: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Counts a day; the title says what it shows. None: not all could be seen."""

    kind: Literal["picture"] = "picture"
    title: Text
    first: date
    values: tuple[int | None, ...]
    usual: float | None = None


Block = Prose | Points | Table | Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section; an annex has no number."""

    title: Text
    blocks: tuple[Block, ...]
    annex: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report: its figures, and what is said of them."""

    format: str = FORMAT
    #: What it is, whose it is, and its title; `lead` is the sentence that whoever reads one sentence reads.
    kind: Text
    number: Text
    title: Text
    lead: Text
    sections: tuple[Section, ...]
    figures: Figures
