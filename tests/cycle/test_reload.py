"""Changed files between two ticks: taken up whole, refused whole, or left until they are at rest."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine import app
from engine.cycle import run as running
from engine.cycle.reload import Live, refused
from engine.store import judgement, runs
from tests.story import county

RULES = "rules/burglary.yaml"


@dataclass
class Service:
    """A county's service whose clock a test sets."""

    root: Path
    live: Live
    hours: float = 0

    def after(self, hours: float) -> list[running.Report]:
        self.hours += hours
        self.live.refresh()
        return running.tick(self.live.world)

    def edit(self, old: str, new: str, path: str = RULES) -> None:
        text = (self.root / path).read_text(encoding="utf-8")
        assert old in text
        (self.root / path).write_text(text.replace(old, new), encoding="utf-8")

    def refusal(self) -> tuple[str, ...]:
        with self.live.world.store.read() as tx:
            found = refused(tx)
        return found.problems if found else ()

    def hashes(self) -> dict[str, str]:
        """By which rules each daily run judged."""
        with self.live.world.store.read() as tx:
            listed = runs.listing(tx, 1000)
        return {run.period: run.rules_hash for run in reversed(listed) if run.cycle == "daily"}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    root = county.build(tmp_path)
    with app.world(root, clock=lambda: county.FIRST, owner="service") as world:
        running.prepare(world, county.FIRST)
        live = Live(world, lambda: app.home(root, date(2026, 3, 2)), settle=0.05)
        service = Service(root, live)
        moved = app.replace(world, clock=lambda: county.FIRST + timedelta(hours=service.hours))
        live.world = moved
        service.after(129)
        yield service


def test_a_valid_edit_judges_from_the_next_tick_on(service: Service):
    before = service.live.world.book.hash
    service.edit("at_least: 3}", "at_least: 2}")
    service.after(24)
    after = service.live.world.book.hash
    assert after != before
    *old, (period, new) = service.hashes().items()
    assert {hash for _, hash in old} == {before}
    assert (period, new) == ("2026-03-07", after)
    with service.live.world.store.read() as tx:
        found = judgement.findings(tx, rule="county.burglary-surge")
    edited = service.live.world.book.rules["county.burglary-surge"].hash
    assert {finding.period for finding in found if finding.rule_hash == edited} == {"2026-03-07"}


def test_a_mistake_anywhere_keeps_the_whole_old_set(service: Service):
    before = service.live.world
    service.edit("at_least: 3}", "at_least: 2}")
    service.edit("receivers: [duty]", "receivers: [dutty]", "config/routes.yaml")
    service.after(24)
    assert service.live.world is before
    (problem,) = service.refusal()
    assert problem.startswith("config/routes.yaml:")
    assert "did you mean 'duty'" in problem
    service.edit("receivers: [dutty]", "receivers: [duty]", "config/routes.yaml")
    service.after(24)
    assert service.refusal() == ()
    assert service.live.world.book.hash != before.book.hash
    assert list(service.hashes().values())[-2:] == [before.book.hash, service.live.world.book.hash]


def test_what_a_new_rule_counts_is_there_when_it_first_judges(service: Service):
    extra = """
  - id: county.any-crime
    title: Any crime
    domain: public-safety
    topic: burglary
    cycle: daily
    level: county
    status: stable
    owner: crime-desk
    review_by: 2027-06-30
    why: The county as a whole.
    indicator: {count: incidents, where: {category: [property, violence]}}
    window: 7d
    grades: {blue: {at_least: 1}}
    measures: [patrols]
"""
    path = service.root / RULES
    path.write_text(path.read_text(encoding="utf-8").rstrip() + extra, encoding="utf-8")
    service.after(24)
    with service.live.world.store.read() as tx:
        found = judgement.findings(tx, rule="county.any-crime")
    assert [finding.period for finding in found] == ["2026-03-07"]
    assert found[0].trace.observed > 5, "what was ingested before the rule came counts too"


def test_a_comment_changes_nothing_that_is_in_force(service: Service):
    before = service.live.world.book.hash, service.live.world.settings.hash
    service.edit("rules:", "# a word about these rules\nrules:")
    service.after(24)
    assert (service.live.world.book.hash, service.live.world.settings.hash) == before
    assert service.refusal() == ()


def test_files_that_are_being_written_wait_for_the_next_tick(service: Service):
    before = service.live.world
    service.live.settle = 0.5
    service.edit("at_least: 3}", "at_least: 2}")
    with never_at_rest(service.root / RULES):
        service.after(24)
    assert service.live.world is before
    service.edit("at_least: 5,", "at_least: 4,")
    service.after(24)
    rungs = service.live.world.book.rules["county.burglary-surge"].rungs
    assert [dict(rung.tests[0].params)["count"] for rung in rungs] == [2, 4, 8]


@contextmanager
def never_at_rest(path: Path) -> Iterator[None]:
    """Somebody who writes the file again and again."""
    text, written, enough = path.read_bytes(), threading.Event(), threading.Event()

    def write() -> None:
        while not enough.wait(0.005):
            path.write_bytes(text)
            written.set()

    writer = threading.Thread(target=write)
    writer.start()
    written.wait()
    try:
        yield
    finally:
        enough.set()
        writer.join()


def test_a_set_that_changes_while_it_is_read_is_not_taken(service: Service):
    before = service.live.world
    read = service.live.load

    def load() -> app.Home:
        home = read()
        service.edit("at_least: 8}", "at_least: 9}")
        return home

    service.edit("at_least: 3}", "at_least: 2}")
    service.live.load = load
    service.after(24)
    assert service.live.world is before
    service.live.load = read
    service.after(24)
    assert service.live.world.book.hash == app.home(service.root, date(2026, 3, 2)).book.hash


def test_files_that_vanish_are_a_mistake_and_not_a_crash(service: Service):
    before = service.live.world
    (service.root / "config" / "taxonomy.yaml").rename(service.root / "taxonomy.kept")
    service.after(24)
    assert service.live.world is before
    assert "config/taxonomy.yaml" in service.refusal()[0]
