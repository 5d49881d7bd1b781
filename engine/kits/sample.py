"""Made-up reports for a kit: ordinary days by chance, and a few days that are not ordinary."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

#: So many days lie behind the first day: rules compare with the half-year before.
DAYS = 240
#: Before the hour at which it is judged, yesterday is not the last day that was: whatever the hour, a surge
#: of one day is to be found.
_UNJUDGED = 1


@dataclass(frozen=True)
class Report:
    """One made-up report."""

    number: int
    happened: datetime
    known: datetime
    place: str
    kind: str


@dataclass(frozen=True)
class Surge:
    """What is not ordinary: so many more of a kind a day at a place, in the last days."""

    kind: str
    each: int
    days: int


def reports(
    places: Sequence[str], usual: Mapping[str, float], surges: Sequence[Surge], until: datetime, seed: int
) -> list[Report]:
    """Reports of the last days, oldest first; `usual` are reports a day of each kind in all the places
    together, and each surge happens at a place of its own. The same every time, but for when they end."""
    chance = Random(seed)
    found: list[tuple[datetime, str, str]] = []
    midnight = until.replace(hour=0, minute=0, second=0, microsecond=0)
    for back in range(DAYS, -1, -1):
        day = midnight - timedelta(days=back)
        for kind, rate in usual.items():
            found += [(_moment(day, chance), chance.choice(places), kind) for _ in range(_many(rate, chance))]
        for at, surge in enumerate(surges):
            if 1 <= back <= surge.days + _UNJUDGED:
                found += [(_moment(day, chance), places[at], surge.kind) for _ in range(surge.each)]
    known = ((at, at + timedelta(minutes=chance.randint(5, 90)), place, kind) for at, place, kind in found)
    told = sorted(one for one in known if one[1] < until)
    return [Report(number, *one) for number, one in enumerate(told, start=1)]


def _moment(day: datetime, chance: Random) -> datetime:
    return day + timedelta(minutes=chance.randrange(24 * 60))


def _many(rate: float, chance: Random) -> int:
    """How many of a kind there are on a day: by Poisson's chance."""
    many, left = 0, chance.expovariate(1.0)
    while left < rate:
        many, left = many + 1, left + chance.expovariate(1.0)
    return many


def table(header: Sequence[str], rows: Iterator[Sequence[str]], encoding: str) -> bytes:
    """A CSV as a spreadsheet or an office system exports it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def by_line(rows: Iterator[Mapping[str, str]]) -> bytes:
    """One JSON object a line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def written(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
