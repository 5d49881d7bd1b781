"""Whether a commit waits for the disk: SQLite's own word for it, within the transaction."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from engine.store.database import Store
from tests.story import county, pushing
from tests.story.pushing import source

NORMAL, FULL = 1, 2


def test_what_lasts_waits_for_the_disk_and_the_next_does_not(tmp_path: Path):
    with closing(Store.open(f"sqlite:///{tmp_path / 'one.db'}")) as store:
        for begun, safety in ((store.begin, NORMAL), (store.lasting, FULL), (store.begin, NORMAL)):
            with begun() as tx:
                assert tx.conn.exec_driver_sql("PRAGMA synchronous").scalar_one() == safety
        with store.lasting() as tx:
            tx.seq()
        with store.read() as tx:
            assert tx.horizon() == 1


def test_no_push_is_answered_before_it_lasts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Workers are other processes: whatever they commit without waiting for the disk stays untold here."""
    monkeypatch.setattr("engine.cycle.loops.intake._take", _only_lasting)
    root = pushing.build(tmp_path / "county")
    with pushing.service(root) as (loops, address), source(loops.world, address) as control:
        told = {"id": "1", "at": county.END.isoformat(), "town": "T1", "kind": "burglary"}
        answer = control.post("/v1/incidents", json=told)
    assert answer.status_code == 202 and answer.json()["account"]["new"] == 1


def _only_lasting(world: Any, posts: Any) -> Any:
    from engine.cycle import intake

    def begin() -> Any:
        raise AssertionError("not on the disk yet")

    world.store.begin = begin
    return intake.take(world, posts)
