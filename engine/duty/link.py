"""Signed links: a token that names one receiver and one warning, or a form and an area, and when it was
given, and cannot be made up.

What it opens is decided where it is opened: the warning may be long over, the link revoked.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

#: What is signed begins with what it is for.
_LINK, _FORM = b"forewarn.link/1\n", b"forewarn.form/1\n"
#: Bytes of the signature: nobody guesses 128 bits.
_SIGNED = 16
#: No token is longer: what is longer is none.
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class Link:
    """Whose it is, what it is about, and when it was given."""

    receiver: str
    warning: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FormLink:
    """By which feed's form somebody may report, on which area and what lies below it; when it was given, and
    until when it holds."""

    feed: str
    area: str
    at: datetime
    until: datetime


def token(link: Link, secret: str) -> str:
    """The link as letters that an address may hold; the same link is the same token."""
    return _token((link.receiver, link.warning, _second(link.at)), _LINK, secret)


def opened(text: str, secret: str) -> Link | None:
    """What a token names; None where it was not made with this secret."""
    found = _opened(text, _LINK, secret)
    return Link(found[0], found[1], _moment(found[2])) if found else None


def form_token(link: FormLink, secret: str) -> str:
    """The same for a form; neither is ever taken for the other."""
    return _token((link.feed, link.area, _second(link.at), _second(link.until)), _FORM, secret)


def form_opened(text: str, secret: str) -> FormLink | None:
    found = _opened(text, _FORM, secret)
    return FormLink(found[0], found[1], _moment(found[2]), _moment(found[3])) if found else None


def _token(parts: Sequence[str], purpose: bytes, secret: str) -> str:
    said = "\n".join(parts).encode()
    return f"{_written(said)}.{_written(_signature(said, purpose, secret))}"


def _opened(text: str, purpose: bytes, secret: str) -> list[str] | None:
    """What was signed for this purpose."""
    said, dot, signed = text.partition(".")
    if not dot or len(text) > _LONGEST or not text.isascii():
        return None
    try:
        content, signature = _read(said), _read(signed)
    except (binascii.Error, ValueError):
        return None
    if not hmac.compare_digest(signature, _signature(content, purpose, secret)):
        return None
    return content.decode().split("\n")


def _second(at: datetime) -> str:
    return str(int(at.timestamp()))


def _moment(second: str) -> datetime:
    return datetime.fromtimestamp(int(second), UTC)


def reply_token(link: Link, revoked: str, secret: str) -> str:
    """What a reply's address bears: short, of one case; revoked: the marks of what was taken back, so that
    what was given before names nothing any more."""
    said = "\n".join((link.receiver, link.warning, revoked)).encode()
    made = hmac.new(secret.encode(), b"forewarn.reply/1\n" + said, hashlib.sha256).digest()[:_SIGNED]
    return base64.b32encode(made).decode().rstrip("=").lower()


def _signature(said: bytes, purpose: bytes, secret: str) -> bytes:
    return hmac.new(secret.encode(), purpose + said, hashlib.sha256).digest()[:_SIGNED]


def _written(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _read(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
