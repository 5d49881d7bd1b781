"""Accounts: added with a one-time password, reset, closed. Each is a line of the audit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from engine.errors import UsageError
from engine.model.problem import nearest
from engine.model.staff import Account, Entry, Office
from engine.staff import password
from engine.store import audit, sessions, staff
from engine.store.database import Tx

#: A name in addresses and in the audit: no spaces, no mark that means something elsewhere.
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
#: Who sets everything up.
FIRST = "admin"


def add(
    tx: Tx, name: str, offices: Iterable[Office], at: datetime, *, by: str, via: str, title: str = "",
    area: str = "", receivers: tuple[str, ...] = (), language: str = "", known_as: str = "",
) -> str:  # fmt: skip
    """A new account; the one-time password with which it chooses its own, or none where an identity provider
    knows it."""
    if not _NAME.fullmatch(name):
        raise UsageError(f"'{name}' is no name for an account: small letters, digits, . _ - and no space")
    if not (held := frozenset(offices)):
        raise UsageError("an account needs at least one role")
    if staff.find(tx, name) is not None:
        raise UsageError(f"there is an account '{name}' already, or was: names are not used twice")
    _free(tx, known_as)
    given = "" if known_as else password.made()
    account = Account(
        name=name, title=title, offices=held, area=area, receivers=receivers, language=language, since=at,
        provisional=not known_as, known_as=known_as,
    )  # fmt: skip
    staff.add(tx, account, password.hashed(given) if given else "")
    roles = ", ".join(sorted(held))
    audit.add(tx, Entry(at=at, who=by, what="account added", via=via, about=f"{name} ({roles})"))
    return given


def reset(tx: Tx, name: str, at: datetime, *, by: str, via: str) -> str:
    """A new one-time password; whoever is signed in by the old one is signed out."""
    if known(tx, name).known_as:
        raise UsageError(f"'{name}' signs in by an identity provider and has no password here")
    given = password.made()
    staff.secret(tx, name, password.hashed(given), provisional=True)
    sessions.end_all(tx, name, at)
    audit.add(tx, Entry(at=at, who=by, what="password reset", via=via, about=name))
    return given


def choose(tx: Tx, name: str, wanted: str, at: datetime, *, keep: str = "") -> None:
    """The account's own password; every other session of it ends. keep: the session that chooses."""
    staff.secret(tx, name, password.hashed(password.checked(wanted, name)), provisional=False)
    sessions.end_all(tx, name, at, but=keep)
    audit.add(tx, Entry(at=at, who=name, what="password chosen", via="console"))


def close(tx: Tx, name: str, at: datetime, *, by: str, via: str) -> None:
    """The account signs in no more; what it did stays."""
    account = known(tx, name)
    others = [one for one in staff.every(tx) if one.name != name and one.closed_at is None]
    administers = Office.ADMINISTRATOR in account.offices
    if administers and not any(Office.ADMINISTRATOR in one.offices for one in others):
        raise UsageError(f"'{name}' is the only administrator there is; add another first")
    staff.close(tx, name, at)
    sessions.end_all(tx, name, at)
    audit.add(tx, Entry(at=at, who=by, what="account closed", via=via, about=name))


def first(tx: Tx, at: datetime) -> tuple[str, str] | None:
    """The name and the one-time password of who sets everything up, as long as nobody administers or has
    signed in with a password of their own; None afterwards."""
    found = [one for one in staff.every(tx) if not one.granted]
    named = any(one.name == FIRST for one in found)
    if not named and not any(Office.ADMINISTRATOR in one.offices for one in found):
        return FIRST, add(tx, FIRST, [Office.ADMINISTRATOR], at, by="set-up", via="set-up")
    if not named or any(not one.provisional for one in found):
        return None
    return FIRST, reset(tx, FIRST, at, by="set-up", via="set-up")


def _free(tx: Tx, known_as: str) -> None:
    """Nobody else is known so; whose account was closed, is no longer."""
    held = staff.known_as(tx, known_as) if known_as else None
    if held is not None and held.closed_at is None:
        raise UsageError(f"'{held.name}' is known as that already")
    if held is not None:
        staff.unknown(tx, held.name)


def known(tx: Tx, name: str) -> Account:
    """The account of this name; UsageError where there is none, or no more."""
    account = staff.find(tx, name)
    if account is None or account.closed_at is not None:
        names = [one.name for one in staff.every(tx) if one.closed_at is None]
        raise UsageError(f"there is no account '{name}'{nearest(name, names)}; `forewarn account list`")
    return account
