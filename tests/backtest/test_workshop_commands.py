"""`forewarn rules promote`, `trial` and `scorecard` on the made-up county."""

from __future__ import annotations

import json
import shutil
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine import app
from engine.cli import forewarn, workshop
from engine.cycle import run as running
from engine.cycle.trial import tried
from engine.errors import UsageError
from engine.model.act import Act, ActKind
from engine.model.grade import Grade
from engine.store import acts, judgement, outbox
from tests.backtest.conftest import TRUTH
from tests.story import county

RULE = "county.burglary-surge"
BLAST = "county.explosion"
OPEN = "promotion: {min_trial: null, coverage: 0, mutation: 0}"


@pytest.fixture
def root(county_root: Path, tmp_path: Path) -> Path:
    with sqlite3.connect(county_root / "data" / "forewarn.db") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    root = shutil.copytree(county_root, tmp_path / "root")
    with (root / "config" / "engine.yaml").open("a", encoding="utf-8") as file:
        file.write(f"workers: 1\n{OPEN}\n")
    return root


def call(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(forewarn, ["--root", str(root), "rules", *arguments])


def at_status(root: Path, rule: str, status: str) -> Path:
    path = root / "rules" / "burglary.yaml"
    text = path.read_text(encoding="utf-8")
    at = text.index(f"id: {rule}")
    path.write_text(text[:at] + text[at:].replace("status: stable", f"status: {status}", 1), encoding="utf-8")
    return path


def budget(root: Path, text: str) -> None:
    (root / "config" / "budget.yaml").write_text(text, encoding="utf-8")


def test_above_the_budget_a_rule_is_refused_and_its_file_left_alone(root: Path):
    budget(root, "default: 0.01\n")
    path = at_status(root, BLAST, "trial")
    before = path.read_bytes()
    done = call(root, "promote", BLAST, "--format", "json")
    assert done.exit_code == 1
    assert "stays on trial: above the budget of duty" in done.stderr
    (row,) = json.loads(done.stdout)
    assert row["receiver"] == "duty"
    assert row["after"] > row["before"] and row["over"] is True
    assert path.read_bytes() == before


def test_told_why_it_is_promoted_and_the_reason_kept(root: Path):
    budget(root, "default: 0.01\n")
    path = at_status(root, BLAST, "trial")
    done = call(root, "promote", BLAST, "--because", "asked for")
    assert done.exit_code == 0
    kept = path.read_text(encoding="utf-8")
    assert "status: stable  # above the budget of duty because asked for\n" in kept


def gate(root: Path, **asked: str) -> None:
    path = root / "config" / "engine.yaml"
    open_ = {"min_trial": "null", "coverage": "0", "mutation": "0"}
    written = ", ".join(f"{name}: {value}" for name, value in (open_ | asked).items())
    text = path.read_text(encoding="utf-8").replace(OPEN, f"promotion: {{{written}}}")
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"coverage": "100"}, "its tests cover 0 % of it, under 100 (rules coverage says what not)"),
        ({"mutation": "90"}, "its tests notice 0 % of its mutants, under 90 (rules mutate says which not)"),
        ({"min_trial": "28d"}, "it was on trial for 0 of 28 days"),
    ],
)
def test_under_a_gate_it_stays_on_trial_unless_told_why(root: Path, asked: dict[str, str], said: str):
    budget(root, "receivers: {}\n")
    gate(root, **asked)
    path = at_status(root, BLAST, "trial")
    refused = call(root, "promote", BLAST)
    assert refused.exit_code == 1 and f"stays on trial: {said}; mend it" in refused.stderr
    assert call(root, "promote", BLAST, "--because", "it is urgent").exit_code == 0
    assert f"status: stable  # {said} because it is urgent\n" in path.read_text(encoding="utf-8")


def test_a_failing_test_speaks_against_it(root: Path):
    budget(root, "receivers: {}\n")
    path = at_status(root, BLAST, "trial")
    test = "[{name: two, given: {}, at: 2026-01-10, expect: {A: yellow}}]"
    text = path.read_text(encoding="utf-8")
    at = text.index(f"id: {BLAST}")
    indent = " " * (at - text.rindex("\n", 0, at) - 1)
    path.write_text(text[:at] + text[at:].replace("\n", f"\n{indent}tests: {test}\n", 1), encoding="utf-8")
    done = call(root, "promote", BLAST)
    assert done.exit_code == 1 and "its test 'two' fails" in done.stderr


