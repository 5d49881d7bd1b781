"""Which feeds tell of the same events, and what makes two of their incidents one."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from engine.model.area import AreaTree
from engine.model.taxonomy import Category, Taxonomy

#: So many times the nearest of what is left come together.
ROUNDS = 4
_EARTH = 6371.0
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class SameAs:
    """Another feed that tells of the same events, told apart by no more than this."""

    feed: str
    within: timedelta
    #: In kilometres; where both have coordinates, it says alone whether the place is the same.
    distance: float | None = None


@dataclass(frozen=True)
class Alike:
    """What is declared, over the tree and the taxonomy that it is read with.

    same: by feed, what it declares; a feed stands behind those that it names.
    """

    tree: AreaTree
    taxonomy: Taxonomy
    same: Mapping[str, tuple[SameAs, ...]]

    @classmethod
    def of(cls, same: Mapping[str, tuple[SameAs, ...]], taxonomy: Taxonomy, tree: AreaTree) -> Alike | None:
        """None where no feed declares anything: nothing is looked for then."""
        if not any(same.values()):
            return None
        return cls(tree, taxonomy, {feed: same.get(feed, ()) for feed in _named_first(same)})

    @cached_property
    def partners(self) -> dict[str, dict[str, SameAs]]:
        """By feed, the feeds that may tell of the same as it does, whichever of the two says so."""
        found: dict[str, dict[str, SameAs]] = {}
        for feed, named in self.same.items():
            for one in named:
                found.setdefault(feed, {})[one.feed] = one
                found.setdefault(one.feed, {})[feed] = one
        return found

    @cached_property
    def rank(self) -> dict[str, int]:
        """Whose word counts among equals: a feed that is named goes before the one that names it."""
        return {feed: at for at, feed in enumerate(self.same)}

    @cached_property
    def reach(self) -> int:
        """The longest `within`, in seconds."""
        lengths = (one.within for named in self.same.values() for one in named)
        return int(max(lengths).total_seconds())

    @cached_property
    def hops(self) -> int:
        """So many pairs in a row may lead from one incident to another whose event it decides."""
        return 3 * ROUNDS * sum(map(bool, self.same.values()))

    @cached_property
    def key(self) -> str:
        """A short name of all that decides what is one event."""
        declared = [
            [feed, one.feed, one.within.total_seconds(), one.distance]
            for feed, named in self.same.items() for one in named
        ]  # fmt: skip
        areas = sorted((area.code, area.parent or "") for area in self.tree)
        kinds = sorted(
            (one.code, one.parent or "", one.measures, one.judged)
            for one in self.taxonomy.categories.values()
        )
        return hashlib.sha256(json.dumps([declared, areas, kinds]).encode()).hexdigest()[:16]

    def kin(self, category: str) -> frozenset[str]:
        """The categories that may be another word for this one: itself, those above it and below it."""
        return self._kin.get(category, frozenset())

    @cached_property
    def _kin(self) -> dict[str, frozenset[str]]:
        """A summary that nobody counts stands for no harm, nor does somebody's activity."""
        kin: dict[str, set[str]] = {code: set() for code in self.taxonomy.categories}
        for code, above in self._lineages():
            for other in above:
                if _comparable(self.taxonomy[code], self.taxonomy[other]):
                    kin[code].add(other)
                    kin[other].add(code)
        return {code: frozenset(found) for code, found in kin.items()}

    def _lineages(self) -> Iterator[tuple[str, list[str]]]:
        for code in self.taxonomy.categories:
            above, parent = [code], self.taxonomy[code].parent
            while parent is not None:
                above.append(parent)
                parent = self.taxonomy[parent].parent
            yield code, above

    def depth(self, areas: tuple[str, ...]) -> int:
        """How exactly something is placed."""
        return max((len(self.tree.lineage(code)) for code in areas if code in self.tree), default=0)

    def touch(self, one: tuple[str, ...], other: tuple[str, ...]) -> bool:
        """Whether the areas are the same, or one lies in the other."""
        above = {code for area in one if area in self.tree for code in self.tree.lineage(area)}
        if not above.isdisjoint(other):
            return True
        own = set(one)
        return any(not own.isdisjoint(self.tree.lineage(code)) for code in other if code in self.tree)


def _comparable(one: Category, other: Category) -> bool:
    return one.judged and other.judged and one.measures is other.measures


def _named_first(same: Mapping[str, tuple[SameAs, ...]]) -> list[str]:
    """The feeds that declare or are named, each behind those that it names."""
    order: dict[str, None] = {}

    def visit(feed: str) -> None:
        for one in same.get(feed, ()):
            visit(one.feed)
        order.setdefault(feed)

    for feed, named in same.items():
        if named:
            visit(feed)
    return list(order)


def kilometres(one: Point, other: Point) -> float:
    """The way over the ground between two points."""
    lat, other_lat = math.radians(one[0]), math.radians(other[0])
    half = math.sin((other_lat - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(other_lat) * math.sin(math.radians(other[1] - one[1]) / 2) ** 2
    return 2 * _EARTH * math.asin(min(1.0, math.sqrt(half)))
