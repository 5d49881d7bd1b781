"""One visit to a mailbox over IMAP: what came since the last, looked at and left as it is."""

from __future__ import annotations

import email
import imaplib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from email.policy import default

from engine.errors import FeedError, unexpected
from engine.imap import Door, opened

#: What a mail takes more than what is attached to it: base64, headers, words.
_WRAPPED = 1.5
#: So much of a mail is looked at to see whose it is.
_HEAD = 1 << 16
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Which mailbox, and the bounds of what it may bring."""

    door: Door
    since: date
    #: At most so many mails, and so many bytes of them.
    most: int
    max_bytes: int
    #: Seconds for the whole.
    longest: float


@dataclass(frozen=True)
class Mail:
    """One mail by its number; `wrong`: why it cannot be read."""

    number: int
    content: EmailMessage | None
    wrong: str = ""


@dataclass(frozen=True)
class Found:
    """What a visit brought. life: as long as it is the same, numbers mean the same mails; up_to: the last
    number that was looked at; more: whether others wait."""

    life: str
    up_to: int
    mails: tuple[Mail, ...]
    more: bool


def visit(asked: Visit, life: str, up_to: int, wanted: Callable[[EmailMessage], bool]) -> Found:
    """The mails behind the number `up_to` whose head is `wanted`; of another life of the mailbox, all.
    Nothing is marked, moved or deleted. Raises FeedError where the mailbox cannot be read."""
    until, host = time.monotonic() + asked.longest, asked.door.host
    try:
        with opened(asked.door, readonly=True) as server:
            now = _life(server)
            last = up_to if now == life else 0
            numbers = _numbers(server, asked.since, last)
            mails, size = list[Mail](), 0
            for number in numbers[: asked.most]:
                if time.monotonic() > until:
                    raise FeedError(f"{host}: not read within {asked.longest:.0f} s; lower 'mails'")
                if size > asked.max_bytes:
                    break
                last = number
                head = _parsed(number, _fetched(server, number, "BODY.PEEK[HEADER]", _HEAD)).content
                if head is not None and wanted(head):
                    raw = _fetched(server, number, "BODY.PEEK[]", int(_WRAPPED * asked.max_bytes) + 1)
                    size += len(raw)
                    mails.append(_whole(number, raw, asked))
            return Found(now, last, tuple(mails), last < max(numbers, default=0))
    except (imaplib.IMAP4.error, OSError, ValueError) as error:
        raise FeedError(f"{host}: the mailbox cannot be read: {error}") from error


def _whole(number: int, raw: bytes, asked: Visit) -> Mail:
    if len(raw) > _WRAPPED * asked.max_bytes:
        return Mail(number, None, f"larger than {asked.max_bytes >> 20} MB; raise max_mb if that is right")
    return _parsed(number, raw)


def _parsed(number: int, raw: bytes) -> Mail:
    try:
        found = email.message_from_bytes(raw, policy=default)
        assert isinstance(found, EmailMessage)
        return Mail(number, found)
    except Exception as error:  # the library stumbles over some mails: one must not keep others out
        return Mail(number, None, unexpected(error))


def _life(server: imaplib.IMAP4) -> str:
    _, said = server.response("UIDVALIDITY")
    found = said[0] if said else None
    return found.decode("ascii", "replace") if isinstance(found, bytes) else ""


def _numbers(server: imaplib.IMAP4, since: date, last: int) -> list[int]:
    day = f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}"
    _, found = server.uid("SEARCH", "SINCE", day, "UID", f"{last + 1}:*")
    # A range that begins behind the last mail means that one.
    return sorted(number for one in (found[0] or b"").split() if (number := int(one)) > last)


def _fetched(server: imaplib.IMAP4, number: int, part: str, most: int) -> bytes:
    _, answer = server.uid("FETCH", str(number), f"({part}<0.{most}>)")
    return next((one[1] for one in answer if isinstance(one, tuple)), b"")
