"""One file or answer as a stream of bytes: unpacked, whole, and never more than its bound."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from engine.errors import FeedError
from engine.model.regular import regular

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Document:
    """One file or answer; `open` gives its bytes, unpacked, never more than the bound."""

    name: str
    max_bytes: int
    raw: Callable[[], BinaryIO]
    #: Which members of an archive are read, as a pattern; without one it must hold a single member.
    member: str = ""

    @classmethod
    def of(cls, path: Path, max_bytes: int, member: str = "") -> Document:
        return cls(path.name, max_bytes, lambda: regular(path).open("rb"), member)

    @contextmanager
    def open(self) -> Iterator[io.BufferedReader]:
        """Raises FeedError for what is damaged, cut off or too large, also while it is read."""
        with self.clear(), self.raw() as packed:
            bounded = _Bounded(_unpacked(packed, self.name), self)
            yield io.BufferedReader(cast(io.RawIOBase, bounded), 1 << 16)

    @contextmanager
    def clear(self) -> Iterator[None]:
        """Says of whatever goes wrong in reading what it means."""
        try:
            yield
        except (EOFError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error) as error:
            raise FeedError(f"{self.name}: damaged: {error}; fetch it anew") from error
        except OSError as error:
            raise FeedError(f"{self.name}: cannot be read: {error.strerror or error}") from error

    def read(self) -> bytes:
        with self.open() as file:
            return file.read()

    def too_large(self) -> FeedError:
        """What to raise where it holds more than it may."""
        return FeedError(
            f"{self.name}: larger than {self.max_bytes >> 20} MB; raise max_mb if that is right"
        )


def _unpacked(packed: BinaryIO, name: str) -> BinaryIO:
    """Gzip is recognised by its first two bytes, whatever the name says, and unpacked once."""
    file = io.BufferedReader(cast(io.RawIOBase, packed))
    if file.peek(2)[:2] != _GZIP:
        return cast(BinaryIO, file)
    inner = gzip.GzipFile(fileobj=file)
    if inner.peek(2)[:2] == _GZIP:
        raise FeedError(f"{name}: gzip within gzip, which is refused; pack it once")
    return cast(BinaryIO, inner)


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
        # Whoever reads may by then be outside of `open`, which a generator holds.
        with self._document.clear():
            piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        self._given += len(piece)
        if self._given > self._document.max_bytes:
            raise self._document.too_large()
        return len(piece)
