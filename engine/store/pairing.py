"""Which incidents of several feeds are one event, and which of them counts, at each moment.

Pure. What is one event at a moment follows from what is told at that moment alone, so that the order in
which things arrive decides nothing. Within one event no feed has more than one incident: pairs are made
where both are the nearest in time of each other, feed by feed, those that are named before those that name
them; then again of what is left, some rounds. So what is far off decides nothing either, however long the
row of incidents in between.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from engine.model.incident import Precision
from engine.model.same import ROUNDS, Alike, kilometres
from engine.store.history import Facts

Identity = tuple[str, str]
#: What was told of one incident, each with when it became known, oldest first.
Revisions = Sequence[tuple[int, Facts]]
#: From when on an incident is counted as which other; None: as itself.
Steps = Sequence[tuple[int, Identity | None]]
#: By pair in its order: from when on people have said that these are two (True), or may be one again.
Rulings = Mapping[tuple[Identity, Identity], Sequence[tuple[int, bool]]]
Pair = tuple[Identity, Identity]

_DAY = 86_399
_OCCURRED, _PRECISION, _AREAS, _CATEGORY, _LATITUDE, _LONGITUDE, _WITHDRAWN = 0, 1, 3, 4, 7, 8, 10


def pair(one: Identity, other: Identity) -> Pair:
    """Two incidents, whichever is named first."""
    return (one, other) if one < other else (other, one)


def span(facts: Facts) -> tuple[int, int]:
    """The first and the last second at which it may have happened."""
    at = facts[_OCCURRED]
    return at, at + (_DAY if facts[_PRECISION] == Precision.DAY else 0)


def gap(alike: Alike, one: Identity, told: Facts, other: Identity, said: Facts) -> int | None:
    """How many seconds lie between two tellings that may be of one event; None where they are of two."""
    same = alike.partners.get(one[0], {}).get(other[0])
    if same is None or not (_counts(told) and _counts(said)):
        return None
    if said[_CATEGORY] not in alike.kin(told[_CATEGORY]):
        return None
    (begins, ends), (starts, stops) = span(told), span(said)
    apart = max(0, starts - ends, begins - stops)
    if apart > same.within.total_seconds() or not _same_place(alike, same.distance, told, said):
        return None
    return apart


def _counts(facts: Facts) -> bool:
    return not facts[_WITHDRAWN] and facts[_PRECISION] != Precision.UNKNOWN


def _same_place(alike: Alike, distance: float | None, told: Facts, said: Facts) -> bool:
    if distance is not None and told[_LATITUDE] is not None and said[_LATITUDE] is not None:
        points = ((one[_LATITUDE], one[_LONGITUDE]) for one in (told, said))
        return kilometres(*points) <= distance
    return alike.touch(areas_of(told), areas_of(said))


def areas_of(facts: Facts) -> tuple[str, ...]:
    return tuple(facts[_AREAS].split("|"))


@dataclass
class Nearby:
    """Tellings by place and time, to be asked which of them may be of the same event as another."""

    alike: Alike
    told: Iterable[tuple[Identity, Facts]]
    _in: dict[str, list[tuple[int, Identity, Facts]]] = field(init=False)
    _at: dict[str, list[tuple[int, Identity, Facts]]] = field(init=False)

    def __post_init__(self) -> None:
        self._in, self._at = defaultdict(list), defaultdict(list)
        for identity, facts in self.told:
            one = (facts[_OCCURRED], identity, facts)
            own = areas_of(facts)
            for code in own:
                self._at[code].append(one)
            for code in {above for area in own for above in self._above(area)} | {""}:
                self._in[code].append(one)
        for listed in (*self._in.values(), *self._at.values()):
            listed.sort(key=itemgetter(0))

    def _above(self, code: str) -> tuple[str, ...]:
        return self.alike.tree.lineage(code) if code in self.alike.tree else ()

    def of(self, identity: Identity, facts: Facts) -> Iterator[Identity]:
        """The incidents of which something told may be of the same event."""
        begins, ends = span(facts)
        reach, found = self.alike.reach, set()
        for listed in self._lists(identity[0], facts):
            first = bisect_left(listed, begins - reach - _DAY, key=itemgetter(0))
            last = bisect_right(listed, ends + reach, key=itemgetter(0))
            for _, other, said in listed[first:last]:
                if other not in found and gap(self.alike, identity, facts, other, said) is not None:
                    found.add(other)
                    yield other

    def _lists(self, feed: str, facts: Facts) -> Iterator[list[tuple[int, Identity, Facts]]]:
        """In whose places they may lie: in its own, in those above; anywhere, where points decide."""
        far = any(same.distance is not None for same in self.alike.partners.get(feed, {}).values())
        if far and facts[_LATITUDE] is not None:
            yield self._in.get("", [])
            return
        for area in areas_of(facts):
            yield self._in.get(area, [])
            for code in self._above(area)[1:]:
                yield self._at.get(code, [])


def linked(
    alike: Alike, told: Mapping[Identity, Revisions], pairs: Collection[Pair], rulings: Rulings,
    was: Mapping[Identity, Steps], since: float,
) -> dict[Identity, list[tuple[int, Identity | None]]]:  # fmt: skip
    """From when on each of these is counted as another, and again as itself. pairs: those of which anything
    told may be of one event; was: the steps before, of which those before `since` stand."""
    news: dict[int, dict[Identity, Facts]] = defaultdict(dict)
    for identity, revisions in told.items():
        for known_at, facts in revisions:
            news[known_at][identity] = facts
    ruled = [(at, identity) for both, said in rulings.items() for at, _ in said for identity in both]
    steps = {identity: [one for one in was.get(identity, ()) if one[0] < since] for identity in told}
    near, now = Near(pairs), dict[Identity, Facts]()
    for at in sorted({*news, *(at for at, _ in ruled)}):
        now |= news[at]
        if at < since:
            continue
        moved = near.within({*news[at], *(identity for when, identity in ruled if when == at)}, alike.hops)
        apart = {both for both, said in rulings.items() if _apart(said, at)}
        around = near.pairs(near.within(moved, alike.hops))
        counted = _counted(alike, now, around, apart)
        for identity in moved & now.keys():
            before = steps[identity][-1][1] if steps[identity] else None
            if counted.get(identity) != before:
                steps[identity].append((at, counted.get(identity)))
    return steps


class Near:
    """Incidents by the pairs that they may be of."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self._of: dict[Identity, set[Identity]] = defaultdict(set)
        for one, other in pairs:
            self._of[one].add(other)
            self._of[other].add(one)

    def within(self, some: Collection[Identity], hops: int) -> set[Identity]:
        """These, and all that so many pairs in a row lead to."""
        found = fresh = set(some)
        for _ in range(hops):
            fresh = {other for one in fresh for other in self._of.get(one, ())} - found
            if not fresh:
                break
            found = found | fresh
        return found

    def pairs(self, some: Collection[Identity]) -> list[Pair]:
        """The pairs of which both are among these."""
        return [
            (one, other) for one in some for other in self._of.get(one, ()) if one < other and other in some
        ]


