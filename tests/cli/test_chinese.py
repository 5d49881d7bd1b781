"""In Chinese no command says anything in English but ids, codes and what is to be typed."""

from __future__ import annotations

import ast
import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.cli import forewarn
from engine.cli.sentences import SENTENCES
from engine.cycle.world import clock_from
from engine.store import meta
from tests.backtest.conftest import TRUTH
from tests.console.conftest import judged
from tests.console.test_acts import PEOPLE
from tests.console.test_chinese import chinese, fill
from tests.house.test_commands import COMMANDS
from tests.story import county
from tests.story.test_duty_stories import PLAN

W, OTHER = "{warning}", "{other}"
#: How each command is called, in this order; `{...}` is looked up in the store.
CALLS = """
status
doctor
runs
cycle daily
feeds check
feeds list
feeds poll
feeds try log
feeds rejects
feeds rejects --by reason
feeds rejects --by value
feeds reread log --since 2026-03-08
ingest log log.csv
incidents links
incidents links --rulings
incidents unlink log 1 log 2 --who 甲 --why 理由
incidents link log 1 log 2 --who 甲 --why 理由
warnings list --all
warnings situations
warnings review
warnings show {warning}
warnings why {warning}
warnings acts
warnings ack {warning} --who 甲 --for duty
warnings unack {warning} --who 甲
warnings comment {warning} --who 甲 --why 理由
warnings regrade {warning} orange --who 甲 --as leader --why 理由
warnings issue {warning} --who 乙 --as leader
warnings decline {warning} --who 乙 --as leader --why 理由
warnings raise T3 explosions yellow --who 甲 --why 理由
warnings lift {other} --who 甲 --as leader --why 理由
warnings truth
why T1 burglary
why T1 explosions
why T9 burglary
clock list
clock scorecard
notifications
links list
links make {warning} --for duty
links revoke --for duty
links form log --area T1
silence preview {warning}
silence add {warning} --who 甲 --why 理由
silence list
silence end 20240930T080000Z-silence-1a2b3c4d --who 甲
plans list
plans list --running
plans check
plans show explosion
plans start explosion --area T2 --who 甲 --why 理由
plans step explosion/T2/x patrol done --who 甲
plans stand-down explosion/T2/x --who 甲 --why 理由
tasks list
tasks accept {warning}/patrols --who 甲
tasks done {warning}/patrols --who 甲
tasks feedback {warning}/patrols --who 甲 --why 理由
tasks decline {warning}/patrols --who 甲 --why 理由
warnings close {warning} --who 甲 --verdict unclear --why 理由
drill explosion --area T1 --who 甲
drills list
drills report exercise/route:fires/01/at20260308T070000Z
drills answer exercise/route:fires/01/at20260308T070000Z --for duty --who 甲
rota
route test --area T1 --topic burglary --grade orange
handover --since 2026-03-08
faults list
faults acknowledge 1 --who 甲
account add anna --role duty-officer
account reset anna
account sign-out anna
account list
account close anna
account audit
token add 大屏 --display
token list
token revoke 1a2b3c4d
report list
db upgrade
db backup copy.db
db restore copy.db
privacy scan
rules list
rules check
rules test
rules coverage
rules explain county.burglary-surge
rules trial
rules packs
rules diff . stricter --from 2026-03-03 --to 2026-03-10 --truth truth.csv
rules scorecard --from 2026-03-03 --to 2026-03-10 --truth truth.csv
rules mutate rules/tried.yaml
rules promote county.draft
rules promote county.tried
rules promote county.tried --because 理由
rules promote county.tried
""".strip().splitlines()

#: Those that the walk leaves out, and why.
NOT = {
    ("message", "preview"): "a made-up message", ("report", "daily"): "it has a test of its own",
    ("report", "weekly"): "it has a test of its own", ("report", "monthly"): "it has a test of its own",
    ("run",): "it serves", ("demo",): "it serves", ("console",): "it serves",
    ("message", "schema"): "a schema", ("rules", "schema"): "a schema",
    ("export",): "a table for programs", ("detect",): "a calculator of its own",
    ("backtest",): "a report of its own", ("cap", "validate"): "the profile's own words",
    ("areas", "import"): "it needs a map", ("init",): "it has a test of its own",
    ("feeds", "guess"): "a file of configuration",
}  # fmt: skip
#: What has no Chinese: the product, forms of files, keys of the configuration.
ALSO = {"UTC", "cli", "leader", "forewarn", "CSV", "hold", "quiet", "csv", "file"}

