"""A mistake in a file, as data: who prints it decides how."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """How bad a problem is; an error keeps the file from being used."""

    HINT = 1
    WARNING = 2
    ERROR = 3


@dataclass(frozen=True, slots=True)
class Problem:
    """`path:line: [level] sentence (name)`; `name` is the check that found it."""

    path: str
    line: int
    sentence: str
    name: str
    level: Level = Level.ERROR

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: [{self.level.name.lower()}] {self.sentence} ({self.name})"


def nearest(word: str, known: Iterable[str]) -> str:
    """` (did you mean 'x'?)` for the closest known name, or the empty string."""
    names = sorted(known)
    match = difflib.get_close_matches(str(word), names, n=1, cutoff=0.6)
    return f" (did you mean '{match[0]}'?)" if match else ""