def _apart(said: Sequence[tuple[int, bool]], at: int) -> bool:
    return next((apart for since, apart in reversed(said) if since <= at), False)


def _counted(
    alike: Alike, now: Mapping[Identity, Facts], pairs: Collection[Pair], apart: Collection[Pair]
) -> dict[Identity, Identity]:
    """As which other each is counted, if as any: as that of its event which is placed deepest."""
    found: dict[Identity, Identity] = {}
    for event in _events(alike, now, pairs, apart):
        first = min(event, key=lambda one: (-alike.depth(areas_of(now[one])), alike.rank[one[0]], one))
        found |= {one: first for one in event if one != first}
    return found


def _events(
    alike: Alike, now: Mapping[Identity, Facts], pairs: Collection[Pair], apart: Collection[Pair]
) -> list[list[Identity]]:
    """The events that are told more than once."""
    events: dict[Identity, list[Identity]] = {}
    for _, ranked in groupby(sorted(_ranked(alike, now, pairs)), key=itemgetter(0)):
        waiting = [(named, telling) for *_, named, telling in ranked]
        for _ in range(ROUNDS):
            waiting = [both for both in waiting if _free(events, *both, apart)]
            for named, telling in list(_nearest(events, waiting)):
                event = events.setdefault(named, [named])
                event.append(telling)
                events[telling] = event
    return list({id(event): event for event in events.values()}.values())


def _free(
    events: Mapping[Identity, list[Identity]], named: Identity, telling: Identity, apart: Collection[Pair]
) -> bool:
    if telling in events:
        return False
    event = events.get(named, [named])
    return all(one[0] != telling[0] and pair(one, telling) not in apart for one in event)


def _nearest(events: Mapping[Identity, list[Identity]], ranked: Iterable[Pair]) -> Iterator[Pair]:
    """The pairs that are the nearest of both sides."""
    seen: set[Identity] = set()
    for named, telling in ranked:
        event = events.get(named, [named])[0]
        if event not in seen and telling not in seen:
            yield named, telling
        seen |= {event, telling}


def _ranked(
    alike: Alike, now: Mapping[Identity, Facts], pairs: Collection[Pair]
) -> Iterator[tuple[int, int, int, Identity, Identity]]:
    for one, other in pairs:
        if one in now and other in now:
            apart = gap(alike, one, now[one], other, now[other])
            if apart is not None:
                named, telling = sorted((one, other), key=lambda each: alike.rank[each[0]])
                between = abs(now[one][_OCCURRED] - now[other][_OCCURRED])
                yield alike.rank[telling[0]], apart, between, named, telling


def hidden(revisions: Revisions, steps: Steps) -> Iterator[tuple[int, Facts | None, Facts | None]]:
    """(moment, before, after): what is told of an incident while it is counted as another."""
    told, counted, was = dict(revisions), dict(steps), None
    facts: Facts | None = None
    other: Identity | None = None
    for at in sorted({*told, *counted}):
        facts, other = told.get(at, facts), counted.get(at, other)
        now = None if other is None else facts
        if now != was:
            yield at, was, now
        was = now
