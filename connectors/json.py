"""JSON: a list of records, an object that holds one, or one object a line; from files or over HTTP."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import orjson
from pydantic import Field, model_validator

from connectors.http import Answer, get, shown
from connectors.polls import Column, moments
from connectors.source import Document, Records, Source, documents
from engine.errors import FeedError
from engine.model.feed import Broken, Fetch, Record

ID = "json"

_LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
#: So much of what cannot be read is kept for whoever looks at the reject.
_SHOWN = 200


class Options(Source):
    """See docs/feeds.md."""

    lines: bool | None = None
    records: str = ""
    next: str = ""
    page: str = ""
    first_page: int = 1
    pages: int = Field(default=50, ge=1, le=10_000)
    polls: Path | Column | None = None

    @model_validator(mode="after")
    def _paged(self) -> Options:
        if (self.next or self.page) and not self.url:
            raise ValueError("only an address has pages: 'next' and 'page' go with url")
        if self.next and self.page:
            raise ValueError("pages are found either by 'next' or by 'page'")
        return self


def fetch(options: Options, cursor: Mapping[str, str]) -> Fetch:
    """The records of every file or page; raises FeedError where one cannot be fetched or read."""
    if options.next or options.page:
        return _fetch_pages(options, cursor)
    found = documents(options, cursor)
    if found is None:
        return Fetch((), cursor, unchanged=True)
    files, after = found
    records = Records(files, partial(_document, options))
    return Fetch(records, after, moments(options.polls, lambda: records, options.max_bytes))


def _document(options: Options, file: Document, where: str) -> Iterator[Record | Broken]:
    by_line = file.name.endswith(_LINES) if options.lines is None else options.lines
    if by_line:
        return _of_lines(file, where)
    return _numbered(_listed(_load(file.read(), file.name), file.name, options.records), where)


def _of_lines(file: Document, where: str) -> Iterator[Record | Broken]:
    with file.open() as stream:
        for number, line in enumerate(stream, start=1):
            if line.strip():
                place = f"{where}line {number}"
                try:
                    yield _record(orjson.loads(line), place)
                except orjson.JSONDecodeError as error:
                    yield Broken(place, f"not JSON: {error}", line[:_SHOWN].decode("utf-8", "replace"))


def _numbered(found: Iterable[Any], where: str) -> Iterator[Record | Broken]:
    return (_record(item, f"{where}record {number}") for number, item in enumerate(found, start=1))


def _record(item: Any, place: str) -> Record | Broken:
    if isinstance(item, dict):
        return Record(item, place)
    return Broken(place, f"not an object with fields but {type(item).__name__}")


def _load(body: bytes, name: str) -> Any:
    """Strict: NaN, Infinity, lone surrogates and invalid UTF-8 are no JSON (RFC 8259). Of a key that
    stands twice the last value counts, as with every other reader."""
    try:
        return orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise FeedError(f"{name}: not JSON: {error}; ask the source to mend it") from error


def _listed(document: Any, name: str, path: str) -> list[Any]:
    found = _at(document, path)
    if not isinstance(found, list):
        where = f"at '{path}'" if path else "at the top"
        raise FeedError(f"{name}: there is no list of records {where}; set 'records' to the path of the list")
    return found


def _at(document: Any, path: str) -> Any:
    for key in path.split(".") if path else ():
        document = document.get(key) if isinstance(document, dict) else None
    return document


def _fetch_pages(options: Options, cursor: Mapping[str, str]) -> Fetch:
    """All pages are fetched before the first record is given: a poll is good as a whole or failed."""
    found: list[Record | Broken] = []
    state, seen = hashlib.sha256(), set()
    for number, (answer, document) in enumerate(_pages(options), start=1):
        body = hashlib.sha256(answer.body).digest()
        if body in seen:  # the last page again is how some sources answer for a page beyond it
            if options.next:
                found.append(Broken(f"page {number}", "the same as a page before it: the links go round"))
            break
        if number > options.pages:
            found.append(Broken(f"page {number}", f"more pages than {options.pages}; raise 'pages'"))
            break
        seen.add(body)
        state.update(body)
        found += _numbered(_listed(document, shown(answer.url), options.records), f"page {number} ")
    after = {"of": str(options.url), "state": state.hexdigest()}
    if dict(cursor) == after:
        return Fetch((), cursor, unchanged=True)
    return Fetch(found, after)


def _pages(options: Options) -> Iterator[tuple[Answer, Any]]:
    """Page after page, one more than the bound where there are more."""
    url = str(options.url)
    for number in range(options.first_page, options.first_page + options.pages + 1):
        page = str(httpx.URL(url).copy_merge_params({options.page: number})) if options.page else url
        answer = get(page, options, {})
        assert answer is not None, "without validators there is always a body"
        document = _load(answer.body, shown(page))
        if options.page and _at(document, options.records) == []:
            return
        yield answer, document
        following = _at(document, options.next) if options.next else None
        if options.next and not following:
            return
        url = _same_host(url, str(following)) if following else url


def _same_host(url: str, following: str) -> str:
    """The next page's address; it must stay where the configured headers may be sent."""
    found = urljoin(url, following)
    if urlsplit(found).netloc != urlsplit(url).netloc:
        raise FeedError(f"{shown(url)}: the next page lies on another host ({shown(found)}); refused")
    return found
