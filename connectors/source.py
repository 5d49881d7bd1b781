"""Where a connector reads: a file, a pattern of files or an address; changed since the last poll or not."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import Field, model_validator

from connectors.folder import look
from connectors.http import VALIDATORS, Http, changed_at, get, shown
from connectors.reading.archive import parts
from connectors.reading.document import Document
from engine.errors import FeedError
from engine.model.feed import Broken, Fetch, Listing, Record
from engine.model.reason import Reason


class Source(Http):
    """`path` (a file or a pattern) or `url`, how to fetch, and what must be found there."""

    #: A file, or a pattern of files.
    path: Path | None = None
    #: The feed's own address.
    url: str | None = Field(default=None, repr=False)
    #: Which members of an archive are read: a pattern such as `*.csv`.
    member: str = ""
    #: The source always has something: nothing at all is a failed poll.
    not_empty: bool = False
    #: A drop folder: each file is read once, when it is whole.
    once: bool = False
    #: So many seconds nobody has written to a file that is whole.
    settle: float = Field(default=30, ge=0, le=86_400)
    #: The folder to which a file is moved once what it holds is stored.
    done: Path | None = None

    @model_validator(mode="after")
    def _one(self) -> Source:
        if (self.path is None) == (self.url is None):
            raise ValueError("exactly one of path, url is needed here")
        if self.url is not None and not self.url.startswith(("http://", "https://")):
            raise ValueError("the url begins with http:// or https://; for a file give a path")
        if self.once and self.path is None:
            raise ValueError("'once' goes with path: it is files that are dropped")
        for key in ("settle", "done"):
            if key in self.model_fields_set and not self.once:
                raise ValueError(f"'{key}' goes only with once: true")
        return self

    def expect(self, found: bool) -> None:
        """Raises FeedError where nothing was found and there always is something."""
        if self.not_empty and not found:
            of = shown(self.url) if self.url else str(self.path)
            raise FeedError(f"{of}: an empty answer where there always is something (not_empty)")


#: From a document, and what stands before the places in it, to what it holds.
Parse = Callable[[Document, str], Iterator[Record | Broken]]


class Records:
    """What documents and the members of archives hold, read anew each time it is gone through.

    Raises FeedError for one that cannot be read; among several files it stops no other. Where the
    `source` says that there is always something, nothing at all is an error too.
    """

    def __init__(self, files: Sequence[Document], parse: Parse, source: Source | None = None) -> None:
        self._files = files
        self._parse = parse
        self._source = source
        #: The members of archives that were read.
        self.parts: dict[str, None] = {}

    def __iter__(self) -> Iterator[Record | Broken]:
        found = False
        for one in self._every():
            found = True
            yield one
        if self._source is not None:
            self._source.expect(found)

    def _every(self) -> Iterator[Record | Broken]:
        if len(self._files) == 1:
            yield from self._of(self._files[0], "")
            return
        for file in self._files:
            try:
                yield from self._of(file, f"{file.name} ")
            except FeedError as error:
                yield Broken(file.name, Reason(str(error)).without(file.name), whole=True)

    def _of(self, file: Document, where: str) -> Iterator[Record | Broken]:
        members = parts(file)
        self.parts |= {f"{file.name}/{member.name}": None for member in members if member is not file}
        for member in members:
            yield from self._parse(member, where if len(members) == 1 else f"{where}{member.name} ")


@dataclass(frozen=True)
class Found:
    """What a source holds now: its documents, none where nothing has changed, and what goes with them."""

    files: Sequence[Document]
    cursor: Mapping[str, str]
    changed_at: datetime | None
    unchanged: bool = False
    unseen: bool = False
    #: Of a pattern: the files that there are.
    listing: Listing | None = None

    def fetch(
        self, records: Iterable[Record | Broken] = (), polls: tuple[datetime, ...] = (),
        notices: Sequence[str] = (), **more: str,
    ) -> Fetch:  # fmt: skip
        """The fetch that brings `records`; notices: what is noted while they are read; `more` goes into the
        cursor."""
        return Fetch(
            records, {**self.cursor, **more}, polls, self.unchanged, self.unseen, self.changed_at,
            notices=notices, listing=self.listing,
            parts=records.parts if isinstance(records, Records) else (),
        )  # fmt: skip


def documents(source: Source, cursor: Mapping[str, str]) -> Found:
    """What there is to read and the cursor after it.

    Raises FeedError for a file that is not there or an address that does not answer.
    """
    of = str(source.path or source.url)
    before = cursor if cursor.get("of") == of else {}
    if source.url is not None:
        return _fetched(source, source.url, {"of": of}, before)
    assert source.path is not None
    if source.once:
        return _dropped(source, source.path, {"of": of}, before)
    found = {path: path.stat() for path in _files(source.path)}
    listing = _listing(source.path, {path: stat.st_mtime for path, stat in found.items()})
    state = hashlib.sha256()
    for path, stat in found.items():
        state.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    changed_at = _newest(stat.st_mtime for stat in found.values())
    if before.get("state") == state.hexdigest():
        return Found((), cursor, changed_at, unchanged=True, listing=listing)
    files = [Document.of(path, source.max_bytes, source.member) for path in found]
    return Found(files, {"of": of, "state": state.hexdigest()}, changed_at, listing=listing)


def _dropped(source: Source, path: Path, after: dict[str, str], before: Mapping[str, str]) -> Found:
    found = _files(path)
    times = {one: one.stat().st_mtime for one in found}
    changed_at, listing = _newest(times.values()), _listing(path, times, once=True)
    drop = look(found, before, source.settle, source.done)
    files = [Document.of(one, source.max_bytes, source.member) for one in drop.files]
    return Found(files, {**after, **drop.cursor}, changed_at, unchanged=not files, listing=listing)


def _listing(path: Path, times: Mapping[Path, float], *, once: bool = False) -> Listing | None:
    """What a pattern finds; None for a single file, of which it is known when it changed."""
    if not _pattern(path):
        return None
    return Listing({str(one): datetime.fromtimestamp(at, UTC) for one, at in times.items()}, once)


def _newest(times: Iterable[float]) -> datetime | None:
    """The latest of the times that are not still to come: such a one says nothing."""
    now = datetime.now(UTC)
    moments = (datetime.fromtimestamp(seconds, UTC) for seconds in times)
    return max((moment for moment in moments if moment <= now), default=None)


def _pattern(path: Path) -> bool:
    return any(mark in str(path) for mark in "*?[")


def _files(path: Path) -> list[Path]:
    """The file itself, or every file that fits the pattern, in order; an empty inbox is no failure."""
    if _pattern(path):
        start = Path(path.anchor or ".")
        return sorted(one for one in start.glob(str(path).removeprefix(path.anchor)) if one.is_file())
    if not path.is_file():
        raise FeedError(f"{path}: there is no such file; check the feed's path")
    return [path]


def _fetched(source: Source, url: str, after: dict[str, str], before: Mapping[str, str]) -> Found:
    answer = get(url, source, before)
    if answer is None:
        return Found((), before, changed_at(before), unchanged=True, unseen=True)
    state = hashlib.sha256(answer.body).hexdigest()
    if before.get("state") == state:
        # The same under other validators: those of the latest answer are asked with next time.
        kept = {name: value for name, value in before.items() if name not in VALIDATORS}
        return Found((), {**kept, **answer.validators}, answer.changed_at, unchanged=True)
    document = Document(shown(url), source.max_bytes, lambda: io.BytesIO(answer.body), source.member)
    return Found([document], {**after, **answer.validators, "state": state}, answer.changed_at)
