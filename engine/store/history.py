"""One incident's revisions in the order in which they became known, whatever order they arrive in.

Pure. A *sighting* is a moment at which the feed repeated the facts then in force. It is no revision,
but it decides what stands when a correction arrives late: facts A known at 1, A again at 3, and only
then the record that said B at 2: A stands again from 3 on.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

from engine.model.incident import Precision

#: Everything of a stored incident that makes one revision differ from another, as the table keeps it:
#: occurred_at, precision, ended_at, areas, category, severity, measures, latitude, longitude, title,
#: withdrawn.
Facts = tuple[Any, ...]

_CATEGORY = 4
_REPORTED = frozenset({Precision.REPORTED.value, Precision.UNKNOWN.value})


def _since_reported(before: Facts, facts: Facts) -> Facts:
    """The facts with the time they had before, where both only know when they were reported: a feed
    that repeats a report has not moved it to another day."""
    merely = _REPORTED.issuperset((before[1], facts[1]))
    return (*before[:2], *facts[2:]) if merely else facts


def _as_told(before: Facts, facts: Facts) -> Facts:
    """A withdrawal that says only which incident it takes back leaves the rest as it was told."""
    bare = facts[-1] is True and not facts[_CATEGORY]
    return (*before[:-1], True) if bare else facts


class Entry:
    """One revision (or sighting) at one moment; `nth` orders revisions known at the same second."""

    __slots__ = ("facts", "known_at", "nth", "sighting", "stored")

    def __init__(
        self, known_at: int, facts: Facts, nth: int = 0, *, stored: bool = False, sighting: bool = False
    ) -> None:
        self.known_at = known_at
        self.facts = facts
        self.nth = nth
        self.stored = stored
        self.sighting = sighting


class History:
    """The entries of one incident, oldest first, and what telling it more has changed."""

    __slots__ = ("entries", "gone", "sighted", "told")

    def __init__(self, entries: list[Entry]) -> None:
        self.entries = entries
        #: Revisions as they were stored, to compare with.
        self.told = [entry for entry in entries if not entry.sighting]
        #: Whether a sighting is to be kept.
        self.sighted = False
        #: Stored sightings that have become revisions, or were overtaken within their second.
        self.gone: list[int] = []

    def tell(self, known_at: int, facts: Facts) -> bool:
        """Take in one record; whether it is a new revision."""
        entries = self.entries
        place = bisect_right(entries, known_at, key=_known_at)
        before = entries[place - 1] if place else None
        if before is not None:
            facts = _as_told(before.facts, _since_reported(before.facts, facts))
        if before is not None and before.facts == facts:
            if before.known_at < known_at:
                entries.insert(place, Entry(known_at, facts, sighting=True))
                self.sighted = True
            return False
        if self._said_then(known_at, facts, place):
            return False
        nth = 0
        if before is not None and before.known_at == known_at:
            if before.sighting:
                place -= 1
                self._drop(place)
                before = entries[place - 1]
            nth = before.nth + 1 if before.known_at == known_at else 0
        entries.insert(place, Entry(known_at, facts, nth))
        self._reinstate(place + 1)
        return True

    def _said_then(self, known_at: int, facts: Facts, place: int) -> bool:
        """Whether these facts were told in the same second already: the same record once more."""
        while place and self.entries[place - 1].known_at == known_at:
            place -= 1
            if self.entries[place].facts == facts:
                return True
        return False

    def _reinstate(self, place: int) -> None:
        """A sighting right after a late revision says the older facts were in force again."""
        if place < len(self.entries) and self.entries[place].sighting:
            sighting = self.entries[place]
            self._forget(sighting)
            self.entries[place] = Entry(sighting.known_at, sighting.facts)

    def _drop(self, place: int) -> None:
        self._forget(self.entries.pop(place))

    def _forget(self, sighting: Entry) -> None:
        if sighting.stored:
            self.gone.append(sighting.known_at)

    def fresh(self) -> list[tuple[Any, ...]]:
        """(known_at, nth, *facts) of every revision that is not stored yet."""
        return [
            (entry.known_at, entry.nth, *entry.facts)
            for entry in self.entries
            if not entry.stored and not entry.sighting
        ]

    def steps(self) -> Iterator[tuple[int, int, Facts | None, Facts]]:
        """What to book: (sign, known_at, facts before, facts after) of every step that came new
        (sign 1) or stands no longer (sign -1)."""
        now = [entry for entry in self.entries if not entry.sighting]
        same = 0
        while same < len(self.told) and self.told[same] is now[same]:
            same += 1
        for sign, revisions in ((-1, self.told), (1, now)):
            yield from _steps(sign, revisions, same)


def _steps(
    sign: int, revisions: Sequence[Entry], first: int
) -> Iterator[tuple[int, int, Facts | None, Facts]]:
    for place in range(first, len(revisions)):
        before = revisions[place - 1].facts if place else None
        yield sign, revisions[place].known_at, before, revisions[place].facts


def _known_at(entry: Entry) -> int:
    return entry.known_at