def test_a_trial_lasts_from_its_first_judgement_to_its_last_as_it_reads_now(root: Path):
    budget(root, "receivers: {}\n")
    at_status(root, RULE, "trial")
    with app.world(root, clock=lambda: county.END) as world:
        running.prepare(world, county.FIRST)
        running.tick(world)
        rule = world.book.rules[RULE]
        with world.store.read() as tx:
            length = tried(tx, rule)
            other = tried(tx, replace(rule, hash="as it will read"))
    assert timedelta(days=7) <= length <= county.END - county.FIRST
    assert other == timedelta(0)
    gate(root, min_trial=f"{length.days + 2}d")
    assert f"on trial for {length.days} of {length.days + 2} days" in call(root, "promote", RULE).stderr
    gate2 = (root / "config" / "engine.yaml").read_text(encoding="utf-8")
    (root / "config" / "engine.yaml").write_text(
        gate2.replace(f"min_trial: {length.days + 2}d", f"min_trial: {length.days}d"), encoding="utf-8"
    )
    assert call(root, "promote", RULE).exit_code == 0


def test_beside_a_truth_it_tells_how_the_rule_does_and_asks_why_where_it_loses(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    told = tmp_path / "truth.csv"
    told.write_text(TRUTH, encoding="utf-8")
    path = at_status(root, RULE, "trial")
    beside = workshop._beside

    def losing(*arguments):
        verdict = {"EWMA": "loses"}
        return [row | {"verdict": verdict.get(row["rival"], "ties")} for row in beside(*arguments)]

    monkeypatch.setattr(workshop, "_beside", losing)
    refused = call(root, "promote", RULE, "--truth", str(told))
    assert refused.exit_code == 1 and "stays on trial: it loses to EWMA; mend it" in refused.stderr
    assert f"{RULE} ties with climatology, persistence" in refused.stdout
    told_why = call(root, "promote", RULE, "--truth", str(told), "--because", "a sheet cannot page")
    assert told_why.exit_code == 0
    kept = path.read_text(encoding="utf-8")
    assert "status: stable  # it loses to EWMA because a sheet cannot page\n" in kept


def test_nine_days_tell_nothing_of_rivals_and_hinder_nobody(root: Path, tmp_path: Path):
    told = tmp_path / "truth.csv"
    told.write_text(TRUTH, encoding="utf-8")
    at_status(root, RULE, "trial")
    done = call(root, "promote", RULE, "--truth", str(told))
    assert done.exit_code == 0 and f"{RULE} cannot be told from climatology" in done.stdout


@pytest.mark.parametrize("text", ["default: 500\n", "receivers: {}\n"])
def test_within_the_budget_nobody_asks_why(root: Path, text: str):
    budget(root, text)
    path = at_status(root, BLAST, "trial")
    before = path.read_text(encoding="utf-8")
    assert call(root, "promote", BLAST).exit_code == 0
    assert path.read_text(encoding="utf-8") == before.replace("status: trial", "status: stable")


def test_a_draft_goes_on_trial_where_it_is_judged_and_nobody_told(root: Path):
    budget(root, "default: 0.01\n")
    path = at_status(root, RULE, "draft")
    assert call(root, "promote", RULE).exit_code == 0
    assert "status: trial\n" in path.read_text(encoding="utf-8")
    with app.world(root, clock=lambda: county.END) as world:
        running.prepare(world, county.FIRST)
        running.tick(world)
        with world.store.read() as tx:
            found = judgement.findings(tx, rule=RULE)
            behind = {rule for warning in judgement.warnings(tx) for rule in warning.rules}
            told = " ".join(message.body for message in outbox.listing(tx, limit=1000))
    assert found and all(finding.trial for finding in found)
    assert RULE not in behind
    assert "Burglary surge" not in told
    rows = json.loads(call(root, "trial", "--format", "json").stdout)
    assert {row["rule"] for row in rows} == {RULE}


def test_verdicts_make_a_scorecard(root: Path):
    with app.world(root, clock=lambda: county.END) as world:
        running.prepare(world, county.FIRST)
        running.tick(world)
        with world.store.begin() as tx:
            judged = [warning for warning in judgement.warnings(tx) if warning.topic == "burglary"]
            verdicts = [
                Act(id=f"v{n}", kind=ActKind.VERDICT, area=one.area, topic=one.topic, by="desk",
                    at=one.since + timedelta(hours=1), grade=Grade.NONE if n else Grade.BLUE)
                for n, one in enumerate(judged)
            ]  # fmt: skip
            acts.add(tx, verdicts)
    assert len(judged) >= 2
    rows = json.loads(call(root, "scorecard", RULE, "--format", "json").stdout)
    (row,) = rows
    assert (row["right"], row["missed"], row["decision"]) == (1, 0, "wait")
    assert row["wrong"] >= 1


def test_an_unknown_rule_is_named(root: Path):
    for command in ("promote", "scorecard"):
        error = call(root, command, "county.burglary-surg").exception
        assert isinstance(error, UsageError)
        assert "did you mean 'county.burglary-surge'" in str(error)
