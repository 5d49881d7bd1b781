"""Made-up areas for rule tests: A, B, C and what lies below and above them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from engine.model.area import Area, AreaTree
from engine.model.text import Text
from engine.rulebook.language.example import Example

#: Inhabitants of a made-up area unless a test says otherwise.
POPULATION = 100_000
#: `A`; `A1` one level below; `A1.2` one more.
_CODE = re.compile(r"([A-Z])(?:([1-9]\d?)((?:\.[1-9]\d?)*))?")

Place = tuple[str | int, ...]


def areas_named(example: Example) -> Iterator[tuple[Place, str]]:
    """Every area a test names, with its place in the test."""
    given = example.given
    listed: dict[str, list[str]] = {
        "incidents": [one.area for one in given.incidents],
        "alerts": [one.area for one in given.alerts],
        "background": [one.area for one in given.background],
        "unmonitored": [one.area for one in given.unmonitored],
    }
    for key, areas in listed.items():
        yield from ((("given", key, number, "area"), area) for number, area in enumerate(areas))
    for key, codes in (("series", given.series), ("chance", given.chance), ("population", given.population)):
        yield from ((("given", key, code), code) for code in codes)
    yield from ((("expect", code), code) for code in example.expect)


def imaginable(code: str, level: str, tree: AreaTree) -> bool:
    """Whether `code` can be a made-up area in a test of a rule that judges `level`."""
    own, depth = tree.levels.index(level), _depth(code)
    return code in tree.levels[:own] or (depth is not None and own + depth < len(tree.levels))


def imagine(codes: Iterable[str], level: str, levels: tuple[str, ...], people: Mapping[str, int]) -> AreaTree:
    """A small tree that holds the codes: letters at `level` under one area of each level above, each with
    at least one area of every level below; those of one level are each other's neighbours."""
    own = levels.index(level)
    areas = {
        name: Area(name, Text(name), name, levels[at - 1] if at else None, population=POPULATION)
        for at, name in enumerate(levels[:own])
    }
    letters = {code[0] for code in codes if code not in areas} or {"A"}
    deepest = ("1" + ".1" * (len(levels) - own - 2)) if own + 1 < len(levels) else ""
    for code in sorted({*codes, *(letter + deepest for letter in letters)}):
        for one in _lineage(code) if code not in areas else ():
            depth = _depth(one) or 0
            parent = _lineage(one)[-2] if depth else levels[own - 1] if own else None
            size = people.get(one, POPULATION)
            areas[one] = Area(one, Text(one), levels[own + depth], parent, population=size)
    return AreaTree.of(levels, _adjacent(areas.values()))


def _adjacent(areas: Iterable[Area]) -> Iterator[Area]:
    """The same areas, those of one level each other's neighbours."""
    listed = list(areas)
    for area in listed:
        around = frozenset(other.code for other in listed if other.level == area.level) - {area.code}
        yield replace(area, neighbours=around)


def _depth(code: str) -> int | None:
    """How many levels below the rule's own a made-up code lies; None where it is no such code."""
    match = _CODE.fullmatch(code)
    if match is None:
        return None
    return 0 if match[2] is None else 1 + match[3].count(".")


def _lineage(code: str) -> list[str]:
    """`A1.2` -> A, A1, A1.2."""
    match = _CODE.fullmatch(code)
    assert match is not None, "only imaginable codes come this far"
    chain = [match[1]]
    if match[2]:
        chain.append(match[1] + match[2])
        for part in match[3].split(".")[1:]:
            chain.append(f"{chain[-1]}.{part}")
    return chain
