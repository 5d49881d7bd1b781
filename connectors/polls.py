"""The moments at which a historical extract's collector got an answer."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from connectors.reading.document import Document
from connectors.reading.lines import rows
from engine.errors import FeedError, brief
from engine.model.feed import Broken, Record

#: So many columns are named where the one that is meant is missing.
_SHOWN = 12


class Column(BaseModel):
    """The column of the extract itself whose distinct values are the poll moments."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str


def moments(
    polls: Path | Column | None, records: Callable[[], Iterable[Record | Broken]], max_bytes: int
) -> tuple[datetime, ...]:
    """The polls in order: from a companion CSV's first column, or from a column of the `records`. Those
    without an offset stay without one, behind the others: their zone is the feed's.

    Raises FeedError where one is no moment, and where there is none at all.
    """
    if polls is None:
        return ()
    if isinstance(polls, Column):
        where, texts = polls.column, _of_column(polls.column, records())
    else:
        companion = rows(io.StringIO(_text(polls, max_bytes), newline=""), polls.name, ",")
        where, texts = polls.name, {row.cells[0].strip() for row in islice(companion, 1, None) if row.cells}
    found = [_moment(text, where) for text in texts - {""}]
    if not found:
        raise FeedError(f"{where}: holds no poll moment; nobody knows then when the source was heard")
    return tuple(sorted(found, key=lambda at: (at.tzinfo is None, at.replace(tzinfo=None))))


def _of_column(column: str, records: Iterable[Record | Broken]) -> set[str]:
    """What stands in the column. Raises FeedError where no record has it."""
    texts, others = set(), set[str]()
    for one in records:
        if isinstance(one, Record):
            if column in one.fields:
                texts.add(str(one.fields[column] or "").strip())
            elif len(others) < _SHOWN:
                others.update(list(one.fields)[:_SHOWN])
    if not texts and others:
        has = ", ".join(sorted(others)[:_SHOWN])
        raise FeedError(f"polls: no record has the column '{column}'; there are {has}")
    return texts


def _text(path: Path, max_bytes: int) -> str:
    try:
        return Document.of(path, max_bytes).read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FeedError(f"{path.name}: not UTF-8: {error}") from error


def _moment(text: str, where: str) -> datetime:
    """In UTC where it has its offset; a bare date says nothing about when."""
    try:
        if len(text) <= len("2026-03-08"):
            raise ValueError("a bare date")
        found = datetime.fromisoformat(text)
        return found if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise FeedError(
            f"{where}: {brief(text)!r} is no poll moment; write it as in 2026-03-08T07:00:00Z"
        ) from None
