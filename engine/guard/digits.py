"""Digits that stand together, however they are parted: the windows in which a number may be read."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

_GROUP = re.compile(r"\d+")
_CHECK_X = re.compile(r"[\W_]{0,3}[Xx](?![A-Za-z0-9])")
#: So many marks, none a letter or a digit, may stand between the groups of one number.
_WIDEST_GAP = 3
#: No number of a person or a device is shorter or longer (digits).
SHORTEST, LONGEST = 7, 19
#: Digits told one by one begin with so many single ones.
_SINGLES = (1,) * 5

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Window:
    """Neighbouring groups of digits of `text`, read as one number; an X after the 17th digit is its last."""

    text: str
    places: Sequence[Span]
    end: int
    digits: str
    #: How many digits each group has.
    groups: tuple[int, ...]
    #: No further digits stand beside it.
    alone: bool

    @property
    def start(self) -> int:
        return self.places[0][0]

    @property
    def gaps(self) -> tuple[str, ...]:
        """What stands between the groups."""
        return tuple(self.text[one[1] : other[0]] for one, other in pairwise(self.places))

    @property
    def span(self) -> Span:
        """Where it stands, with a plus or a bracket before it."""
        begin = self.start
        while begin and self.start - begin < 2 and self.text[begin - 1] in "+(":
            begin -= 1
        return begin, self.end

    @property
    def lead(self) -> str:
        """The plus and the brackets before the first digit."""
        return self.text[self.span[0] : self.start]

    def parted_by(self, marks: str) -> bool:
        """Whether nothing but these marks stands between the groups."""
        return all(mark in marks for gap in self.gaps for mark in gap)


@dataclass(frozen=True, slots=True)
class Run:
    """Groups of digits of `text` that stand together."""

    text: str
    places: Sequence[Span]
    sizes: tuple[int, ...]
    digits: str
    #: How many digits stand before each group, and in all.
    before: Sequence[int]

    def windows(self, first: int, lengths: Container[int]) -> Iterator[tuple[int, Window]]:
        """The windows of certain lengths (digits) that begin with the group `first`, the longest first, each
        with the number of the group after it."""
        sizes, before = self.sizes, self.before
        if sizes[first : first + 2] == (1, 1) and sizes[first : first + 5] != _SINGLES:
            return
        last = bisect_right(before, before[first] + LONGEST) - 1
        for over in range(last, first, -1):
            total = before[over] - before[first]
            if total < SHORTEST:
                return
            if total == over - first and self._goes_on(first, over):
                continue
            if total == 17 and (check := _CHECK_X.match(self.text, self.places[over - 1][1])):
                window = self._window(first, over)
                yield over, replace(window, digits=window.digits + "X", end=check.end())
            if total in lengths:
                yield over, self._window(first, over)

    def _goes_on(self, first: int, over: int) -> bool:
        """Whether single digits go on beside a window, parted as within it: they are a list of counts."""
        gap = self._gap(first)
        return (over < len(self.places) and self._gap(over - 1) == gap) or (
            first > 0 and self._gap(first - 1) == gap
        )

    def _gap(self, at: int) -> str:
        """What stands behind a group."""
        return self.text[self.places[at][1] : self.places[at + 1][0]]

    def _window(self, first: int, over: int) -> Window:
        places, sizes = self.places[first:over], self.sizes[first:over]
        digits = self.digits[self.before[first] : self.before[over]]
        return Window(self.text, places, places[-1][1], digits, sizes, over - first == len(self.places))


def runs(text: str, taken: Sequence[Span] = ()) -> list[Run]:
    """The groups of digits outside of `taken`, those together that may be one number."""
    found: list[list[Span]] = []
    covered = sorted(taken)
    last, at = -1, 0
    for group in _GROUP.finditer(text):
        start, end = group.span()
        while at < len(covered) and covered[at][1] <= start:
            at += 1
        if at < len(covered) and covered[at][0] < end:
            last = -1
            continue
        if last >= 0 and start - last <= _WIDEST_GAP and not any(map(str.isalnum, text[last:start])):
            found[-1].append((start, end))
        else:
            found.append([(start, end)])
        last = end
    return [_run(text, places) for places in found if places[-1][1] - places[0][0] >= SHORTEST]


def _run(text: str, places: Sequence[Span]) -> Run:
    digits = "".join(text[begin:over] for begin, over in places)
    sizes = tuple(over - begin for begin, over in places)
    return Run(text, places, sizes, digits, list(accumulate(sizes, initial=0)))
