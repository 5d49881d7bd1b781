"""CSV that no spreadsheet runs: one function, and every command that writes CSV goes through it."""

from __future__ import annotations

import csv
import io
import re
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from engine import app
from engine.cli import forewarn
from engine.cli.listing import show
from engine.cycle import run as running
from engine.guard import sheet
from engine.guard.exit import guarded_terminal
from engine.guard.sheet import cell
from engine.store import judgement, meta
from tests.house.test_commands import COMMANDS
from tests.story import county

ROOT = Path(__file__).parents[2]
#: What a spreadsheet takes for a formula, unless it is a number.
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠](?!\d+(\.\d+)?$)|[\t\r\n]")
EVIL = "=HYPERLINK(1)"


@pytest.mark.parametrize(("value", "expected"), [
    ("=1+1", "'=1+1"), ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"), ("-2+3", "'-2+3"), ("@A()", "'@A()"),
    (" =1", "' =1"), ("\t=1", "'\t'=1"), ("\r", "'\r"), ("\nx", "'\nx"), ("＝1", "'＝1"), ("a;=1", "a;'=1"),
    ("a\n=1", "a\n'=1"), ("-", "'-"), ("a-b", "a-b"), ("a = b", "a = b"), ("", ""), ("'=1", "'=1"),
    ("-12", "-12"), ("+1.5e-3", "+1.5e-3"), ("-1-1", "'-1-1"), (-12, -12), (-1.5, -1.5), (None, None),
])  # fmt: skip
def test_a_cell_is_a_text_or_a_number_and_never_a_formula(value: object, expected: object) -> None:
    assert cell(value) == expected


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county of which everything that has a name has an evil one, after its nine days."""
    root = county.build(tmp_path_factory.mktemp("evil") / "county")
    for name, old, new in (
        ("rules/burglary.yaml", "title: ", f"title: '{EVIL}' #"),
        ("config/feeds.yaml", "title: ", f"title: '{EVIL}' #"), ("config/areas.csv", "Easttown", "=Easttown"),
    ):  # fmt: skip
        path = root / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    (root / "rules/burglary.yaml").rename(root / "rules/=burglary.yaml")
    with (root / "log.csv").open("a", encoding="utf-8") as log:
        log.write(f"{EVIL},{EVIL},,T1,{EVIL}\n-9,2026-03-02T10:00Z,2026-03-02T11:00Z,=T1,fire\n")
    series = f"series,t,y\n{EVIL},1,3\n{EVIL},2,4\nid 13912345678,3,1\n"
    (root / "=evil.csv").write_text(series, encoding="utf-8")
    with app.world(root, clock=lambda: county.END) as world:
        running.prepare(world, county.FIRST)
        running.tick(world)
        with world.store.begin() as tx:
            meta.put(tx, "demo", county.END.isoformat())
    return root


#: Every command that writes CSV, and how it is called.
CALLS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("account", "audit"): (),
    ("account", "list"): (),
    ("backtest",): ("--from", "2026-03-03", "--to", "2026-03-10"),
    ("cap", "validate"): ("=evil.csv",),
    ("clock", "list"): (),
    ("clock", "scorecard"): (),
    ("detect",): ("exact", "=evil.csv"),
    ("doctor",): (),
    ("export",): ("warnings",),
    ("drills", "list"): (),
    ("faults", "list"): (),
    ("drills", "report"): ("none",),
    ("feeds", "list"): (),
    ("feeds", "poll"): (),
    ("feeds", "rejects"): (),
    ("feeds", "reread"): ("log",),
    ("feeds", "try"): ("log",),
    ("ingest",): ("log", "log.csv"),
    ("links", "list"): (),
    ("incidents", "links"): (),
    ("notifications",): (),
    ("plans", "check"): (),
    ("plans", "list"): (),
    ("plans", "show"): ("none",),
    ("privacy", "scan"): ("=evil.csv",),
    ("report", "list"): (),
    ("rota",): (),
    ("route", "test"): ("--area", "T1", "--topic", "burglary", "--grade", "yellow"),
    ("rules", "check"): (),
    ("rules", "coverage"): (),
    ("rules", "diff"): (".", "rules", "--from", "2026-03-03", "--to", "2026-03-05"),
    ("rules", "list"): (),
    ("rules", "mutate"): (),
    ("rules", "promote"): ("county.burglary-surge",),
    ("rules", "scorecard"): (),
    ("rules", "test"): (),
    ("rules", "packs"): (),
    ("rules", "trial"): (),
    ("runs",): (),
    ("silence", "list"): (),
    ("silence", "preview"): ("WARNING",),
    ("status",): (),
    ("tasks", "list"): (),
    ("token", "list"): (),
    ("warnings", "acts"): (),
    ("warnings", "list"): ("--all",),
    ("warnings", "review"): (),
    ("warnings", "situations"): (),
    ("warnings", "show"): ("WARNING",),
    ("warnings", "why"): ("WARNING",),
    ("why",): ("T1", "burglary"),
}


def test_every_command_that_writes_csv_is_tried() -> None:
    offered = {
        path for path, command in COMMANDS.items() for one in command.params
        if isinstance(one.type, click.Choice) and "csv" in one.type.choices
    }  # fmt: skip
    assert set(CALLS) == offered


@pytest.mark.parametrize("path", CALLS, ids=" ".join)
def test_no_command_writes_a_formula(
    root: Path, path: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    with app.world(root, clock=lambda: county.END) as world, world.store.read() as tx:
        warning = judgement.warnings(tx, open_only=False)[0].id
    words = [warning if word == "WARNING" else word for word in CALLS[path]]
    done = CliRunner().invoke(forewarn, [*path, *words, "--format", "csv"])
    assert done.exit_code in (0, 1), done.output
    cells = [one for row in csv.reader(io.StringIO(done.stdout)) for one in row]
    assert [one for one in cells if FORMULA.match(one)] == []


@pytest.mark.parametrize("form", ["csv", "text", "json"])
def test_a_cell_is_guarded_by_itself_and_counts_beside_it_stay(
    form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    title, number = "13", "8-1234-5678"
    rows = [{"title": f"{title}{number}", "place": "Easttown", "one": "139", "two": 1234, "three": 5678}]
    out = io.TextIOWrapper(io.BytesIO(), "utf-8")
    monkeypatch.setattr(sys, "stdout", out)
    with guarded_terminal():
        show(rows, list(rows[0]), form)
    printed = out.buffer.getvalue().decode()  # type: ignore[attr-defined]
    assert "[phone]" in printed and "8-1234-5678" not in printed
    assert all(count in printed for count in ("139", "1234", "5678"))


def test_what_two_columns_are_joined_to_is_guarded_in_a_file() -> None:
    told, counts = ("报警人", "王霖钰"), (139, 1234, 5678)
    made = sheet.document(("who", *"abc"), [("".join(told), *counts)]).decode("utf-8-sig")
    assert made == "who,a,b,c\r\n报警人[name],139,1234,5678\r\n"


def test_nothing_else_writes_csv() -> None:
    for folder in ("engine", "connectors"):
        for path in (ROOT / folder).rglob("*.py"):
            writes = re.search(r"csv\.(Dict)?[wW]riter", path.read_text(encoding="utf-8"))
            # What kits are made of is read by feeds, and no listing.
            assert not writes or path.name == "sheet.py" or path.parent.name == "kits", path
