"""docs/connectors.md is what the registry says, says what every option means, and its examples work."""

from __future__ import annotations

import csv
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors import CONNECTORS, manual
from engine import app
from engine.cycle import sample
from tests.story import county
from tests.story.filling import FORM

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests/data"
NOW = datetime(2026, 3, 8, tzinfo=UTC)

#: What the examples read, and how many records of it each takes.
FILES = {
    "inbox/calls.csv": "guess/montgomery_911.csv", "kev.json": "guess/cisa_kev.json",
    "quakes.geojson": "guess/usgs_day.json", "gdacs.xml": "guess/gdacs.xml",
    "alerts/a.cap": "connectors/australia.cap", "bundle.json": "presets/stix.json",
    "gdelt/a.export.CSV": "presets/gdelt.export.CSV",
    "events.json": "presets/misp.json", "cves.json": "presets/cve.json",
    **{f"csaf/{path.name}": f"presets/csaf/{path.name}" for path in (DATA / "presets/csaf").glob("*.json")},
}  # fmt: skip
COUNTS = {
    "csv": 25, "json": 25, "geojson": 24, "rss": 8, "cap": 1, "sql": 25, "stix": 10, "misp": 1, "csaf": 3,
    "cve": 2, "gdelt": 3,
}  # fmt: skip
#: What only a server gives out: tests of their own put one there.
SERVED = ("mqtt", "imap")


def test_the_page_is_what_the_registry_says() -> None:
    page = (ROOT / "docs/connectors.md").read_text(encoding="utf-8")
    assert page == manual.written(), "python -m connectors.manual docs/connectors.md"


@pytest.mark.parametrize("name", CONNECTORS)
def test_every_option_of_a_connector_has_a_meaning(name: str) -> None:
    options = CONNECTORS[name].Options
    assert [one for one in options.model_fields if not manual.meaning(options, one)] == []


def test_every_example_is_polled_and_every_record_of_it_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    county.build(tmp_path)
    (tmp_path / "config/forms").mkdir()
    (tmp_path / "config/forms/wardens.yaml").write_text(FORM, encoding="utf-8")
    taxonomy = tmp_path / "config/taxonomy.yaml"
    cameo = '[explosion], cameo: ["18", "19", "20"]}'
    taxonomy.write_text(taxonomy.read_text(encoding="utf-8").replace("[explosion]}", cameo), encoding="utf-8")
    shutil.copy(manual.EXAMPLES, tmp_path / "config/feeds.yaml")
    for path, source in FILES.items():
        target = tmp_path / path
        target.parent.mkdir(exist_ok=True)
        shutil.copy(DATA / source, target)
        os.utime(target, (NOW.timestamp() - 60,) * 2)
    with (DATA / "guess/montgomery_911.csv").open(encoding="utf-8", newline="") as file:
        rows = [(number, one["timeStamp"], one["title"]) for number, one in enumerate(csv.DictReader(file))]
    with closing(sqlite3.connect(tmp_path / "desk.db")) as database, database:
        database.execute("CREATE TABLE calls (number INTEGER, at, kind)")
        database.executemany("INSERT INTO calls VALUES (?, ?, ?)", rows)
    for name in ("MQTT_PASSWORD", "IMAP_PASSWORD"):
        monkeypatch.setenv(name, "0123456789abcdef")
    with app.world(tmp_path, clock=lambda: NOW) as world:
        assert manual.examples().keys() == CONNECTORS.keys() == world.settings.feeds.keys()
        found = {
            feed.id: sample.take(world, feed, 100) for feed in world.settings.feeds.values()
            if not feed.pushed and feed.id not in SERVED
        }  # fmt: skip
    assert {name: one.refusals for name, one in found.items() if one.rejects} == {}
    assert {name: one.account.new for name, one in found.items()} == COUNTS
