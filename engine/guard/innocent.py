"""What looks like a number of somebody's and is none: dates, times, coordinates, amounts and hashes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.guard.digits import Span

_YEAR = r"(?:1[6-9]|20)\d\d"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_CLOCK = r"(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-6]\d(?:[.,]\d{1,9})?)?"
_HEX = "0-9A-Za-z"
_SHORTEST_HASH = 16

#: Each begins with a digit; what follows keeps it from ending within a longer number.
_INNOCENT = re.compile(
    "|".join((
        rf"{_YEAR} ?[-/.年] ?{_MONTH} ?[-/.月] ?{_DAY}(?!\d)",
        rf"{_DAY}(?P<between>[-/. ]){_DAY}(?P=between){_YEAR}(?!\d)",
        rf"(?<!:){_CLOCK}(?![\d:])",
        rf"{_YEAR}-W?[0-5]\d(?:-[1-7])?(?![\d-])",
        r"(?<!\d\.)\d{1,6}\.\d+(?!\.?\d)",
        r"(?<![,.])\d{1,3}(?:,\d{3})+(?![\d,])",
    ))
)  # fmt: skip
_NUMBER = re.compile(r"\d+")
#: A hash, also cut to 16 signs, or a UUID.
_HASH = re.compile(
    rf"(?<![{_HEX}])(?:(?=\d*[a-f])[0-9a-f]{{16}}|(?=\d*[A-Fa-f])[0-9a-fA-F]{{24,128}}|[0-9a-fA-F]{{8}}(?:-[0-9a-fA-F]{{4}}){{3}}-[0-9a-fA-F]{{12}})"
    rf"(?![{_HEX}])"
)


def innocents(text: str) -> Iterator[Span]:
    """The places of what is plainly no identifier."""
    end = 0
    for number in _NUMBER.finditer(text):
        if number.start() >= end and (found := _INNOCENT.match(text, number.start())):
            end = found.end()
            yield found.span()
    if len(text) >= _SHORTEST_HASH:
        yield from (found.span() for found in _HASH.finditer(text))
