"""The plain count: of each id the latest record counts, on its day, in its place and in the country."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.realsets.sets import Plain, Set

#: The whole country, beside the places that have a name.
ROOT = ""
Counts = Counter[tuple[str, date]]


@dataclass(frozen=True)
class Counted:
    """read: so many records; skipped: so many that are no incidents; counts: by place and day."""

    read: int
    skipped: int
    incidents: int
    counts: Counts
    places: frozenset[str]
    first: date
    last: date


def count(of: Set, paths: Iterable[Path]) -> Counted:
    zone = ZoneInfo(of.zone)
    told = [of.plain(row, zone) for path in paths for row in of.rows(path)]
    known = [one for one in told if one is not None]
    latest: dict[object, Plain] = {}
    for one in known:
        before = latest.get(one[0])
        if before is None or before[1] <= one[1]:
            latest[one[0]] = one
    counts: Counts = Counter()
    for _, _, day, place in latest.values():
        counts.update({(place.strip().casefold(), day), (ROOT, day)})
    days = [day for _, _, day, _ in known]
    return Counted(
        len(told), len(told) - len(known), len(latest), counts,
        frozenset(place.strip() for _, _, _, place in known if place.strip()), min(days), max(days),
    )  # fmt: skip
