"""Away for longer than is caught up."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from engine import app
from engine.cycle import run as running
from engine.store import outbox
from tests.story import county

OPERATORS = """
receivers:
  - {id: ops, title: Operators, operator: true, channels: [{kind: file, path: data/ops.jsonl}]}
"""
JUDGED = county.FIRST + timedelta(hours=9)


@pytest.mark.parametrize(
    ("away", "told"),
    [
        (timedelta(days=5), []),
        # Caught up is what fell due after 09:00 of the fifth; the cuts of three mornings are not.
        (timedelta(days=8), ["Missed: daily 2026-03-02 and 2 more not judged"]),
    ],
)
def test_operators_hear_once_of_what_is_not_judged_any_more(
    tmp_path: Path, away: timedelta, told: list[str]
) -> None:
    root = county.build(tmp_path)
    (root / "config/routes.yaml").write_text(OPERATORS)
    (root / "config/cycles.yaml").write_text("{wait: 8h, lease: 1m, catch_up: 5d}\n")
    now = [JUDGED]

    def clock() -> datetime:
        return now[0]

    with app.world(root, clock=clock) as world:
        running.prepare(world, county.FIRST - timedelta(days=1))
        assert running.catch_up(world, now[0])
        now[0] += away
        for _ in range(2):
            running.catch_up(world, now[0])
        with world.store.read() as tx:
            assert [note.subject for note in outbox.listing(tx, limit=100)] == told
