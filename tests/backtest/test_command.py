"""The command, on the made-up county."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from engine.cli import forewarn
from engine.errors import ConfigError, UsageError
from tests.backtest.conftest import TRUTH
from tests.story import county

SPAN = ("--from", "2026-03-02", "--to", "2026-03-11")


@pytest.fixture
def run(county_root: Path):
    """The command's result; what forewarn refuses is raised."""

    def call(*arguments: str) -> Result:
        command = ["--root", str(county_root), "backtest", *arguments]
        return CliRunner().invoke(forewarn, command, catch_exceptions=False)

    return call


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "truth.csv").write_text(TRUTH, encoding="utf-8")
    (tmp_path / "expect.yaml").write_text("expect: [{topic: burglary, at_least: 1}]", encoding="utf-8")
    return tmp_path


def test_volume_and_skill_as_text(run, files: Path):
    result = run(*SPAN, "--truth", str(files / "truth.csv"))
    assert result.exit_code == 0
    assert "county.burglary-surge" in result.stdout and "POD" in result.stdout


def test_only_the_rules_named_are_tried(run):
    rows = json.loads(run(*SPAN, "--rules", "county.explosion", "--format", "json").stdout)["rules"]
    assert [row["rule"] for row in rows] == ["county.explosion"]
    two = run(*SPAN, "--rules", "county.explosion", "county.burglary-weeks", "--format", "json")
    assert len(json.loads(two.stdout)["rules"]) == 2


@pytest.mark.parametrize(
    ("form", "suffix", "read"),
    [("json", "json", json.loads), ("html", "html", str), ("junit", "xml", ElementTree.fromstring),
     ("text", "txt", str)],
)  # fmt: skip
def test_every_form_can_be_written_to_a_folder(run, files: Path, form: str, suffix: str, read):
    out = files / "new" / "folder"
    result = run(*SPAN, "--format", form, "--out", str(out), "--expect", str(files / "expect.yaml"))
    assert result.exit_code == 0 and result.stdout.strip() == str(out / f"backtest.{suffix}")
    assert read((out / f"backtest.{suffix}").read_text(encoding="utf-8")) is not None


def test_a_broken_expectation_exits_with_1_and_still_tells(run, files: Path):
    (files / "expect.yaml").write_text("expect: [{topic: burglary, at_most: 0}]", encoding="utf-8")
    result = run(*SPAN, "--expect", str(files / "expect.yaml"))
    assert result.exit_code == 1 and "BROKEN: warnings on topic burglary: at most 0" in result.stdout


def test_nothing_is_written_to_the_store(run, county_root: Path):
    store = county_root / "data" / "forewarn.db"
    before = store.read_bytes()
    run(*SPAN)
    assert store.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--from", "2026-03-11", "--to", "2026-03-02"), "--to 2026-03-02 lies before --from 2026-03-11"),
        ((*SPAN, "--rules", "county.explosions"), r"did you mean 'county\.explosion'\?"),
        ((*SPAN, "county.explosion"), "'county.explosion' stands alone; name rules after --rules"),
    ],
)
def test_a_wrong_call_says_what_is_right(run, arguments: tuple[str, ...], said: str):
    with pytest.raises(UsageError, match=said):
        run(*arguments)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((*SPAN, "--thruth", "x.csv"), "Did you mean"),
        ((*SPAN, "--format", "jsonn"), "'jsonn' is not one of"),
        (("--from", "2 March", "--to", "2026-03-11"), "does not match the format"),
        ((*SPAN, "--truth", "nowhere.csv"), "does not exist"),
    ],
)
def test_a_misspelt_option_is_refused(run, arguments: tuple[str, ...], said: str):
    result = run(*arguments)
    assert result.exit_code == 2 and said in result.output


def test_a_draft_that_the_ledger_does_not_count_is_tried_all_the_same(run, county_root: Path):
    rules = county_root / "rules" / "burglary.yaml"
    kept = rules.read_text(encoding="utf-8")
    draft = kept.split("  - id: ")[1].replace("county.burglary-surge", "county.draft")
    draft = draft.replace("stable", "draft").replace("property.burglary", "[property, violence]")
    rules.write_text(kept + "  - id: " + draft, encoding="utf-8")
    try:
        (row,) = json.loads(run(*SPAN, "--rules", "county.draft", "--format", "json").stdout)["rules"]
        assert row["status"] == "trial" and row["warnings"] > 0
        everything = json.loads(run(*SPAN, "--format", "json").stdout)["rules"]
        assert "county.draft" not in {row["rule"] for row in everything}
    finally:
        rules.write_text(kept, encoding="utf-8")


def test_the_head_and_the_rows_count_the_same(run, county_root: Path):
    """The head told of no warnings of a draft, and its row of several."""
    draft = county.FILES["rules/burglary.yaml"].replace("county.", "draft.").replace("stable", "draft")
    path = county_root / "rules/drafts.yaml"
    path.write_text(draft, encoding="utf-8")
    try:
        for named in (["draft.burglary-surge"], ["draft.burglary-surge", "county.burglary-surge"], []):
            asked = [*SPAN, *(["--rules", *named] if named else [])]
            rows = json.loads(run(*asked, "--format", "json").stdout)["rules"]
            many = {row["status"]: int(row["warnings"]) for row in rows if row["rule"].endswith("-surge")}
            head, text = run(*asked).stdout.splitlines()[0], run(*asked).stdout
            if "trial" in many:
                assert many["trial"] > 0
                assert f" and {many['trial']} more by rules on trial, of which nobody hears" in head
            else:
                assert "on trial" not in head
            assert ("\ngrade " in text) == ("stable" in many), "a table of noughts says nothing"
    finally:
        path.unlink()


def test_a_time_of_which_nothing_is_known_is_refused(run):
    for first, last in (("2019-01-01", "2019-02-01"), ("2031-01-01", "2031-02-01")):
        with pytest.raises(UsageError, match=f"nothing is known of {first} to {last}: the feeds tell of 2"):
            run("--from", first, "--to", last)


def test_a_store_that_heard_of_nothing_is_refused(tmp_path: Path):
    command = ["--root", str(county.build(tmp_path)), "backtest", *SPAN]
    with pytest.raises(UsageError, match="has heard of no feed yet"):
        CliRunner().invoke(forewarn, command, catch_exceptions=False)


def test_a_misspelt_truth_column_is_refused(run, files: Path):
    (files / "truth.csv").write_text(TRUTH.replace("onset", "onsets"), encoding="utf-8")
    with pytest.raises(ConfigError, match="did you mean 'onset'"):
        run(*SPAN, "--truth", str(files / "truth.csv"))
