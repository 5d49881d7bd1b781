"""One message of a chain of alerts: as a connector reads it, and what is kept of it to know the chain by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a message does to those it names."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"


@dataclass(frozen=True, slots=True)
class Reference:
    """How one message names another: by `sender,identifier`, and by when that was sent."""

    name: str
    sent: datetime


@dataclass(frozen=True, slots=True)
class Info:
    """What a message says in one language; each of `areas` has its own names, codes and shapes."""

    language: str
    fields: Mapping[str, Any]
    areas: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One message, with the fields of its head and where in the source it stands."""

    #: `sender,identifier`: the words by which another message names it.
    name: str
    identifier: str
    sent: datetime
    kind: Kind
    references: tuple[Reference, ...] = ()
    head: Mapping[str, Any]
    infos: tuple[Info, ...] = ()
    #: When the last of its infos expires; None where one does not say.
    expires: datetime | None = None
    #: The language the feed asks for; empty for the message's first.
    asked: str = ""
    place: str


#: A message of one feed: the digest of its name, and when it was sent.
Key = tuple[str, datetime]


@dataclass(slots=True, kw_only=True)
class Member:
    """What is kept of one message of a chain: how it hangs together with others, and nothing of its words."""

    name: str
    sent: datetime
    #: Its own identifier, guarded: incidents are called after the first of a chain.
    identifier: str
    #: None while only others have named it.
    kind: Kind | None = None
    #: The messages it names.
    names: list[Key] = field(default_factory=list)
    #: The incidents it tells: source id -> digest of what and where; empty for one it no longer tells.
    tells: dict[str, str] = field(default_factory=dict)
    expires: datetime | None = None
    #: What all messages that name each other, however indirectly, have in common.
    chain: str = ""

    @property
    def key(self) -> Key:
        return self.name, self.sent
