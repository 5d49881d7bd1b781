"""A small country of two counties, a small taxonomy, and what makes a record an incident in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from shapely import box

from engine.guard.guard import BuiltIn, Guard
from engine.ingest.gazetteer import Gazetteer
from engine.ingest.mapping import Mapping
from engine.ingest.normalise import Context, Normaliser
from engine.model.area import Area, AreaTree
from engine.model.feed import Covers, Feed, Record, Subject
from engine.model.grade import Domain
from engine.model.incident import Incident, Reject
from engine.model.taxonomy import Category, Taxonomy
from engine.model.text import Text

NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)

AREAS = (
    Area("L", Text("Land", "国"), "country"),
    Area("A", Text("North County", "北县"), "county", "L", ("North",)),
    Area("B", Text("South County", "南县"), "county", "L"),
    Area("A1", Text("Ås"), "municipality", "A", ("Aas",)),
    Area("A2", Text("Stad"), "municipality", "A"),
    Area("B1", Text("Stad"), "municipality", "B"),
)

#: Two counties side by side, north of the equator, east of Greenwich; A1 is the west of A.
POLYGONS = {"A": box(10, 50, 12, 52), "B": box(12, 50, 14, 52), "A1": box(10, 50, 11, 52)}

CATEGORIES = (
    Category("fire", Text("Fire"), Domain.SAFETY, codes={"desk": ("Brand", "Mordbrand")}),
    Category("fire.wood", Text("Wood fire"), Domain.SAFETY, parent="fire", codes={"desk": ("Skogsbrand",)}),
    Category("abuse", Text("Abuse"), Domain.SAFETY, sensitive=True, codes={"desk": ("Övergrepp",)}),
    Category("attack", Text("Attack"), Domain.POLITICAL, codes={"cameo": ("18", "190")}),
    Category("assembly", Text("Assembly"), Domain.SOCIAL, protected=True, codes={"cameo": ("14",)}),
)

PLAIN: dict[str, Any] = {
    "source_id": "id",
    "occurred_at": "when",
    "place": {"name": "where"},
    "category": {"field": "what", "scheme": "desk"},
}
RECORD = {"id": "7", "when": "2026-03-08T10:00:00Z", "where": "Ås", "what": "Brand"}


@pytest.fixture
def tree() -> AreaTree:
    return AreaTree.of(("country", "county", "municipality"), AREAS)


@pytest.fixture
def gazetteer(tree: AreaTree) -> Gazetteer:
    return Gazetteer(tree, POLYGONS)


@pytest.fixture
def taxonomy() -> Taxonomy:
    return Taxonomy.of(CATEGORIES)


@pytest.fixture
def context(taxonomy: Taxonomy, gazetteer: Gazetteer) -> Context:
    return Context(taxonomy, gazetteer, ZoneInfo("Europe/Stockholm"), Guard(BuiltIn(name_fields=("caller",))))


@pytest.fixture
def mapped() -> Callable[..., Mapping]:
    """A mapping: the plain one with what a test changes."""
    return lambda **changes: Mapping.model_validate({**PLAIN, **changes})


@pytest.fixture
def one(
    context: Context, mapped: Callable[..., Mapping]
) -> Callable[..., Incident | Reject | None]:
    """What the plain record with changed fields becomes under the plain mapping with changes."""

    def normalise(fields: dict[str, Any] | None = None, **changes: Any) -> Incident | Reject | None:
        normaliser = Normaliser("desk", mapped(**changes), context)
        return normaliser.normalise(Record({**RECORD, **(fields or {})}, "line 2"), NOW)

    return normalise


@pytest.fixture
def feed(mapped: Callable[..., Mapping]) -> Callable[..., Feed]:
    def build(**changes: Any) -> Feed:
        return Feed(
            id="desk", title=Text("Desk"), connector="csv", subject=Subject.INCIDENT, options=None,
            mapping=mapped(**changes), poll=timedelta(hours=1), max_silence=timedelta(days=1),
            covers=Covers(areas=("L",), categories=frozenset({"fire"}), since=date(2020, 1, 1)),
        )  # fmt: skip

    return build
