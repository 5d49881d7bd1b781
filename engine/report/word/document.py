"""A report, block by block, into a Word document."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.shared import Pt

from engine.chart import png
from engine.model.text import Text
from engine.report import document as parts
from engine.report.document import Cell, Picture, Points, Prose, Report, Table
from engine.report.page import head, stamp, tally
from engine.report.picture import bars
from engine.report.word.form import Form, form
from engine.report.word.mark import badge, field, lined, placed, repeated, unbroken
from engine.report.word.style import ANNEX, CELL, CELL_HEAD, HEAD, ISSUE, LEAD, POINT, SIGN, dress
from engine.report.words import counts

_TABLE, _FIGURE = Text("Table ", "表"), Text("Figure ", "图")
_PAGE, _OF = Text("Page ", "第"), Text(" of ", "页，共")
_SIGNED = Text(
    "Handed over by ____________\tTaken over by ____________", "交班人：____________\t接班人：____________"
)
#: A table of so many rows stays on one page.
_TOGETHER = 6


def docx(report: Report, language: str) -> bytes:
    """The document in one language."""
    made = _Writing(report, language)
    return made.whole()


class _Writing:
    def __init__(self, report: Report, language: str) -> None:
        self.report, self.language = report, language
        self.form: Form = form(report, language)
        self.document: Any = Document()
        self.tables = self.figures = 0

    def whole(self) -> bytes:
        dress(self.document, self.form)
        self._properties()
        self._footer()
        self._top()
        for at, section in enumerate(self.report.sections):
            self.document.add_heading(head(section, at, self.language), 1)
            for block in section.blocks:
                self._block(block, section)
        if self.report.figures.cycle == "daily":
            self._said(_SIGNED, SIGN)
        elif self.form.official:
            self._issued()
        made = io.BytesIO()
        self.document.save(made)
        return made.getvalue()

    def _properties(self) -> None:
        own, at = self.document.core_properties, self.report.figures.at
        own.title = f"{self.report.kind.say(self.language)}: {self.report.title.say(self.language)}"
        own.author, own.subject = "forewarn", self.report.number.say(self.language)
        own.created = own.modified = at.replace(tzinfo=None)
        own.language = "zh-CN" if self.language == "zh" else "en-GB"
        own.comments = ""

    def _top(self) -> None:
        kind, number = self.report.kind.say(self.language), self.report.number.say(self.language)
        moment = stamp(self.report, self.language)
        if self.form.official:
            self._add(f"{self.report.figures.place.say(self.language)}{kind}", HEAD)
            self._add(f"{number}\t{moment}", ISSUE)
        else:
            self._add(f"{kind}, {number}\t{moment}", ISSUE)
        self._add(self.report.title.say(self.language), "Title")
        self._said(self.report.lead, LEAD)
        self._tally()

    def _tally(self) -> None:
        if not (found := tally(self.report)):
            return
        paragraph = self._add("", CELL)
        for grade, n in found:
            badge(paragraph, grade, False, self.form.table)
            paragraph.add_run(f"{counts([(grade, n)]).say(self.language)}      ")

    def _block(self, block: parts.Block, section: parts.Section) -> None:
        if isinstance(block, Prose):
            self._said(block.said, ANNEX if section.annex else "Normal")
        elif isinstance(block, Points):
            self._points(block)
        elif isinstance(block, Table):
            self._table(block)
        else:
            self._picture(block)

    def _points(self, of: Points) -> None:
        """Numbered in the text, as official papers do: each list begins at one, wherever it is moved to."""
        for number, one in enumerate(of.items, 1):
            said = one.say(self.language)
            if self.form.official:
                self._add(f"{number}. {said}", "Normal")
            else:
                self._add(f"{number}.\t{said}", POINT)

    def _table(self, of: Table) -> None:
        self.tables += 1
        self._caption(_TABLE, "Table", self.tables, of.caption)
        table = self.document.add_table(rows=1, cols=len(of.columns))
        table.autofit = False
        lined(table)
        whole = sum(one.part for one in of.columns)
        widths = [Pt(self.form.width * one.part / whole) for one in of.columns]
        for own, width in zip(table.columns, widths, strict=True):
            own.width = width
        repeated(table.rows[0])
        for cell, column, width in zip(table.rows[0].cells, of.columns, widths, strict=True):
            self._fill(cell, Cell(said=column.head), CELL_HEAD, width, column.number)
        for row in of.rows:
            added = table.add_row()
            unbroken(added)
            for cell, own, column, width in zip(added.cells, row, of.columns, widths, strict=True):
                self._fill(cell, own, CELL, width, column.number)
        if len(of.rows) <= _TOGETHER:
            self._together(table)
        self._gap()

    def _together(self, table: Any) -> None:
        """A short table is not torn over two pages."""
        for row in table.rows[:-1]:
            for cell in row.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True

    def _fill(self, cell: Any, of: Cell, style: str, width: Any, number: bool) -> None:
        cell.width = width
        paragraph = cell.paragraphs[0]
        paragraph.style = self.document.styles[style]
        if number:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if of.grade is not None and of.grade != "none":
            badge(paragraph, of.grade, of.advisory, self.form.table)
        paragraph.add_run(of.said.say(self.language))

    def _gap(self) -> None:
        """Two tables that touch would be one."""
        last = self._add("", CELL)
        last.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        last.paragraph_format.line_spacing = Pt(4)

    def _picture(self, of: Picture) -> None:
        self.figures += 1
        self._caption(_FIGURE, "Figure", self.figures, of.title)
        paragraph = self._add("", CELL)
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        drawn = io.BytesIO(png.bars(bars(of, self.language)))
        placed(paragraph.add_run().add_picture(drawn, width=Pt(self.form.width)), of.title.say(self.language))

    def _caption(self, word: Text, name: str, number: int, said: Text) -> None:
        paragraph = self._add(word.say(self.language), "Caption")
        field(paragraph, f"SEQ {name} \\* ARABIC", str(number))
        paragraph.add_run(f"{'  ' if self.form.official else '. '}{said.say(self.language)}")

    def _issued(self) -> None:
        """Who issues it, and the day in full, at the right."""
        at = self.report.figures.at
        for said in (self.report.figures.place.say(self.language), f"{at.year}年{at.month}月{at.day}日"):
            paragraph = self._add(said, "Normal")
            paragraph.alignment, paragraph.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.RIGHT, True

    def _footer(self) -> None:
        section = self.document.sections[0]
        if not self.form.official:
            self._page_of(section.footer.paragraphs[0])
            return
        self.document.settings.odd_and_even_pages_header_footer = True
        for footer, side in (
            (section.footer, WD_ALIGN_PARAGRAPH.RIGHT), (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
        ):  # fmt: skip
            paragraph = footer.paragraphs[0]
            paragraph.alignment = side
            paragraph.paragraph_format.first_line_indent = Pt(0)
            paragraph.add_run("— ")
            field(paragraph, "PAGE")
            paragraph.add_run(" —")

    def _page_of(self, paragraph: Any) -> None:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.add_run(_PAGE.say(self.language))
        field(paragraph, "PAGE")
        paragraph.add_run(_OF.say(self.language))
        field(paragraph, "NUMPAGES")

    def _said(self, of: Text, style: str) -> Any:
        return self._add(of.say(self.language), style)

    def _add(self, said: str, style: str) -> Any:
        return self.document.add_paragraph(said, style=style)
