"""Who publishes a CAP feed, and how: what an operator writes, and messages take over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Scope(StrEnum):
    """For whom a message is."""

    PUBLIC = "Public"
    RESTRICTED = "Restricted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """One CAP feed of one receiver."""

    #: By what others name the messages: nothing in it parts one name from the next.
    sender: str
    #: What people read as the sender.
    name: str
    #: Where there is more to read, and whom to ask.
    web: str
    contact: str = ""
    #: None: public where the colours are statutory, restricted elsewhere.
    scope: Scope | None = None
    #: The 14 digits of GB/T 35965.1 that name the body; empty for identifiers of our own.
    organisation: str = ""
    #: The scheme that area codes belong to.
    scheme: str = "forewarn:area"
    #: How long a message holds beyond the judgement that should renew it.
    grace: timedelta = timedelta(hours=2)
    #: The name of the exercise, where everything is one.
    exercise: str = ""
