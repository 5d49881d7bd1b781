"""People who are signed in somewhere else: which account they are, or which grant makes them one.

Whoever is neither known to an account nor fits a grant does not come in; whose account was closed stays out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from engine.model.staff import Account, Entry, Grant
from engine.staff.sessions import opened
from engine.store import audit, sessions, staff
from engine.store.database import Store, Tx

Claims = Mapping[str, Any]


def fitting(claims: Claims, grants: Iterable[Grant]) -> Grant | None:
    """The first grant that fits what is said of somebody."""
    return next((one for one in grants if one.value in _texts(said(claims, one.claim))), None)


def said(claims: Claims, name: str) -> Any:
    """A claim; `a.b` is the b of a where no claim is called so as a whole."""
    if name in claims:
        return claims[name]
    first, _, rest = name.partition(".")
    within = claims.get(first)
    return said(within, rest) if rest and isinstance(within, Mapping) else None


def sign_in(store: Store, known_as: str, wanted: str, grant: Grant | None, at: datetime) -> str | None:
    """The key of a new session; None where nobody said that they may. wanted: what their account is to be
    called where a grant makes one."""
    with store.begin() as tx:
        account = staff.known_as(tx, known_as)
        refused = _refusal(account, grant)
        if refused:
            if account is not None:
                sessions.end_all(tx, account.name, at)
            refuse(tx, refused, at, account.name if account else "", known_as)
            return None
        name = _brought(tx, account, known_as, wanted, grant, at)
        return opened(tx, name, at, about="by the identity provider")


def refuse(tx: Tx, why: str, at: datetime, name: str = "", about: str = "") -> None:
    who = name or "(unknown)"
    audit.add(tx, Entry(at=at, who=who, what="sign in", via="console", about=about[:200], refused=why))


def _refusal(account: Account | None, grant: Grant | None) -> str:
    if account is None:
        return "" if grant else "no account is known as this, and no grant fits"
    if account.closed_at is not None:
        return "the account is closed"
    return "no grant fits any more" if account.granted and grant is None else ""


def _brought(
    tx: Tx, account: Account | None, known_as: str, wanted: str, grant: Grant | None, at: datetime
) -> str:
    """The account's name, as the grant it came by has it today."""
    if account is None:
        assert grant is not None, "whoever has no account came by a grant"
        name = _named(tx, wanted)
        staff.add(tx, Account(
            name=name, offices=grant.offices, area=grant.area, receivers=grant.receivers, since=at,
            known_as=known_as, granted=True,
        ), "")  # fmt: skip
        _tell(tx, "account added", name, grant, at)
        return name
    held = (account.offices, account.area, account.receivers)
    if account.granted and grant is not None and held != (grant.offices, grant.area, grant.receivers):
        staff.grant(tx, account.name, grant)
        _tell(tx, "account changed", account.name, grant, at)
    return account.name


def _tell(tx: Tx, what: str, name: str, grant: Grant, at: datetime) -> None:
    about = f"{name} ({', '.join(sorted(grant.offices))}; {grant.area or 'everything'})"
    audit.add(tx, Entry(at=at, who="identity provider", what=what, via="console", about=about))


def _named(tx: Tx, wanted: str) -> str:
    """A name that no account has or had: names are not used twice."""
    plain = re.sub(r"[^a-z0-9._-]+", "-", wanted.casefold().partition("@")[0]).strip("._-")[:36]
    base = plain if len(plain) > 1 else "somebody"
    taken = {one.name for one in staff.every(tx)}
    return next(name for number in range(1, len(taken) + 2)
                if (name := base if number == 1 else f"{base}-{number}") not in taken)  # fmt: skip


def _texts(value: Any) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]
