"""The area tree: what is judged, never who."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.model.region import Columns, Regions
from engine.model.text import Text

#: What levels are usually called.
LEVELS: Mapping[str, Text] = {
    code: Text(code, chinese)
    for code, chinese in {
        "country": "全国", "province": "省", "state": "州", "region": "大区", "prefecture": "地级市",
        "county": "地区", "city": "市", "municipality": "市镇", "district": "区", "town": "镇",
        "township": "乡镇", "subdistrict": "街道", "community": "社区", "grid": "网格",
        "neighbourhood": "街区", "village": "村", "parish": "教区", "borough": "区", "ward": "区",
        "precinct": "辖区", "station": "站点", "site": "场所",
    }.items()
}  # fmt: skip


def level(code: str) -> Text:
    """What a level is called; one of the operator's own stands as it is."""
    return LEVELS.get(code, Text(code))


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
    def _lineages(self) -> dict[str, tuple[str, ...]]:
        return {}

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
        if code not in self._lineages:
            chain: list[str] = []
            above: str | None = code
            while above is not None and above not in self._lineages:
                if above in chain:
                    raise ValueError(f"area {code!r} is its own ancestor")
                chain.append(above)
                above = self.areas[above].parent
            known = self._lineages[above] if above is not None else ()
            for one in reversed(chain):
                known = self._lineages[one] = (one, *known)
        return self._lineages[code]

    def children(self, code: str) -> tuple[str, ...]:
        return self._children[code]

    def below(self, code: str) -> Iterator[str]:
        """The area and everything under it, parents before children."""
        waiting = [code]
        while waiting:
            yield (one := waiting.pop())
            waiting += reversed(self._children[one])

    def around(self, level: str) -> Regions:
        """What lies above the areas of a level."""
        if level not in self._regions:
            self._regions[level] = Regions.of(self.at(level), self.areas, self.lineage, self.children)
        return self._regions[level]

    @cached_property
    def _regions(self) -> dict[str, Regions]:
        return {}

    def steps(self, level: str) -> dict[str, tuple[NDArray[np.int64], ...]]:
        """By the levels of what lies around the areas of `level`, and their own: of each area its place among
        the regions, and that of what lies right above it; -1 where it is none of them."""
        if level not in self._steps:
            place = {code: at for at, code in enumerate(self.around(level).codes)}
            steps = self._steps[level] = {}
            for one in {self.areas[code].level for code in place} | {level}:
                above = [self.areas[code].parent or "" for code in self.at(one)]
                steps[one] = tuple(
                    np.array([place.get(code, -1) for code in codes], np.int64)
                    for codes in (self.at(one), above)
                )
        return self._steps[level]

    @cached_property
    def _steps(self) -> dict[str, dict[str, tuple[NDArray[np.int64], ...]]]:
        return {}

    def columns(self, level: str) -> Columns:
        """What tests may ask of the areas of a level."""
        if level not in self._columns:
            self._columns[level] = Columns.of([self.areas[code] for code in self.at(level)])
        return self._columns[level]

    @cached_property
    def _columns(self) -> dict[str, Columns]:
        return {}

    def places(self, codes: tuple[str, ...]) -> dict[str, tuple[list[int], list[int]]]:
        """By level, which of the codes lie in it and at which place of it each stands."""
        if codes not in self._places:
            found: dict[str, tuple[list[int], list[int]]] = {}
            position = {level: {code: at for at, code in enumerate(self.at(level))} for level in self.levels}
            for at, code in enumerate(codes):
                level = self.areas[code].level
                which, where = found.setdefault(level, ([], []))
                which.append(at)
                where.append(position[level][code])
            self._places[codes] = found
        return self._places[codes]

    @cached_property
    def _places(self) -> dict[tuple[str, ...], dict[str, tuple[list[int], list[int]]]]:
        return {}

    def at(self, level: str) -> tuple[str, ...]:
        """The codes of one level in order; the order every panel uses."""
        return self._levels[level]

    def ancestor_at(self, code: str, level: str) -> str | None:
        """The area of `level` that holds `code`, or None where the branch skips the level."""
        return next((c for c in self.lineage(code) if self.areas[c].level == level), None)

    def holding(self, codes: Iterable[str], level: str) -> set[str]:
        """The areas of `level` that hold any of these; what is no area lies in none."""
        found = (self.ancestor_at(code, level) for code in codes if code in self)
        return {code for code in found if code is not None}
