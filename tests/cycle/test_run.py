"""One tick among others'."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from engine import app
from engine.cycle import collect
from engine.cycle import run as running
from engine.cycle.world import World
from engine.infer.correlate import correlate
from engine.infer.program import Conclusions, Facts, Program
from engine.model.finding import Held
from engine.model.period import Cycle
from engine.store import judgement, runs
from tests.story import county


def test_a_service_that_has_not_yet_taken_up_an_edit_judges_on(tmp_path: Path):
    """Another service of the same database counts what the edited rules ask for; the counts of ours
    are closed by that, and made again for the period we claim."""
    root, edited = county.build(tmp_path / "one"), tmp_path / "edited"
    shutil.copytree(root, edited)
    rules = edited / "rules" / "burglary.yaml"
    rules.write_text(rules.read_text().replace("category: property.burglary", "category: property"))
    (edited / "config/engine.yaml").write_text(f"database: sqlite:///{root}/data/forewarn.db\n")
    with app.world(root, clock=lambda: county.END, owner="one") as one:
        running.prepare(one, county.FIRST)
        collect.poll(one, one.settings.feeds["log"])
        running.catch_up(one, county.FIRST + timedelta(days=3))
        with app.world(edited, clock=lambda: county.END, owner="other") as other:
            running.prepare_ledger(other)
        reports = running.catch_up(one, county.END)
        assert reports and {report.state for report in reports} == {"done"}
        with one.store.read() as tx:
            assert not runs.failed(tx, county.FIRST)


def test_what_the_evaluators_differ_on_neither_opens_nor_lifts_a_warning(tmp_path: Path):
    """Until the third of March nobody differs; from then on one evaluator is always mistaken."""
    end = county.FIRST + timedelta(days=8, hours=9)

    def mistaken(program: Program, facts: Facts) -> Conclusions:
        return {("county.several-towns", 0): {"C": Held.UNKNOWN}}

    def opened(world: World) -> list[str]:
        with world.store.read() as tx:
            return [one.id for one in judgement.warnings(tx, open_only=True) if one.area == "C"]

    root = county.build(tmp_path / "county")
    rows = [f"{town}-{n},2026-03-02T12:00Z,2026-03-02T13:00Z,{town},burglary"
            for town in ("T1", "T2") for n in range(3)]  # fmt: skip
    (root / "log.csv").write_text("\n".join(["id,at,known,town,kind", *rows]) + "\n")
    with app.world(root, clock=lambda: end) as world:
        running.prepare(world, county.FIRST)
        collect.poll(world, world.settings.feeds["log"])
        running.catch_up(world, county.FIRST + timedelta(days=1, hours=9))
        (before,) = opened(world)
        differing = replace(world, correlate=partial(correlate, evaluator=mistaken))
        reports = running.catch_up(differing, end - timedelta(days=1))
        assert {report.disputed for report in reports if report.period.cycle is Cycle.DAILY} == {
            ("county.several-towns",)
        }
        assert opened(world) == [before]
        running.catch_up(world, end)
        assert opened(world) == []
