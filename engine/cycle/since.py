"""What a feed tells otherwise since a day, by what it is called among faults."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self


@dataclass(frozen=True, slots=True)
class Unnamed:
    """An area that a feed names no more since a day; without: the area that it does not name, where this is
    one above it which loses a large part by that."""

    feed: str
    area: str
    since: date
    without: str = ""

    @property
    def name(self) -> str:
        """What it is called among faults."""
        return f"{self.feed}/{self.area}{f' ({self.without})' if self.without else ''}/{self.since}"

    @classmethod
    def of_name(cls, name: str) -> Unnamed:
        feed, _, rest = name.partition("/")
        place, _, day = rest.rpartition("/")
        area, _, without = place.removesuffix(")").partition(" (")
        return cls(feed, area, date.fromisoformat(day), without)


@dataclass(frozen=True, slots=True)
class _Since:
    """What a feed tells otherwise since a day."""

    feed: str
    what: str
    since: date

    @property
    def name(self) -> str:
        """What it is called among faults."""
        return f"{self.feed}/{self.what}/{self.since}"

    @classmethod
    def of_name(cls, name: str) -> Self:
        feed, _, rest = name.partition("/")
        what, _, day = rest.rpartition("/")
        return cls(feed, what, date.fromisoformat(day))


class Scaled(_Since):
    """A measure that a feed tells in another scale since a day."""

    @property
    def measure(self) -> str:
        return self.what


class Ceased(_Since):
    """A category of which a feed tells no more since a day."""

    @property
    def category(self) -> str:
        return self.what
