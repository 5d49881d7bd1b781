"""Who hears of what, and what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from engine.model.grade import Domain, Grade
from engine.model.period import Cycle
from engine.model.restraint import Restraint
from engine.model.warning import Issuer

#: What is told later than this after it was due says so, and counts from then.
PUNCTUAL = timedelta(minutes=5)
#: In the place of the message that another is within: it is in none yet, and waits until `next_at`.
WAITING = "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """A command centre or department; `channels` says by which means, in order."""

    id: str
    title: str
    language: str = "en"
    channels: tuple[Channel, ...] = ()
    #: Hears of the engine's own troubles: missed periods, feeds gone blind.
    operator: bool = False
    #: The rota by which it is reached: then its channels are those of the rota's members.
    rota: str = ""
    #: Who is told in its place, in order, while nobody answers.
    chain: tuple[str, ...] = ()
    #: The areas that are its own: what happens there is told it line by line.
    territory: tuple[str, ...] = ()
    #: The template in whose words it is told; "": the built-in ones.
    template: str = ""
    #: What holds back messages below orange.
    restraint: Restraint | None = None
    #: The kind of department it is: it acts in its territory, or everywhere where it names none.
    department: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One means of reaching a receiver: the kind and that kind's own options."""

    kind: str
    options: Mapping[str, object] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        return str(self.options.get("name", self.kind))


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Changes of warnings below `areas`, in `domains` (and `topics`), from `grade` up, go to
    `receivers`. Empty means all."""

    id: str
    areas: tuple[str, ...] = ()
    domains: tuple[Domain, ...] = ()
    topics: tuple[str, ...] = ()
    grade: Grade = Grade.BLUE
    receivers: tuple[str, ...] = ()
    #: The receivers are asked to let pass what needs one of these; a route that asks carries nothing else.
    asks: frozenset[Issuer] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRoute:
    """The reports of these cycles on `area` and what lies below it are made, kept, and go to `receivers`."""

    id: str
    cycles: tuple[Cycle, ...]
    area: str
    receivers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A message beyond a change's first: somebody is reminded, asked anew, or told in another's place."""

    receiver: str
    #: Tells it apart from the change's other messages to the receiver.
    key: str
    #: When it became due, and since when an answer is missing.
    at: datetime
    since: datetime
    #: The receiver who does not answer, where another is told in their place.
    of: str = ""
    #: Which reminder it is; 0: none.
    number: int = 0

    @property
    def step(self) -> str:
        """What happens, in a word."""
        return "reminder" if self.number else "escalation" if self.of else "again"


class Delivery(StrEnum):
    """The state of a notification."""

    PENDING = "pending"
    DELIVERED = "delivered"
    RETRY = "retry"
    FAILED = "failed"
    #: The other side may have taken it and never said so; nothing is left to try.
    UNKNOWN = "unknown"


def digest(key: str) -> str:
    """The key of a message as 64 plain characters."""
    return hashlib.sha256(key.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One message to one receiver; bytes, time and identifiers are fixed when planned."""

    #: (change, receiver, channel, step): the same plan twice is the same notification.
    key: str
    change: str
    warning: str
    receiver: str
    #: The channel's name among the receiver's channels.
    channel: str
    step: str
    planned_at: datetime
    grade: Grade
    subject: str
    body: str
    #: Canonical JSON of the change and its warning, for machines.
    payload: str
    state: Delivery = Delivery.PENDING
    attempts: int = 0
    next_at: datetime | None = None
    error: str = ""
    #: The key of the message that tells this one with others; "": it is sent by itself.
    within: str = ""

    @property
    def digest(self) -> str:
        """The key as 64 plain characters, for headers and file names."""
        return digest(self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One attempt at delivery, as it went."""

    key: str
    at: datetime
    state: Delivery
    detail: str = ""
    #: When to try again; None where nothing is left to try.
    next_at: datetime | None = None
