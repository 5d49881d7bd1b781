"""`forewarn rules`: every form of what is found, mends shown, exit codes."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from engine.cli import forewarn
from tests.story import county

ROOT = Path(__file__).parents[2]
RULE = (ROOT / "rules" / "public-safety" / "burglary-surge.yaml").read_text(encoding="utf-8")


def call(*arguments: object) -> Result:
    return CliRunner().invoke(forewarn, ["--root", str(ROOT), "rules", *map(str, arguments)])


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A rule with a misspelt topic, in a file whose name holds a comma."""
    path = tmp_path / "rule, one.yaml"
    path.write_text(RULE.replace("topic: burglary", "topic: burglry"), encoding="utf-8")
    return path


@pytest.fixture
def failing(tmp_path: Path) -> Path:
    path = tmp_path / "rule.yaml"
    path.write_text(RULE.replace("expect: {A: orange}", "expect: {A: yellow}", 1), encoding="utf-8")
    return path


def test_check_in_every_form(broken: Path) -> None:
    sentence = "unknown topic 'burglry' (did you mean 'burglary'?)"
    text = call("check", broken)
    assert text.exit_code == 1
    assert f"{broken}:5: [error] {sentence} (unknown-topic)" in text.output
    assert text.output.splitlines()[-1].startswith("1 rule read, 1 error, ")
    for one in (
        json.loads(call("check", broken, "--format", "json").output),
        list(csv.DictReader(io.StringIO(call("check", broken, "--format", "csv").output))),
    ):
        error = next(row for row in one if row["level"] == "error")
        assert (error["path"], str(error["line"]), error["sentence"]) == (str(broken), "5", sentence)


def test_check_as_junit(broken: Path) -> None:
    result = call("check", broken, "--format", "junit")
    suite = ElementTree.fromstring(result.output)[0]
    assert result.exit_code == 1
    assert (suite.get("name"), suite.get("failures")) == ("rules check", "1")
    assert suite.get("tests") == str(len(suite))
    (failure,) = suite.iter("failure")
    assert failure.get("type") == "unknown-topic"


def test_check_as_annotations(broken: Path) -> None:
    """A comma or a colon in a path, a per cent sign in a sentence would end the property or the line."""
    lines = call("check", broken, "--format", "github").output.splitlines()
    shown = str(broken).replace(",", "%2C")
    assert lines[0].startswith(f"::error file={shown},line=5,title=unknown-topic::unknown topic ")


def test_a_mend_is_shown_and_made_once(broken: Path) -> None:
    first = call("check", broken, "--fix")
    assert first.exit_code == 0
    assert f"{broken}:5: mended\n    - topic: burglry\n    + topic: burglary\n" in first.output
    assert broken.read_text(encoding="utf-8") == RULE
    assert "mended" not in call("check", broken, "--fix").output


def test_test_says_why_not_in_every_form(failing: Path) -> None:
    text = call("test", failing)
    assert text.exit_code == 1
    assert "A: expected yellow, found orange" in text.output
    assert text.output.splitlines()[-1].endswith(" passed, 1 failed")
    rows = json.loads(call("test", failing, "--format", "json").output)
    (row,) = [row for row in rows if not row["passed"]]
    assert (row["name"], row["line"]) == ("one a day after a quiet half-year", 37)
    suite = ElementTree.fromstring(call("test", failing, "--format", "junit").output)[0]
    (failure,) = suite.iter("failure")
    assert failure.get("message") == "A: expected yellow, found orange"
    annotation = call("test", failing, "--format", "github").output
    assert annotation.startswith(f"::error file={failing},line=37,title=rule test::public-safety.burglary-")
    assert "%0AA: expected yellow, found orange%0A" in annotation


def test_test_runs_the_routes_too() -> None:
    rows = json.loads(call("test", "--format", "json").output)
    paths = {row["path"] for row in rows if row["rule"] == "routes"}
    assert paths == {str(ROOT / "config" / "routes.test.yaml")}
    assert all(row["passed"] for row in rows)


def test_every_stable_rule_is_covered() -> None:
    result = call("coverage", "--fail-under", 100)
    assert result.exit_code == 0, result.output


