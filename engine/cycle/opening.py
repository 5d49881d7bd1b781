"""What a signed link opens: its receiver's view of one warning, while it may."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.cycle import desk
from engine.cycle.linking import AFTER, LONGEST, revoked
from engine.cycle.world import World
from engine.duty.answer import saw
from engine.duty.link import Link, opened
from engine.model.act import Act, ActKind
from engine.model.task import Task
from engine.model.warning import Change, RiskWarning
from engine.notify.audience import RISES
from engine.notify.payload import FORMAT
from engine.store import acts, judgement, outbox
from engine.store.database import Tx

_ANSWERS = (ActKind.ACKNOWLEDGE, ActKind.UNACKNOWLEDGE)


@dataclass(frozen=True)
class Opened:
    """What a link shows: the warning, its last change, what its receiver was told last, the tasks asked of
    them, and what was done about it."""

    link: Link
    warning: RiskWarning
    last: Change
    payload: Mapping[str, Any]
    tasks: Sequence[Task]
    acts: Sequence[Act]
    #: The receiver's acknowledgement of the grade that stands, while it lasts.
    read: Act | None


def open_(world: World, tx: Tx, text: str) -> Opened | str:
    """What the token of a link opens, or why it opens nothing: `unknown`, `revoked` or `over`."""
    public, now = world.settings.engine.public, world.clock()
    link = opened(text, public.secret.get_secret_value()) if public else None
    warning = judgement.warning(tx, link.warning) if link else None
    if link is None or warning is None:
        return "unknown"
    if revoked(tx, link):
        return "revoked"
    ended = warning.lifted_at is not None and now - warning.lifted_at > AFTER
    if ended or now - link.at > LONGEST or link.receiver not in world.settings.receivers:
        return "over"
    told = _told(tx, link)
    changes = judgement.changes(tx, warning.id)
    if told is None or not changes:
        return "unknown"
    mine = [
        one for one in desk.tasks(world, tx, now)
        if one.warning == warning.id and link.receiver in one.receivers
    ]  # fmt: skip
    done = acts.of(tx, [warning.id])
    read = _read(done, link.receiver, changes, now - world.settings.duty.answers.lasts)
    return Opened(link, warning, changes[-1], told, mine, done, read)


def _read(done: Sequence[Act], receiver: str, changes: Sequence[Change], since: datetime) -> Act | None:
    risen = next((one for one in reversed(changes) if one.step in RISES), None)
    life = [one.key for one in changes]
    own = [
        one for one in done if one.receiver == receiver and one.kind in _ANSWERS
        and (risen is None or (one.at >= risen.at and saw(one, risen.key, life)))
    ]  # fmt: skip
    if not own or own[-1].kind is not ActKind.ACKNOWLEDGE or own[-1].at < since:
        return None
    return own[-1]


def _told(tx: Tx, link: Link) -> Mapping[str, Any] | None:
    """What the receiver was told last about the warning, in whole sentences where they heard of it and not
    only of a task under it."""
    told = outbox.listing(tx, warning=link.warning, limit=400)
    payloads: list[Mapping[str, Any]] = [
        json.loads(one.payload) for one in told if one.receiver == link.receiver
    ]
    whole = [one for one in payloads if one.get("format") == FORMAT]
    return next(iter(whole or payloads), None)
