"""The moments at which a historical extract's collector got an answer."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from connectors.source import Document
from engine.errors import FeedError
from engine.model.feed import Broken, Record


class Column(BaseModel):
    """The column of the extract itself whose distinct values are the poll moments."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str


def moments(
    polls: Path | Column | None, records: Callable[[], Iterable[Record | Broken]], max_bytes: int
) -> tuple[datetime, ...]:
    """The polls in order: from a companion CSV's first column, or from a column of the `records`.

    Raises FeedError where one is not a moment with its offset from UTC.
    """
    if polls is None:
        return ()
    if isinstance(polls, Column):
        column = polls.column
        texts = {str(one.fields.get(column, "")) for one in records() if isinstance(one, Record)}
        return tuple(sorted(_moment(text, column) for text in texts - {""}))
    rows = csv.reader(io.StringIO(_text(polls, max_bytes)))
    texts = {row[0] for number, row in enumerate(rows) if row and number}
    return tuple(sorted(_moment(text, polls.name) for text in texts))


def _text(path: Path, max_bytes: int) -> str:
    try:
        return Document.of(path, max_bytes).read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FeedError(f"{path.name}: not UTF-8: {error}") from error


def _moment(text: str, where: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.strip())
        if found.tzinfo is None:
            raise ValueError("no offset")
    except ValueError:
        raise FeedError(
            f"{where}: {text[:40]!r} is no poll moment; write it as in 2026-03-08T07:00:00Z"
        ) from None
    return found.astimezone(UTC)
