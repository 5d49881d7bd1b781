"""What really happened, out of the raw files: the truth that each kit is measured by.

The thresholds were set before any outcome was counted. The rules never see what is read here: the
kits' mappings name neither the burnt area nor anything else that became known later.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

HEADER = ("area", "topic", "start", "end", "label", "onset")
Row = tuple[str, str, date, date, str, str]

#: A large rural fire (Portugal counts those of at least 100 ha apart).
HECTARES = 100.0
#: Vehicles sent to one fire: a column, in the kit's severities.
COLUMN = 15
#: Deaths in one governorate and week: UCDP's threshold for a year of armed conflict, met in a week.
DEATHS = 25.0
#: A week of many deaths is an onset where so many weeks before it were none.
QUIET_WEEKS = 8
#: Date precision: to the day, and to a stretch of two to six days.
_DATED = ("1.0", "2.0")

_WEEK = timedelta(days=7)


def codes(areas: Path) -> dict[tuple[str, str], str]:
    """The code of every area by (its parent's name, its own name)."""
    with areas.open(encoding="utf-8", newline="") as file:
        rows = {row["code"]: row for row in csv.DictReader(file)}
    return {(rows[row["parent"]]["name"] if row["parent"] else "", row["name"]): code
            for code, row in rows.items()}  # fmt: skip


def large_fires(raw: Path, areas: Path) -> Iterator[Row]:
    """A fire whose burnt area was last given as at least 100 ha, on the local day it began."""
    zone, code = ZoneInfo("Europe/Lisbon"), codes(areas)
    burnt: dict[str, tuple[dict[str, str], float]] = {}
    with gzip.open(raw, "rt", encoding="utf-8") as lines:
        for line in lines:
            fire = json.loads(line)
            hectares = ((fire["icnf"] or {}).get("burnArea") or {}).get("total")
            if hectares is not None:
                burnt[fire["id"]] = fire, float(hectares)
    for fire, hectares in burnt.values():
        place = code.get((fire["district"], fire["concelho"]))
        if hectares >= HECTARES and place is not None:
            day = datetime.fromisoformat(fire["dateTime"]).astimezone(zone).date()
            yield place, "large-fire", day, day, f"{hectares:.0f} ha", ""


def columns(raw: Path, areas: Path) -> Iterator[Row]:
    """A fire to which at least 15 vehicles were sent at once, on the local day it began."""
    zone, code = ZoneInfo("Europe/Lisbon"), codes(areas)
    most: dict[str, tuple[dict[str, str], int]] = {}
    with gzip.open(raw, "rt", encoding="utf-8") as lines:
        for line in lines:
            fire = json.loads(line)
            sent = max(int(fire["terrain"] or 0), most[fire["id"]][1] if fire["id"] in most else 0)
            most[fire["id"]] = fire, sent
    for fire, sent in most.values():
        place = code.get((fire["district"], fire["concelho"]))
        if sent >= COLUMN and place is not None:
            day = datetime.fromisoformat(fire["dateTime"]).astimezone(zone).date()
            yield place, "fire-column", day, day, f"{sent} vehicles", ""


def deadly_weeks(raw: Path, areas: Path) -> Iterator[Row]:
    """An ISO week of at least 25 deaths (best estimate) in one governorate."""
    code = codes(areas)
    deaths: dict[tuple[str, date], float] = defaultdict(float)
    with gzip.open(raw, "rt", encoding="utf-8", newline="") as file:
        for event in csv.DictReader(file):
            place = code.get(("Syria", event["adm_1"]))
            if place is not None and event["date_prec"] in _DATED:
                day = date.fromisoformat(event["date_start"])
                deaths[place, day - timedelta(days=day.weekday())] += float(event["best"])
    deadly = {key for key, count in deaths.items() if count >= DEATHS}
    for place, monday in sorted(deadly):
        quiet = not any((place, monday - n * _WEEK) in deadly for n in range(1, QUIET_WEEKS + 1))
        sunday, label = monday + _WEEK - timedelta(days=1), f"{deaths[place, monday]:.0f} deaths"
        yield place, "armed-violence", monday, sunday, label, "yes" if quiet else ""


def whole(area: str, topic: str, first: date, last: date) -> Row:
    """The statement that nothing else happened, below an area, from one day to another."""
    return area, topic, first, last, "none", ""


def write(path: Path, rows: Iterable[Row]) -> None:
    """A truth file as `forewarn backtest --truth` reads it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(HEADER)
        table.writerows(rows)
