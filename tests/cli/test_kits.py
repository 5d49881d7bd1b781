"""Kits: from an empty folder to the first warning and message, by the newcomers' page, and by a wheel."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine import app
from engine.cli import forewarn
from engine.cycle import filling
from engine.kits.files import files
from engine.kits.kit import KITS
from engine.kits.sample import Surge, reports

ROOT = Path(__file__).parents[2]
FULL = [name for name in KITS if name != "empty"]


def call(*words: str, root: Path | None = None, code: int = 0) -> str:
    """A command's output; the command ends with this code."""
    where = [] if root is None else ["--root", str(root)]
    done = CliRunner().invoke(forewarn, [*where, *words])
    assert done.exit_code == code, f"{words}: {done.output} {done.exception}"
    return done.stdout


def rows(*words: str, root: Path, code: int = 0) -> list[dict]:
    return json.loads(call(*words, "--format", "json", root=root, code=code))


@pytest.fixture(autouse=True)
def here(at_hand: None) -> None:
    """Nobody hangs here."""


@pytest.fixture(scope="module", params=FULL)
def centre(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new folder of each kit in turn, yesterday judged."""
    folder = tmp_path_factory.mktemp("kits") / request.param
    call("init", "--kit", request.param, str(folder))
    call("cycle", "daily", root=folder)
    return folder


def test_a_kit_has_no_mistakes_and_its_rules_pass_their_tests(centre: Path):
    assert " 0 errors" in CliRunner().invoke(forewarn, ["--root", str(centre), "rules", "check"]).output
    assert " 0 failed" in call("rules", "test", root=centre)


def test_a_kit_warns_and_tells_somebody(centre: Path):
    warned = rows("warnings", "list", root=centre)
    assert {row["topic"] for row in warned} >= {"fraud", "fire"}
    told = rows("notifications", root=centre)
    assert told and {row["state"] for row in told} == {"delivered"}
    outbox = [path for path in (centre / "data" / "outbox").iterdir() if path.stat().st_size]
    said = [json.loads(path.read_text(encoding="utf-8").splitlines()[0]) for path in outbox]
    assert any({"change", "areas"} & one.keys() for one in said)


def test_every_record_of_a_kit_becomes_something(centre: Path):
    told = [one for one in rows("feeds", "list", root=centre) if one["connector"] != "form"]
    assert len(told) >= 1
    for feed in told:
        assert feed["new"] > 50 and feed["rejected"] == 0 and feed["state"] == "ok", feed


def test_a_kit_covers_four_domains_and_says_what_is_made_up(centre: Path):
    found = rows("doctor", root=centre)
    assert sum(row["what"] == "rules" and row["state"] == "ok" for row in found) == 4
    assert {row["what"] for row in found if row["state"] == "sample"} >= {"feed", "receivers"}


def test_the_chinese_kit_speaks_chinese(tmp_path: Path):
    call("init", "--kit", "county-cn", str(tmp_path))
    names = ("areas", "feeds", "routes", "rota", "duty", "taxonomy", "privacy", "cycles", "engine", "budget")
    for name in names:
        text = (tmp_path / "config" / f"{name}.yaml").read_text(encoding="utf-8")
        comments = [line for line in text.splitlines()[1:] if line.lstrip().startswith("# ")]
        assert comments and re.search("[\u4e00-\u9fff]", comments[0]), name
    levels = (tmp_path / "config" / "areas.csv").read_text(encoding="utf-8")
    many = [levels.count(f",{level},") for level in ("county", "township", "community", "grid")]
    assert many == [1, 6, 24, 72]
    (tmp_path / "samples" / "110.csv").read_bytes().decode("gb18030")


def test_the_form_of_the_grid_workers_wants_a_page_and_gives_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    call("init", "--kit", "county-cn", str(tmp_path))
    feeds = tmp_path / "config" / "feeds.yaml"
    kept, mark, form = feeds.read_text(encoding="utf-8").partition("#   - id: grid-form")
    feeds.write_text(kept + re.sub("^# ", "", mark + form, flags=re.M), encoding="utf-8")
    odd = {row["name"]: row["detail"] for row in rows("doctor", root=tmp_path) if row["state"] == "odd"}
    assert "shown nowhere" in odd["grid-form"]
    engine = tmp_path / "config" / "engine.yaml"
    engine.write_text(engine.read_text(encoding="utf-8").replace("# public:", "public:"), encoding="utf-8")
    monkeypatch.setenv("FOREWARN_LINKS", "0123456789abcdef")
    link = call("links", "form", "grid-form", "--area", "999901101", root=tmp_path)
    assert link.startswith("https://report.example.org/f/")
    with app.world(tmp_path) as world:
        sheet = filling.sheet(world, "grid-form", "999901101")
    assert sheet is not None and sum(len(places) for _, places in sheet.groups) == 12


def test_the_chinese_kit_warns_before_the_first_report_and_counts_what_is_open(tmp_path: Path):
    """By the sample's weather warnings and the days on which the mediation room closed its cases."""
    call("init", "--kit", "county-cn", str(tmp_path))
    call("cycle", "weekly", root=tmp_path)
    warned = {row["topic"]: row for row in rows("warnings", "list", root=tmp_path)}
    assert warned["flood"]["grade"] == "yellow" and warned["flood"]["place"] == "Linhe Town"
    assert "disputes" in warned
    states = {row["rule"]: row["state"] for row in rows("rules", "packs", "social-stability", root=tmp_path)}
    assert states["social-stability.wages-unresolved"] == "judged"
    # Its level is none of this county's, and nobody tells of stoppages: they wait.
    assert states["social-stability.site-disorder"] == states["social-stability.stoppages"] == "lacking"


def test_an_empty_kit_runs_and_is_told_what_it_lacks(tmp_path: Path):
    call("init", "--kit", "empty", str(tmp_path))
    lacking = {row["what"] for row in rows("doctor", root=tmp_path, code=1) if row["state"] == "lacking"}
    assert lacking == {"areas", "feed", "rules"}
    call("run", "--once", root=tmp_path)


@pytest.mark.parametrize(
    ("spoil", "what", "state"),
    [
        (("config/feeds.yaml", "path: samples/police.csv", "path: samples/gone.csv"), "feed", "lacking"),
        (("config/feeds.yaml", "happened\n", "id\n"), "feed", "lacking"),
        (("config/routes.yaml", ", operator: true", ""), "receivers", "odd"),
        (("config/routes.yaml", "grade: blue", "grade: bleu"), "file", "wrong"),
        (("config/areas.yaml", "levels:", "levles:"), "file", "wrong"),
    ],
)
def test_the_doctor_finds_what_is_broken(tmp_path: Path, spoil: tuple[str, str, str], what: str, state: str):
    call("init", "--kit", "county-se", str(tmp_path))
    path, good, bad = spoil
    text = (tmp_path / path).read_text(encoding="utf-8")
    assert good in text
    (tmp_path / path).write_text(text.replace(good, bad), encoding="utf-8")
    found = rows("doctor", root=tmp_path, code=0 if state == "odd" else 1)
    assert (what, state) in {(row["what"], row["state"]) for row in found}


def test_nothing_that_is_there_is_overwritten(tmp_path: Path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "feeds.yaml").write_text("mine", encoding="utf-8")
    call("init", "--kit", "county-se", str(tmp_path), code=1)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["feeds.yaml"]


def test_a_kit_is_the_same_whenever_it_is_written():
    now = datetime(2026, 3, 8, 12, tzinfo=UTC)
    assert files(KITS["county-cn"], now) == files(KITS["county-cn"], now)


def test_made_up_reports_are_known_after_they_happened_and_before_now():
    now = datetime(2026, 3, 8, 12)
    found = reports(["A", "B"], {"fire": 0.5}, [Surge("fraud", 3, 5)], now, seed=1)
    assert all(one.happened < one.known < now for one in found)
    assert sum(one.kind == "fraud" and one.place == "A" for one in found) == 3 * (5 + 1)
    assert 80 < sum(one.kind == "fire" for one in found) < 160


COMMAND = re.compile(r"(?m)^    \$ (.+)$")
ROW = re.compile(r"(?m)^\| `(\S+)` \| `(\S+)` \| `(\S+)` \|$")


def _commands(page: str, kit: str) -> list[str]:
    """The commands of the page; its table says what each is called in another kit than its own."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    heads, *rows = ROW.findall(text)
    assert sorted(heads) == sorted(FULL), "the page has a column for every kit that holds something"
    at = heads.index(kit)
    called = {row[0]: row[at] for row in (heads, *rows)}
    return [" ".join(called.get(word, word) for word in line.split()) for line in COMMAND.findall(text)]


@pytest.mark.slow
@pytest.mark.parametrize("kit", FULL)
def test_every_command_of_the_first_day_works(tmp_path: Path, kit: str, monkeypatch: pytest.MonkeyPatch):
    commands = _commands("first-day.md", kit)
    # What the reader calls a feed of their own is all that the two pages say differently.
    assert commands == [one.replace("my-110", "my-police") for one in _commands("first-day.zh.md", kit)]
    assert len(commands) > 12 and f"forewarn init --kit {kit} my-centre" in commands
    monkeypatch.chdir(tmp_path)
    for program, *words in map(shlex.split, commands):
        if program == "cd":
            monkeypatch.chdir(words[0])
        else:
            assert program == "forewarn"
            call(*words)


def _follow(commands: list[str], folder: Path, environment: dict[str, str]) -> None:
    """As somebody types them, a process each."""
    for words in map(shlex.split, commands):
        if words[0] == "cd":
            folder = folder / words[1]
            continue
        assert words[0] == "forewarn"
        done = subprocess.run(
            [sys.executable, "-m", "engine.cli", *words[1:]], cwd=folder, capture_output=True, text=True,
            check=False, env={**os.environ, **environment},
        )  # fmt: skip
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"


@pytest.mark.slow
def test_an_installed_wheel_in_an_empty_folder_is_enough(tmp_path: Path):
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = (tmp_path / "dist").iterdir()
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    home = tmp_path / "home"
    home.mkdir()
    from_wheel = {"PYTHONPATH": str(tmp_path / "site"), "PYTHONSAFEPATH": "1"}
    where = "import engine.kits.files as one; print(one.__file__, one.bundled())"
    told = subprocess.run(
        [sys.executable, "-c", where], cwd=home, capture_output=True, text=True, check=True,
        env={**os.environ, **from_wheel},
    ).stdout  # fmt: skip
    assert told.count(str(tmp_path / "site")) == 2
    first = "forewarn init --kit county-cn centre"
    commands = [first, "cd centre", "forewarn cycle daily", "forewarn doctor"]
    _follow(commands, home, from_wheel)
    assert list((home / "centre" / "data" / "outbox").iterdir())
