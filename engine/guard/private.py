"""Files and folders of ours: nobody but their owner may look into them, whatever the process's umask says."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

FILE, FOLDER = 0o600, 0o700
_OTHERS = 0o077


def folder(path: Path) -> Path:
    """The folder; it and those above it are made where they are missing."""
    for one in (*reversed(path.parents), path):
        if not one.exists():
            one.mkdir(mode=FOLDER, exist_ok=True)
    if not path.is_dir():
        raise NotADirectoryError(20, "a file stands where the folder belongs", str(path))
    return path


def opener(path: str, flags: int) -> int:
    """For `open(..., opener=opener)`: a file that is made is ours alone; one that is there keeps its mode."""
    return os.open(path, flags, FILE)


def made(path: Path) -> Path:
    """The file, empty where it was not there."""
    os.close(opener(str(path), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC))
    return path


def written(path: Path, text: str) -> None:
    """The text as the file's whole content."""
    with open(path, "w", encoding="utf-8", opener=opener) as file:
        file.write(text)


def exposed(paths: Iterable[Path]) -> Iterator[str]:
    """A sentence for each of these files and folders that others may look into."""
    for path in paths:
        try:
            mode = path.stat().st_mode
        except OSError:
            continue
        if mode & _OTHERS:
            closed = FOLDER if stat.S_ISDIR(mode) else FILE
            yield f"{path} stands open to others ({stat.S_IMODE(mode):o}); chmod {closed:o} {path}"
