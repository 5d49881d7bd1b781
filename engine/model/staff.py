"""Those who sign in, and what they may: staff data, kept apart from data on risks, for its own time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.model.act import Role


class Office(StrEnum):
    """What somebody is signed in as; one may hold several."""

    VIEWER = "viewer"
    OFFICER = "duty-officer"
    ANALYST = "analyst"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"


class Right(StrEnum):
    """What an office allows, and the scopes of a token."""

    SEE = "see"
    #: Acknowledge, answer tasks and steps of plans, remark, hand over.
    ANSWER = "answer"
    #: Issue and silence up to yellow, raise by hand, close with a verdict, start plans.
    DECIDE = "decide"
    #: Issue and silence what is graver; regrade, lift, decline.
    COMMAND = "command"
    DRAFT = "draft"
    ADMINISTER = "administer"


_ACTS = frozenset({Right.SEE, Right.ANSWER, Right.DECIDE})
RIGHTS: Mapping[Office, frozenset[Right]] = {
    Office.VIEWER: frozenset({Right.SEE}), Office.OFFICER: _ACTS,
    Office.ANALYST: frozenset({Right.SEE, Right.DRAFT}), Office.APPROVER: _ACTS | {Right.COMMAND},
    Office.ADMINISTRATOR: _ACTS | {Right.COMMAND, Right.ADMINISTER},
}  # fmt: skip


def rights(offices: Iterable[Office]) -> frozenset[Right]:
    """What these offices allow together."""
    return frozenset().union(*(RIGHTS[office] for office in offices))


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who signs in; `area` is the top of what they see, "" the whole tree."""

    name: str
    title: str = ""
    offices: frozenset[Office]
    area: str = ""
    language: str = ""
    #: For whom they answer; empty: for whoever was told below their area.
    receivers: tuple[str, ...] = ()
    since: datetime
    closed_at: datetime | None = None
    #: Its password was given, and is good for choosing one's own.
    provisional: bool = False
    #: What an identity provider calls them, who signs them in then; such an account has no password.
    known_as: str = ""
    #: It came by a grant, and goes with it.
    granted: bool = False

    @property
    def rights(self) -> frozenset[Right]:
        return rights(self.offices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Whom a claim of an identity provider lets in: as what, how far they see, for whom they answer."""

    claim: str
    value: str
    offices: frozenset[Office]
    area: str
    receivers: tuple[str, ...] = ()


class TokenKind(StrEnum):
    """What a token opens: the API, the wall alone, or the intake of one feed."""

    API = "api"
    DISPLAY = "display"
    FEED = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A key for a program or a display: part of what its owner may, until its end."""

    id: str
    title: str
    kind: TokenKind
    #: The account that made it and whose rights bound it; "" where the command line did.
    owner: str = ""
    scopes: frozenset[Right]
    area: str = ""
    #: Of a source that pushes: the one feed it speaks for.
    feed: str = ""
    since: datetime
    ends_at: datetime | None = None
    revoked_at: datetime | None = None
    used_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return self.revoked_at is None and (self.ends_at is None or at < self.ends_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One sign-in, until it ends or somebody ends it."""

    id: str
    account: str
    since: datetime
    seen_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Whoever a request comes from, and what they may there."""

    name: str
    #: Through which surface: `console`, `api`, `link`, `display` or `feed`.
    via: str
    rights: frozenset[Right]
    area: str = ""
    receivers: tuple[str, ...] = ()
    language: str = ""
    offices: frozenset[Office] = frozenset()
    #: The feed that a source speaks for.
    feed: str = ""
    #: The id of the session they signed in by.
    session: str = ""
    #: They must choose a password before anything else.
    provisional: bool = False

    def may(self, right: Right) -> bool:
        return right in self.rights

    @property
    def role(self) -> Role:
        """The office that the engine asks for."""
        return Role.LEADER if Right.COMMAND in self.rights else Role.DUTY


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the audit: who did or tried what, and how it ended."""

    at: datetime
    who: str
    what: str
    via: str
    about: str = ""
    #: Why it was refused; "" where it was done.
    refused: str = ""
    id: int = 0
