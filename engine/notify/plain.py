"""A message that is a line and a text: of a plan, a task, a review, and what a program wants of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine.model.grade import Grade
from engine.model.message import Channel, Notification, Receiver
from engine.notify.payload import canonical


def plain(
    receiver: Receiver, channel: Channel, *, format: str, key: str, step: str, line: str, text: str,
    at: datetime, warning: str = "", grade: Grade = Grade.NONE, kind: str = "", said: Mapping[str, object],
) -> Notification:  # fmt: skip
    """One message to one channel. step: what happens, in a word; kind: whose step it is (`task`), where the
    word alone does not say; said: what the payload says beside the sentences."""
    return sent(
        (receiver.id, channel.name), receiver.language, format=format, key=key, step=step, line=line,
        text=text, at=at, warning=warning, grade=grade, kind=kind, said=said,
    )  # fmt: skip


def sent(
    to: tuple[str, str], language: str, *, format: str, key: str, step: str, line: str, text: str,
    at: datetime, warning: str = "", grade: Grade = Grade.NONE, kind: str = "", said: Mapping[str, object],
) -> Notification:  # fmt: skip
    """The same to a receiver and a channel by their names."""
    receiver, channel = to
    payload = {
        "format": format, "key": key, "step": step, "planned_at": at, "receiver": receiver,
        "channel": channel, "language": language, "subject": line, "text": text, **said,
    }  # fmt: skip
    return Notification(
        key=key, change="", warning=warning, receiver=receiver, channel=channel,
        step=f"{kind}-{step}" if kind else step, planned_at=at, grade=grade, subject=line, body=text,
        payload=canonical(payload),
    )  # fmt: skip
