"""The first of many: a list that is cut says how many more there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Some(Generic[T]):
    """So many of a list at most. `of`: how long the list is, where not all of it was read."""

    def __init__(self, found: Sequence[T], most: int, of: int | None = None) -> None:
        self._shown, self.rest = found[:most], found[most:]
        self.more = (len(found) if of is None else of) - len(self._shown)

    @property
    def alone(self) -> Some[T]:
        """The same, where what is left out is shown elsewhere."""
        return Some(self._shown, len(self._shown))

    def __iter__(self) -> Iterator[T]:
        return iter(self._shown)

    def __len__(self) -> int:
        return len(self._shown)
