"""What pages are made of: nothing that was done is left out because it is dated a second ahead."""

from __future__ import annotations

from datetime import timedelta

from engine.console.scene import read
from engine.cycle.desk import AHEAD
from engine.cycle.world import World
from engine.model.act import Act, ActKind
from engine.store import acts
from tests.console.test_acts import told, world

__all__ = ["world"]


def remark(world: World, on: str, later: timedelta) -> Act:
    now = world.clock().replace(microsecond=0)
    return Act(
        kind=ActKind.COMMENT, at=now + later, by="anna", via="cli", warning=on, area="T1", topic="burglary",
        reason="seen", id=f"ahead-{later}",
    )  # fmt: skip


def test_what_is_done_in_the_second_of_what_it_answers_is_seen_at_once(world: World):
    act = remark(world, told(world).id, timedelta(seconds=2))
    with world.store.begin() as tx:
        tx.seq()
        acts.add(tx, [act])
    assert act.at <= read(world).at < world.clock() + AHEAD


def test_what_a_wrong_clock_dated_far_ahead_moves_no_page(world: World):
    act = remark(world, told(world).id, timedelta(days=2))
    with world.store.begin() as tx:
        tx.seq()
        acts.add(tx, [act])
    assert read(world).at < world.clock() + AHEAD