BURGLARIES = county.FILES["rules/burglary.yaml"]
TRIED = """id: county.tried
title: Explosions in a week
domain: public-safety
topic: explosions
cycle: weekly
level: county
status: trial
owner: crime-desk
review_by: 2027-06-30
why: What is rare in a town is not in a county.
indicator: {count: incidents, where: {category: violence.explosion}}
window: 7d
grades: {yellow: {at_least: 2}}
measures: [patrols]
"""
#: What an analyst has at hand: an edition beside the rules, what really happened, a rule on trial, a draft.
WORKSHOP = {
    "stricter/burglary.yaml": BURGLARIES.replace("{at_least: 3}", "{at_least: 4}").replace("8}", "6}"),
    "truth.csv": TRUTH, "rules/tried.yaml": TRIED,
    "rules/draft.yaml": TRIED.replace("county.tried", "county.draft").replace("trial", "draft"),
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The county under Chinese names, with something of everything that a command can show."""
    root = county.build(tmp_path_factory.mktemp("chinese"))
    for name, text in (county.FILES | PEOPLE | {"config/plans/explosion.yaml": PLAN}).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(chinese(name, text).lstrip(), encoding="utf-8")
    with judged(root) as opened:
        later = county.END + timedelta(minutes=5)
        fill(replace(opened, clock=clock_from(later)))
        with opened.store.begin() as tx:
            meta.put(tx, "demo", later.isoformat())
    for name, text in WORKSHOP.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(chinese(name, text), encoding="utf-8")
    with (root / "config" / "engine.yaml").open("a", encoding="utf-8") as file:
        file.write("workers: 1\n")
    yield root


def call(root: Path, words: list[str], language: str = "zh") -> Result:
    return CliRunner().invoke(forewarn, ["--language", language, "--root", str(root), *words])


#: A test of a rule that is listed to be pasted into its file.
PASTED = re.compile(r"(?m)^ {11}.*$")


def english(said: str, root: Path) -> set[str]:
    """The English words of a text."""
    plain = re.sub(PASTED, "", said.replace(str(root), ""))
    plain = re.sub(r"`[^`]*`|forewarn [ -z]+|'[ -z]*'|“[ -z]*”", " ", plain)
    plain = re.sub(r"--[a-z-]+|[\w.:/@-]*[\d./:@_-][\w.:/@-]*", " ", plain)
    return {one for one in re.findall(r"[A-Za-z]{2,}", plain) if not re.fullmatch("[IVX]+", one)} - ALSO


#: What somebody called so: ids of feeds, receivers, departments, rules, steps, accounts.
NAMES = {
    "log", "duty", "police", "desk", "burglary", "explosions", "explosion", "chief", "anna", "crime",
    "patrol", "again", "lead", "all", "token", "cyber", "political",
}  # fmt: skip


def filled(line: str, root: Path) -> list[str]:
    ids = [one["id"] for one in listed(root, "warnings list --all")]
    return shlex.split(line.replace(W, ids[0]).replace(OTHER, ids[-1]))


def listed(root: Path, line: str) -> list[dict[str, str]]:
    return json.loads(call(root, [*shlex.split(line), "--format", "json"]).stdout)


def test_every_command_is_walked_or_said_why_not() -> None:
    walked = {path for line in CALLS for path in COMMANDS if tuple(line.split()[: len(path)]) == path}
    assert walked | NOT.keys() == COMMANDS.keys() and not walked & NOT.keys()


def test_every_command_speaks_chinese(root: Path, at_hand: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    told: dict[str, set[str]] = {}
    for line in CALLS:
        found = call(root, filled(line, root))
        refused = getattr(found.exception, "told", "")
        assert found.exception is None or refused or isinstance(found.exception, SystemExit), line
        told[line] = english(found.output + refused, root) - NAMES
    assert {line: words for line, words in told.items() if words} == {}


#: What a statistic says of its numbers stands in its own words.
OWN = {"detect.py"}
CLI = sorted((Path(__file__).parents[2] / "engine" / "cli").glob("*.py"))


def _sentences(path: Path) -> Iterator[str]:
    """The words of what a module of the command line refuses."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("UsageError", "FeedError"):
            for part in ast.walk(node):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield from re.split("[`;]", part.value)


@pytest.mark.parametrize("path", [one for one in CLI if one.name not in OWN], ids=lambda path: path.name)
def test_no_refusal_of_the_command_line_is_forgotten(path: Path) -> None:
    known = "\n".join(re.sub(r"\{(\w+)[^}]*\}", "", said) for said in SENTENCES.table)
    words = {one.strip(" :,.'()") for one in _sentences(path) if not one.strip().startswith("forewarn ")}
    missed = {one for one in words if re.search("[a-z]{2} [a-z]{2}", one) and one not in known}
    assert missed == set()
