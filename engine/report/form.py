"""A report as a file: which forms there are, and what each holds."""

from __future__ import annotations

from engine.errors import extra
from engine.report import exchange, page
from engine.report.document import Report

#: What each form is to whoever is sent it.
TYPES = {
    "html": "text/html", "json": "application/json",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}  # fmt: skip


def formed(of: Report, form: str, language: str) -> bytes:
    """The report in one of these forms; raises UsageError where what writes it is not installed."""
    if form == "json":
        return exchange.dump(of).encode()
    if form == "html":
        return page.html(of, language).encode()
    with extra("office"):
        from engine.report.word.document import docx

    return docx(of, language)
