"""Signed links in messages, and taking them back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.cycle.world import World
from engine.duty import link as link_token
from engine.duty.link import Link, token
from engine.model.message import Notification
from engine.model.text import Text
from engine.notify.areas import FORMAT as AREAS
from engine.notify.areas import LINES
from engine.notify.audience import ASKS
from engine.notify.digest import FORMAT as DIGEST
from engine.notify.errand import FORMAT as TASK
from engine.notify.payload import FORMAT, canonical
from engine.store import meta
from engine.store.database import Tx

#: A link lasts until its warning has been over for so long, and no longer than so long after it was given.
AFTER, LONGEST = timedelta(days=7), timedelta(days=120)
#: Before the receiver, and after it the warning where only that one's links are meant.
REVOKED = "links/"
#: What is told of warnings, and of what a department is to do under one.
_LINKED = (FORMAT, TASK)
_LINES = Text("Read it and answer, without an account:", "查看并答复（无需账号）：")
_OF_AREA = Text("- {area}: {link}", "- {area}：{link}")
_LINE = Text("Read it and answer, without an account: {link}", "查看并答复（无需账号）：{link}")


def offered(world: World, message: Notification) -> Notification:
    """The message with its link, where links are given and it tells of a warning that can be answered."""
    public = world.settings.engine.public
    if public is None or message.step in ASKS:
        return message
    payload = json.loads(message.payload)
    if payload.get("format") in (AREAS, DIGEST):
        return _each(world, message, payload, _named(payload))
    if payload.get("format") not in _LINKED or not message.warning or payload.get("exercise"):
        return message
    link = address(world, Link(message.receiver, message.warning, message.planned_at))
    text = f"{message.body}{_LINE.say(payload['language']).format(link=link)}\n"
    answer = {"link": link, "reply": _reply_to(world, message)}
    return replace(message, body=text, payload=canonical(payload | {"text": text, "answer": answer}))


def _named(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What such a message names in lines of their own: in words, and the warning's id."""
    if payload["format"] == AREAS:
        return [(one["place"], one["warning"]["id"]) for one in payload["areas"][:LINES]]
    return [
        (one["subject"], id_) for one in payload["messages"][:LINES]
        for id_ in ([one["warning"]["id"]] if "warning" in one else [each for _, each in _named(one)][:1])
    ]  # fmt: skip


def _each(
    world: World, message: Notification, payload: Mapping[str, Any], of: Sequence[tuple[str, str]]
) -> Notification:
    """A message about many warnings has a link for each that it names; a reply is about all of them."""
    links = [(name, address(world, Link(message.receiver, id_, message.planned_at))) for name, id_ in of]
    lines = [_OF_AREA.say(payload["language"]).format(area=area, link=link) for area, link in links]
    text = "\n".join([message.body + _LINES.say(payload["language"]), *lines]) + "\n"
    first = replace(message, warning=of[0][1])
    each = [{"name": name, "link": link} for name, link in links]
    answer = {"link": links[0][1], "reply": _reply_to(world, first), "each": each}
    return replace(message, body=text, payload=canonical({**payload, "text": text, "answer": answer}))


def _reply_to(world: World, message: Notification) -> str:
    """The address that replies come back to; "" where none is read."""
    public = world.settings.engine.public
    if public is None or public.mailbox is None:
        return ""
    with world.store.read() as tx:
        token_ = reply_token(world, tx, Link(message.receiver, message.warning, message.planned_at))
    return public.mailbox.with_(token_)


def reply_token(world: World, tx: Tx, link: Link) -> str:
    """What a reply of this receiver's about the warning bears."""
    public = world.settings.engine.public
    assert public is not None, "replies are read where links are given"
    marks = (meta.get(tx, _revocation(link.receiver, of)) or "" for of in ("", link.warning))
    return link_token.reply_token(link, "\n".join(marks), public.secret.get_secret_value())


def address(world: World, link: Link) -> str:
    """Where the link leads."""
    public = world.settings.engine.public
    assert public is not None, "links are given where there is a page to lead to"
    return f"{str(public.address).rstrip('/')}/a/{token(link, public.secret.get_secret_value())}"


def revoke(tx: Tx, receiver: str, warning: str, now: datetime) -> None:
    """No link that this receiver was given until now, about the warning or about any, opens anything."""
    meta.put(tx, _revocation(receiver, warning), now.astimezone(UTC).isoformat())


def revoked(tx: Tx, link: Link) -> bool:
    """Whether the link was given before somebody took back those of its receiver."""
    marks = (meta.get(tx, _revocation(link.receiver, of)) for of in ("", link.warning))
    return any(mark is not None and link.at <= datetime.fromisoformat(mark) for mark in marks)


def revocations(tx: Tx) -> list[tuple[str, str, datetime]]:
    """(receiver, warning or "", until when given) of every revocation."""
    found = []
    for key, mark in meta.like(tx, REVOKED).items():
        receiver, _, warning = key.removeprefix(REVOKED).partition("/")
        found.append((receiver, warning, datetime.fromisoformat(mark)))
    return found


def _revocation(receiver: str, warning: str) -> str:
    return f"{REVOKED}{receiver}/{warning}"
