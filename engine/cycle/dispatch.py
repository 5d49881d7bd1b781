"""Changes into the outbox, and the outbox to the receivers."""

from __future__ import annotations

from datetime import datetime, timedelta

from loguru import logger

from engine.cycle.world import World
from engine.judge import Conclusion
from engine.model.message import Delivery
from engine.notify.deliver import deliver as send
from engine.notify.plan import plan
from engine.store import outbox
from engine.store.database import Tx

#: How long one process may hold a message before another may try it.
HOLD = timedelta(minutes=5)
BATCH = 100


def enqueue(world: World, tx: Tx, concluded: Conclusion, at: datetime) -> None:
    """Plan the first messages of a run's changes in the run's own transaction."""
    settings = world.settings
    outbox.enqueue(
        tx,
        plan(
            concluded.changes, {warning.id: warning for warning in concluded.warnings},
            settings.routes, settings.receivers, settings.tree,
            at=at, heard=outbox.heard(tx, [change.warning for change in concluded.changes]),
        ),
    )  # fmt: skip


def deliver(world: World, now: datetime) -> int:
    """Try every message that is due; a failure is recorded and never stops the next one."""
    delivered = 0
    while True:
        with world.store.begin() as tx:
            taken = outbox.take(tx, now, world.owner, HOLD, BATCH)
        for notification in taken:
            receipt, next_at = send(notification, world.settings.receivers, now)
            with world.store.begin() as tx:
                outbox.settle(tx, notification, receipt, next_at)
            delivered += receipt.state is Delivery.DELIVERED
            if receipt.state is Delivery.FAILED:
                logger.error("message {} failed for good: {}", notification.key, receipt.detail)
        if len(taken) < BATCH:
            return delivered
