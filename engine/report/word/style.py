"""The named styles of a document: whoever edits it changes a style, never a paragraph."""

from __future__ import annotations

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.shared import Mm, Pt, RGBColor

from engine.report.word.form import Form
from engine.report.word.mark import GREY, SEAL, fonts, ruled

INK = RGBColor(0x14, 0x18, 0x1D)
#: Names of styles of ours; the others are Word's own.
HEAD, ISSUE, LEAD, POINT, CELL, CELL_HEAD, ANNEX, SIGN = (
    "Red head", "Issue line", "Lead", "Numbered point", "Table text", "Table head", "Annex text",
    "Signature line",
)  # fmt: skip


def dress(document: Any, form: Form) -> None:
    """Make a new document's styles those of the form."""
    _page(document.sections[0], form)
    _body(document.styles["Normal"], form)
    _title(document.styles["Title"], form)
    _heading(document.styles["Heading 1"], form)
    _caption(document.styles["Caption"], form)
    for name in _OWN:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        _OWN[name](style, form)


def _page(section: Any, form: Form) -> None:
    top, bottom, left, right = form.margins
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    section.footer_distance = Mm(bottom * 0.55)


def _body(style: Any, form: Form) -> None:
    fonts(style, *form.body)
    style.font.size, style.font.color.rgb = Pt(form.size), INK
    _spaced(style, form.line, 0, 0 if form.official else form.line * 0.2)
    style.paragraph_format.first_line_indent = Pt(form.indent * form.size)
    style.paragraph_format.widow_control = True


def _title(style: Any, form: Form) -> None:
    """Word's own rule below a title is taken out."""
    for old in style.element.xpath("./w:pPr/w:pBdr"):
        old.getparent().remove(old)
    fonts(style, *form.title)
    size = min(22, form.size * 1.38) if form.official else form.size * 1.8
    style.font.size, style.font.bold, style.font.color.rgb = Pt(size), True, INK
    _spaced(style, size * 1.35, form.line * 0.4, form.line * 0.3)
    style.paragraph_format.first_line_indent = Pt(0)
    style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER if form.official else WD_ALIGN_PARAGRAPH.LEFT


def _heading(style: Any, form: Form) -> None:
    fonts(style, *form.heading)
    style.font.size = Pt(form.size if form.official else form.size * 1.2)
    style.font.bold, style.font.italic, style.font.color.rgb = not form.official, False, INK
    _spaced(style, form.line * (1 if form.official else 1.2), form.line * 0.2 if not form.official else 0, 0)
    style.paragraph_format.first_line_indent = Pt(form.indent * form.size)
    style.paragraph_format.keep_with_next = True


def _caption(style: Any, form: Form) -> None:
    fonts(style, *form.heading)
    style.font.size, style.font.color.rgb = Pt(form.table), INK
    style.font.bold, style.font.italic = not form.official, False
    _spaced(style, form.table * 1.5, form.line * 0.25, form.line * 0.1)
    style.paragraph_format.first_line_indent = Pt(0)
    style.paragraph_format.keep_with_next = True


def _point(style: Any, form: Form) -> None:
    style.paragraph_format.first_line_indent = Pt(-form.size * 1.6)
    style.paragraph_format.left_indent = Pt(form.size * 1.6)
    style.paragraph_format.tab_stops.add_tab_stop(Pt(form.size * 1.6))


def _head(style: Any, form: Form) -> None:
    fonts(style, *form.title)
    style.font.size, style.font.bold, style.font.color.rgb = Pt(min(32, form.size * 2)), True, SEAL
    _spaced(style, min(32, form.size * 2) * 1.3, 0, form.line * 0.2)
    style.paragraph_format.first_line_indent = Pt(0)
    style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _issue(style: Any, form: Form) -> None:
    style.paragraph_format.first_line_indent = Pt(0)
    style.paragraph_format.tab_stops.add_tab_stop(Pt(form.width), alignment=2)
    style.paragraph_format.space_after = Pt(form.line * 0.3)
    if not form.official:
        style.font.color.rgb = GREY
    ruled(style, "C8102E" if form.official else "14181D", 16 if form.official else 10)


def _lead(style: Any, form: Form) -> None:
    style.font.size = Pt(form.size * (1 if form.official else 1.15))
    if not form.official:
        _spaced(style, form.line * 1.2, 0, form.line * 0.3)


def _cell(style: Any, form: Form) -> None:
    style.font.size = Pt(form.table)
    _spaced(style, form.table * 1.35, 1.5, 1.5)
    style.paragraph_format.first_line_indent = Pt(0)


def _cell_head(style: Any, form: Form) -> None:
    _cell(style, form)
    style.font.color.rgb = GREY


def _annex(style: Any, form: Form) -> None:
    style.font.size = Pt(form.table)
    _spaced(style, form.table * 1.5, 0, 0)
    style.font.color.rgb = GREY
    style.paragraph_format.keep_with_next = style.paragraph_format.keep_together = True


def _sign(style: Any, form: Form) -> None:
    style.paragraph_format.first_line_indent = Pt(0)
    style.paragraph_format.space_before = Pt(form.line * 0.6)
    style.paragraph_format.tab_stops.add_tab_stop(Pt(form.width * 0.5))


_OWN = {
    HEAD: _head, ISSUE: _issue, LEAD: _lead, POINT: _point, CELL: _cell, CELL_HEAD: _cell_head,
    ANNEX: _annex, SIGN: _sign,
}  # fmt: skip


def _spaced(style: Any, line: float, before: float, after: float) -> None:
    of = style.paragraph_format
    of.line_spacing_rule, of.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
    of.space_before, of.space_after = Pt(before), Pt(after)
