"""`same_as` of config/feeds.yaml: which feeds tell of the same events, and what cannot be meant by it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, GetJsonSchemaHandler, WithJsonSchema

from engine.cycle.config.reading import Reading
from engine.cycle.config.written import Duration, Strict, short
from engine.model.same import SameAs
from engine.yamlfile import Document, Path_

#: What lies further apart is told of two events.
LONGEST, FURTHEST = timedelta(days=7), 100.0
_DISTANCE = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)(km|m)")


def _distance(value: Any) -> float:
    found = _DISTANCE.fullmatch(str(value))
    if found is None or not float(found[1]):
        raise ValueError("a distance is a number of km or m that is more than nothing: 2km, 500m")
    return float(found[1]) / (1 if found[2] == "km" else 1000)


Distance = Annotated[
    float,
    BeforeValidator(_distance),
    WithJsonSchema({"type": "string", "pattern": f"^{_DISTANCE.pattern}$", "description": "2km, 500m"}),
]


class SameAsEntry(Strict):
    """Another feed, and how far apart in time and place the two may tell the same event."""

    feed: str
    within: Duration
    distance: Distance | None = None

    @property
    def same(self) -> SameAs:
        return SameAs(self.feed, self.within, self.distance)


class _OneOrSeveral:
    """One may stand without a list around it."""

    def __get_pydantic_json_schema__(self, core: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        several = handler(core)
        return {"anyOf": [several["items"], several]}


SameAsEntries = Annotated[
    tuple[SameAsEntry, ...],
    BeforeValidator(lambda value: (value,) if isinstance(value, dict) else value),
    _OneOrSeveral(),
]


def check(reading: Reading, document: Document, same: Sequence[tuple[str, tuple[SameAsEntry, ...]]]) -> None:
    """Note what cannot be meant. same: of each feed of the file, in its order, what it declares."""
    named = {feed: [entry.feed for entry in entries] for feed, entries in same}
    for index, (feed, entries) in enumerate(same):
        lone = isinstance(document.data["feeds"][index].get("same_as"), dict)
        for at, entry in enumerate(entries):
            where: Path_ = ("feeds", index, "same_as") if lone else ("feeds", index, "same_as", at)
            if not reading.known(document, (*where, "feed"), "feed", entry.feed, named):
                continue
            for key, sentence in _wrong(feed, entry, named, at):
                reading.note(document, (*where, key), sentence, "impossible")


def _wrong(
    feed: str, entry: SameAsEntry, named: Mapping[str, Sequence[str]], at: int
) -> Iterator[tuple[str, str]]:
    if entry.feed == feed:
        yield "feed", f"'{feed}' names itself; what it repeats by the same id is one incident anyway"
    elif entry.feed in named[feed][:at]:
        yield "feed", f"'{entry.feed}' is named twice; say once how far apart the two may be"
    elif way := _way(entry.feed, feed, named):
        circle = " -> ".join((feed, *way))
        yield "feed", f"{circle} is a circle; whose word counts is said by naming the other in one of them"
    if entry.within > LONGEST:
        said = f"within ({short(entry.within)}) must be at most {short(LONGEST)}"
        yield "within", f"{said}: what lies further apart is told of two events"
    if entry.distance is not None and entry.distance > FURTHEST:
        said = f"distance ({entry.distance:g}km) must be at most {FURTHEST:g}km"
        yield "distance", f"{said}: what lies further apart is told of two events"


def _way(start: str, goal: str, named: Mapping[str, Sequence[str]]) -> list[str]:
    """From one feed to another by what each names; empty where there is no way."""
    ways, seen = [[start]], {start}
    while ways:
        way = ways.pop(0)
        if way[-1] == goal:
            return way
        fresh = [one for one in named.get(way[-1], ()) if one not in seen]
        seen.update(fresh)
        ways += [[*way, one] for one in fresh]
    return []
