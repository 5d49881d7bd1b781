"""The bomb wave of winter 2024/25, found by the bundled rules in the bundled data."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from connectors import CONNECTORS
from engine import app
from engine.guard.guard import Guard
from engine.ingest import batch
from engine.ingest.normalise import Context
from engine.judge import find
from engine.model.finding import Held, Outcome
from engine.model.grade import Grade
from engine.model.incident import Incident
from engine.rulebook.trial.draft import DraftPanels

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 1, 1)
OUTAGES = [
    (date(2023, 10, 18), date(2023, 10, 25)),
    (date(2025, 5, 16), date(2025, 5, 20)),
]
COUNTED = {"violence.explosion", "violence.shooting"}


@pytest.fixture(scope="module")
def home() -> app.Home:
    return app.home(ROOT, TODAY)


@pytest.fixture(scope="module")
def panels(home: app.Home) -> DraftPanels:
    """The explosions and shootings as they were last told, in memory."""
    settings = home.settings
    feed = settings.feeds["se-police"]
    fetch = CONNECTORS[feed.connector].fetch(feed.options, {})
    context = Context(settings.taxonomy, settings.gazetteer, settings.calendar.zone, Guard(settings.privacy))
    latest = {
        one.source_id: one
        for one in batch.read(fetch.records, feed, context, datetime(2026, 1, 1, tzinfo=UTC))
        if isinstance(one, Incident)
    }
    given = tuple(one for one in latest.values() if one.category in COUNTED)
    return DraftPanels(
        tree=settings.tree, calendar=settings.calendar, given=given,
        feeds={feed.id: feed.covers.categories},
        down=[(feed.id, first, last) for first, last in OUTAGES],
    )  # fmt: skip


def judged(
    home: app.Home, panels: DraftPanels, rule: str, area: str, week_to: date
) -> tuple[Grade, Outcome | None]:
    """The highest rung that held in the area for the week that ended with a Sunday."""
    chosen = home.book.rules[rule]
    (found,) = find([chosen], panels, [week_to + timedelta(days=1)], book=home.book)
    outcome = next((one for one in found.outcomes if one.area == area), None)
    if outcome is None:
        return Grade.NONE, None
    held = [
        rung.grade for rung, held in zip(chosen.rungs, outcome.held, strict=True) if held is Held.HELD
    ]  # fmt: skip
    return max(held, default=Grade.NONE), outcome


def plain(what: str, area: str, last: date, days: int) -> int:
    """What the raw source counts in the `days` up to `last`, by tests/data/sweden_counts.csv."""
    counts: Counter[date] = Counter()
    with (ROOT / "tests" / "data" / "sweden_counts.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if (row["what"], row["area"]) == (what, area):
                counts[date.fromisoformat(row["day"])] = int(row["n"])
    return sum(counts[last - timedelta(days=back)] for back in range(days))


@pytest.mark.parametrize(
    ("rule", "area", "week_to", "grade", "observed"),
    [
        ("public-safety.explosion-wave", "01", date(2024, 9, 29), Grade.NONE, None),
        ("public-safety.explosion-wave", "01", date(2024, 10, 6), Grade.YELLOW, 6),
        ("public-safety.explosion-wave", "01", date(2024, 12, 8), Grade.ORANGE, 10),
        ("public-safety.explosion-wave-nation", "SE", date(2024, 12, 1), Grade.NONE, None),
        ("public-safety.explosion-wave-nation", "SE", date(2024, 12, 8), Grade.ORANGE, 16),
    ],
)
def test_the_wave_is_graded_week_by_week_on_what_the_raw_source_counts(
    home: app.Home, panels: DraftPanels, rule: str, area: str, week_to: date, grade: Grade,
    observed: int | None,
) -> None:  # fmt: skip
    found, outcome = judged(home, panels, rule, area, week_to)
    assert found is grade
    if observed is not None:
        assert outcome is not None and outcome.trace is not None
        assert outcome.trace.observed == observed == plain("explosions", area, week_to, 28)


def test_the_peak_is_fifteen_explosions_and_shootings_in_seven_days() -> None:
    last = date(2025, 1, 28)
    assert plain("explosions-shootings", "01", last, 7) == 15
    days = (date(2024, 9, 8) + timedelta(days=n) for n in range(200))
    assert max(plain("explosions-shootings", "01", day, 7) for day in days) == 15


def test_a_county_in_which_nothing_happened_stays_quiet(home: app.Home, panels: DraftPanels) -> None:
    assert judged(home, panels, "public-safety.explosion-wave", "09", date(2024, 12, 8)) == (Grade.NONE, None)
