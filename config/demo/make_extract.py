"""Makes the bundled extracts from the raw archives: facts only, no text, to the end of 2025.

    python config/demo/make_extract.py RAW_FOLDER

RAW_FOLDER holds `sweden_police/feed_revisions.jsonl.gz` (one revision of one event a line, in the
order a collector saw them) and `kev_epss/epss_daily_changes.csv.gz` (exploit-probability changes per
day). Not run by the tests; the result is kept beside this file and described in README.md.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

HERE = Path(__file__).parent
ZONE = ZoneInfo("Europe/Stockholm")
LAST_DAY = "2025-12-31"

MONTHS = {
    name: number
    for number, name in enumerate(
        (
            "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september",
            "oktober", "november", "december",
        ),
        start=1,
    )
}  # fmt: skip

#: `25 mars 21:15, Fylleri/LOB, Stockholm`; since 2023 the hour may be followed by a full stop.
NAME = re.compile(r"(?P<day>\d{1,2}) (?P<month>\w+) (?P<hour>\d{1,2})[:.](?P<minute>\d{2}), ")

POLICE = ("id", "happened", "published", "first_seen", "revision", "type", "place")
#: What makes a revision worth a row; address, summary and wording are not kept.
FACTS = ("happened", "published", "type", "place")


def happened(name: str, published: datetime) -> datetime:
    """When an event happened: the name has day, month and minute, the year is the one that brings it
    nearest to its publication.

    An hour that the clock shows twice in autumn is the first of the two; an hour that it leaves out
    in spring is moved by that hour.
    """
    match = NAME.match(name)
    if match is None:
        raise ValueError(f"no time in the name {name!r}")
    day, hour, minute = (int(match[part]) for part in ("day", "hour", "minute"))
    month = MONTHS[match["month"]]
    candidates = []
    for year in (published.year - 1, published.year, published.year + 1):
        try:
            local = datetime(year, month, day, hour, minute, tzinfo=ZONE)
        except ValueError:  # the 29th of February of another year
            continue
        candidates.append(local)
    nearest = min(candidates, key=lambda local: abs(local - published))
    return nearest.astimezone(UTC).astimezone(ZONE)


def police_rows(source: Path) -> Iterator[dict[str, Any]]:
    """One row per revision that changes a fact; the rows keep the source's revision numbers."""
    latest: dict[int, tuple[object, ...]] = {}
    for event in _events(source):
        published = datetime.strptime(event["datetime"], "%Y-%m-%d %H:%M:%S %z")
        row = {
            "id": event["id"],
            "happened": happened(event["name"], published).isoformat(timespec="minutes"),
            "published": published.isoformat(),
            "first_seen": event["observed_at"],
            "revision": event["rev"],
            "type": event["type"],
            "place": event["location"]["name"],
        }
        facts = tuple(row[name] for name in FACTS)
        if latest.get(event["id"]) != facts:
            latest[event["id"]] = facts
            yield row


def police_polls(source: Path) -> list[str]:
    """The moments at which the collector brought something home."""
    return sorted({event["observed_at"] for event in _events(source)})


def _events(source: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            if event["observed_at"][:10] <= LAST_DAY:
                yield event


def catalogue(source: Path) -> tuple[dict[str, str], list[str]]:
    """Each vulnerability's first day, and all days on which the archive changed.

    The header stands again wherever the archive began anew: those lines are no data.
    """
    entered: dict[str, str] = {}
    days: set[str] = set()
    with gzip.open(source, "rt", encoding="utf-8", newline="") as lines:
        for day, vulnerability, *_ in csv.reader(lines):
            if vulnerability.startswith("CVE-") and day <= LAST_DAY:
                days.add(day)
                entered[vulnerability] = min(day, entered.get(vulnerability, day))
    return entered, sorted(days)


def noon(day: str) -> str:
    """A day of the archive as one moment: noon UTC falls on that very day in Sweden too."""
    return f"{day}T12:00:00Z"


def write(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A reproducible csv.gz: no time stamp, no file name inside."""
    with (
        (HERE / name).open("wb") as raw,
        gzip.GzipFile("", "wb", compresslevel=9, fileobj=raw, mtime=0) as packed,
    ):
        lines = [",".join(header)]
        lines += [",".join(_cell(value) for value in row) for row in rows]
        packed.write(("\n".join(lines) + "\n").encode("utf-8"))


def _cell(value: object) -> str:
    text = str(value)
    return f'"{text}"' if "," in text else text


def main(raw: Path) -> None:
    police = raw / "sweden_police" / "feed_revisions.jsonl.gz"
    write("se_police.csv.gz", POLICE, ([row[name] for name in POLICE] for row in police_rows(police)))
    write("se_police_polls.csv.gz", ["polled_at"], ([moment] for moment in police_polls(police)))
    entered, days = catalogue(raw / "kev_epss" / "epss_daily_changes.csv.gz")
    entries = sorted((day, vulnerability) for vulnerability, day in entered.items())
    write("kev.csv.gz", ["id", "entered"], ([vulnerability, noon(day)] for day, vulnerability in entries))
    write("kev_polls.csv.gz", ["polled_at"], ([noon(day)] for day in days))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
