"""Replies to e-mails into acts: whose they are, on what they were made, each once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from loguru import logger

from engine.cycle import acting
from engine.cycle.linking import AFTER, reply_token
from engine.cycle.world import World
from engine.duty.link import Link
from engine.errors import ActRefused, FeedError
from engine.model.act import Act, ActKind
from engine.model.message import digest
from engine.notify.mailbox import Reply, unread
from engine.store import judgement, meta, outbox, within
from engine.store.database import Tx

#: What was done already, by the digest of the mail's id.
_DONE = "reply/"


def read(world: World) -> int:
    """Do what the unread replies say; how many were done. Raises FeedError where none can be read."""
    public = world.settings.engine.public
    if public is None or public.mailbox is None:
        return 0
    return sum(_answered(world, one) for one in unread(public.mailbox))


def take(world: World) -> None:
    """The same, where nobody can be told but by the log: the next tick tries again."""
    try:
        read(world)
    except FeedError as error:
        logger.warning("replies are not read: {}", error)


def _answered(world: World, one: Reply) -> bool:
    mark = _DONE + hashlib.sha256(one.id.encode()).hexdigest()[:32]
    with world.store.read() as tx:
        known = bool(one.id) and meta.get(tx, mark) is not None
        link = _meant(world, tx, one.token) if (one.read or one.words) and not known else None
        about = _about(tx, link, one.to) if link else []
    if link is None:
        return False
    done = sum(_done(world, of, seen, one) for of, seen in about)
    with world.store.lasting() as tx:
        meta.put(tx, mark, world.clock().isoformat())
    return done > 0


def _done(world: World, link: Link, seen: str, one: Reply) -> bool:
    try:
        acting.do(world, _wish(world, link, one), seen=seen)
    except ActRefused as error:
        logger.warning("a reply of {} about {} was not taken: {}", link.receiver, link.warning, error)
        return False
    return True


def _wish(world: World, link: Link, one: Reply) -> Act:
    return Act(
        kind=ActKind.ACKNOWLEDGE if one.read else ActKind.COMMENT, area="", topic="", at=world.clock(),
        warning=link.warning, receiver=link.receiver, by=one.by, reason=one.words, via="mail",
    )  # fmt: skip


def _meant(world: World, tx: Tx, token: str) -> Link | None:
    """The receiver and the warning that a token was given for: of those that may still be answered."""
    since = world.clock() - AFTER
    for receiver, warning in _candidates(tx, [one.id for one in judgement.warnings(tx, lifted_since=since)]):
        link = Link(receiver, warning, world.clock())
        if reply_token(world, tx, link) == token:
            return link
    return None


def _candidates(tx: Tx, warnings: list[str]) -> Iterator[tuple[str, str]]:
    for warning, receivers in outbox.heard(tx, warnings).items():
        yield from ((receiver, warning) for receiver in receivers)


def _about(tx: Tx, link: Link, answered: str) -> list[tuple[Link, str]]:
    """What the mail was about which somebody answers, one warning or many, each with its change; the change
    is "" where nobody can tell."""
    for one in outbox.listing(tx, warning=link.warning, limit=400):
        if one.receiver == link.receiver and _answers(answered, one.key):
            return [(link, one.change)]
        if one.receiver == link.receiver and one.within and _answers(answered, one.within):
            every = within.told(tx, one.within)
            return [(replace(link, warning=each.warning), each.change) for each in every]
    return [(link, "")]


def _answers(answered: str, key: str) -> bool:
    """Whether the mail that is answered is the message with this key."""
    return answered.lstrip("<").startswith(f"{digest(key)}@")
