"""The sets: where the file lies, how its feed is mapped, and what a plain program reads in it.

`plain` shares nothing with the engine. It gives of each record an id, what orders several of one id, the
local day, and the name or code of the place ("" for the whole country).
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
Plain = tuple[Any, Any, date, str]

COUNTRY = {"fixed": "R"}
#: An entry of an RSS or Atom feed.
ENTRY = re.compile(r"<(item|entry)\b.*?</\1>", re.S)


@dataclass(frozen=True, kw_only=True)
class Set:
    """One set. files: a pattern below the folder of the sets; list: where a JSON document has its records."""

    name: str
    files: str
    connector: str
    zone: str = "UTC"
    mapping: dict[str, Any]
    options: dict[str, Any] = field(default_factory=dict)
    plain: Callable[[Row, ZoneInfo], Plain | None]
    list: str = ""
    #: Rewritten before it is loaded: as `xlsx` or `zip`.
    packed: str = ""

    @property
    def encoding(self) -> str:
        return str(self.options.get("encoding", "utf-8-sig"))

    def paths(self, folder: Path) -> Sequence[Path]:
        return sorted(folder.glob(self.files))

    def rows(self, path: Path) -> Iterator[Row]:
        """The raw records of one file."""
        opened = gzip.open if path.suffix == ".gz" else open
        text = opened(path, "rt", encoding=self.encoding, newline="")
        with text as file:
            if self.connector == "csv":
                yield from csv.DictReader(file)
            elif self.options.get("lines") or ".jsonl" in path.name:
                yield from map(json.loads, file)
            elif self.connector in ("json", "geojson"):
                found = json.load(file)
                yield from found[self.list] if self.list else found
            else:
                yield from (_entry(found[0]) for found in ENTRY.finditer(file.read()))


def _entry(text: str) -> Row:
    """The elements of an entry that hold only text, the first of each name."""
    found: Row = {}
    for name, value in re.findall(r"<(?:\w+:)?(\w+)(?: [^>]*)?>([^<]*)</", text):
        found.setdefault(name, value)
    return found


def _moment(text: str, zone: ZoneInfo) -> datetime:
    text = re.sub(r" (\d):", r" 0\1:", text.replace(" +", "+"))
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(zone)


def _sweden(row: Row, zone: ZoneInfo) -> Plain | None:
    if row["type"].startswith("Sammanfattning"):
        return None
    return row["id"], row["observed_at"], _moment(row["datetime"], zone).date(), row["location"]["name"]


def _portugal(row: Row, zone: ZoneInfo) -> Plain:
    return row["id"], row["observed_at"], _moment(row["dateTime"], zone).date(), row["dico"] or ""


def _sanmateo(row: Row, zone: ZoneInfo) -> Plain:
    told, _, _ = row["time"].rpartition(" ")[0].rpartition(" ")
    day = datetime.strptime(told, "%m/%d/%Y").date() if told else date.fromisoformat(row["date"])
    return row["id"], row["observed_at"], day, row["city"] or ""


def _highway(row: Row, zone: ZoneInfo) -> Plain:
    return row["name"], row["first_observed"], _moment(row["first_observed"], zone).date(), ""


def _montgomery(row: Row, zone: ZoneInfo) -> Plain:
    id_ = tuple(row[name] for name in _CALLS)
    return id_, 0, date.fromisoformat(row["timeStamp"][:10]), row["twp"]


def _ukraine(row: Row, zone: ZoneInfo) -> Plain:
    id_ = (row["oblast"], row["raion"], row["hromada"], row["started_at"])
    return id_, 0, _moment(row["started_at"], zone).date(), row["oblast"]


def _syria(row: Row, zone: ZoneInfo) -> Plain:
    return row["id"], 0, date.fromisoformat(row["date_start"][:10]), row["adm_1"]


def _catalogue(row: Row, zone: ZoneInfo) -> Plain:
    return row["cveID"], 0, date.fromisoformat(row["dateAdded"]), ""


def _quake(row: Row, zone: ZoneInfo) -> Plain:
    told = row["properties"]
    at = datetime.fromtimestamp(told["time"] / 1000, UTC).astimezone(zone)
    return row.get("id") or told["url"].rpartition("/")[2], told["updated"], at.date(), ""


def _quake_revision(row: Row, zone: ZoneInfo) -> Plain:
    id_, _, day, _ = _quake(row, zone)
    return id_, row["observed_at"], day, ""


def _gdacs(row: Row, zone: ZoneInfo) -> Plain:
    at = parsedate_to_datetime(row["pubDate"])
    return row["guid"], at, at.astimezone(zone).date(), ""


def _weather(row: Row, zone: ZoneInfo) -> Plain | None:
    if row["status"] != "Actual" or row["msgType"] not in ("Alert", "Update"):
        return None
    return row["id"], row["sent"], _moment(row["sent"], zone).date(), ""


def _attack(row: Row, zone: ZoneInfo) -> Plain:
    return tuple(row[name] for name in _ATTACK), 0, date.fromisoformat(row["date"]), row["state"]


def _china(row: Row, zone: ZoneInfo) -> Plain:
    return row["w11"], 0, date.fromisoformat(row["w8"][:10]), row["w1"]


def _intrusion(row: Row, zone: ZoneInfo) -> Plain:
    at = _moment(row["timestamp"], zone)
    return (row["timestamp"], row["flow_id"], row["alert"]["signature_id"]), 0, at.date(), ""


def _or_country(place: dict[str, Any]) -> list[dict[str, Any]]:
    return [place, COUNTRY]


_ATTACK = ["date", "location", "state", "community_id", "longitude", "latitude", "category_en"]
_CALLS = ["timeStamp", "title", "twp", "zip", "lat", "lng"]

SETS = (
    Set(
        name="Swedish police events, as revised", files="sweden_police/feed_revisions.jsonl.gz",
        connector="json", zone="Europe/Stockholm", plain=_sweden,
        mapping={"source_id": "id", "occurred_at": "datetime", "known_at": "observed_at",
                 "place": {"name": "location.name"}, "skip": {"field": "type", "starts": "Sammanfattning"}},
    ),
    Set(
        name="Portuguese fires, as revised", files="portugal_fires/feed_revisions.jsonl.gz",
        connector="json", zone="Europe/Lisbon", plain=_portugal,
        mapping={"source_id": "id", "occurred_at": "dateTime", "known_at": "observed_at",
                 "place": _or_country({"code": "dico"})},
    ),
    Set(
        name="San Mateo dispatches, as revised", files="sanmateo_dispatch/feed_revisions.jsonl.gz",
        connector="json", zone="America/Los_Angeles", plain=_sanmateo,
        mapping={"source_id": "id", "known_at": "observed_at", "place": _or_country({"code": "city"}),
                 "occurred_at": [{"field": "time", "format": "%m/%d/%Y %I:%M:%S %p"},
                                 {"fields": ["date", "time"], "format": "%Y-%m-%d %I:%M:%S %p"}]},
    ),
    Set(
        name="Californian highway patrol log", files="chp_incidents/incidents.csv.gz", connector="csv",
        zone="America/Los_Angeles", plain=_highway,
        mapping={"source_id": "name", "occurred_at": "first_observed", "known_at": "first_observed",
                 "place": COUNTRY},
    ),
    Set(
        name="Montgomery County's emergency calls", files="montgomery_911/911.csv.gz", connector="csv",
        zone="America/New_York", plain=_montgomery,
        mapping={"source_id": _CALLS, "occurred_at": "timeStamp", "place": _or_country({"name": "twp"})},
    ),
    Set(
        name="Ukrainian air-raid alerts, as a workbook", files="ukraine_air_alerts/official.csv.gz",
        connector="csv", zone="Europe/Kyiv", plain=_ukraine, packed="xlsx",
        mapping={"source_id": ["oblast", "raion", "hromada", "started_at"], "occurred_at": "started_at",
                 "ended_at": "finished_at", "place": {"name": "oblast"}},
    ),
    Set(
        name="Armed violence in Syria (UCDP), in a zip archive", files="ucdp_ged/ged191_syria.csv.gz",
        connector="csv", zone="Asia/Damascus", plain=_syria, packed="zip",
        mapping={"source_id": "id", "occurred_at": "date_start", "place": _or_country({"name": "adm_1"})},
    ),
    Set(
        name="Exploited vulnerabilities (CISA)", files="cisa_kev/known_exploited_vulnerabilities.json",
        connector="json", options={"records": "vulnerabilities"}, list="vulnerabilities", plain=_catalogue,
        mapping={"source_id": "cveID", "occurred_at": "dateAdded", "place": COUNTRY},
    ),
    Set(
        name="Earthquakes, three snapshots (USGS)", files="usgs_quakes/all_day_*.json", connector="geojson",
        list="features", plain=_quake,
        mapping={"source_id": "id", "occurred_at": {"field": "properties.time", "format": "epoch_ms"},
                 "known_at": {"field": "properties.updated", "format": "epoch_ms"}, "place": COUNTRY},
    ),
    Set(
        name="Earthquakes, as revised (USGS)", files="usgs_quakes/feed_revisions.jsonl.gz", connector="json",
        plain=_quake_revision,
        mapping={"source_id": "id", "occurred_at": {"field": "properties.time", "format": "epoch_ms"},
                 "known_at": "observed_at", "place": COUNTRY},
    ),
    Set(
        name="Disasters (GDACS)", files="gdacs_rss/samples/gdacs-rss-7d.xml", connector="rss", plain=_gdacs,
        mapping={"source_id": "id", "occurred_at": "published", "known_at": "published", "place": COUNTRY},
    ),
    Set(
        name="Weather alerts (NWS)", files="nws_cap_atom/feed_1_*.xml", connector="cap",
        options={"follow": False}, zone="America/New_York", plain=_weather,
        mapping={"source_id": "id", "occurred_at": "sent", "known_at": "sent", "place": COUNTRY},
    ),
    Set(
        name="Attacks on shelters in Germany (ARVIG)", files="germany_arvig/arvig.csv.gz", connector="csv",
        zone="Europe/Berlin", plain=_attack,
        mapping={"source_id": _ATTACK, "occurred_at": "date", "place": {"name": "state"}},
    ),
    Set(
        name="Weather warnings in China", files="china_warnings/*.json", connector="json",
        zone="Asia/Shanghai", plain=_china,
        mapping={"source_id": "w11", "occurred_at": "w8", "place": {"name": "w1"}},
    ),
    Set(
        name="Intrusion alerts (Suricata)", files="suricata_eve/*/alerts-only.json", connector="json",
        plain=_intrusion,
        mapping={"source_id": ["timestamp", "flow_id", "alert.signature_id"], "occurred_at": "timestamp",
                 "place": COUNTRY},
    ),
)  # fmt: skip
