"""Where a connector reads: a file, a pattern of files or an address; changed since the last poll or not."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from pydantic import model_validator

from connectors.http import VALIDATORS, Http, changed_at, get, shown
from engine.errors import FeedError
from engine.model.feed import Broken, Fetch, Record


class Source(Http):
    """`path` (a file or a pattern) or `url`, and how to fetch."""

    path: Path | None = None
    url: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Source:
        if (self.path is None) == (self.url is None):
            raise ValueError("exactly one of path, url is needed here")
        if self.url is not None and not self.url.startswith(("http://", "https://")):
            raise ValueError("the url begins with http:// or https://; for a file give a path")
        return self


@dataclass(frozen=True)
class Document:
    """One file or answer; `open` gives its bytes, unpacked, never more than the bound."""

    name: str
    max_bytes: int
    raw: Callable[[], BinaryIO]

    @classmethod
    def of(cls, path: Path, max_bytes: int) -> Document:
        return cls(path.name, max_bytes, lambda: path.open("rb"))

    @contextmanager
    def open(self) -> Iterator[io.BufferedReader]:
        """Raises FeedError for what is damaged or too large, also while it is read."""
        try:
            with self.raw() as packed:
                yield io.BufferedReader(cast(io.RawIOBase, _Bounded(_unpacked(packed), self)), 1 << 16)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise FeedError(f"{self.name}: damaged: {error}; fetch it anew") from error
        except OSError as error:
            raise FeedError(f"{self.name}: cannot be read: {error.strerror or error}") from error

    def read(self) -> bytes:
        with self.open() as file:
            return file.read()


def _unpacked(packed: BinaryIO) -> BinaryIO:
    """Gzip is recognised by its first two bytes, whatever the name says."""
    start = packed.read(2)
    packed.seek(0)
    return cast(BinaryIO, gzip.GzipFile(fileobj=packed)) if start == b"\x1f\x8b" else packed


class _Bounded(io.RawIOBase):
    """A stream that refuses to give more than a document may hold: a few kilobytes can unpack to
    gigabytes."""

    def __init__(self, stream: BinaryIO, document: Document) -> None:
        self._stream = stream
        self._document = document
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        self._given += len(piece)
        if self._given > self._document.max_bytes:
            limit = self._document.max_bytes >> 20
            raise FeedError(f"{self._document.name}: larger than {limit} MB; raise max_mb if that is right")
        return len(piece)


#: From a document, and what stands before the places in it, to what it holds.
Parse = Callable[[Document, str], Iterator[Record | Broken]]


class Records:
    """What documents hold, read anew each time it is gone through.

    Raises FeedError for one that cannot be read; among several it stops no other.
    """

    def __init__(self, files: Sequence[Document], parse: Parse) -> None:
        self._files = files
        self._parse = parse

    def __iter__(self) -> Iterator[Record | Broken]:
        if len(self._files) == 1:
            yield from self._parse(self._files[0], "")
            return
        for file in self._files:
            try:
                yield from self._parse(file, f"{file.name} ")
            except FeedError as error:
                yield Broken(file.name, str(error))


@dataclass(frozen=True)
class Found:
    """What a source holds now: its documents, none where nothing has changed, and what goes with them."""

    files: Sequence[Document]
    cursor: Mapping[str, str]
    changed_at: datetime | None
    unchanged: bool = False
    unseen: bool = False

    def fetch(
        self, records: Iterable[Record | Broken] = (), polls: tuple[datetime, ...] = (), **more: str
    ) -> Fetch:
        """The fetch that brings `records`; `more` goes into the cursor."""
        return Fetch(
            records, {**self.cursor, **more}, polls, self.unchanged, self.unseen, self.changed_at
        )


def documents(source: Source, cursor: Mapping[str, str]) -> Found:
    """What there is to read and the cursor after it.

    Raises FeedError for a file that is not there or an address that does not answer.
    """
    of = str(source.path or source.url)
    before = cursor if cursor.get("of") == of else {}
    if source.url is not None:
        return _fetched(source, source.url, {"of": of}, before)
    assert source.path is not None
    found = {path: path.stat() for path in _files(source.path)}
    state = hashlib.sha256()
    for path, stat in found.items():
        state.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    changed_at = _newest(stat.st_mtime for stat in found.values())
    if before.get("state") == state.hexdigest():
        return Found((), cursor, changed_at, unchanged=True)
    files = [Document.of(path, source.max_bytes) for path in found]
    return Found(files, {"of": of, "state": state.hexdigest()}, changed_at)


def _newest(times: Iterable[float]) -> datetime | None:
    """The latest of the times that are not still to come: such a one says nothing."""
    now = datetime.now(UTC)
    moments = (datetime.fromtimestamp(seconds, UTC) for seconds in times)
    return max((moment for moment in moments if moment <= now), default=None)


def _files(path: Path) -> list[Path]:
    """The file itself, or every file that fits the pattern, in order; an empty inbox is no failure."""
    if any(mark in str(path) for mark in "*?["):
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
    document = Document(shown(url), source.max_bytes, lambda: io.BytesIO(answer.body))
    return Found([document], {**after, **answer.validators, "state": state}, answer.changed_at)
