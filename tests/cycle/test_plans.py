"""config/plans: the bundled ones are sound, every mistake has its line, and docs/plans.md says what is so."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine import app
from engine.charter.judgement import Kind, refusals
from engine.cli import forewarn
from engine.cycle.config.plan.checks import CHECKS, LEVELS
from engine.cycle.config.plan.written import PlanFile
from engine.errors import ConfigError
from engine.model.problem import Level
from engine.model.topic import Aim
from tests.cycle.test_settings_docs import keys

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "plans.md").read_text(encoding="utf-8")
_BLOCK = re.search(r"(?:^    .*\n)+", PAGE[PAGE.index("## A plan") :], re.M)
assert _BLOCK
EXAMPLE = "".join(line[4:] for line in _BLOCK[0].splitlines(keepends=True))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The bundled configuration with one plan: the page's own."""
    shutil.copytree(ROOT / "config", tmp_path / "config", ignore=shutil.ignore_patterns("plans", "demo"))
    (tmp_path / "rules").mkdir()
    (tmp_path / "config/plans").mkdir()
    (tmp_path / "config/plans/warehouse.yaml").write_text(EXAMPLE, encoding="utf-8")
    return tmp_path


def said(root: Path) -> list[str]:
    try:
        return [str(problem) for problem in app.settings(root).problems]
    except ConfigError as error:
        return [str(problem) for problem in error.problems]


def test_the_bundled_plans_are_sound_and_bilingual():
    settings = app.settings(ROOT)
    assert len(settings.plans) >= 8
    assert [one for one in settings.problems if one.path.startswith("config/plans")] == []
    for plan in settings.plans.values():
        assert plan.title.zh and all(step.what.zh for step in (*plan.steps, *plan.stand_down.steps))


def test_in_a_dispute_mediation_comes_first():
    settings = app.settings(ROOT)
    plan = settings.plans["dispute"]
    assert settings.catalogue[plan.steps[0].measure].aim is Aim.MEDIATION
    forceful = [step for step in plan.steps if settings.catalogue[step.measure].aim is Aim.PATROL]
    assert all(step.after == ("table",) and step.grade > plan.grade for step in forceful)


def test_the_page_s_plan_is_sound(root: Path):
    assert said(root) == []
    assert set(app.settings(root).plans) == {"warehouse-fire"}


CROWD = "topics: [crowd-safety]"
MISTAKES = [
    ("topics: [fire]", "topics: [fires]", 5, "there is no topic 'fires' (did you mean 'fire'?)",
     "unknown-topic"),
    ("kinds: [fire.arson]", "kinds: [fire.arsn]", 6, "no category 'fire.arsn' (did you mean",
     "unknown-category"),
    ("kinds: [fire.arson]", "kinds: [civic.assembly]", 6, "'civic.assembly' is protected",
     "protected-category"),
    ("measure: cordon", "measure: cordn", 14, "'cordn' (did you mean 'cordon'?)", "unknown-measure"),
    ("measure: cordon", "measure: patch-now", 14, "meant for none of this plan's", "measure-topic"),
    ("measure: cordon", "measure: arrest-them-all", 14, "measures come from the catalogue",
     "unknown-measure"),
    ("role: supply", "role: suply", 21, "no role 'suply' (did you mean 'supply'?)", "unknown-role"),
    (", role: supply", "", 11, "'supply' answers for no step", "idle-role"),
    ("id: water", "id: clear", 21, "the step 'clear' stands here again", "twice"),
    ("id: supply", "id: commander", 11, "the role 'commander' stands here again", "twice"),
    ("after: [close-off]", "after: [close]", 18, "no step 'close' beside this one", "unknown-step"),
    ("role: commander, due: 20m", "role: commander, after: [clear], due: 20m", 13, "is due before 'clear'",
     "step-late"),
    ("role: commander, due: 30m", "role: commander, after: [clear], due: 30m", 14, "waits for itself",
     "step-circle"),
    ("grade: red", "grade: yellow", 21, "a step from yellow up says nothing", "step-grade"),
    ("department: utilities}\nsteps", "department: utilites}\nsteps", 11, "asked of 'utilites' (did you mean",
     "unknown-department"),
    ("zh: 先疏散下风向区域", "zh: ''", 20, "has no Chinese text", "no-chinese"),
    ("start: proposed", "start: maybe", 8, "'maybe' is not one of", "plan"),
    ("due: 1h", "due: soon", 19, "not a duration", "plan"),
    ("resources:", "resource:", 22, "unknown key 'resource' (did you mean 'resources'?)", "plan"),
    ("Warehouse fire", "Watch the petitioners", 2, "speaks of", "charter"),
    ("en: Lee side first", "en: Detain the believers", 20, "means", "charter"),
    ("owner: emergency-desk", "owner: office for religious affairs", 3, "names religion", "charter"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "sentence", "name"), MISTAKES, ids=lambda one: str(one)[:30])
