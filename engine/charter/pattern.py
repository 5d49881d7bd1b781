"""What a beginning, a wildcard or a regular expression could match: held against the charter's words."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import product

# What reads a pattern is no public part of the library; nothing public says what a pattern could match.
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from engine.charter.folding import plain, tokens
from engine.charter.lexicon import Found, first
from engine.charter.terms import terms

#: Any one character, and any number of them, in a skeleton.
_ONE, _MANY = "\ue000", "\ue001"
_WILD = re.compile(f"[{_ONE}{_MANY}]")
_LETTERS = re.compile(rf"(?:[^\W\d_]|{_WILD.pattern})+")
#: A set of so few characters is spelt out; so many spellings are looked at.
_FEW, _SPELLINGS = 6, 4_000
#: With wildcards in it, a word needs so many letters to say anything.
_TELLING = 3


class Undecided(Exception):
    """The pattern has too many spellings to look at them all."""


def beginning(stem: str, meanings: Iterable[str]) -> Found | None:
    """The first term that begins with `stem`; an empty one begins everything."""
    words = tokens(plain(stem))
    joined = "".join(words)
    for meaning in meanings:
        term = next((term for term in terms(meaning) if _begins(term, words, joined)), None)
        if term is not None:
            return Found(meaning, term)
    return None


def _begins(term: str, words: Sequence[str], joined: str) -> bool:
    parts = tokens(plain(term))
    if len(parts) > 1 and len(words) < 2 and len(joined) <= len(parts[0]):
        return False
    return "".join(parts).startswith(joined)


def wildcard(text: str, meanings: Sequence[str]) -> Found | None:
    """The first term that a keyword with `*`, `?`, sets or alternatives in it could mean."""
    if text.endswith("*") and (found := beginning(text.rstrip("*"), meanings)):
        return found
    if not re.search(r"[*?\[\](){}|\\^$+.]", text.rstrip("*")):
        return None
    return expression(fnmatch.translate(text), meanings) or expression(text, meanings)


def expression(pattern: str, meanings: Sequence[str]) -> Found | None:
    """The first term that a regular expression could match; None too for what is no expression.

    Raises Undecided where it has too many spellings.
    """
    try:
        parsed = _parser.parse(pattern)
    except (re.error, OverflowError, RecursionError):
        return None
    for skeleton in _skeletons(parsed):
        found = first(_WILD.sub("", skeleton), meanings) or _matched(skeleton, meanings)
        if found:
            return found
    return None


def _matched(skeleton: str, meanings: Sequence[str]) -> Found | None:
    for token in _LETTERS.findall(skeleton):
        letters = plain(_WILD.sub("", token)).casefold()
        if len(letters) < _TELLING or not _WILD.search(token):
            continue
        parts = (plain(part).casefold() for part in re.split(f"({_WILD.pattern})", token))
        wanted = re.compile("".join({_ONE: ".?", _MANY: ".*"}.get(part) or re.escape(part) for part in parts))
        for meaning in meanings:
            term = next(filter(wanted.fullmatch, terms(meaning).single), None)
            if term is not None:
                return Found(meaning, term)
    return None


def _skeletons(parsed: Iterable[Any]) -> list[str]:
    """Every spelling of a parsed expression, wildcards standing for what is not spelt out."""
    spelt = [""]
    for code, argument in parsed:
        ways = _WAYS.get(code, _anything)(argument)
        if len(spelt) * len(ways) > _SPELLINGS:
            raise Undecided
        spelt = [head + tail for head, tail in product(spelt, ways)]
    return spelt


def _anything(_: Any) -> list[str]:
    return [_ONE]


def _set(members: Any) -> list[str]:
    spelt: list[str] = []
    for code, argument in members:
        if code is op.LITERAL:
            spelt.append(chr(argument))
        elif code is op.RANGE and argument[1] - argument[0] < _FEW:
            spelt += map(chr, range(argument[0], argument[1] + 1))
        elif code is op.RANGE and chr(argument[0]).isdigit():
            spelt.append("0")
        elif code is op.CATEGORY and argument in (op.CATEGORY_DIGIT, op.CATEGORY_SPACE):
            spelt.append("0" if argument is op.CATEGORY_DIGIT else " ")
        else:
            return [_ONE]
    spelt = list(dict.fromkeys(mark if mark.isalpha() else " " for mark in spelt))
    return spelt if 0 < len(spelt) <= _FEW else [_ONE]


def _repeated(argument: Any) -> list[str]:
    least, most, inner = argument
    ways = _skeletons(inner)
    if set(ways) <= {_ONE, _MANY}:
        return [_ONE] if most == 1 else [_MANY]
    counts = dict.fromkeys((min(least, 2), min(max(least, 1), 3), min(most, 1)))
    return list(dict.fromkeys(
        "".join(row) for count in counts for row in product(ways, repeat=count)
    ))  # fmt: skip


def _looked_at(argument: Any) -> list[str]:
    """What must, or must not, stand there decides too."""
    return [f" {way} " for way in _skeletons(argument[1])]


_WAYS: dict[Any, Callable[[Any], list[str]]] = {
    op.LITERAL: lambda code: [chr(code)],
    op.IN: _set,
    op.BRANCH: lambda argument: [way for branch in argument[1] for way in _skeletons(branch)],
    op.SUBPATTERN: lambda argument: _skeletons(argument[3]),
    op.ATOMIC_GROUP: _skeletons,
    op.MAX_REPEAT: _repeated,
    op.MIN_REPEAT: _repeated,
    op.POSSESSIVE_REPEAT: _repeated,
    op.ASSERT: _looked_at,
    op.ASSERT_NOT: _looked_at,
    op.AT: lambda _: [""],
}
