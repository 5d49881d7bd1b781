"""Numbers told in words, figures among them: `one three eight ...`, in the languages feeds are written in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from engine.guard.digits import SHORTEST, Span
from engine.guard.vocabulary import BETWEEN_DIGITS, ONES, TENS

#: So many words make a number of it; fewer stand beside figures that are no part of it.
_FEWEST_WORDS = 4
#: From so many digits on it is a paper's number rather than a telephone's.
_PAPER = 15
#: No shorter word (letters) is seven others run together, and nobody writes a longer one.
_GLUED = range(14, 200)

_WORDS = ONES | TENS
_LONGEST_WORD = max(map(len, _WORDS))
_WORD = rf"(?<![^\W\d_])(?>{'|'.join(sorted(_WORDS, key=len, reverse=True))})(?![^\W\d_])"
_TOLD = rf"(?:{_WORD}|\d++)"
_BETWEEN = rf"[\W_]{{0,3}}(?:(?:{'|'.join(BETWEEN_DIGITS)})[\W_]{{1,3}})?"
_APART = re.compile(rf"{_TOLD}(?:{_BETWEEN}{_TOLD}){{2,}}", re.I)
_EACH = re.compile(rf"{_WORD}|\d+", re.I)
_LETTERS = re.compile(r"[^\W\d_]+")
#: The words, those with an apostrophe (`дев'ять`) by their parts.
_CUES = frozenset(part for word in _WORDS for part in _LETTERS.findall(word) if len(part) > 1)


def may_tell(words: Sequence[str]) -> bool:
    """Whether a number may be told by these words of a text (letters only, case folded)."""
    if not _CUES.isdisjoint(words) and sum(word in _CUES for word in words) >= _FEWEST_WORDS:
        return True
    return any(len(word) in _GLUED and _run_together(word) >= SHORTEST for word in words)


def told(text: str) -> Iterator[tuple[str, Span]]:
    """Where a number is told, with its kind: `phone`, or `id` where it is too long for one."""
    if not may_tell(_LETTERS.findall(text.casefold())):
        return
    for found in _APART.finditer(text):
        parts = [part.casefold() for part in _EACH.findall(found[0])]
        if sum(part in _WORDS for part in parts) >= _FEWEST_WORDS and (size := _size(parts)) >= SHORTEST:
            yield _kind(size), found.span()
    for word in _LETTERS.finditer(text):
        if len(word[0]) in _GLUED and (size := _run_together(word[0].casefold())) >= SHORTEST:
            yield _kind(size), word.span()


def _kind(size: int) -> str:
    return "id" if size >= _PAPER else "phone"


def _size(parts: Sequence[str]) -> int:
    """How many digits are told; a ten and the one behind it (`twenty five`) are two."""
    size = 0
    for part, after in zip(parts, [*parts[1:], ""], strict=True):
        if part in TENS:
            size += 1 if after in ONES else 2
        else:
            size += 1 if part in ONES else len(part)
    return size


def _run_together(word: str) -> int:
    """Of how many digits' words a word is made; 0 where it is not."""
    most = [0, *[-1] * len(word)]
    for at in range(len(word)):
        if most[at] >= 0:
            for over in range(at + 2, min(at + _LONGEST_WORD, len(word)) + 1):
                if word[at:over] in _WORDS:
                    most[over] = max(most[over], most[at] + 1)
    return max(0, most[-1])
