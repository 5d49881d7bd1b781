"""One event, many lines: warnings of one topic that hang together, the gravest leads and the rest folds.

What a situation is called is recorded line by line and read back from there: the line it began with may end
long before it does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, count

from engine.model.area import AreaTree
from engine.model.grade import Grade
from engine.model.situation import Belonging
from engine.model.warning import Change, RiskWarning
from engine.notify.audience import RISES

#: What ended so long before another began still belongs to it.
OVERLAP = timedelta(days=1)


@dataclass(frozen=True)
class Situation:
    """The lines that hang together, the leading one first; those that ended of late stand last.

    id: of the line it began with, and kept while any line goes on. When a situation splits, the part with
    the earliest open line keeps it; when two join, the older id stays. No id comes twice.
    """

    id: str
    topic: str
    lines: tuple[RiskWarning, ...]

    @property
    def lead(self) -> RiskWarning:
        return self.lines[0]


def situations(
    warnings: Iterable[RiskWarning], tree: AreaTree, past: Sequence[Belonging] = ()
) -> tuple[Situation, ...]:
    """The situations with an open line, by topic. warnings: open, or ended of late; past: what is recorded of
    them. Where a line is not in the record, all are as they would be recorded now."""
    issued = sorted((one for one in warnings if one.issued), key=_age)
    found = {one.warning: one for one in past}
    if any(one.id not in found for one in issued):
        found = belonging(issued, tree, past, max(one.since for one in issued))
    groups: dict[tuple[str, str], list[RiskWarning]] = {}
    for one in issued:
        groups.setdefault((one.topic, found[one.id].situation), []).append(one)
    by_topic = sorted(groups.items(), key=lambda of: of[0][0])
    return tuple(
        Situation(id_, topic, tuple(sorted(group, key=lambda one: _rank(one, tree))))
        for (topic, id_), group in by_topic if any(one.open for one in group)
    )  # fmt: skip


def belonging(
    warnings: Iterable[RiskWarning], tree: AreaTree, past: Sequence[Belonging], at: datetime
) -> dict[str, Belonging]:
    """Which situation each line is in at a moment, given what was recorded of these lines before: the union
    of warnings of a topic whose areas are equal, one above the other, or neighbours, and whose times overlap,
    give or take a day."""
    by_topic: dict[str, list[RiskWarning]] = {}
    for one in sorted(warnings, key=_age):
        if one.issued:
            by_topic.setdefault(one.topic, []).append(one)
    groups = [group for of in by_topic.values() for group in _groups(of, tree)]
    names = _named(groups, past, at)
    return {
        one.id: Belonging(warning=one.id, situation=id_, born=born)
        for group, (born, id_) in zip(groups, names, strict=True) for one in group
    }  # fmt: skip


def _age(one: RiskWarning) -> tuple[datetime, str]:
    return one.since, one.id


#: When a situation began, and what it is called.
_Name = tuple[datetime, str]


def _named(
    groups: Sequence[Sequence[RiskWarning]], past: Sequence[Belonging], at: datetime
) -> Iterator[_Name]:
    """What each group is called: as what it goes on from was, the oldest first; or else anew."""
    last = {one.warning: (one.born, one.situation) for one in past}
    claims: dict[_Name, list[tuple[bool, bool, datetime, str, int]]] = {}
    for number, group in enumerate(groups):
        over = not any(one.open for one in group)
        for one in group:
            if one.id in last:
                claims.setdefault(last[one.id], []).append((over, not one.open, *_age(one), number))
    kept: dict[int, _Name] = {}
    for name, claimed in sorted(claims.items()):
        free = [claim for claim in claimed if claim[-1] not in kept]
        if free:
            kept[min(free)[-1]] = name
    taken = {one.situation for one in past}
    for number, group in enumerate(groups):
        yield kept[number] if number in kept else (at, _fresh(group, taken))


def _fresh(group: Sequence[RiskWarning], taken: Set[str]) -> str:
    """A name that was never given: that of the earliest line which gave none yet."""
    free = (one.id for one in group if one.id not in taken)
    again = (f"{group[0].id}~{number}" for number in count(2))
    return next(name for name in chain(free, again) if name not in taken)


def _rank(one: RiskWarning, tree: AreaTree) -> tuple[bool, int, int, datetime, str]:
    """The highest grade leads, then the highest level, then the earliest; what is over comes last."""
    level = tree.levels.index(tree[one.area].level) if one.area in tree else len(tree.levels)
    return not one.open, -one.grade, level, one.since, one.id


def _groups(of: Sequence[RiskWarning], tree: AreaTree) -> Iterator[list[RiskWarning]]:
    """What hangs together, each group by its beginnings."""
    at: dict[str, list[int]] = {}
    for number, one in enumerate(of):
        at.setdefault(one.area, []).append(number)
    root = list(range(len(of)))

    def find(number: int) -> int:
        while root[number] != number:
            root[number] = root[root[number]]
            number = root[number]
        return number

    for number, one in enumerate(of):
        for area in _around(one.area, tree):
            for other in at.get(area, ()):
                if other != number and _together(one, of[other]):
                    low, high = sorted((find(number), find(other)))
                    root[high] = low
    groups: dict[int, list[RiskWarning]] = {}
    for number, one in enumerate(of):
        groups.setdefault(find(number), []).append(one)
    yield from groups.values()


def _around(code: str, tree: AreaTree) -> Iterator[str]:
    """The area, those above it and its neighbours; those below find it from their side."""
    if code not in tree:
        yield code
        return
    yield from tree.lineage(code)
    yield from tree[code].neighbours


def _together(one: RiskWarning, other: RiskWarning) -> bool:
    ends = [w.lifted_at + OVERLAP if w.lifted_at else None for w in (one, other)]
    return (ends[0] is None or other.since <= ends[0]) and (ends[1] is None or one.since <= ends[1])


@dataclass(frozen=True)
class Fold:
    """Who need not hear of a line by itself: they know of its situation at that grade, and it is not in their
    own territory."""

    of: Mapping[str, Situation]
    lineage: Callable[[str], Sequence[str]]
    territories: Mapping[str, Set[str]] = field(default_factory=dict)

    @classmethod
    def over(
        cls, found: Iterable[Situation], lineage: Callable[[str], Sequence[str]],
        territories: Mapping[str, Set[str]],
    ) -> Fold:  # fmt: skip
        return cls({line.id: one for one in found for line in one.lines}, lineage, territories)

    def __call__(self, change: Change, told: Mapping[str, Set[str]]) -> frozenset[str]:
        """The receivers for whom the change folds. told: who has heard of each line."""
        situation = self.of.get(change.warning)
        if situation is None or change.step not in RISES:
            return frozenset()
        knows: dict[str, Grade] = {}
        for line in situation.lines:
            if line.open and line.id != change.warning:
                for name in told.get(line.id, ()):
                    knows[name] = max(line.grade, knows.get(name, Grade.NONE))
        area = next(line.area for line in situation.lines if line.id == change.warning)
        return frozenset(
            name for name, grade in knows.items() if grade >= change.after and not self._own(name, area)
        )

    def _own(self, name: str, area: str) -> bool:
        return not self.territories.get(name, frozenset()).isdisjoint(self.lineage(area))


@dataclass(frozen=True)
class Update:
    """What a receiver has not been told of a situation, as one message."""

    situation: Situation
    receiver: str
    changes: tuple[Change, ...]


Heard = Mapping[str, Mapping[str, datetime]]


def updates(
    found: Iterable[Situation], last: Mapping[str, Change], hears: Callable[[Change], Set[str]],
    told: Heard, heard: Heard, every: timedelta, at: datetime,
) -> Iterator[Update]:  # fmt: skip
    """The updates that are due: to a receiver at most one in `every`, and none where nothing is new.

    last: the last step of each line; hears: whom the routes lead to; told: by change, who knows of it, by
    itself or in an update, and since when; heard: by line, who heard of it last when.
    """
    for situation in found:
        changes = [last[line.id] for line in situation.lines if line.id in last]
        knows: dict[str, datetime] = {}
        for part in (heard.get(line.id, {}) for line in situation.lines):
            for name, when in part.items():
                knows[name] = max(when, knows.get(name, when))
        for name, when in sorted(knows.items()):
            if at < when + every:
                continue
            new = [one for one in changes if name not in told.get(one.key, {}) and name in hears(one)]
            if new:
                yield Update(situation, name, tuple(sorted(new, key=lambda one: (one.at, one.key))))


def alone(
    found: Sequence[Situation], last: Mapping[str, Change], hears: Callable[[Change], Set[str]], told: Heard,
    heard: Heard,
) -> Iterator[Change]:  # fmt: skip
    """The rises of leads that folded into a situation which has split since: somebody who heard of its topic
    knows nothing of this part."""
    topics: dict[str, set[str]] = {}
    for one in found:
        for line in one.lines:
            topics.setdefault(one.topic, set()).update(heard.get(line.id, ()))
    for one in found:
        change = last.get(one.lead.id)
        if change is not None and change.step in RISES:
            knows = {name for line in one.lines for name in heard.get(line.id, ())}
            if (hears(change) & topics[one.topic]) - knows - set(told.get(change.key, ())):
                yield change
