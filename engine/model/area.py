"""The area tree: what is judged, never who."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from engine.model.text import Text


@dataclass(frozen=True, slots=True)
class Area:
    """A unit of the tree; `kind` is set only for facilities (a closed list)."""

    code: str
    name: Text
    level: str
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    population: int | None = None
    kind: str | None = None
    #: (latitude, longitude) of a point inside the area.
    centroid: tuple[float, float] | None = None
    neighbours: frozenset[str] = frozenset()


@dataclass(frozen=True)
class AreaTree:
    """All areas with their levels, highest first; a level may be missing in a branch."""

    levels: tuple[str, ...]
    areas: Mapping[str, Area] = field(default_factory=dict)

    @classmethod
    def of(cls, levels: Iterable[str], areas: Iterable[Area]) -> AreaTree:
        return cls(tuple(levels), {area.code: area for area in areas})

    def __getitem__(self, code: str) -> Area:
        return self.areas[code]

    def __contains__(self, code: object) -> bool:
        return code in self.areas

    def __iter__(self) -> Iterator[Area]:
        return iter(self.areas.values())

    def __len__(self) -> int:
        return len(self.areas)

    @cached_property
    def _lineage(self) -> dict[str, tuple[str, ...]]:
        lineage: dict[str, tuple[str, ...]] = {}
        for code in self.areas:
            chain, parent = [code], self.areas[code].parent
            while parent is not None:
                if parent in chain:
                    raise ValueError(f"area {code!r} is its own ancestor")
                chain.append(parent)
                parent = self.areas[parent].parent
            lineage[code] = tuple(chain)
        return lineage

    @cached_property
    def _children(self) -> dict[str, tuple[str, ...]]:
        children: dict[str, list[str]] = {code: [] for code in self.areas}
        for area in self.areas.values():
            if area.parent is not None:
                children[area.parent].append(area.code)
        return {code: tuple(sorted(below)) for code, below in children.items()}

    @cached_property
    def _levels(self) -> dict[str, tuple[str, ...]]:
        return {
            level: tuple(sorted(a.code for a in self.areas.values() if a.level == level))
            for level in self.levels
        }

    def lineage(self, code: str) -> tuple[str, ...]:
        """The area itself, its parent, and so on up to the root."""
        return self._lineage[code]

    def children(self, code: str) -> tuple[str, ...]:
        return self._children[code]

    def below(self, code: str) -> Iterator[str]:
        """The area and everything under it, parents before children."""
        yield code
        for child in self._children[code]:
            yield from self.below(child)

    def at(self, level: str) -> tuple[str, ...]:
        """The codes of one level in order; the order every panel uses."""
        return self._levels[level]

    def ancestor_at(self, code: str, level: str) -> str | None:
        """The area of `level` that holds `code`, or None where the branch skips the level."""
        return next((c for c in self.lineage(code) if self.areas[c].level == level), None)
