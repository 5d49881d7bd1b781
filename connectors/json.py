"""JSON: a list of records, an object that holds one, or one object a line; from files or over HTTP."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import orjson
from pydantic import model_validator

from connectors.paging import walk
from connectors.paging.options import Paged
from connectors.paging.statement import at, described
from connectors.polls import Column, moments
from connectors.reading import kind, nested
from connectors.reading.document import Document
from connectors.reading.tree import load
from connectors.source import Records, documents
from engine.errors import FeedError
from engine.model.feed import Broken, Fetch, Record
from engine.model.reason import Reason

ID = "json"

_LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
#: So much of what cannot be read is kept for whoever looks at the reject.
_SHOWN = 4_000


class Options(Paged):
    """See docs/feeds.md."""

    #: One object a line; by default told by the name of the file.
    lines: bool | None = None
    #: The dotted path to the list of records.
    records: str = ""
    #: A historical extract only: when its collector got an answer.
    polls: Path | Column | None = None

    @model_validator(mode="after")
    def _above(self) -> Options:
        if self.lines and (self.ok or self.total):
            raise ValueError("nothing stands above one object a line: 'ok' and 'total' do not go with lines")
        return self


def fetch(options: Options, cursor: Mapping[str, str]) -> Fetch:
    """The records of every file or page; raises FeedError where one cannot be fetched or read."""
    if options.paged:
        return walk.fetch(options, cursor, partial(_listed, options.records), _record)
    found = documents(options, cursor)
    if found.unchanged:
        return found.fetch()
    notices: list[str] = []
    records = Records(found.files, partial(document, options, notices), options)
    polls = moments(options.polls, lambda: records, options.max_bytes)
    return found.fetch(records, polls, notices)


def document(
    options: Options, notices: list[str], file: Document, where: str
) -> Iterator[Record | Broken]:
    """The records of one file; `notices` takes what should be told of it. Raises FeedError."""
    by_line = file.name.endswith(_LINES) if options.lines is None else options.lines
    if by_line:
        return _of_lines(file, where)
    content = load(file.read(), file.name)
    records = _listed(options.records, content, file.name)
    options.approve(content, records, file.name)
    options.complete([content], len(records), file.name)
    if not nested.nests(options.records):  # what is counted there is what the records lie in
        options.note(notices, content, records, file.name)
    return chain(_numbered(records, where), options.part(content, records, file.name))


def _of_lines(file: Document, where: str) -> Iterator[Record | Broken]:
    with file.open() as stream:
        kind.refuse(stream, file.name, "JSON")
        for number, line in enumerate(stream, start=1):
            if line.strip():
                place = f"{where}line {number}"
                try:
                    yield _record(orjson.loads(line), place)
                except orjson.JSONDecodeError as error:
                    if not line.endswith(b"\n"):
                        raise FeedError(f"{file.name}: ends early, within {place}; fetch it anew") from error
                    yield Broken(place, _not_json(error), line[:_SHOWN].decode("utf-8", "replace"))


def _not_json(error: orjson.JSONDecodeError) -> Reason:
    return Reason(f"not JSON: {error.msg}…", str(error).removeprefix(error.msg))


def _numbered(found: Iterable[Any], where: str) -> Iterator[Record | Broken]:
    return (_record(item, f"{where}record {number}") for number, item in enumerate(found, start=1))


def _record(item: Any, place: str) -> Record | Broken:
    if isinstance(item, dict):
        return Record(item, place)
    # A list in the place of a record may hold any number of them.
    whole = isinstance(item, list)
    return Broken(place, f"not an object with fields but {type(item).__name__}", whole=whole)


def _listed(path: str, document: Any, name: str) -> list[Any]:
    found = nested.records(document, path) if nested.nests(path) else at(document, path)
    if isinstance(found, list):
        return found
    where = f"at '{path}'" if path else "at the top"
    said = f"{name}: there is no list of records {where}, {described(document)}"
    raise FeedError(f"{said}; set 'records' to the path of the list, or ask the source what is wrong")
