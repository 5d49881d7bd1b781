"""A text cut to what a service takes, in the unit that the service counts."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Literal

Unit = Literal["bytes", "signs"]
_CUT = "…"
_JOINER = "\u200d"
#: A flag is two of these, a hand and its colour one of those behind it.
_FLAGS, _COLOURS = range(0x1F1E6, 0x1F200), range(0x1F3FB, 0x1F400)


def size(text: str, unit: Unit) -> int:
    """How long a text is: three bytes for most Chinese signs, one sign."""
    return len(text.encode()) if unit == "bytes" else len(text)


def cut(text: str, most: int, unit: Unit, keep: str = "") -> str:
    """The text, or as many of its lines from the top as go in; `keep`, a line of it, stays in any case.

    Of a text whose first line alone is too long, as much of that line as goes in.
    """
    if size(text, unit) <= most:
        return text
    kept = bool(keep) and size(keep, unit) + size(_CUT, unit) + 2 < most // 2
    end = f"\n{_CUT}\n{keep}" if kept else f"\n{_CUT}"
    room = most - size(end, unit)
    lines = [line for line in text.splitlines() if not kept or line != keep]
    head = _longest(lines, lambda some: size("\n".join(some), unit) <= room)
    if head:
        return "\n".join(head).rstrip() + end
    signs = _longest(_seen(lines[0]), lambda some: size("".join(some), unit) <= room)
    return "".join(signs) + end


def _longest(parts: list[str], fits: Callable[[list[str]], bool]) -> list[str]:
    """As many of the first parts as fit together."""
    low, high = 0, len(parts)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(parts[:middle]) else (low, middle - 1)
    return parts[:low]


def _seen(line: str) -> list[str]:
    """What a reader sees as one: a letter with its accents, a family of emoji, a flag."""
    found: list[str] = []
    for mark in line:
        if found and _belongs(mark, found[-1]):
            found[-1] += mark
        else:
            found.append(mark)
    return found


def _belongs(mark: str, before: str) -> bool:
    if mark == _JOINER or before.endswith(_JOINER) or ord(mark) in _COLOURS:
        return True
    if ord(mark) in _FLAGS:
        return len(before) == 1 and ord(before) in _FLAGS
    return unicodedata.category(mark) in ("Mn", "Mc", "Me")
