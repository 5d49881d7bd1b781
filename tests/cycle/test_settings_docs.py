"""docs/configuration.md and docs/notifications.md name every file, key and option."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from engine.charter.area import FACILITIES
from engine.cycle import settings
from engine.cycle.config import (
    areas,
    budget,
    calendars,
    duty,
    feeds,
    rota,
    routes,
    service,
    taxonomy,
    topics,
    watch,
)
from engine.model.topic import Aim
from engine.notify.channels import CHANNELS
from engine.rulebook.language import rung
from engine.rulebook.language.example import Example
from engine.rulebook.packs.filter import PacksFile

DOCS = Path(__file__).parents[2] / "docs"

MODELS: dict[str, type[BaseModel]] = {
    "areas.yaml": areas.AreasFile,
    "taxonomy.yaml": taxonomy.TaxonomyFile,
    "topics.yaml": topics.TopicsFile,
    "measures.yaml": topics.MeasuresFile,
    "feeds.yaml": feeds.FeedsFile,
    "routes.yaml": routes.RoutesFile,
    "rota.yaml": rota.RotaFile,
    "grades.yaml": service.GradesFile,
    "scoring.yaml": service.ScoringFile,
    "cycles.yaml": service.Cycles,
    "privacy.yaml": service.Privacy,
    "engine.yaml": service.Engine,
    "budget.yaml": budget.BudgetFile,
    "duty.yaml": duty.DutyFile,
    "calendars.yaml": calendars.CalendarsFile,
    "watch.yaml": watch.WatchFile,
    "packs.yaml": PacksFile,
}


def section(page: str, title: str, marks: str) -> str:
    """The text below one heading of a page."""
    text = (DOCS / page).read_text(encoding="utf-8")
    found = re.search(rf"^{marks} {re.escape(title)}\n(.*?)(?=^#{{2,}} |\Z)", text, re.M | re.S)
    assert found, f"docs/{page} has no heading '{title}'"
    return found[1]


def keys(model: type[BaseModel], above: tuple[type, ...] = ()) -> Iterator[str]:
    """Every key that may stand in a file of this model."""
    for name, field in model.model_fields.items():
        yield field.alias or name
        for inner in _models(field.annotation):
            if inner not in above:
                yield from keys(inner, (*above, model, inner))


def _models(annotation: Any) -> list[type[BaseModel]]:
    if annotation in (rung.TestsOnly, Example):
        return []  # its keys are the rule language's, and stand on the page of that
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _models(inner)]


def test_every_file_has_its_model() -> None:
    assert set(MODELS) == set(settings.FILES)


@pytest.mark.parametrize("name", MODELS)
def test_every_key_is_documented(name: str) -> None:
    text = section("configuration.md", name, "##")
    missing = {key for key in keys(MODELS[name]) if not re.search(rf"\b{key}\b", text)}
    assert missing <= {"en", "zh"}, f"docs/configuration.md says nothing of {missing} under {name}"


@pytest.mark.parametrize("kind", CHANNELS)
def test_every_option_of_a_channel_is_documented(kind: str) -> None:
    text = section("notifications.md", kind, "###")
    missing = {key for key in CHANNELS[kind].Options.model_fields if f"`{key}`" not in text}
    assert not missing, f"docs/notifications.md says nothing of {missing} under {kind}"


def test_the_closed_lists_are_the_documented_ones() -> None:
    text = section("configuration.md", "areas.yaml", "##")
    listed = re.search(r"closed list: (.*?)\. There", text, re.S)
    assert listed
    assert set(re.split(r",\s+", listed[1].replace("\n", " "))) == FACILITIES
    text = section("configuration.md", "measures.yaml", "##")
    listed = re.search(r"`aim` is one of (.*?);", text, re.S)
    assert listed
    assert set(re.split(r",\s+", listed[1])) == set(Aim)
