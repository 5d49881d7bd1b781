"""A watched drop folder: each file is read once, when it is whole, and then moved aside or remembered."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import FeedError

#: How programs call what they have not written to its end.
_UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart", "~")
_LENGTH = 16


@dataclass(frozen=True)
class Drop:
    """What lies in the folder now: what is read this time, and what the next poll must know."""

    files: tuple[Path, ...]
    cursor: Mapping[str, str]


def look(found: Iterable[Path], before: Mapping[str, str], settle: float, done: Path | None) -> Drop:
    """The files that are whole and were never read. Those that the last poll read are moved to `done` first:
    it has been stored by now what they held.

    Raises FeedError where one cannot be moved or read.
    """
    read, waited = (json.loads(before.get(name, "{}")) for name in ("read", "waiting"))
    seen, waiting, fresh = dict[str, str](), dict[str, str](), list[Path]()
    known = set(read.values())
    for path in found:
        if path.name.startswith(".") or path.name.lower().endswith(_UNFINISHED) or _within(path, done):
            continue
        mark = _mark(path)
        if mark in read:
            if done is None:
                seen[mark] = read[mark]
            else:
                _aside(path, done)
        elif mark in waited or time.time() - path.stat().st_mtime >= settle:
            digest = seen[mark] = _digest(path)
            if digest not in known:
                known.add(digest)
                fresh.append(path)
        else:
            waiting[mark] = ""
    return Drop(tuple(fresh), {"read": json.dumps(seen), "waiting": json.dumps(waiting)})


def _within(path: Path, folder: Path | None) -> bool:
    return folder is not None and path.absolute().is_relative_to(folder.absolute())


def _mark(path: Path) -> str:
    """Another one as soon as somebody writes to the file."""
    stat = path.stat()
    told = f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}".encode("utf-8", "surrogateescape")
    return hashlib.sha256(told).hexdigest()[:_LENGTH]


def _digest(path: Path) -> str:
    """What is in the file: a copy of it under another name is no other file."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[: 2 * _LENGTH]
    except OSError as error:
        raise FeedError(f"{path.name}: cannot be read: {error.strerror or error}") from error


def _aside(path: Path, folder: Path) -> None:
    """Moves it aside, under a name that none has there."""
    names = (path.name, *(f"{path.stem}.{number}{path.suffix}" for number in range(1, 10_000)))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        target = next(folder / name for name in names if not os.path.lexists(folder / name))
        shutil.move(path, target)
    except (OSError, StopIteration) as error:
        said = f"cannot be moved to {folder}: {getattr(error, 'strerror', None) or error}"
        raise FeedError(f"{path.name}: {said}; see who may write there") from error
