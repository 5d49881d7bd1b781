"""A test that is there, with one thing moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from engine.model.taxonomy import Taxonomy
from engine.rulebook.mutate.scene import DAY, GRID, Scene, clock, family


def moved(written: Scene, taxonomy: Taxonomy) -> Iterator[Scene]:
    """A test's scene with one thing moved: an incident a day or some minutes earlier or later, one more or
    fewer of it, none of it, of a category beside its own, a hundred metres away or at no known point, the
    judgement a day later."""
    incidents = written["given"].get("incidents", [])
    for at, one in enumerate(incidents):
        others = [*incidents[:at], *incidents[at + 1 :]]
        for changed in (*_days(one), *_hours(one), *_counts(one), *_kin(one, taxonomy), *_places(one)):
            yield _replaced(written, [*others, changed])
        if others:
            yield _replaced(written, others)
    day = str(written["at"])
    if "T" not in day:
        yield from ({**written, "at": str(date.fromisoformat(day) + n * DAY)} for n in (1, 2, 3))


def _days(one: Scene) -> Iterator[Scene]:
    on = str(one["on"])
    if "T" in on:
        return
    first, _, last = on.partition("..")
    for n in (-3, -2, -1, 1, 2):
        ends = [str(date.fromisoformat(day) + n * DAY) for day in (first, last) if day]
        yield {**one, "on": "..".join(ends)}


def _hours(one: Scene) -> Iterator[Scene]:
    if "time" in one:
        hour, _, minute = str(one["time"]).partition(":")
        at = int(hour) * 60 + int(minute)
        yield from ({**one, "time": clock(at + step)} for step in (-60, -30, -1, 1, 30, 60))


def _counts(one: Scene) -> Iterator[Scene]:
    many = one.get("each", 1)
    yield from ({**one, "each": many + n} for n in (-1, 1, 2) if many + n > 0)


def _places(one: Scene) -> Iterator[Scene]:
    if "point" in one:
        north, east = one["point"]
        for n in (-2, -1, 1, 2):
            yield {**one, "point": [round(north + n * GRID, 3), east]}
        yield {name: of for name, of in one.items() if name != "point"}


def _kin(one: Scene, taxonomy: Taxonomy) -> Iterator[Scene]:
    code = str(one["category"])
    yield from ({**one, "category": other} for other in family([code], taxonomy) if other != code)


def _replaced(written: Scene, incidents: list[Scene]) -> Scene:
    return {**written, "given": {**written["given"], "incidents": incidents}}
