"""Workbooks as .xlsx: which sheets there are, their shared texts, and which cells show dates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from posixpath import join, normpath
from typing import BinaryIO

from connectors.reading.archive import opened, unpack
from connectors.reading.document import Document
from connectors.reading.markup import elements, stream
from connectors.reading.sheet import Book, Sheet, trimmed, unescaped
from engine.errors import FeedError, brief

#: Office documents that are zip archives and no .xlsx, by a member that only they have.
_OTHERS = {
    "xl/workbook.bin": "a binary workbook (.xlsb)",
    "content.xml": "an OpenDocument file (.ods)",
    "word/document.xml": "a text document (.docx)",
    "ppt/presentation.xml": "a presentation (.pptx)",
}
#: The numbers of the built-in formats that show a date or a time; 27-36 and 50-58 are those of Chinese,
#: Japanese and Korean programs (ECMA-376, part 1, 18.8.30).
_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
#: What stands in a format beside its pattern: colours and conditions, quoted and escaped texts.
_BESIDE = re.compile(r'\[(?!h+\]|m+\]|s+\])[^\]]*\]|"[^"]*"|\\.|_.|\*.', re.I)
_LENGTH = re.compile(r"\[[hms]+\]", re.I)


@dataclass(frozen=True)
class Name:
    """One sheet as the workbook lists it."""

    title: str
    part: str
    hidden: bool


class Workbook:
    """An opened workbook; its parts together may unpack to no more than the document's bound."""

    def __init__(self, content: bytes, document: Document) -> None:
        self.name = document.name
        self.max_bytes = document.max_bytes
        self.too_large = document.too_large
        self._packed = opened(content, document.name)
        infos = self._packed.infolist()
        self._parts = {one.filename.replace("\\", "/").lstrip("/").casefold(): one for one in infos}
        self._charged: dict[str, int] = {}
        self._expect_workbook()
        related = self._related("", "officeDocument")
        self._main = related[0] if related else "xl/workbook.xml"
        self.sheets = tuple(self._sheets())
        texts = self._related(self._main, "sharedStrings") or ["xl/sharedstrings.xml"]
        styles = self._related(self._main, "styles") or ["xl/styles.xml"]
        self._book = Book(self.name, _Texts(self, texts[0]).at, self._dates(styles[0]), self._epoch_1904)

    def sheet(self) -> Sheet:
        """A sheet to be read."""
        return Sheet(self._book)

    def open(self, part: str) -> BinaryIO:
        """One part; raises FeedError where there is none, or where it unpacks beyond the bound."""
        found = self._parts.get(part.casefold())
        if found is None:
            raise FeedError(f"{self.name}: damaged: the part {brief(part, 60)} is missing; export it again")
        self._charged[part] = found.file_size
        if sum(self._charged.values()) > self.max_bytes:
            raise self.too_large()
        return unpack(self._packed, found, self.name)

    def has(self, part: str) -> bool:
        return part.casefold() in self._parts

    def _expect_workbook(self) -> None:
        if any(one.startswith("xl/") for one in self._parts) and "xl/workbook.bin" not in self._parts:
            return
        for part, kind in _OTHERS.items():
            if part in self._parts:
                raise FeedError(f"{self.name}: {kind}, which is not read; save it as .xlsx or CSV")
        raise FeedError(f"{self.name}: an archive, but no .xlsx workbook; export it again, or as CSV")

    def _elements(self, part: str) -> Iterator[tuple[str, str, Mapping[str, str]]]:
        with closing(self.open(part)) as file:
            yield from elements(file, self.name)

    def _relations(self, of: str) -> Iterator[tuple[str, str, str]]:
        """(id, kind, part) of what a part refers to."""
        folder, _, last = of.rpartition("/")
        listing = join(folder, "_rels", f"{last}.rels")
        if not self.has(listing):
            return
        for _, name, given in self._elements(listing):
            if name == "Relationship" and given.get("TargetMode") != "External":
                target = given.get("Target", "").replace("\\", "/")
                part = normpath(target.lstrip("/") if target.startswith("/") else join(folder, target))
                yield given.get("Id", ""), given.get("Type", "").rpartition("/")[2], part

    def _related(self, of: str, kind: str) -> list[str]:
        return [part for _, found, part in self._relations(of) if found == kind and self.has(part)]

    def _sheets(self) -> Iterator[Name]:
        parts = {key: (kind, part) for key, kind, part in self._relations(self._main)}
        self._epoch_1904 = False
        number = 0
        for _, name, given in self._elements(self._main):
            if name == "workbookPr":
                self._epoch_1904 = given.get("date1904", "0") in ("1", "true", "on")
            if name != "sheet":
                continue
            number += 1
            key = next((value for name, value in given.items() if name.rpartition(":")[2] == "id"), "")
            kind, part = parts.get(key, ("worksheet", f"xl/worksheets/sheet{number}.xml"))
            if kind == "worksheet":
                yield Name(given.get("name", ""), part, given.get("state", "visible") != "visible")

    def _dates(self, part: str) -> Sequence[bool]:
        """For each style of a cell whether it shows a date; a book without styles shows none."""
        if not self.has(part):
            return ()
        own: dict[str, str] = {}
        formats: list[str] = []
        for above, name, given in self._elements(part):
            if name == "numFmt":
                own[given.get("numFmtId", "")] = given.get("formatCode", "")
            elif name == "xf" and above == "cellXfs":
                formats.append(given.get("numFmtId", "0"))
        shows = {one: _shows_date(one, own.get(one)) for one in set(formats)}
        return [shows[one] for one in formats]


def _shows_date(number: str, code: str | None) -> bool:
    if code is None:
        return number.isdecimal() and int(number) in _DATES
    pattern = _BESIDE.sub("", code.split(";")[0])
    if pattern.casefold() == "general" or _LENGTH.search(pattern):
        return False
    return re.search("[dmyhs]", pattern, re.I) is not None


class _Texts:
    """The shared texts, read as far as they are asked for."""

    def __init__(self, book: Workbook, part: str) -> None:
        self._known: list[str] = []
        self._more = self._read(book, part)

    def at(self, index: int) -> str:
        """Raises IndexError where there are fewer."""
        while index >= len(self._known) and next(self._more, None) is not None:
            pass
        return self._known[index]

    def _read(self, book: Workbook, part: str) -> Iterator[int]:
        if not book.has(part):
            return
        heard = _Items(self._known)
        with closing(book.open(part)) as file:
            for _ in stream(file, book.name, heard):
                yield len(self._known)


class _Items:
    """Hears the shared texts: an item is one text or several runs, its reading aids left out."""

    def __init__(self, into: list[str]) -> None:
        self._into = into
        self._text: list[str] = []
        self._reading = False
        self._aside = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "si":
            self._text.clear()
        elif name == "t":
            self._reading = not self._aside
        elif name == "rPh":
            self._aside += 1

    def end(self, name: str) -> None:
        if name == "t":
            self._reading = False
        elif name == "rPh":
            self._aside -= 1
        elif name == "si":
            self._into.append(trimmed(unescaped("".join(self._text))))

    def text(self, text: str) -> None:
        if self._reading:
            self._text.append(text)
