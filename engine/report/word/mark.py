"""What python-docx has no words for: fonts of two scripts, fields, borders, the badge of a grade."""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from engine.chart.palette import FILL, ON
from engine.model.grade import Grade
from engine.report.figures import Word
from engine.report.page import NUMERALS

SEAL = RGBColor(0xC8, 0x10, 0x2E)
GREY = RGBColor(0x45, 0x4D, 0x57)


def fonts(style: Any, latin: str, chinese: str) -> None:
    """The fonts of a style, for each script; the theme's are taken out, else Office keeps them."""
    style.font.name = latin
    own = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        own.attrib.pop(qn(f"w:{name}"), None)
    for name, font in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", chinese)):
        own.set(qn(f"w:{name}"), font)


def field(paragraph: Any, code: str, shown: str = "1") -> None:
    """What Word works out itself: a page number, the number of a table."""
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("shown", shown), ("end", "")):
        run = paragraph.add_run(text if kind == "shown" else None)
        if kind == "shown":
            continue
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = f" {code} "
        run._r.append(part)


def ruled(style: Any, colour: str, eighths: int, side: str = "bottom", space: int = 4) -> None:
    """A line along a paragraph."""
    borders = OxmlElement("w:pBdr")
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", str(space)), ("color", colour)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    properties = style.element.get_or_add_pPr()
    properties.append(borders)


def lined(table: Any, colour: str = "B3B9C1") -> None:
    """Level lines between rows, and none upright; what stands in them begins where the text does."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", colour)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)
    inner = OxmlElement("w:tblCellMar")
    for side, width in (("left", "0"), ("right", "120")):
        room = OxmlElement(f"w:{side}")
        for name, value in (("w", width), ("type", "dxa")):
            room.set(qn(f"w:{name}"), value)
        inner.append(room)
    table._tbl.tblPr.append(inner)


def repeated(row: Any) -> None:
    """The head of a table, again on every page; no row breaks over two."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))


def unbroken(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def badge(paragraph: Any, word: Word, advisory: bool, size: float) -> None:
    """The numeral of a grade on its colour; in a frame of its colour, where that is not statutory."""
    grade, run = Grade.named(word), paragraph.add_run(f" {NUMERALS[word]} ")
    run.bold, run.font.size = True, Pt(size)
    properties = run._r.get_or_add_rPr()
    fill = FILL[grade].removeprefix("#")
    if advisory:
        frame = OxmlElement("w:bdr")
        for name, value in (("val", "single"), ("sz", "12"), ("space", "0"), ("color", fill)):
            frame.set(qn(f"w:{name}"), value)
        properties.append(frame)
    else:
        run.font.color.rgb = RGBColor.from_string(ON[grade].removeprefix("#").upper())
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", fill.upper())):
            shade.set(qn(f"w:{name}"), value)
        properties.append(shade)
    paragraph.add_run(" ")


def placed(picture: Any, said: str) -> None:
    """A picture flush with the text; what it says to those who cannot see it."""
    picture._inline.docPr.set("descr", said)
    for side in ("distL", "distR", "distT", "distB"):
        picture._inline.set(side, "0")  # else some leave room beside it
