"""The examples of docs/feeds.md: each mapping makes of its record the incident the page shows."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from shapely import box

from connectors import CONNECTORS
from engine.ingest.charter import check_feed
from engine.ingest.gazetteer import Gazetteer
from engine.ingest.mapping import Category as Classified
from engine.ingest.mapping import Derived, Mapping, Moment, Occurrence, Place
from engine.ingest.normalise import Context, Normaliser
from engine.model.area import Area, AreaTree
from engine.model.feed import Record
from engine.model.grade import Domain
from engine.model.incident import Incident
from engine.model.taxonomy import Category, Taxonomy
from engine.model.text import Text

PAGE = (Path(__file__).parents[2] / "docs/feeds.md").read_text()
EXAMPLE = re.compile(
    r"^### (?P<title>[^\n]+)\n(?:(?!^#).)*?```yaml\n(?P<map>.*?)```\s*```json\n(?P<record>.*?)```"
    r"\s*```json\n(?P<incident>.*?)```", re.S | re.M,
)  # fmt: skip
EXAMPLES = {found["title"]: found for found in EXAMPLE.finditer(PAGE)}

AREAS = (Area("SE", Text("Sweden"), "country"), Area("03", Text("Uppsala län"), "county", "SE"),
         Area("0380", Text("Uppsala"), "municipality", "03"))  # fmt: skip
CODES: dict[str, dict[str, tuple[str, ...]]] = {
    "fire": {"se_police": ("Brand", "Mordbrand")}, "notice": {}, "quake": {"gdacs": ("EQ",)},
    "storm": {"alerts": ("Storm",)},
    "vulnerability": {},
}  # fmt: skip


@pytest.fixture
def context() -> Context:
    categories = [Category(code, Text(code), Domain.SAFETY, codes=codes) for code, codes in CODES.items()]
    gazetteer = Gazetteer(
        AreaTree.of(("country", "county", "municipality"), AREAS), {"03": box(16.8, 59.4, 18.6, 60.7)}
    )
    return Context(Taxonomy.of(categories), gazetteer, ZoneInfo("Europe/Stockholm"))


def shown(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("title", EXAMPLES)
def test_an_example_gives_what_the_page_shows(title: str, context: Context) -> None:
    example = EXAMPLES[title]
    mapping = Mapping.model_validate(yaml.safe_load(example["map"]))
    assert check_feed("incident", mapping, (title,), (), context.taxonomy) == []
    record = Record(json.loads(example["record"]), "line 2")
    incident = Normaliser("example", mapping, context).normalise(record, datetime(2026, 3, 8, 12, tzinfo=UTC))
    assert isinstance(incident, Incident), incident
    expected = json.loads(example["incident"])
    assert {key: shown(value) for key, value in asdict(incident).items() if key in expected} == expected


def test_the_page_has_an_example_of_every_way_to_say_where_and_what() -> None:
    assert len(EXAMPLES) == 6
    written = " ".join(example["map"] for example in EXAMPLES.values())
    for key in ("code", "name", "point", "shape", "fixed", "scheme", "keywords", "reported", "pattern"):
        assert re.search(rf"\b{key}:", written), key


@pytest.mark.parametrize("model", [Mapping, Moment, Occurrence, Place, Classified, Derived])
def test_every_key_of_the_mapping_stands_on_the_page(model: Any) -> None:
    for key in model.model_fields:
        assert re.search(rf"`[^`\n]*\b{key}\b", PAGE), key


@pytest.mark.parametrize("kind", CONNECTORS)
def test_every_option_of_every_connector_stands_on_the_page(kind: str) -> None:
    assert f"### {kind}\n" in PAGE
    for option in CONNECTORS[kind].Options.model_fields:
        assert f"`{option}`" in PAGE, option