def test_a_mistake_is_told_with_its_line(root: Path, old: str, new: str, line: int, sentence: str, name: str):
    assert EXAMPLE.count(old) >= 1
    (root / "config/plans/warehouse.yaml").write_text(EXAMPLE.replace(old, new, 1), encoding="utf-8")
    found = said(root)
    start = f"config/plans/warehouse.yaml:{line}: "
    assert any(one.startswith(start) and sentence in one and one.endswith(f"({name})") for one in found), (
        found
    )


def test_every_check_has_a_mistake_here_and_a_row_on_the_page():
    shown = {name for *_, name in MISTAKES}
    assert set(CHECKS) - shown == {"crowd-measures"}
    rows = dict(re.findall(r"^\| `([\w-]+)` \| (error|warning|hint) \|", PAGE, re.M))
    beside = {"charter", "plan", "duplicate-plan", "review-past", "unknown-file"}
    assert set(rows) == set(CHECKS) | beside
    assert all(rows[name] == LEVELS.get(name, Level.ERROR).name.lower() for name in CHECKS)


def test_a_crowd_is_eased_and_nothing_else(root: Path):
    topics = root / "config/topics.yaml"
    added = "  - {id: crowd-safety, title: {en: Safety of a crowd, zh: 人群安全}, domain: social-stability}\n"
    topics.write_text(topics.read_text(encoding="utf-8") + added, encoding="utf-8")
    text = EXAMPLE.replace("topics: [fire]\nkinds: [fire.arson]", CROWD)
    (root / "config/plans/warehouse.yaml").write_text(
        text.replace("fire-attack", "mediator-now"), encoding="utf-8"
    )
    found = [one for one in said(root) if "(crowd-measures)" in one]
    assert [one.split(":")[1] for one in found] == ["13", "15", "20", "27"], "all but what mediates"
    assert "'lessons' is for information; here only: facilitation, mediation, medical, traffic" in found[-1]


def test_one_id_stands_in_one_file_and_files_end_in_yaml(root: Path):
    (root / "config/plans/zz.yaml").write_text(EXAMPLE, encoding="utf-8")
    (root / "config/plans/zzz.yml").write_text(EXAMPLE, encoding="utf-8")
    found = said(root)
    assert len(found) == 2
    assert (
        "zz.yaml:1: [error] the plan 'warehouse-fire' stands in config/plans/warehouse.yaml already"
        in found[0]
    )
    assert "ends in .yaml" in found[1]


def test_the_page_names_every_key_and_no_other():
    documented = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.M)) | set(re.findall(r"`(\w+)`", PAGE))
    written = set(keys(PlanFile))
    assert written - documented <= {"en", "zh"}
    table = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.M)) - {"charter", "plan", "twice"}
    assert table <= written


def test_a_text_on_the_page_is_refused_as_it_says():
    assert list(refusals(Kind.MEASURE, "Detain the believers"))


def call(root: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(forewarn, ["--root", str(root), "plans", *words])
    return done.exit_code, done.output


def test_a_plan_is_lived_through_from_the_command_line(root: Path):
    assert call(root, "check") == (0, "1 plan read, 0 errors, 0 warnings and hints\n")
    code, said_ = call(root, "start", "warehouse-fire", "--area", "01", "--who", "lin", "--why", "smoke")
    assert code == 0
    run = said_.removeprefix("started: ").strip()
    assert call(root, "step", run, "attack", "done", "--who", "crew")[0] == 0
    assert call(root, "step", run, "clear", "done", "--who", "crew")[0] == 1
    assert (
        call(root, "step", run, "close-off", "failed", "--who", "crew", "--why", "call 13912345678")[0] == 0
    )
    code, said_ = call(root, "show", run, "--language", "zh")
    assert "已完成" in said_ and "未成功" in said_ and "call [phone]" in said_
    code, said_ = call(root, "list", "--running", "--format", "csv")
    assert said_.splitlines()[1].startswith("running,orange,01,1,4,0,1,")
    assert call(root, "stand-down", run, "--who", "lin")[0] == 1
    assert call(root, "stand-down", run, "--who", "lin", "--why", "out")[0] == 0
    code, said_ = call(root, "show", run, "--after-action")
    assert "Done: 1 / 5" in said_ and "FAILED: Close off the scene" in said_
    assert call(root, "stand-down", run, "--who", "lin", "--why", "again")[0] == 1
    assert call(root, "list", "--running")[1] == "no plan is under way\n"


@pytest.mark.parametrize(
    "words",
    [
        ("show", "warehouse"), ("start", "warehouse-fire", "--who", "lin"),
        ("start", "warehouse-fire", "--area", "99", "--who", "lin"),
        ("step", "x", "y", "done", "--who", "lin"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_told_in_a_sentence(root: Path, words: tuple[str, ...]):
    assert call(root, *words)[0] == 1
