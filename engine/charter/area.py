"""Which places may be areas: land where enough people live, and facilities of a closed list of kinds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.charter.judgement import ASK, Kind, refusals
from engine.model.problem import nearest

#: Facilities that may be areas. There is no kind for places of worship, media, associations, parties
#: or petition offices.
FACILITIES = frozenset({
    "airport", "bridge", "care-home", "chemical-plant", "clinic", "courthouse", "dam", "factory",
    "fire-station", "hospital", "information-system", "kindergarten", "mall", "market", "mine", "park",
    "police-station", "port", "power-plant", "prison", "residential-area", "school", "stadium", "station",
    "substation", "town-hall", "tunnel", "university", "water-works",
})  # fmt: skip

#: Fewer residents than this are people, not a place.
LEAST_RESIDENTS = 500

#: The one kind of facility that people live in as residents.
_RESIDENTIAL = "residential-area"


def refused(names: Iterable[str], kind: str, population: str, least: int | None = None) -> Iterator[str]:
    """Why an area is none.

    names: its code and whatever it is called; kind, population: as written; least: how many residents every
    area of its level is declared to have.
    """
    settled = not kind and _residents(population, least) >= LEAST_RESIDENTS
    for name in dict.fromkeys(names):
        if not name.isdecimal():
            yield from refusals(Kind.SETTLEMENT if settled else Kind.PLACE, name)
    if kind and kind not in FACILITIES:
        known = ", ".join(sorted(FACILITIES))
        yield f"'{kind}' is not a kind of facility{nearest(kind, FACILITIES)}; known: {known}; {ASK}"
    elif not kind and not population and least is None:
        yield (
            f"an area needs its population (at least {LEAST_RESIDENTS}); a facility needs its kind: without"
            " either it could be somebody's home"
        )
    elif kind in ("", _RESIDENTIAL) and _residents(population, 0 if kind else least) < LEAST_RESIDENTS:
        what = "a residential area" if kind else "an area"
        yield f"{what} needs at least {LEAST_RESIDENTS} residents: fewer are people, no place"


def _residents(written: str, least: int | None) -> int:
    """The population as a number; what is none has a problem of its own."""
    if not written:
        return least or 0
    return int(written) if written.isascii() and written.isdigit() else LEAST_RESIDENTS
