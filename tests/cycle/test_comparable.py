"""`feeds check` says of which rules nothing in the past can be compared with, and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from engine import app
from engine.cli import forewarn
from engine.cycle import comparable
from engine.cycle import run as running
from engine.cycle.world import World
from engine.model.incident import Incident, Reject
from engine.store import health, incidents, rejects
from tests.story import county

RULE = """
rules:
  - id: county.burglary
    title: Burglary
    domain: public-safety
    topic: burglary
    cycle: daily
    level: town
    status: stable
    owner: crime-desk
    review_by: 2029-06-30
    why: Burglaries come in runs.
    indicator: {count: incidents, where: {category: property.burglary}}
    window: 3d
    baseline: 30d
    grades: {blue: {at_least: 3, rare: {alpha: 0.01}}}
    measures: [patrols]
"""
NOW, HOUR = county.END, timedelta(hours=1)


def checked(root: Path, monkeypatch: pytest.MonkeyPatch, **given: Any) -> str:
    """What is said of the feed with this history."""
    with world(root, monkeypatch, **given):
        pass
    return CliRunner().invoke(forewarn, ["--root", str(root), "feeds", "check"]).stdout


@contextmanager
def world(
    root: Path, monkeypatch: pytest.MonkeyPatch, since: str = "2025-01-01", heard: int = 60, unread: int = 0,
    town: str = "T1",
) -> Iterator[World]:  # fmt: skip
    """The county whose feed was heard for so many days, with so many records of each unread."""
    (county.build(root) / "rules/burglary.yaml").write_text(RULE.lstrip())
    feeds = county.FILES["config/feeds.yaml"].replace(", polls: polls.csv", "").lstrip()
    (root / "config/feeds.yaml").write_text(feeds.replace("from: 2026-01-01", f"from: {since}"))
    monkeypatch.setattr(app, "system_clock", lambda: NOW)
    days = [NOW - timedelta(days=n) for n in range(heard)]
    with app.world(root) as opened:
        running.prepare_ledger(opened)
        with opened.store.begin() as tx:
            health.record(tx, "log", [day - n * HOUR for day in days for n in range(24)], known_at=NOW)
            incidents.add(tx, [burglary(day - HOUR, town) for day in days], opened.ledger)
            rejects.add(tx, [refused(day, n) for day in days for n in range(unread)])
        yield opened


def burglary(at: datetime, town: str) -> Incident:
    return Incident(
        feed="log", source_id=f"{at:%m%d}", occurred_at=at, known_at=at, areas=(town,),
        category="property.burglary",
    )  # fmt: skip


def refused(day: datetime, number: int) -> Reject:
    return Reject(
        feed="log", seen_at=day, place=str(number), reason="no such area", record=f"{day} {number}",
        kind="place", day=day.toordinal(),
    )  # fmt: skip


def test_a_feed_that_was_deleted_ended_when_it_was_last_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its reports are no measure of the days without it."""
    with world(tmp_path, monkeypatch) as opened, opened.store.begin() as tx:
        ago = [NOW - timedelta(days=n) for n in range(20, 60)]
        told = [replace(burglary(day, "T2"), feed="radio", source_id=f"r{day:%m%d}") for day in ago]
        incidents.add(tx, told, opened.ledger)
    call = CliRunner().invoke
    said = call(forewarn, ["--root", str(tmp_path), "status"])
    assert said.exit_code == 1 and "radio" in said.stdout and "`covers: {to: 2026-02-19}`" in said.stdout
    why = call(forewarn, ["--root", str(tmp_path), "why", "T2", "burglary"]).stdout
    assert "baseline: 5 of 10 earlier blocks known, mean 0" in why


def test_a_past_that_was_heard_is_not_spoken_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "baseline" not in checked(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"since": "2026-03-08"}, "log reports only from 2026-03-08 on (its `covers.from`)"),
        ({"heard": 4}, "nobody heard log from 2025-01-01 00:00 to 2026-03-07 10:00; what it told then"),
        ({"unread": 3}, "days of log could not be read; see `forewarn feeds rejects log --by value`"),
        ({"town": "C"}, "its reports are not placed as deep as town level there"),
    ],
)  # fmt: skip
def test_what_forbids_to_compare_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: dict[str, Any], why: str
) -> None:
    said = checked(tmp_path, monkeypatch, **given)
    assert "baseline: none of 10 blocks usable for county.burglary, because " in said
    assert why in said


@pytest.mark.parametrize(
    ("given", "usable", "until"),
    [
        # Half of ten blocks of three days, and the judged one.
        ({"since": "2026-03-01"}, 2, "2026-03-19"),
        ({"heard": 8}, 1, "2026-03-21"),
    ],
)  # fmt: skip
def test_status_and_doctor_say_until_when_the_past_is_too_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: dict[str, Any], usable: int, until: str
) -> None:
    with world(tmp_path, monkeypatch, **given):
        pass
    said = f"county.burglary has too little past to compare with until {until} ({usable} of 10 earlier blocks"
    for command in ("status", "doctor"):
        found = CliRunner().invoke(forewarn, ["--root", str(tmp_path), command, "--format", "json"]).stdout
        (row,) = [row for row in json.loads(found) if row["what"] == "baseline"]
        assert row["detail"].startswith(said)
        assert (row["name"], row["state"]) == ("1 rule", "young")


@pytest.mark.parametrize("given", [{}, {"heard": 19}])
def test_what_is_long_enough_is_not_called_too_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: dict[str, Any]
) -> None:
    with world(tmp_path, monkeypatch, **given) as opened, opened.store.read() as tx:
        assert comparable.young(opened, tx) == []
