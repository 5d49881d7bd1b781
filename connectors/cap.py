"""CAP 1.1 and 1.2: a single alert, or an Atom or RSS index that links to alerts or holds them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from pydantic import Field

from connectors.alert import read
from connectors.http import get, shown
from connectors.pages import Paged, unfollowed, walk
from connectors.reading.document import Document
from connectors.reading.element import local, parse
from connectors.reading.index import ROOTS, Entry, entries
from connectors.source import documents
from engine.errors import FeedError
from engine.model.alert import Alert
from engine.model.feed import Broken, Fetch
from engine.model.reason import Reason

ID = "cap"


class Options(Paged):
    """See docs/feeds.md."""

    #: Whether the alerts that an index links to are fetched.
    follow: bool = True
    #: At most so many linked alerts a poll.
    entries: int = Field(default=500, ge=1, le=10_000)
    #: Which of an alert's languages is read; the first by default.
    language: str = ""
    #: Which alerts count; an exercise is no incident.
    status: tuple[str, ...] = ("Actual",)


def fetch(options: Options, cursor: Mapping[str, str]) -> Fetch:
    """The alerts of every file, and of what an index links to; an entry that has not moved is not
    fetched again. Raises FeedError where a file, or the index itself, cannot be read."""
    found = documents(options, cursor)
    if found.unchanged:
        return found.fetch()
    reading = _Reading(options, _Seen.of(cursor))
    brought = list(reading.documents(found.files, cursor))
    options.expect(bool(brought or reading.seen.marks))
    broken = [one for one in brought if isinstance(one, Broken)]
    alerts = tuple(one for one in brought if isinstance(one, Alert))
    # Without its validators and its state the index is read again.
    after = {"of": found.cursor["of"]} if reading.seen.unsure else found.cursor
    return replace(
        found.fetch(broken, notices=reading.notices), cursor={**after, **reading.cursor()}, alerts=alerts,
        kept=reading.kept, more=reading.more, passed=reading.passed,
    )  # fmt: skip


@dataclass
class _Seen:
    """The entries whose alerts are in hand: by their marks, and the validators of those without a date."""

    marks: dict[str, Mapping[str, str]]
    #: An alert could not be had, or may change unseen: the index must be read even if it does not change.
    unsure: bool = False

    @classmethod
    def of(cls, cursor: Mapping[str, str]) -> _Seen:
        validators = json.loads(cursor.get("validators", "{}"))
        return cls({mark: validators.get(mark, {}) for mark in cursor.get("seen", "").split()})

    def cursor(self) -> dict[str, str]:
        validators = {mark: dict(found) for mark, found in sorted(self.marks.items()) if found}
        kept = {"validators": json.dumps(validators)} if validators else {}
        return {"seen": " ".join(sorted(self.marks)), **kept}


class _Reading:
    """One poll: what an earlier one has fetched already, and what this one has seen."""

    def __init__(self, options: Options, before: _Seen) -> None:
        self._options = options
        self._before = before.marks
        self._fetched = 0
        self._waiting = 0
        self.seen = _Seen({})
        #: How many entries are as they were, and how many messages do not count.
        self.kept = self.passed = 0
        self._told, self.more = "", False
        self.notices: list[str] = []

    def cursor(self) -> dict[str, str]:
        return {**self.seen.cursor(), **({"told": self._told} if self._told else {})}

    def documents(self, files: Sequence[Document], before: Mapping[str, str]) -> Iterator[Alert | Broken]:
        """What the files hold, and their indexes lead to; one of several that cannot be read is broken.
        before: the cursor of the poll before."""
        for file in files:
            try:
                yield from self._read(file, before)
            except FeedError as error:
                if len(files) == 1:
                    raise
                yield Broken(file.name, Reason(str(error)).without(file.name), whole=True)
        if self._waiting:
            said = "… more alerts than 'entries' allows in one poll; the next one goes on"
            yield Broken(self._options.url or str(self._options.path), Reason(said, self._waiting))

    def _read(self, file: Document, before: Mapping[str, str]) -> Iterator[Alert | Broken]:
        """What a file holds; of an address with its further pages."""
        if self._options.url is None:
            root = parse(file.read(), file.name)
            self.notices += filter(None, [unfollowed(root, file.name)])
            yield from self._document(root, file.name)
            return
        # Where an alert could not be had, or may change unseen, it may stand on any page.
        pages = walk(self._options, file, before.get("told", ""), again="state" not in before)
        self._told, self.more, self.notices = pages.told, pages.more, pages.notices
        for page in pages.pages:
            yield from self._document(page.root, page.name)

    def _document(self, root: Element, name: str) -> Iterator[Alert | Broken]:
        kind = local(root)
        if kind == "alert":
            yield from self._alert(root, name)
        elif kind in ROOTS:
            for entry in entries(root, name):
                yield from self._entry(entry)
        else:
            raise FeedError(f"{name}: <{kind}> is neither a CAP alert nor an Atom or RSS index")

    def _alert(self, alert: Element, place: str) -> Iterator[Alert | Broken]:
        told = list(read(alert, place, self._options.language, self._options.status))
        self.passed += not told
        return iter(told)

    def _entry(self, entry: Entry) -> Iterator[Alert | Broken]:
        """The alert an entry holds, links to, or tells in its own elements."""
        held = next((element for element in entry.element.iter() if local(element) == "alert"), None)
        if held is not None:
            yield from self._alert(held, entry.place)
        elif self._options.follow:
            yield from self._linked(entry)
        else:
            yield from self._alert(entry.element, entry.place)

    def _linked(self, entry: Entry) -> Iterator[Alert | Broken]:
        before = self._before.get(entry.mark)
        if before is not None and entry.dated:
            self._keep(entry, before)
            return
        try:
            yield from self._asked(entry, before or {})
        except FeedError as error:
            self.seen.unsure = True
            yield Broken(entry.place, Reason(str(error)).without(shown(entry.link)))

    def _keep(self, entry: Entry, validators: Mapping[str, str]) -> None:
        self.seen.marks[entry.mark] = validators
        self.kept += 1

    def _asked(self, entry: Entry, validators: Mapping[str, str]) -> Iterator[Alert | Broken]:
        """The alert behind a link; of one without a date only the alert itself says whether it has moved."""
        url, options = self._address(entry), self._options
        if options.url is None:
            options = options.model_copy(update={"headers": {}})
        if self._fetched == options.entries:
            self._waiting += 1
            self.seen.unsure = True
            return
        self._fetched += 1
        answer = get(url, options, validators)
        if answer is None:
            self._keep(entry, validators)
        else:
            alert = parse(answer.body, shown(url))
            if local(alert) != "alert":
                raise FeedError(f"{shown(url)}: <{local(alert)}> is no CAP alert")
            yield from self._alert(alert, entry.place)
            self.seen.marks[entry.mark] = {} if entry.dated else answer.validators
        self.seen.unsure |= not entry.dated

    def _address(self, entry: Entry) -> str:
        """Where an entry leads, which must be where the feed may ask (`get`); an index that is a file has no
        host of its own."""
        home = self._options.url
        if not entry.link:
            raise FeedError("the entry links to nothing")
        if home is not None:
            return self._options.allowed(home).joined(home, entry.link)
        parts = urlsplit(entry.link)
        if not {parts.netloc, parts.hostname} & set(self._options.hosts):
            host = parts.hostname or "no address"
            raise FeedError(f"the entry links to {host}; if that is right, add it to 'hosts'")
        return entry.link
