"""Sessions: a random key in a cookie, its hash in the store; whoever may ends one, and it is over at once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from engine.model.staff import Account, Entry, Session, Visitor
from engine.staff import password
from engine.store import audit, sessions, staff
from engine.store.database import Store, Tx

#: A session ends after so long without a look, and at the latest after the other: two shifts.
IDLE, LONGEST = timedelta(hours=4), timedelta(hours=16)
#: How fresh it is kept.
MARKED = timedelta(minutes=1)
#: Staff data: sessions that are over, and lines of the audit, are kept for so long.
KEPT, AUDITED = timedelta(days=30), timedelta(days=2 * 365)


def digest(key: str) -> str:
    """A key as it is stored: whoever reads the store cannot use it."""
    return hashlib.sha256(key.encode()).hexdigest()


def sign_in(store: Store, name: str, given: str, at: datetime) -> str | None:
    """The key of a new session; None where name and password do not fit. Whether the name, the password or
    the account is wrong nobody can tell, by the answer or by its time."""
    with store.read() as tx:
        account, secret = staff.find(tx, name), staff.secret_of(tx, name)
    fits = password.matches(secret if account and account.closed_at is None else "", given)
    with store.lasting() as tx:
        # Between the look and now somebody may have closed it, or reset its password.
        if not fits or staff.secret_of(tx, name) != secret:
            # A name that is none may be a password, typed in the wrong place.
            who = name if account else "(unknown)"
            audit.add(tx, Entry(at=at, who=who, what="sign in", via="console", refused="it does not fit"))
            return None
        return opened(tx, name, at)


def opened(tx: Tx, name: str, at: datetime, about: str = "") -> str:
    """The key of a new session of somebody who has shown who they are."""
    key = secrets.token_urlsafe(32)
    sessions.add(tx, Session(id=digest(key), account=name, since=at, seen_at=at))
    audit.add(tx, Entry(at=at, who=name, what="sign in", via="console", about=about))
    sessions.forget(tx, at - KEPT)
    audit.forget(tx, at - AUDITED)
    return key


def visitor(store: Store, key: str, at: datetime) -> Visitor | None:
    """Who holds the key of a session that still holds."""
    with store.read() as tx:
        session = sessions.find(tx, digest(key))
        account = staff.find(tx, session.account) if session else None
    if session is None or account is None or account.closed_at is not None or not _holds(session, at):
        return None
    if at - session.seen_at >= MARKED:
        with store.lasting() as tx:
            sessions.mark(tx, session.id, at)
    return of(account, session.id)


def account_of(tx: Tx, key: str) -> str:
    """Whose session a key opened once, over or not; "" where it is none."""
    session = sessions.find(tx, digest(key)) if key else None
    return session.account if session else ""


def of(account: Account, session: str) -> Visitor:
    return Visitor(
        name=account.name, via="console", rights=account.rights, area=account.area,
        receivers=account.receivers, language=account.language, offices=account.offices, session=session,
        provisional=account.provisional,
    )  # fmt: skip


def end(tx: Tx, id_: str, at: datetime, *, by: str, what: str = "signed out") -> None:
    """A session is over."""
    sessions.end(tx, id_, at)
    audit.add(tx, Entry(at=at, who=by, what=what, via="console"))


def _holds(session: Session, at: datetime) -> bool:
    over = session.ended_at is not None
    return not over and at - session.seen_at < IDLE and timedelta(0) <= at - session.since < LONGEST
