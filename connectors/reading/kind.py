"""What a document is, by how it begins: to say so where it is not what it is called."""

from __future__ import annotations

import io
import re

from connectors.reading.archive import MAGIC as ZIP
from engine.errors import FeedError, brief

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: The stream of an OLE2 file in which a spreadsheet with a password lies.
_PASSWORD = "EncryptedPackage".encode("utf-16-le")
_EXPORT = "open it in a spreadsheet program and save it as .xlsx or CSV"
_HTML = re.compile(
    rb"<(!doctype\s+html|html|head|body|table|meta|script|style|div|title|p|br|h1|center)\b", re.I
)
_TITLE = re.compile(rb"<(title|h1)[^>]{0,200}>(.{0,400}?)</\1", re.I | re.S)
_XML = re.compile(rb"<(\?xml|[A-Za-z_][\w:.-]*[\s/>])")
#: What may stand in a page's title and be nobody's: long numbers and addresses are left out.
_PERSONAL = re.compile(r"\S*@\S*|[\d()+ -]{6,}|\d{5,}")
#: So much of a document is looked at.
_LOOKED_AT = 1 << 14


def refuse(stream: io.BufferedReader, name: str, wanted: str) -> None:
    """Raises FeedError, naming what it is, where a stream that has not been read yet is surely not
    `wanted` ("a table", "JSON"); what may be is left to who reads it."""
    start = stream.peek(_LOOKED_AT)[:_LOOKED_AT].removeprefix(b"\xef\xbb\xbf")
    found = _found(stream.read() if start.startswith(_OLE2) else start)
    if found:
        raise FeedError(f"{name}: {found[0]} where {wanted} was expected; {found[1]}")


def _found(start: bytes) -> tuple[str, str] | None:
    """(what it is, what to do), or None."""
    if start.startswith(_OLE2):
        if _PASSWORD in start:
            return "a spreadsheet with a password", "save it without one"
        return "an old .xls file (or another OLE2 document)", _EXPORT
    markup = _after_comments(start)
    if _HTML.match(markup):
        return f"an HTML page{_titled(start)}", "look at the address, the log-in and the file's source"
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        return "a spreadsheet as XML (2003)", _EXPORT
    if _XML.match(markup):
        return "an XML document", "look at the address and the connector"
    if start.startswith(ZIP):
        return "an archive or office document", "unpack or export it"
    if start.startswith(b"SQLite format 3\x00"):
        return "an SQLite database", "read it by `connector: sql`, with a query of your own"
    if start.startswith(b"%PDF-"):
        return "a PDF", "a PDF is for people: ask the source for the table behind it"
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "a text in UTF-16", "say so (encoding: utf-16), or save it as UTF-8"
    return None


def _after_comments(start: bytes) -> bytes:
    """What follows the blanks, comments and XML declaration that any page may begin with."""
    start = start.lstrip()
    while start.startswith((b"<!--", b"<?xml")):
        end = b"-->" if start.startswith(b"<!--") else b">"
        _, found, after = start.partition(end)
        if not found or (end == b">" and not _HTML.match(after.lstrip()[:20])):
            return start
        start = after.lstrip()
    return start


def _titled(page: bytes) -> str:
    title = _TITLE.search(page)
    if not title:
        return ""
    text = re.sub(r"<[^>]*>", " ", title[2].decode("utf-8", "replace"))
    shown = "".join(mark if mark.isprintable() else " " for mark in _PERSONAL.sub(" ", text))
    return f" titled '{brief(' '.join(shown.split()), 60)}'"
