"""Factories of the store's tests: a small area tree, its calendar, and incidents in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.model.area import Area, AreaTree
from engine.model.incident import Incident
from engine.model.indicator import Indicator
from engine.model.period import Calendar
from engine.model.text import Text
from engine.store.tally import Book

Make = Callable[..., Incident]


@pytest.fixture(scope="session")
def tree() -> AreaTree:
    """SE > A (A1, A2), B (B1)."""
    parents = {"SE": None, "A": "SE", "B": "SE", "A1": "A", "A2": "A", "B1": "B"}
    level = {None: "country", "SE": "county", "A": "municipality", "B": "municipality"}
    areas = [Area(code, Text(code), level[up], up) for code, up in parents.items()]
    return AreaTree.of(("country", "county", "municipality"), areas)


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    return Calendar(ZoneInfo("Europe/Stockholm"))


@pytest.fixture(scope="session")
def theft() -> Indicator:
    return Indicator(frozenset({"theft"}))


@pytest.fixture(scope="session")
def hectares() -> Indicator:
    return Indicator(frozenset({"fire"}), measure="hectares")


@pytest.fixture(scope="session")
def book(tree: AreaTree, calendar: Calendar, theft: Indicator, hectares: Indicator) -> Book:
    return Book(tree, {theft.key: theft, hectares.key: hectares}, calendar)


@pytest.fixture(scope="session")
def make() -> Make:
    """An incident that happened at noon (UTC) of 2025-01-`day` and was known `late` hours later."""

    def make(source_id: str = "1", *, day: int = 1, late: float = 1, **changed: object) -> Incident:
        noon = datetime(2025, 1, 1, 12, tzinfo=UTC) + timedelta(days=day - 1)
        facts: dict[str, object] = {
            "feed": "police", "source_id": source_id, "occurred_at": noon,
            "known_at": noon + timedelta(hours=late), "areas": ("A1",), "category": "theft",
        }  # fmt: skip
        return Incident(**facts | changed)  # type: ignore[arg-type]

    return make
