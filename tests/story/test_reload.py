"""Reload under fire: while rules are edited, broken and mended, every run judges with one whole set."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from engine import app
from engine.cycle import collect
from engine.cycle import run as running
from engine.cycle.reload import Live, refused
from engine.errors import ConfigError
from engine.model.rule import RuleBook
from engine.store import judgement, runs
from tests.story import county, editor
from tests.story.conftest import forewarn, wait_for
from tests.story.test_service import service

TODAY = date(2026, 3, 2)
VARIANTS = 4
#: Long files are read for longer, so that more edits fall into the reading.
LONG = "# nothing to see here\n" * 1500


@pytest.fixture
def variants(tmp_path: Path) -> Path:
    """Sets of the county's rules in one file each; every set differs from every other in every file."""
    (written,) = (text for path, text in county.FILES.items() if path.startswith("rules/"))
    for number in range(VARIANTS):
        folder = tmp_path / "variants" / f"set-{number}"
        folder.mkdir(parents=True)
        for rule in yaml.safe_load(written)["rules"]:
            title = f"{rule['title']}, edition {number}"
            text = yaml.safe_dump(rule | {"title": title}, sort_keys=False)
            (folder / f"{rule['id'].removeprefix('county.')}.yaml").write_text(text + LONG, encoding="utf-8")
    return tmp_path / "variants"


@pytest.fixture
def root(tmp_path: Path, variants: Path) -> Path:
    root = county.build(tmp_path / "county")
    put(root, variants / "set-0")
    return root


def put(root: Path, rules: Path) -> None:
    shutil.rmtree(root / "rules")
    shutil.copytree(rules, root / "rules")


def whole(root: Path, variants: Path) -> dict[str, RuleBook]:
    """The books of all sets, by hash."""
    found = {}
    for folder in sorted(variants.iterdir()):
        put(root, folder)
        book = app.home(root, TODAY).book
        found[book.hash] = book
    assert len(found) == VARIANTS
    return found


class Reading:
    """Reads the files, and tells the editor how long to rest: three times what the slowest reading took,
    so that a slow machine, or one that becomes slow, keeps up as a quick one does."""

    def __init__(self, root: Path, rest: Path) -> None:
        self.root, self.rest, self.slowest = root, rest, 0.0
        self.home()

    def home(self) -> app.Home:
        begun = time.perf_counter()
        try:
            return app.home(self.root, TODAY)
        finally:
            took = time.perf_counter() - begun
            if took > self.slowest:
                self.slowest = took
                editor.tell(self.rest, 3 * took)


@contextmanager
def under_fire(root: Path, variants: Path, rest: Path) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, editor.__file__, str(root), str(variants), str(rest)])
    try:
        yield
        assert process.poll() is None, "the editor has given up"
    finally:
        process.kill()
        process.wait()


def test_no_state_in_between_is_a_set(root: Path, variants: Path):
    """What makes the next test sharp: only what is read half can be taken for whole."""
    first, *others = sorted(path.name for path in (variants / "set-0").iterdir())
    half = (variants / "set-0" / first).read_text(encoding="utf-8")
    for broken in (*editor.BROKEN, half[: len(half) // 100]):
        (root / "rules" / first).write_text(broken, encoding="utf-8")
        with pytest.raises(ConfigError):
            app.home(root, TODAY)
    assert others


@pytest.mark.slow
def test_a_service_under_fire_never_judges_with_half_a_set(root: Path, variants: Path, tmp_path: Path):
    books = whole(root, variants)
    reading = Reading(root, tmp_path / "rest")
    hours, refusals = 24, 0
    with app.world(root, clock=lambda: county.FIRST + timedelta(hours=hours), owner="service") as world:
        running.prepare_ledger(world)
        for feed in world.settings.feeds.values():
            collect.poll(replace(world, clock=lambda: county.END), feed)
        running.prepare(world, county.FIRST)
        live = Live(world, reading.home, settle=0.005)
        with under_fire(root, variants, reading.rest):
            while county.FIRST + timedelta(hours=hours) < county.END:
                before = live.world.book.hash
                for _ in range(50):  # until an edit was taken up
                    live.refresh()
                    running.tick(live.world)
                    with world.store.read() as tx:
                        refusals += refused(tx) is not None
                    if live.world.book.hash != before:
                        break
                    time.sleep(reading.slowest / 3)
                hours += 6
        with world.store.read() as tx:
            judged = runs.listing(tx, 1000)
            findings = {run.id: judgement.findings(tx, run=run.id) for run in judged}
    assert {run.rules_hash for run in judged} <= set(books)
    assert len({run.rules_hash for run in judged}) > 1, "it kept up with the edits"
    assert refusals, "and met broken files"
    assert any(findings.values())
    for run in judged:
        rules = books[run.rules_hash].rules
        assert all(one.rule_hash == rules[one.rule].hash for one in findings[run.id])


@pytest.mark.slow
def test_the_status_tells_of_refused_files_while_the_service_goes_on(root: Path):
    rule = root / "rules" / "burglary-surge.yaml"
    text = rule.read_text(encoding="utf-8")
    (root / "config" / "cycles.yaml").write_text("{wait: 8h, lease: 1m, tick: 1s}\n", encoding="utf-8")
    with service(root, "run"):
        told(root, "service", "ok")
        rule.write_text(text.replace("grades:", "grade:"), encoding="utf-8")
        line = told(root, "files", "refused")
        assert "burglary-surge.yaml" in line
        assert "stays in force" in line
        assert "service" in forewarn(root, "status", check=False).stdout
        rule.write_text(text, encoding="utf-8")
        wait_for(lambda: not lines(root, "files"))


def lines(root: Path, what: str) -> list[str]:
    """What the status says of it."""
    said = forewarn(root, "status", "--format", "csv", check=False).stdout
    return [line for line in said.splitlines() if line.startswith(f"{what},")]


def told(root: Path, what: str, state: str) -> str:
    """The line of the status, once it is the one."""
    found: list[str] = []

    def says() -> bool:
        found[:] = [line for line in lines(root, what) if f",{state}," in line]
        return bool(found)

    wait_for(says)
    return found[0]
