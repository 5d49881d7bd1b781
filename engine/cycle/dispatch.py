"""Changes into the outbox, and the outbox to the receivers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

from loguru import logger

from engine.cycle import beginning, dressing, linking, publish, roster, situating, waiting
from engine.cycle.records import records
from engine.cycle.world import World
from engine.duty.situation import Fold, situations
from engine.judge import Conclusion
from engine.model.message import Delivery, Notification, Receipt
from engine.model.period import Cycle
from engine.model.warning import Change, RiskWarning
from engine.notify.areas import gathered
from engine.notify.audience import FALLS, RISES, SILENCES, freed, holding
from engine.notify.deliver import deliver as send
from engine.notify.notice import HAPPENED, Notice, notices
from engine.notify.plan import plan
from engine.notify.reference import Reference
from engine.notify.report import PREFIX as REPORT
from engine.store import acts, faults, judgement, outbox
from engine.store.database import Tx

#: Messages taken at a time: few enough that even slow receivers answer within the lease.
BATCH = 20


def enqueue(
    world: World, tx: Tx, concluded: Conclusion, at: datetime, cycle: Cycle = Cycle.DAILY
) -> None:
    """Plan the first messages of changes, and what CAP feeds publish, in the transaction that makes them; and
    record which situations they belong to and which plans they call for."""
    outbox.enqueue(tx, publish.publish(world, tx, concluded, reference(world), at, cycle))
    if concluded.changes:
        situating.keep(world, tx, at)
        warnings = {warning.id: warning for warning in concluded.warnings}
        beginning.call(world, tx, concluded.changes, warnings)
        post(world, tx, planned(world, tx, concluded.changes, warnings, world.told_at(at)))


def post(world: World, tx: Tx, notes: Sequence[Notification]) -> int:
    """Put those that are new into the outbox, many areas as one, some to wait for their receiver's sake; how
    many there were. What was planned before by itself is on its way by itself."""
    fresh, failed = dressing.dress(world, outbox.new(tx, notes))
    for notice in failed:
        notify_operators(world, tx, notice)
    return outbox.enqueue(tx, waiting.held(world, tx, gathered(fresh)))


def planned(
    world: World, tx: Tx, changes: Sequence[Change], warnings: Mapping[str, RiskWarning], at: datetime
) -> tuple[Notification, ...]:
    """The first messages about these changes. warnings: every open one as it is now, and the changed."""
    settings, looked_up = world.settings, reference(world)
    fold = _fold(world, warnings) if settings.duty.situations else None
    changed = sorted({change.warning for change in changes})
    muted: dict[Change, set[str]] = {}
    if settings.inhibit:
        muted = _muted(tx, freed(changes, warnings, looked_up.lineage))
    behind = [warnings[id_] for id_ in (*changed, *(rise.warning for rise in muted))]
    return plan(
        changes, warnings, settings.routes, publish.spoken(roster.present(world, tx)), looked_up, at=at,
        heard=outbox.heard(tx, list(warnings)), inhibit=settings.inhibit,
        acts=holding(acts.in_force(tx, at, SILENCES), at),
        findings=judgement.standing_findings(tx, {(one.area, one.topic) for one in behind}), muted=muted,
        fold=fold, records=records(world, tx),
    )  # fmt: skip


def _fold(world: World, warnings: Mapping[str, RiskWarning]) -> Fold:
    """Who need not hear of which line of a situation by itself."""
    tree = world.settings.tree
    territories = {name: set(one.territory) for name, one in world.settings.receivers.items()}
    return Fold.over(situations(warnings.values(), tree), tree.lineage, territories)


def _muted(tx: Tx, warnings: Sequence[RiskWarning]) -> dict[Change, set[str]]:
    """The rise at which each of these stands, and who was told of it; whoever heard it fall since knows."""
    last = [
        [change for change in judgement.changes(tx, one.id) if change.step in RISES | FALLS][-1]
        for one in warnings
    ]  # fmt: skip
    return {change: outbox.told(tx, change.key) for change in last if change.step in RISES}


def notify_operators(world: World, tx: Tx, notice: Notice) -> None:
    """Tell the operators of a trouble of the engine itself, once."""
    if notice.trouble in HAPPENED:
        last = faults.last(tx, notice.trouble, notice.name)
        if last is None or not last.open:
            faults.add(tx, notice.trouble, notice.name, notice.detail, notice.at)
    outbox.enqueue(tx, notices(notice, publish.spoken(roster.present(world, tx))))


def reference(world: World) -> Reference:
    """What messages look names and labels up in."""
    settings = world.settings
    return Reference(
        tree=settings.tree, topics=settings.topics, rules=world.book.rules, taxonomy=settings.taxonomy,
        labels=settings.grades.labels, zone=settings.calendar.zone,
    )  # fmt: skip


def deliver(world: World) -> int:
    """Try every message that is due; a failure is recorded and never stops the next one. Channels are
    served side by side, the messages of one in their order."""
    delivered = 0
    while True:
        with world.store.begin() as tx:
            taken = outbox.take(tx, world.clock(), world.owner, world.settings.cycles.lease, BATCH)
        queues: dict[tuple[str, str], list[Notification]] = {}
        for one in taken:
            queues.setdefault((one.receiver, one.channel), []).append(one)
        if queues:
            with ThreadPoolExecutor(len(queues), thread_name_prefix="deliver") as pool:
                delivered += sum(pool.map(partial(_hand_over, world), queues.values()))
        if len(taken) < BATCH or world.stopped():
            return delivered


def _hand_over(world: World, queue: Sequence[Notification]) -> int:
    """Send one channel's messages one after the other; how many were taken there."""
    delivered = 0
    for notification in queue:
        receipt = attempt(world, notification)
        settle(world, notification, receipt)
        delivered += receipt.state is Delivery.DELIVERED
    return delivered


def attempt(world: World, notification: Notification) -> Receipt:
    """Hand one message to its receiver once."""
    told = linking.offered(world, notification)
    if notification.step == REPORT:
        # What makes documents is imported where one is sent.
        from engine.cycle.attaching import attached

        told = attached(world, told)
    return send(told, world.settings.receivers, world.clock())


def settle(world: World, notification: Notification, receipt: Receipt) -> None:
    """Record what came of an attempt."""
    with world.store.begin() as tx:
        outbox.settle(tx, notification, receipt, receipt.next_at)
    if receipt.state in outbox.LOST:
        logger.error("message {} failed for good: {}", notification.key, receipt.detail)
