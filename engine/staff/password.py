"""Passwords: hashed with argon2id, a few at a time: many sign-ins at once cost neither memory nor time."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.errors import Busy, UsageError

#: OWASP's: 19 MiB and two passes.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: So many are hashed at once, and so many more wait for it.
AT_ONCE, WAITING = 2, 16
SHORTEST, LONGEST = 12, 200

_turn = threading.BoundedSemaphore(AT_ONCE)
_room = threading.BoundedSemaphore(AT_ONCE + WAITING)


def hashed(password: str) -> str:
    with _taking_turns():
        return _HASHER.hash(password)


def matches(secret: str, password: str) -> bool:
    """Whether this is the password; where there is no secret, it takes as long to say no."""
    with _taking_turns():
        try:
            return _HASHER.verify(secret or _nobodys(), password[:LONGEST]) and bool(secret)
        except (VerificationError, InvalidHashError):
            return False


def checked(password: str, name: str) -> str:
    """A password that somebody chose; UsageError where it is none."""
    if len(password) < SHORTEST:
        raise UsageError(f"a password has at least {SHORTEST} signs; several words make a good one")
    if len(password) > LONGEST:
        raise UsageError(f"a password has at most {LONGEST} signs")
    if name.casefold() in password.casefold() or len(set(password)) < 5:
        raise UsageError("this password is the first that somebody would try; take several words")
    return password


def made() -> str:
    """A one-time password: twenty signs that nobody mistakes for one another."""
    signs = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(signs) for _ in range(5)) for _ in range(4))


@contextmanager
def _taking_turns() -> Iterator[None]:
    if not _room.acquire(blocking=False):
        raise Busy("too many sign in at this moment; try again in a few seconds")
    try:
        with _turn:
            yield
    finally:
        _room.release()


_NOBODYS: list[str] = []


def _nobodys() -> str:
    """A hash that no password has, made once."""
    if not _NOBODYS:
        _NOBODYS.append(_HASHER.hash(secrets.token_urlsafe(24)))
    return _NOBODYS[0]
