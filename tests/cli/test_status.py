"""`forewarn status` while the files hold mistakes: it says so, and all that it said before."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from engine import app
from engine.cli import forewarn
from engine.cycle import condition
from engine.cycle import run as running
from tests.story import county


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The county after a tick of its service."""
    root = county.build(tmp_path / "county")
    with app.world(root, clock=lambda: county.END) as world:
        running.prepare(world, county.FIRST)
        running.tick(world)
    return root


def status(root: Path) -> dict[str, dict[str, Any]]:
    done = CliRunner().invoke(forewarn, ["--root", str(root), "status", "--format", "json"])
    assert done.exit_code == 1, done.output
    return {row["what"]: row for row in json.loads(done.output)}


#: File, what stands there (empty: the whole file), and what stands there instead.
BROKEN = {
    "a rule": ("rules/burglary.yaml", "grades:", "grade:"),
    "a feed": ("config/feeds.yaml", "poll: 1h", "pol: 1h"),
    "no YAML": ("config/feeds.yaml", "- id: log", "- {id: log"),
    "a secret that is not there": ("config/feeds.yaml", "log.csv", "${NOWHERE}.csv"),
    "the areas": ("config/areas.csv", "", "nothing of the kind"),
    "the engine": ("config/engine.yaml", "database:", "logs: loud\ndatabase:"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_it_shows_feeds_and_cycles_as_they_were_configured_before(root: Path, case: str) -> None:
    before = status(root)
    name, old, new = BROKEN[case]
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1) if old else new, encoding="utf-8")
    found = status(root)
    assert name in found.pop("files")["detail"]
    assert found == before
    assert {"feed", "cycles"} <= set(found)


def test_before_any_configuration_was_in_force_it_says_what_is_wrong(tmp_path: Path) -> None:
    root = county.build(tmp_path / "county")
    (root / "config/topics.yaml").unlink()
    assert set(status(root)) == {"files"}


def test_a_root_that_is_not_there_is_a_mistake_and_is_not_made(tmp_path: Path) -> None:
    for command in ("status", "run", "db"):
        done = CliRunner().invoke(forewarn, ["--root", str(tmp_path / "rot"), command])
        assert done.exit_code == 2
        assert "rot' does not exist" in done.output
    assert not (tmp_path / "rot").exists()


def _said(root: Path, command: str) -> dict[tuple[str, str], tuple[str, str]]:
    done = CliRunner().invoke(forewarn, ["--root", str(root), command, "--format", "json"])
    return {(row["what"], row["name"]): (row["state"], row["detail"]) for row in json.loads(done.stdout)}


def test_doctor_says_of_feeds_baselines_and_cycles_what_status_says(root: Path, at_hand: None) -> None:
    """Long after its last tick nothing is heard and much is due: neither calls it well."""
    alive, lacking = _said(root, "status"), _said(root, "doctor")
    assert alive["feed", "log"][0] == "blind" and alive["cycles", "due"][0] == "behind"
    told = {key: said for key, said in alive.items() if key[0] in ("feed", "baseline", "cycles")}
    assert {key: lacking.get(key) for key in told} == told


def test_what_a_cycle_has_just_read_is_judged_by_it(tmp_path: Path) -> None:
    """A moment is due when its second is over; after the command nobody comes to judge what it polled."""
    root = county.build(tmp_path / "county")
    feeds = root / "config/feeds.yaml"
    text = feeds.read_text(encoding="utf-8")
    text = text.replace("path: log.csv, polls: polls.csv", "path: new.csv")
    feeds.write_text(text.replace("known_at: {field: known}", ""), encoding="utf-8")
    now = datetime.now(UTC).replace(microsecond=0)
    head = (root / "log.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    rows = [{"id": "1", "at": now, "known": now, "town": "T1", "kind": "explosion"}]
    with (root / "new.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *([row.get(name, "") for name in head] for row in rows)])
    done = CliRunner().invoke(forewarn, ["--root", str(root), "cycle", "daily"])
    assert done.exit_code == 0 and "immediate" in done.output, done.output
    found = CliRunner().invoke(forewarn, ["--root", str(root), "status", "--format", "json"])
    due = next(row for row in json.loads(found.stdout) if row["what"] == "cycles")
    assert (due["state"], due["detail"]) == ("ok", "0 periods are due")
    again = CliRunner().invoke(forewarn, ["--root", str(root), "cycle", "daily"])
    assert again.output.rstrip().endswith("has been judged already; nothing changed")


def test_a_period_that_is_due_is_named(root: Path) -> None:
    later = county.END + timedelta(days=1)
    with app.world(root, clock=lambda: later) as world:
        due = running.due(world, later)
    told = condition.cycles(due, timedelta(hours=1), later)
    assert (told.state, told.detail) == (
        "behind", f"{len(due)} periods are due, first immediate {due[0].key}",
    )  # fmt: skip
    assert condition.cycles([], timedelta(hours=1), later).detail == "0 periods are due"
