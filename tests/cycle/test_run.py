"""One tick among others'."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from engine import app
from engine.cycle import collect
from engine.cycle import run as running
from engine.store import runs
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
