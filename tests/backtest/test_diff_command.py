"""`forewarn rules diff` on folders, on the working tree and on git revisions."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.cli import forewarn
from engine.errors import ConfigError, UsageError

DAYS = ("--from", "2026-03-02", "--to", "2026-03-11")


@pytest.fixture
def root(county_root: Path, tmp_path: Path) -> Path:
    """A copy of the county whose rules are kept in git."""
    with sqlite3.connect(county_root / "data" / "forewarn.db") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    root = shutil.copytree(county_root, tmp_path / "root")
    git(root, "init", "--quiet")
    git(root, "add", "rules")
    git(root, "commit", "--quiet", "-m", "first")
    return root


def diff(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(forewarn, ["--root", str(root), "rules", "diff", *DAYS, *arguments])


def git(root: Path, *arguments: str) -> None:
    who = ("-c", "user.name=analyst", "-c", "user.email=analyst@example.org")
    subprocess.run(["git", *who, *arguments], cwd=root, check=True)


def edit(folder: Path, old: str, new: str) -> None:
    text = (folder / "burglary.yaml").read_text(encoding="utf-8")
    assert old in text
    (folder / "burglary.yaml").write_text(text.replace(old, new), encoding="utf-8")


def rows(root: Path, *arguments: str) -> list[dict[str, str]]:
    return json.loads(diff(root, *arguments, "--format", "json").stdout)


def test_a_revision_against_the_working_tree(root: Path):
    assert "judge alike" in diff(root, "HEAD", ".").stdout
    edit(root / "rules", "orange: {at_least: 8}", "orange: {at_least: 6}")
    found = rows(root, "HEAD", ".")
    assert {row["topic"] for row in found} <= {"burglary", "unrest"}
    assert "raised" in {row["effect"] for row in found}
    git(root, "commit", "--quiet", "-a", "-m", "second")
    assert rows(root, "HEAD~1", "HEAD") == found
    opposite = rows(root, "HEAD", "HEAD~1")
    assert sum(row["effect"] == "lowered" for row in opposite) == sum(r["effect"] == "raised" for r in found)


def test_a_draft_counts_what_the_ledger_does_not_keep(root: Path, tmp_path: Path):
    drafts = shutil.copytree(root / "rules", tmp_path / "drafts")
    edit(drafts, "where: {category: property.burglary}", "where: {category: [property, violence]}")
    kept = ledgers(root)
    found = rows(root, ".", str(drafts))
    assert found, "explosions count as burglaries now"
    assert ledgers(root) == kept, "a draft leaves the ledger alone"


def ledgers(root: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(root / "data" / "forewarn.db") as database:
        return database.execute("SELECT * FROM ledger ORDER BY id").fetchall()


def test_a_rule_on_trial_shows_what_it_would_add(root: Path, tmp_path: Path):
    without = shutil.copytree(root / "rules", tmp_path / "without")
    text = (without / "burglary.yaml").read_text(encoding="utf-8")
    at = text.index("  - id: county.burglary-weeks")
    (without / "burglary.yaml").write_text(text[:at] + text[text.index("  - id: county.expl") :], "utf-8")
    new = text[at:].replace("status: stable", "status: trial", 1)
    (root / "rules" / "burglary.yaml").write_text(text[:at] + new, encoding="utf-8")
    assert rows(root, str(without), ".") == []
    assert {row["topic"] for row in rows(root, str(without), ".", "--trial")} == {"burglary"}


def test_hits_won_and_lost(root: Path, tmp_path: Path):
    edit(root / "rules", "grades: {yellow: {at_least: 1}, orange", "grades: {orange")
    dropped = [row for row in rows(root, "HEAD", ".") if row["effect"] == "dropped"]
    first = next(row for row in dropped if row["topic"] == "explosions")
    day = first["since_before"][:10]
    truth = tmp_path / "truth.csv"
    rows_ = (f"{first['area']},explosions,{day},{day},gang", "C,explosions,2026-03-01,2026-03-31,none")
    truth.write_text("\n".join(("area,topic,start,end,label", *rows_)), "utf-8")
    said = diff(root, "HEAD", ".", "--truth", str(truth), "--format", "csv")
    listed = list(csv.DictReader(io.StringIO(said.stdout)))
    (lost,) = [row for row in listed if row["effect"] == "lost"]
    assert (lost["area"], lost["truth"], lost["since_before"]) == (first["area"], "gang", day)
    assert {row["truth"] for row in listed if row["effect"] == "dropped"} == {"met an event", "false alarm"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("HEAD", "nowhere"), "'nowhere' is neither a folder nor a git revision"),
        (("HEAD", ".", "--to", "2026-02-01"), "--to 2026-02-01 lies before --from"),
    ],
)
def test_a_wrong_call_is_one_sentence(root: Path, arguments: tuple[str, ...], sentence: str):
    error = diff(root, *arguments).exception
    assert isinstance(error, UsageError)
    assert sentence in str(error)


def test_a_mistake_in_a_revision_is_named_there(root: Path):
    edit(root / "rules", "topic: unrest", "topic: unrests")
    git(root, "commit", "--quiet", "-a", "-m", "broken")
    edit(root / "rules", "topic: unrests", "topic: unrest")
    error = diff(root, "HEAD", ".").exception
    assert isinstance(error, ConfigError)
    assert str(error).startswith("HEAD:rules/burglary.yaml:")
