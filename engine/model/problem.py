"""A mistake in a file, as data: who prints it decides how."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum

from engine.model import letters


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
    #: What is written and what is certainly meant, where that is certain; nothing `found`: a line that
    #: is missing below this one.
    found: str = field(default="", compare=False)
    right: str = field(default="", compare=False)

    def __str__(self) -> str:
        said = letters.seen(self.sentence)
        return f"{self.path}:{self.line}: [{self.level.name.lower()}] {said} ({self.name})"


def nearest(word: str, known: Iterable[str]) -> str:
    """` (did you mean 'x'?)` for the closest known name, or the empty string; it names the letter by which
    the word only looks like it."""
    match = closest(word, known)
    if not match:
        return ""
    odd = letters.strange(str(word)) if match.isascii() else ""
    return meant(match) if not odd else f" (did you mean '{match}'? its letter {odd} is another)"


def closest(word: str, known: Iterable[str]) -> str:
    """The closest known name, or the empty string."""
    return next(iter(difflib.get_close_matches(str(word), sorted(known), n=1, cutoff=0.6)), "")


def meant(name: str) -> str:
    return f" (did you mean '{name}'?)" if name else ""


_ANOTHER = "其中有形似的其他字符，请重新键入"
_MEANT = re.compile(r" \(did you mean '(.*?)'\?( its letter .* is another)?\)")


def nearest_in_chinese(said: str) -> str:
    """What `nearest` says, in Chinese; other words stay as they are."""
    return _MEANT.sub(lambda found: f"（是否指“{found[1]}”？{_ANOTHER if found[2] else ''}）", said)


def certain(word: str, known: Iterable[str]) -> str:
    """The one name that is a slip or two of the hand away, or the empty string.

    One letter added, left out or changed is a slip. A name one slip away is meant although others are
    two away; of two equally near names neither is.
    """
    slips = {name: _slips(word, name) for name in known}
    for most in range(1, min(2, len(word) // 2) + 1):
        near = [name for name, number in slips.items() if number <= most]
        if near:
            return near[0] if len(near) == 1 else ""
    return ""


def _slips(word: str, name: str) -> int:
    """Levenshtein's distance."""
    row = list(range(len(name) + 1))
    for at, letter in enumerate(word, 1):
        above, row[0] = row[0], at
        for column, other in enumerate(name, 1):
            above, row[column] = row[column], min(
                row[column] + 1, row[column - 1] + 1, above + (letter != other)
            )  # fmt: skip
    return row[-1]