def test_coverage_gates(tmp_path: Path) -> None:
    path = tmp_path / "rule.yaml"
    path.write_text(RULE.partition("  - name: nothing seen")[0], encoding="utf-8")
    result = call("coverage", path, "--fail-under", 100)
    assert result.exit_code == 1
    assert "data state not tested: unmonitored" in result.output
    assert "under 100 %: public-safety.burglary-surge" in result.output
    assert call("coverage", path, "--fail-under", 50).exit_code == 0
    on_trial = path.read_text(encoding="utf-8").replace("status: stable", "status: trial")
    path.write_text(on_trial, encoding="utf-8")
    assert call("coverage", path, "--fail-under", 100).exit_code == 0
    rows = json.loads(call("coverage", path, "--format", "json").output)
    assert {row["kind"] for row in rows} == {"condition", "rung", "delay", "data state"}
    assert {row["what"] for row in rows if not row["tested"]} == {"unmonitored", "lower bound"}


def test_a_broken_configuration_is_told_in_the_form_asked_for_with_the_rules(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    routes = (tmp_path / "config" / "routes.yaml").read_text(encoding="utf-8")
    (tmp_path / "config" / "routes.yaml").write_text(routes.replace("grade:", "grades:", 1), encoding="utf-8")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "rule.yaml").write_text(RULE.replace("window:", "windw:"), encoding="utf-8")
    arguments = ["--root", str(tmp_path), "rules", "check", "--format", "json"]
    result = CliRunner().invoke(forewarn, arguments)
    found = [(Path(row["path"]).name, row["name"]) for row in json.loads(result.stdout)]
    assert (result.exit_code, found) == (1, [("routes.yaml", "routes"), ("rule.yaml", "schema")])


@pytest.mark.parametrize("module", ["engine.cycle.loops.worker", "engine.cli.service", "engine.cli.warnings"])
def test_no_command_and_no_worker_waits_for_what_only_backtests_and_the_monthly_run_need(module: str) -> None:
    heavy = {"scipy.signal", "scipy.stats", "engine.chance.learn", "engine.backtest.run"}
    program = f"import sys, {module}; print(sorted({heavy!r} & {{*sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("module", ["backtest", "diff"])
def test_what_measures_imports_the_large_rooms_of_scipy_only_where_something_is_learned(module: str) -> None:
    """They took longer to import than a rule takes for three months."""
    heavy = {"scipy.optimize", "scipy.signal", "scipy.stats", "sklearn", "statsmodels", "pandas"}
    program = f"import sys, engine.cli.{module}; print(sorted({heavy!r} & {{*sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("words", ["check", "list", "explain public-safety.burglary-surge", "test", "schema"])
def test_what_reads_only_files_imports_no_store_and_no_inference(words: str) -> None:
    """They are called at every save of an editor: what they do not use is not to be waited for."""
    program = f"""
import sys
from engine.cli import forewarn
forewarn(["--root", {str(ROOT)!r}, "rules", *{words.split()!r}], standalone_mode=False)
print(sorted({{"sqlalchemy", "alembic", "apscheduler", "durable", "engine.backtest"}} & {{*sys.modules}}))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("command", [["packs"], ["packs", "cyber"]])
def test_packs_are_listed_while_a_draft_is_broken_and_it_is_named(tmp_path: Path, command: list[str]) -> None:
    root = county.build(tmp_path / "county")
    whole = CliRunner().invoke(forewarn, ["--root", str(root), "rules", *command])
    (root / "rules/draft.yaml").write_text(RULE.replace("grades:", "grade:"), encoding="utf-8")
    found = CliRunner().invoke(forewarn, ["--root", str(root), "rules", *command])
    assert found.exit_code == 0 and found.stdout == whole.stdout
    assert "1 file holds mistakes" in found.stderr and "rules/draft.yaml" in found.stderr


def test_what_keeps_a_command_from_its_work_stands_on_lines_of_its_own(tmp_path: Path) -> None:
    """No hint is said to be it, and nothing is glued to the first."""
    root = county.build(tmp_path / "county")
    text = "\n".join(line for line in RULE.splitlines() if not line.startswith("for:"))
    (root / "rules/draft.yaml").write_text(text.replace("grades:", "grade:"), encoding="utf-8")
    for command in (["rules", "list"], ["cycle", "daily"]):
        told = CliRunner().invoke(forewarn, ["--root", str(root), *command]).exception.told.splitlines()
        assert told[0].startswith("the files hold ") and told[-1].endswith("forewarn rules check")
        assert told[1:-1] and all("[error]" in line for line in told[1:-1])
