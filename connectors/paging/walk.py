"""Going from page to page until the last, so that what was read is the whole list or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson

from connectors.http import Answer, StatusError, get, shown
from connectors.paging.options import NAMED, Paged, Token
from connectors.paging.statement import at
from connectors.reading.tree import load
from engine.errors import FeedError
from engine.model.feed import Broken, Fetch, Record
from engine.model.later import Later

if TYPE_CHECKING:
    import httpx
else:
    httpx = Later("httpx")

#: What an address in a page begins with; anything else may as well be a token.
_ADDRESS = ("http://", "https://", "/", "?", "./", "../")

#: From a document and its name to the records in it; raises FeedError where there is no list of them.
Listed = Callable[[Any, str], Sequence[Any]]
#: From a record as it stands in the document, and its place, to the record.
Read = Callable[[Any, str], Record | Broken]


@dataclass(frozen=True)
class _Page:
    """One answer, its document and the records in it; `start` is what it was counted by."""

    answer: Answer
    document: Any
    records: Sequence[Any]
    start: int

    @property
    def name(self) -> str:
        return shown(self.answer.url)

    def above(self, field: str) -> Any:
        """What stands above the records."""
        if not isinstance(self.document, dict):
            raise FeedError(f"{self.name}: nothing stands above the records that could be '{field}'")
        return at(self.document, field)


def fetch(options: Paged, cursor: Mapping[str, str], listed: Listed, read: Read) -> Fetch:
    """All pages, before the first record is given: a poll is good as a whole or failed (FeedError)."""
    found = _Walk(options, listed).pages()
    count = sum(len(page.records) for page in found)
    options.expect(bool(count))
    options.complete([page.document for page in found], count, shown(str(options.url)))
    state = hashlib.sha256()
    for page in found:
        state.update(hashlib.sha256(page.answer.body).digest())
    after = {"of": str(options.url), "state": state.hexdigest()}
    changed_at = max((moment for page in found if (moment := page.answer.changed_at)), default=None)
    if dict(cursor) == after:
        return Fetch((), cursor, unchanged=True, changed_at=changed_at)
    records = [
        read(record, f"page {number} record {place}")
        for number, page in enumerate(found, start=1)
        for place, record in enumerate(page.records, start=1)
    ]
    for page in found:
        records += options.part(page.document, page.records, page.name, paged=True)
    return Fetch(records, after, changed_at=changed_at)


class _Walk:
    """One way through the pages of a source, and what was seen on it."""

    def __init__(self, options: Paged, listed: Listed) -> None:
        self._options = options
        self._listed = listed
        self._found: list[_Page] = []
        self._asked: set[str] = set()
        #: By what they hold: the pages that hold something.
        self._told: dict[bytes, int] = {}

    def pages(self) -> list[_Page]:
        """Every page up to the last; raises FeedError where there is no telling that it is the last."""
        options, start = self._options, self._options.first
        url = str(options.url)
        if options.counted:
            url = _with(url, options.counted, start)
        while url:
            page = self._page(url, start)
            if page is None or self._again(page):
                break
            self._found.append(page)
            start += options.step or (len(page.records) if options.by_records else 1)
            url = self._following(page, start)
        return self._found

    def _page(self, url: str, start: int) -> _Page | None:
        """The page at `url`; None where the source says that it lies beyond the last."""
        options, name = self._options, shown(url)
        if url in self._asked:
            raise FeedError(f"{name}: named again by page {len(self._found)}: the links go round")
        self._asked.add(url)
        try:
            answer = get(url, options, {})
        except StatusError as error:
            if options.counted and self._found and error.status in options.beyond:
                return None
            raise
        assert answer is not None, "without validators there is always a body"
        document = load(answer.body, name)
        records = self._listed(document, name)
        options.approve(document, records, name, paged=True)
        page = _Page(answer, document, records, start)
        goes_on = records or self._following(page, start)
        if goes_on and len(self._found) == options.pages:
            raise FeedError(f"{name}: more pages than {options.pages}; {_advice(options)}")
        return page

    def _again(self, page: _Page) -> bool:
        """Whether the page was had before: so some sources answer for a page beyond the last.

        Raises FeedError where that is no end, where records were passed over, or where the parameter is
        plainly not heeded.
        """
        options, found = self._options, self._found
        mark = hashlib.sha256(orjson.dumps(page.records)).digest()
        if page.records and mark in self._told:
            self._ended(page, self._told[mark])
            return True
        self._told[mark] = len(found) + 1
        reached = found[-1].start + len(found[-1].records) if found else page.start
        if options.by_records and page.records and reached < page.start:
            said = f"{page.name}: records {reached} to {page.start - 1} were passed over"
            raise FeedError(f"{said}: the source gives fewer than 'step' at a time; leave 'step' out")
        return False

    def _ended(self, page: _Page, before: int) -> None:
        """Raises FeedError where a page that holds what one before it did is no sign that there are no more:
        only who counts may go beyond the last page, and that is the one before, or not full."""
        options, found = self._options, self._found
        said = f"{page.name}: page {len(found) + 1} holds what page {before} did"
        if not options.counted:
            raise FeedError(f"{said}: the source does not go on; check the address and {_way(options)}")
        most = max(len(one.records) for one in found)
        full = len(found[-1].records) >= (most if len(found) > 1 else options.limit or most)
        if full and not options.total and (before < len(found) or len(found) == 1):
            advice = "where there are no more, say in the address how many a page may hold, or name 'total'"
            raise FeedError(f"{said}, which is full: the source does not heed '{options.counted}'; {advice}")

    def _following(self, page: _Page, start: int) -> str:
        """The address of the next page; empty after the last."""
        options = self._options
        if not page.records and (options.counted or options.empty_ends):
            return ""
        if options.counted:
            return _with(str(options.url), options.counted, start)
        if options.cursor:
            return _by_token(options, options.cursor, page)
        reference = page.answer.following if options.link else _reference(page, options.next)
        return options.allowed("").joined(page.answer.url, reference) if reference else ""


def _by_token(options: Paged, token: Token, page: _Page) -> str:
    found = page.above(token.field)
    if not found or (token.more and not page.above(token.more)):
        return ""
    if isinstance(found, bool | dict | list):
        raise FeedError(f"{page.name}: '{token.field}' holds no token but {type(found).__name__}")
    return _with(str(options.url), token.parameter, found)


def _reference(page: _Page, field: str) -> str:
    """The address that the page names; of a list of links the one whose `rel` is `next`."""
    found = page.above(field)
    if isinstance(found, list):
        found = next((one.get("href") for one in found if isinstance(one, dict) and _is_next(one)), None)
    if not found:
        return ""
    if isinstance(found, str) and (found.startswith(_ADDRESS) or "?" in found or _is_file(found)):
        return found
    raise FeedError(
        f"{page.name}: '{field}' holds no address; where it is a token for the query of the next page, write"
        f" cursor: {{field: {field}, parameter: ...}} instead of next"
    )


def _is_next(link: Mapping[str, Any]) -> bool:
    return "next" in str(link.get("rel", "")).lower().split()


def _is_file(text: str) -> bool:
    return urlsplit(text).path.endswith((".json", ".geojson", ".jsonl"))


def _with(url: str, parameter: str, value: Any) -> str:
    return str(httpx.URL(url).copy_merge_params({parameter: value}))


def _way(options: Paged) -> str:
    return next(f"'{way}'" for way in NAMED if getattr(options, way))


def _advice(options: Paged) -> str:
    if options.page and not options.by_records:
        return f"raise 'pages', or write offset: {options.page} where it counts records"
    return "raise 'pages' if that is right"
