"""Signed links: a token that names one receiver, one warning and when it was given, and cannot be made up.

What it opens is decided where it is opened: the warning may be long over, the link revoked.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime

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


def token(link: Link, secret: str) -> str:
    """The link as letters that an address may hold; the same link is the same token."""
    said = "\n".join((link.receiver, link.warning, str(int(link.at.timestamp())))).encode()
    return f"{_written(said)}.{_written(_signature(said, secret))}"


def opened(text: str, secret: str) -> Link | None:
    """What a token names; None where it was not made with this secret."""
    said, dot, signed = text.partition(".")
    if not dot or len(text) > _LONGEST or not text.isascii():
        return None
    try:
        content, signature = _read(said), _read(signed)
    except (binascii.Error, ValueError):
        return None
    if not hmac.compare_digest(signature, _signature(content, secret)):
        return None
    receiver, warning, at = content.decode().split("\n")
    return Link(receiver, warning, datetime.fromtimestamp(int(at), UTC))


def reply_token(link: Link, revoked: str, secret: str) -> str:
    """What a reply's address bears: short, of one case; revoked: the marks of what was taken back, so that
    what was given before names nothing any more."""
    said = "\n".join((link.receiver, link.warning, revoked)).encode()
    made = hmac.new(secret.encode(), b"forewarn.reply/1\n" + said, hashlib.sha256).digest()[:_SIGNED]
    return base64.b32encode(made).decode().rstrip("=").lower()


def _signature(said: bytes, secret: str) -> bytes:
    return hmac.new(secret.encode(), b"forewarn.link/1\n" + said, hashlib.sha256).digest()[:_SIGNED]


def _written(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _read(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
