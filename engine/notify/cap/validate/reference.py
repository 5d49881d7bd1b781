"""Checks of references: which earlier messages an update or a cancel is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from engine.errors import brief
from engine.notify.cap.validate import moment
from engine.notify.cap.validate.markup import Element, first, own, text
from engine.notify.cap.validate.mistake import Mistake, error, hint, warning

_NEEDED = ("Update", "Cancel", "Ack", "Error")


@dataclass(frozen=True, slots=True)
class Triplet:
    """`sender,identifier,sent`, as written."""

    sender: str
    identifier: str
    sent: str

    def __str__(self) -> str:
        return f"{self.sender},{self.identifier},{self.sent}"


def triplets(alert: Element) -> tuple[list[Triplet], list[str]]:
    """The messages that are named, and what of the text names none."""
    words = text(alert, "references").split()
    named = [Triplet(*parts) for word in words if len(parts := word.split(",")) == 3 and all(parts)]
    return named, [word for word in words if len(word.split(",")) != 3 or not all(word.split(","))]


def triplet(alert: Element) -> Triplet:
    """By what others name this message."""
    return Triplet(*(text(alert, name) for name in ("sender", "identifier", "sent")))


def present(alert: Element, now: datetime) -> Iterator[Mistake]:
    """An update, cancel, acknowledgement or error is about something."""
    kind, at = text(alert, "msgType"), first(alert, "references")
    if kind in _NEEDED and at is None:
        said = "name every earlier message that has not expired, as sender,identifier,sent"
        yield error(alert, f"the {kind} has no <references>: nobody knows what it is about; {said}")
    if kind == "Alert" and own(at):
        yield hint(alert if at is None else at, "an Alert that names earlier messages is an Update")


def readable(alert: Element, now: datetime) -> Iterator[Mistake]:
    """Every reference is sender,identifier,sent, once, of a message sent before this one."""
    at = first(alert, "references")
    if at is None:
        return
    named, unread = triplets(alert)
    for word in unread:
        yield error(at, f"{brief(word, 60)!r} is no sender,identifier,sent")
    for one in {one for one in named if named.count(one) > 1}:
        yield warning(at, f"{brief(one.identifier, 60)} is named twice")
    yield from _moments(alert, at, named)


def _moments(alert: Element, at: Element, named: list[Triplet]) -> Iterator[Mistake]:
    own_, sent = triplet(alert), moment.read(text(alert, "sent"))
    for one in dict.fromkeys(named):
        then, called = moment.read(one.sent), brief(one.identifier, 60)
        if (one.sender, one.identifier) == (own_.sender, own_.identifier):
            yield error(at, f"{called} is this message itself")
        elif then is None:
            yield error(at, f"{called}: {brief(one.sent)!r} is no moment: {moment.amiss(one.sent)}")
        elif sent is not None and then > sent:
            yield error(at, f"{called} was sent later than this message, which is about it")
