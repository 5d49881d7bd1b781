"""Rows of any SQL database: one query, in a transaction that only reads, and what is new since the last."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import Field, model_validator

from connectors.bounds import Bounded
from connectors.reading.database import Database, address
from engine.errors import FeedError
from engine.model.feed import Fetch, Record

ID = "sql"

#: The name under which a query asks for what is new.
_SINCE = "since"
#: How a cursor keeps the value up to which was read: by its kind, as text and back.
_KINDS: Mapping[str, tuple[type, Callable[[Any], str], Callable[[str], Any]]] = {
    "moment": (datetime, datetime.isoformat, datetime.fromisoformat),
    "day": (date, date.isoformat, date.fromisoformat),
    "whole": (int, str, int),
    "number": (float, repr, float),
    "decimal": (Decimal, str, Decimal),
    "text": (str, str, str),
}


class Options(Bounded):
    """`url` of a server, or `path` of an SQLite file; the query, and by which column it asks for news."""

    #: A server: `postgresql://user:${PASSWORD}@host/database`.
    url: str | None = Field(default=None, repr=False)
    #: An SQLite file.
    path: Path | None = None
    #: One statement that begins with SELECT or WITH.
    query: str = Field(min_length=1)
    #: The column whose greatest value the next poll's query gets as `:since`.
    since: str = ""
    #: What `:since` stands for before anything was read.
    begin: int | float | str = ""
    #: A poll with more rows than this has failed.
    rows: int = Field(default=100_000, ge=1, le=10_000_000)
    #: The source always has something: nothing at all is a failed poll.
    not_empty: bool = False

    @model_validator(mode="after")
    def _one(self) -> Options:
        if (self.path is None) == (self.url is None):
            raise ValueError("exactly one of path, url is needed here")
        if not self.query.lstrip(" \t\r\n(").lower().startswith(("select", "with")):
            raise ValueError("the query begins with SELECT or WITH: a feed only reads")
        if bool(self.since) != (f":{_SINCE}" in self.query):
            raise ValueError("'since' names a column and the query says ':since': both or neither")
        if bool(self.since) != ("begin" in self.model_fields_set):
            raise ValueError("'begin' says what :since is at first, and goes with 'since'")
        if self.url is not None:
            address(self.url)
        return self

    @property
    def database(self) -> Database:
        where = self.url or Path(self.path or "")
        return Database(where, self.networks, self.timeout, self.longest, self.max_bytes, self.rows)


def fetch(options: Options, cursor: Mapping[str, str]) -> Fetch:
    """The rows as records, all read before the first is given; FeedError where they cannot be had."""
    database = options.database
    of = hashlib.sha256(f"{database.where}\0{options.query}".encode()).hexdigest()
    before = cursor if cursor.get("of") == of else {}
    values = {_SINCE: _kept(before, options)} if options.since else {}
    columns, rows = database.ask(options.query, **values)
    _check(options, columns, rows, database.name)
    state = hashlib.sha256(repr((columns, rows)).encode()).hexdigest()
    read_up_to = _greatest(options, columns, rows, database.name) or before.get(_SINCE, "")
    after = {"of": of, "state": state, _SINCE: read_up_to}
    if before.get("state") == state:
        return Fetch((), after, unchanged=True, columns=columns)
    records = [
        Record({name: _plain(value) for name, value in zip(columns, row, strict=True)}, f"row {number}")
        for number, row in enumerate(rows, start=1)
    ]
    return Fetch(records, after, columns=columns)


def _check(options: Options, columns: Sequence[str], rows: Sequence[Any], name: str) -> None:
    twice = sorted({column for column in columns if columns.count(column) > 1})
    if twice:
        raise FeedError(f"{name}: the query gives '{twice[0]}' twice; name each column (AS ...)")
    if options.since and options.since not in columns:
        raise FeedError(f"{name}: the query gives no column '{options.since}', which 'since' names")
    if options.not_empty and not rows:
        raise FeedError(f"{name}: no row where there always is one (not_empty)")


def _greatest(options: Options, columns: Sequence[str], rows: Sequence[Sequence[Any]], name: str) -> str:
    """The greatest value of the column that is read by, as the cursor keeps it; empty where there is none."""
    if not options.since:
        return ""
    at = columns.index(options.since)
    values = [row[at] for row in rows if row[at] is not None]
    try:
        return _written(max(values)) if values else ""
    except (TypeError, KeyError) as error:
        said = f"'{options.since}' holds what cannot be put in order"
        raise FeedError(f"{name}: {said}; read by a number, a moment or a text") from error


def _written(value: Any) -> str:
    kind = next((kind for kind, (type_, _, _) in _KINDS.items() if isinstance(value, type_)), "")
    return json.dumps([kind, _KINDS[kind][1](value)])


def _kept(cursor: Mapping[str, str], options: Options) -> Any:
    if not cursor.get(_SINCE):
        return options.begin
    kind, text = json.loads(cursor[_SINCE])
    return _KINDS[kind][2](text)


def _plain(value: Any) -> Any:
    """A value as a record holds it: what JSON has, moments as ISO 8601; bytes nobody can read."""
    if value is None or isinstance(value, bool | int | float | str | dict | list):
        return value
    if isinstance(value, bytes | bytearray | memoryview):
        return None
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
