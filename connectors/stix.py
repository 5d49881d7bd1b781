"""STIX 2.1: the objects of a bundle, or of a collection that a TAXII 2.1 server gives out in pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic import Field, model_validator

from connectors.http import Answer, get, shown
from connectors.paging.statement import at, described
from connectors.reading.document import Document
from connectors.reading.tree import load
from connectors.source import Records, Source, documents
from engine.errors import FeedError
from engine.model.feed import Broken, Fetch, Record
from engine.model.later import Later

if TYPE_CHECKING:
    import httpx
else:
    httpx = Later("httpx")

ID = "stix"

_TAXII = "application/taxii+json;version=2.1"
#: Where a server says when the last object of a page was added.
_ADDED = "X-TAXII-Date-Added-Last"
#: What ties objects together, or says who may see them, tells of nothing that happened.
_TIES = ("relationship", "marking-definition", "language-content", "extension-definition")


class Options(Source):
    """`path` or `url` of a bundle; with `taxii` the address of a collection."""

    #: The `url` is that of a collection of a TAXII 2.1 server.
    taxii: bool = False
    #: Only objects of these types; without them all but ties and markings.
    types: tuple[str, ...] = ()
    #: Of a collection: so many objects a page, and at most so many pages a poll.
    limit: int = Field(default=500, ge=1, le=10_000)
    #: Of a collection: at most so many pages a poll.
    pages: int = Field(default=50, ge=1, le=10_000)

    @model_validator(mode="after")
    def _of_collections(self) -> Options:
        if self.taxii and self.url is None:
            raise ValueError("a collection of a TAXII server has a url")
        if not self.taxii and {"limit", "pages"} & self.model_fields_set:
            raise ValueError("'limit' and 'pages' go only with taxii: true")
        return self


def fetch(options: Options, cursor: Mapping[str, str]) -> Fetch:
    """The objects; raises FeedError for what is no bundle, and where one page of several cannot be had."""
    if options.taxii:
        return _polled(options, cursor)
    found = documents(options, cursor)
    if found.unchanged:
        return found.fetch()
    return found.fetch(Records(found.files, partial(_bundle, options), options))


def _bundle(options: Options, file: Document, where: str) -> Iterator[Record | Broken]:
    document = load(file.read(), file.name)
    if at(document, "type") != "bundle":
        raise FeedError(f"{file.name}: no STIX bundle, {described(document)}; check the address")
    return _objects(options, _listed(document, "STIX bundle", file.name), where)


def _polled(options: Options, cursor: Mapping[str, str]) -> Fetch:
    """What was added since the last poll, all pages of it."""
    of = str(options.url)
    before = cursor if cursor.get("of") == of else {}
    records: list[Record | Broken] = []
    added, following = before.get("added", ""), ""
    for number in range(1, options.pages + 1):
        answer = _page(options, before.get("added", ""), following)
        page = load(answer.body, shown(answer.url)) if answer.body.strip() else {}
        records += _objects(options, _listed(page, "TAXII envelope", shown(answer.url)), f"page {number} ")
        added = max(added, answer.headers.get(_ADDED, ""))
        before_this, following = following, str(page.get("next") or "") if page.get("more") else ""
        if page.get("more") and following in ("", before_this):
            raise FeedError(f"{shown(of)}: says there is more, and not by which 'next'; ask the server")
        if not following:
            options.expect(bool(records or added))
            after = {"of": of, "added": added}
            return Fetch(records, after, unchanged=not records and added == before.get("added"))
    raise FeedError(f"{shown(of)}: more pages than {options.pages}; raise 'pages' or 'limit'")


def _page(options: Options, since: str, following: str) -> Answer:
    asked = {"limit": str(options.limit), "added_after": since, "next": following}
    url = httpx.URL(f"{str(options.url).rstrip('/')}/objects/")
    url = url.copy_merge_params({name: value for name, value in asked.items() if value})
    typed = options.model_copy(update={"headers": {"Accept": _TAXII, **options.headers}})
    answer = get(str(url), typed, {})
    assert answer is not None, "without validators there is always an answer"
    kind = answer.headers.get("Content-Type", "")
    if not kind.replace(" ", "").startswith("application/taxii+json"):
        raise FeedError(f"{shown(answer.url)}: no TAXII 2.1 server; check the address of the collection")
    return answer


def _listed(document: Any, kind: str, name: str) -> list[Any]:
    """The objects; none where it has no list of them, which STIX and TAXII allow."""
    found = document.get("objects", []) if isinstance(document, dict) else None
    if not isinstance(found, list):
        raise FeedError(f"{name}: no {kind}, {described(document)}; ask the server")
    return found


def _objects(options: Options, objects: Sequence[Any], where: str) -> Iterator[Record | Broken]:
    for number, one in enumerate(objects, start=1):
        place = f"{where}object {number}"
        if not isinstance(one, dict) or not isinstance(one.get("type"), str):
            yield Broken(place, "not a STIX object")
        elif one["type"] in options.types if options.types else one["type"] not in _TIES:
            yield Record(one, place)
