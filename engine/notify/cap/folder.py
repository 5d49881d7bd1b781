"""A CAP feed as a folder: a document for each message, never changed, and an index of what is in force.

Any web server may serve the folder as it stands; `index` and `document` answer for one of our own.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from engine.notify.cap import atom
from engine.notify.cap.publisher import Publisher

INDEX = "index.atom"
#: What this process wrote last into each index: to read it again takes longer than all the rest.
_LISTED: dict[Path, tuple[tuple[int, ...] | None, list[atom.Entry]]] = {}
_SAFE = re.compile(r"[A-Za-z0-9][\w.-]{0,150}", re.ASCII)


@dataclass(frozen=True)
class Folder:
    """The folder at `path`; base: its address, where the index's links are to be whole."""

    path: Path
    publisher: Publisher
    base: str = ""

    def put(self, identifier: str, make: Callable[[], bytes], now: datetime) -> None:
        """Write a message that is not there yet, and the index with it. OSError where that cannot be done."""
        self.path.mkdir(parents=True, exist_ok=True)
        file = filename(identifier)
        with self._alone():
            if not (self.path / file).exists():
                self._write(file, make())
            added = atom.entry((self.path / file).read_bytes(), file)
            listed = atom.joined(self._listed(), added, now)
            self._write(INDEX, atom.write(listed, self.publisher, now, self.base))
            _LISTED[self.path] = (_state(self.path / INDEX), listed)

    def index(self, now: datetime, shown: Callable[[str], bool] = bool) -> bytes:
        """The index as of now: what has expired since it was written is left out, and what is not shown
        (of every document by its name). It is as old as the last message in it."""
        listed = [one for one in atom.current(self._listed(), now) if shown(one.file)]
        never = datetime.fromtimestamp(0, UTC)
        updated = max((datetime.fromisoformat(one.sent) for one in listed), default=never)
        return atom.write(listed, self.publisher, updated, self.base)

    def document(self, file: str) -> bytes | None:
        """The document of that name; None where there is none."""
        path = self.path / file
        wanted = _SAFE.fullmatch(file) and file.endswith(".xml") and path.is_file()
        return path.read_bytes() if wanted else None

    def _listed(self) -> list[atom.Entry]:
        """The entries of the index; of every document, where the index is lost."""
        index = self.path / INDEX
        state, known = _LISTED.get(self.path, (None, []))
        if state is not None and state == _state(index):
            return known
        found = atom.read(index.read_bytes()) if index.exists() else None
        if found is not None:
            return found
        return [atom.entry(file.read_bytes(), file.name) for file in sorted(self.path.glob("*.xml"))]

    def _write(self, name: str, content: bytes) -> None:
        """Whole or not at all."""
        draft = self.path / f".{name}.{os.getpid()}"
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path / name)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """While nobody else, in this process or another, writes the feed."""
        with (self.path / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _state(path: Path) -> tuple[int, ...] | None:
    """Another one as soon as somebody else has written the file; None where there is none."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


def filename(identifier: str) -> str:
    """The identifier where it makes a file's name, else a digest of it."""
    name = identifier if _SAFE.fullmatch(identifier) else hashlib.sha256(identifier.encode()).hexdigest()
    return f"{name}.xml"
