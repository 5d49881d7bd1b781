"""A set in forewarn: a root folder made for it, its files loaded by the command line, and what the ledger
then counts."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml
from click.testing import CliRunner

from benchmarks.realsets.plain import ROOT, Counted, Counts
from benchmarks.realsets.sets import Set
from engine import app
from engine.cli import forewarn
from engine.store.tally_reader import TallyReader

_TITLE = {"en": "Reports", "zh": "报告"}
_RULE = {
    "id": "public-safety.reports", "title": _TITLE, "domain": "public-safety", "topic": "reports",
    "cycle": "daily", "level": "place", "status": "stable", "owner": "desk", "review_by": "2030-01-01",
    "why": "To count them.", "indicator": {"count": "incidents", "where": {"category": "report"}},
    "window": "1d", "grades": {"blue": {"at_least": 1_000_000}},
}  # fmt: skip


def settle(of: Set, counted: Counted, root: Path, path: str) -> dict[str, str]:
    """Make the root; gives the code of each place, by its name in small letters."""
    coded = any("code" in one for one in _several(of.mapping["place"]))
    codes = {place.casefold(): place if coded else f"P{n}" for n, place in enumerate(sorted(counted.places))}
    names = {codes[place.casefold()]: place for place in sorted(counted.places)}
    mapping = {"category": {"fixed": "report"}, "ahead": "3650d", **of.mapping}
    feed = {
        "id": "f", "title": _TITLE, "connector": of.connector, "subject": "incident", "poll": "1h",
        "max_silence": "3d", "licence": "see the set", "source": "see the set",
        "options": {"path": path, **of.options}, "map": mapping,
        "covers": {"areas": ["R"], "categories": ["report"], "from": str(counted.first)},
    }  # fmt: skip
    areas = {"zone": of.zone, "levels": ["country", "place"], "table": "areas.csv"}
    _write(root / "config/areas.yaml", areas)
    _write(root / "config/feeds.yaml", {"feeds": [feed]})
    category = {"code": "report", "title": _TITLE, "domain": "public-safety", "measures": "harm"}
    _write(root / "config/taxonomy.yaml", {"categories": [category]})
    topic = {"id": "reports", "title": _TITLE, "domain": "public-safety"}
    _write(root / "config/topics.yaml", {"topics": [topic]})
    channel = {"kind": "file", "path": "data/outbox/duty.jsonl"}
    duty = {"id": "duty", "title": "Duty", "channels": [channel]}
    route = {"id": "all", "receivers": ["duty"]}
    _write(root / "config/routes.yaml", {"receivers": [duty], "routes": [route]})
    _write(root / "rules/reports.yaml", {"rules": [_RULE]})
    with (root / "config/areas.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["code", "name", "zh", "level", "parent", "population", "aliases", "kind"])
        table.writerow(["R", "The whole country", "", "country", "", 1_000_000, "", ""])
        table.writerows([code, name, "", "place", "R", 1_000, "", ""] for code, name in names.items())
    return codes


def _several(place: Any) -> list[dict[str, Any]]:
    return place if isinstance(place, list) else [place]


def _write(path: Path, told: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(told, allow_unicode=True, sort_keys=False), encoding="utf-8")


def ingest(root: Path, counted: Counted, *files: Path) -> list[dict[str, Any]]:
    """Load files as a history that was heard over all of its days; the account of each."""
    last = min(counted.last, datetime.now(UTC).date())
    heard = ("--history", "--observed", f"{counted.first}..{last}")
    return _call(root, "ingest", "f", *map(str, files), *heard)


def poll(root: Path) -> list[dict[str, Any]]:
    """One live poll."""
    return _call(root, "feeds", "poll", "f")


def _call(root: Path, *arguments: str) -> list[dict[str, Any]]:
    done = CliRunner().invoke(forewarn, ["--root", str(root), *arguments, "--format", "json"])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


def counts(root: Path, codes: dict[str, str]) -> Counts:
    """What the ledger counts in each place and in the country, day by day."""
    found: Counts = Counter()
    with app.world(root) as world, world.store.read() as tx:
        (indicator,) = world.book.indicators().values()
        for level in world.settings.tree.levels:
            areas = world.settings.tree.at(level)
            deltas = TallyReader(tx).deltas(indicator.key, areas, 1, _FAR, _FAR)
            for area, day, n in zip(deltas.area, deltas.day, deltas.n, strict=True):
                found[_named(areas[area], codes), date.fromordinal(int(day))] += int(n)
    return +found


_FAR = date.max.toordinal() - 1


def _named(code: str, codes: dict[str, str]) -> str:
    return ROOT if code == "R" else next(name for name, own in codes.items() if own == code)
