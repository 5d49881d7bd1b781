"""Indexes that list documents with the moment each moved last: those not read yet, oldest first."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pydantic import Field

from connectors.http import VALIDATORS, get, shown
from connectors.reading.document import Document
from connectors.reading.tree import load
from connectors.source import Records, Source, documents
from engine.errors import FeedError
from engine.model.feed import Broken, Fetch, Record
from engine.model.reason import Reason


class Following(Source):
    """`path` or `url` of an index, or of documents themselves; how much of an index is followed at a time."""

    #: At most so many listed documents a poll; the next one goes on.
    entries: int = Field(default=500, ge=1, le=10_000)
    #: What moved last before this day is left out.
    begin: date | None = None


@dataclass(frozen=True, order=True)
class Link:
    """A listed document: when it moved last (ISO 8601, UTC), what it is called, and where it lies."""

    moved: str
    name: str
    reference: str


@dataclass(frozen=True)
class Index:
    """What an index lists. settled: it says itself, when asked again, that it is as it was."""

    links: Sequence[Link | Broken]
    settled: bool = True


#: Brings what lies behind a reference, by the rules of the feed.
Ask = Callable[[str], bytes]
#: From a document, its name and whom to ask for more, to the index that it is; None for what is none.
Listed = Callable[[Any, str, Ask], Index | None]
#: From a document and what stands before the places in it, to what it holds.
Read = Callable[[Any, str], Iterator[Record | Broken]]


def link(name: Any, reference: Any, moved: Any) -> Link | Broken:
    """The link, from the moment as an index writes it: ISO 8601, or seconds since 1970."""
    at = _moment(moved)
    if not isinstance(reference, str) or not reference or at is None:
        lacking = "where it lies" if at is not None else "when it moved last"
        return Broken(f"entry {name}", f"the index does not say {lacking}")
    return Link(at.astimezone(UTC).isoformat(), str(name), reference)


def _moment(written: Any) -> datetime | None:
    try:
        if str(written).isdecimal():
            return datetime.fromtimestamp(int(written), UTC)
        found = datetime.fromisoformat(str(written))
    except (ValueError, OverflowError, OSError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def fetch(options: Following, cursor: Mapping[str, str], listed: Listed, read: Read) -> Fetch:
    """The documents that are there, and those an index lists and that were not read yet; raises FeedError
    where the source itself cannot be read."""
    found = documents(options, cursor)
    if found.unchanged:
        return found.fetch()
    same = cursor if cursor.get("of") == found.cursor.get("of") else {}
    reading = _Reading(options, same, listed, read)
    records = list(Records(found.files, reading.document))
    options.expect(bool(records or reading.kept))
    # Without its validators and its state the index is read again.
    forgotten = {*VALIDATORS, "state"} if reading.unsure else set()
    after = {key: value for key, value in found.cursor.items() if key not in forgotten}
    return Fetch(
        records, {**after, **reading.cursor()}, changed_at=found.changed_at, kept=reading.kept,
        notices=reading.notices,
    )  # fmt: skip


class _Reading:
    """One poll: how far earlier ones came, and what this one has seen."""

    def __init__(self, options: Following, before: Mapping[str, str], listed: Listed, read: Read) -> None:
        self._options, self._listed, self._read = options, listed, read
        self._up_to = before.get("up_to", "")
        self._at = set(json.loads(before.get("at", "[]")))
        self._again = {Link(**one) for one in json.loads(before.get("again", "[]"))}
        self.kept, self.unsure = 0, False
        self.notices: list[str] = []

    def cursor(self) -> dict[str, str]:
        again = [asdict(one) for one in sorted(self._again)]
        return {"up_to": self._up_to, "at": json.dumps(sorted(self._at)), "again": json.dumps(again)}

    def document(self, file: Document, where: str) -> Iterator[Record | Broken]:
        """What it holds or leads to."""
        document = load(file.read(), file.name)
        index = self._listed(document, file.name, self._content)
        if index is None:
            yield from self._read(document, where)
            return
        self.unsure |= not index.settled
        yield from (one for one in index.links if isinstance(one, Broken))
        yield from self._linked({one for one in index.links if isinstance(one, Link)})

    def _linked(self, links: set[Link]) -> Iterator[Record | Broken]:
        due = sorted({one for one in links if self._news(one)} | (self._again & links))
        self._again &= links
        self.kept += len(links) - len(due)
        for one in due[: self._options.entries]:
            try:
                content = load(self._content(one.reference), one.name)
                yield from list(self._read(content, f"{one.name} "))
                self._again.discard(one)
            except FeedError as error:
                self._again.add(one)
                yield Broken(one.name, Reason(str(error)).without(one.name))
            self._pass(one)
        waiting = len(due) - self._options.entries
        if waiting > 0:
            said = f"{waiting} more documents are listed than 'entries' allows; the next poll goes on"
            self.notices.append(said)
        self.unsure |= waiting > 0 or bool(self._again)

    def _news(self, one: Link) -> bool:
        begin = self._options.begin
        if begin is not None and one.moved < begin.isoformat():
            return False
        return one.moved > self._up_to or (one.moved == self._up_to and one.name not in self._at)

    def _pass(self, one: Link) -> None:
        """The documents of one moment are read one by one: some may still be to come."""
        if one.moved > self._up_to:
            self._up_to, self._at = one.moved, set()
        if one.moved == self._up_to:
            self._at.add(one.name)

    def _content(self, reference: str) -> bytes:
        """What lies behind a reference: where the feed may ask, or in the folder of the index."""
        options = self._options
        if options.url is not None:
            answer = get(options.allowed(options.url).joined(options.url, reference), options, {})
            assert answer is not None, "without validators there is always a body"
            return answer.body
        folder = Path(options.path or "").parent.resolve()
        path = (folder / reference).resolve()
        if not path.is_relative_to(folder):
            raise FeedError(f"{shown(reference)}: leads out of the folder of the index; refused")
        return Document.of(path, options.max_bytes).read()


def latest(links: Iterable[Link | Broken]) -> list[Link | Broken]:
    """Of each name the link that moved last: a log lists a document as often as it moved."""
    links = list(links)
    last = {one.name: one for one in sorted(one for one in links if isinstance(one, Link))}
    return [*(one for one in links if isinstance(one, Broken)), *last.values()]
