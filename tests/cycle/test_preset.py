"""Every preset reads an extract of its source, says what it leaves to the entry, and gives way to it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectors import CONNECTORS, push
from engine import app
from engine.cycle.config import preset
from engine.errors import ConfigError
from engine.ingest import batch
from engine.model.incident import UNGRADED, Incident
from tests.story import county

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
NOW = datetime(2026, 3, 8, tzinfo=UTC)

CATEGORY = {"fixed": "violence.explosion"}
HERE = {"place": {"fixed": "C"}, "category": CATEGORY}

#: Of each preset the sample, what the entry adds to the mapping, and how many incidents of each severity it
#: gives; 'refused' counts the others.
SAMPLES: dict[str, tuple[str, dict[str, Any], dict[Any, int]]] = {
    "acled": ("presets/acled.csv", {"place": {"fixed": "C"}}, {0: 3}),
    "alertmanager": ("presets/alertmanager.json", {"place": {"code": "labels.site"}, "category": CATEGORY},
                     {0: 1, 2: 1, 3: 1}),
    "csaf": ("presets/csaf/*.json", HERE, {3: 2, 4: 1}),
    "cve": ("presets/cve.json", HERE, {UNGRADED: 1, 1: 1}),
    "gdacs": ("guess/gdacs.xml", HERE, {1: 6, 3: 2}),
    "gdelt": ("presets/gdelt.export.CSV", {"place": {"fixed": "C"}}, {0: 4}),
    "kev": ("guess/cisa_kev.json", HERE, {3: 19, 4: 6}),
    "misp": ("presets/misp.json", HERE, {3: 1}),
    "stix": ("presets/stix.json", HERE, {0: 17}),
    "suricata": ("presets/suricata_eve.jsonl", HERE, {2: 3, 1: 1, 3: 4}),
    "taxii": ("presets/stix.json", HERE, {0: 17}),
    "ucdp-ged": ("guess/ucdp_ged.csv", {"place": {"fixed": "C"}}, {0: 25}),
    "usgs": ("guess/usgs_day.json", HERE, {0: 18, 1: 4, 2: 2}),
}


def entry(name: str, **more: Any) -> dict[str, Any]:
    """A feed that begins from the preset."""
    return {
        "id": name, "title": "A feed", "preset": name, "max_silence": "20d",
        "covers": {"areas": ["C"], "categories": ["violence"], "from": "2015-01-01"}, **more,
    }  # fmt: skip


def home(root: Path, *entries: dict[str, Any]) -> app.Home:
    county.build(root)
    taxonomy = root / "config/taxonomy.yaml"
    acled = "acled: [Armed clash, Attack, Shelling/artillery/missile attack]"
    cameo = 'cameo: ["18", "19", "20"]'
    codes = f'[explosion], ucdp: ["1", "2", "3"], {cameo}, {acled}}}'
    taxonomy.write_text(taxonomy.read_text().replace("[explosion]}", codes))
    (root / "config/feeds.yaml").write_text(yaml.safe_dump({"feeds": list(entries)}))
    return app.home(root, NOW.date())


def test_every_preset_has_its_sample() -> None:
    assert set(SAMPLES) == set(preset.names())


@pytest.mark.parametrize("name", SAMPLES)
def test_a_preset_reads_its_source(tmp_path: Path, name: str) -> None:
    sample, added, counts = SAMPLES[name]
    if name == "alertmanager":
        feed = (settings := home(tmp_path, entry(name, map=added)).settings).feeds[name]
        fetch = push.take(feed.options, push.Form.JSON, (DATA / sample).read_bytes())
    else:
        # The objects of a bundle stand for those of a collection, which only a server gives out.
        own = {"path": str(DATA / sample), **({"taxii": False} if name == "taxii" else {})}
        feed = (settings := home(tmp_path, entry(name, options=own, map=added)).settings).feeds[name]
        fetch = CONNECTORS[feed.connector].fetch(feed.options, {})
    read = list(batch.read(fetch.records, feed, settings.ingest, NOW))
    found = Counter(one.severity if isinstance(one, Incident) else "refused" for one in read)
    assert found == counts, [one for one in read if not isinstance(one, Incident)][:2]


def test_a_collection_is_polled_and_an_alert_ends(tmp_path: Path) -> None:
    where = {"options": {"url": "https://taxii.example.org/api1/collections/1/"}, "map": HERE}
    assert home(tmp_path / "a", entry("taxii", **where)).settings.feeds["taxii"].options.taxii
    settings = home(tmp_path / "b", entry("alertmanager", map=HERE)).settings
    feed = settings.feeds["alertmanager"]
    fetch = push.take(feed.options, push.Form.JSON, (DATA / "presets/alertmanager.json").read_bytes())
    assert all("annotations" not in one.fields for one in fetch.records)
    ended = [one.ended_at for one in batch.read(fetch.records, feed, settings.ingest, NOW)]
    assert ended == [None, datetime(2026, 3, 1, 7, 32, tzinfo=UTC), None]


def test_what_the_entry_says_stands_in_the_place_of_the_presets(tmp_path: Path) -> None:
    graver = {**HERE, "severity": {"fixed": 2}}
    more = {"poll": "6h", "licence": "ours", "options": {"timeout": 5}, "map": graver}
    feed = home(tmp_path, entry("kev", **more)).settings.feeds["kev"]
    assert (feed.licence, feed.subject, feed.connector) == ("ours", "advisory", "json")
    assert (str(feed.options.url).startswith("https://www.cisa.gov/"), feed.options.records) == (
        True, "vulnerabilities",
    )  # fmt: skip
    assert (feed.mapping.severity.fixed, feed.mapping.source_id) == (2, ("cveID",))


@pytest.mark.parametrize(("change", "sentence"), [
    ({"preset": "kef"}, "there is no preset 'kef' (did you mean 'kev'?)"),
    ({"map": {"place": {"fixed": "C"}}}, "category"),
    ({"map": {**HERE, "sevrity": {"fixed": 2}}}, "sevrity"),
    ({"connector": "jason"}, "there is no connector 'jason'"),
    ({"max_silence": "10m"}, "max_silence (10m) must be longer than poll (1h)"),
])  # fmt: skip
def test_a_mistake_upon_a_preset_is_told_on_the_feeds_line(
    tmp_path: Path, change: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        home(tmp_path, entry("kev", **{"map": HERE, **change}))
    (problem,) = [one for one in caught.value.problems if sentence in str(one)]
    assert problem.path.endswith("config/feeds.yaml")


def test_the_page_lists_every_preset() -> None:
    page = (ROOT / "docs/feeds.md").read_text(encoding="utf-8").split("### Presets")[1].split("\n### ")[0]
    assert [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")] == list(
        preset.names()
    )
