"""Answers that come as e-mail: what a reply says, and reading them from a mailbox over IMAP.

A reply is told by the token in the address that it was sent to. What a machine sends by itself (out of
office, delivery reports) is no answer.
"""

from __future__ import annotations

import email
import imaplib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses
from pathlib import Path
from typing import Annotated, Literal

from loguru import logger
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from engine.errors import FeedError, unexpected
from engine.imap import Door, opened
from engine.notify.channels.option import Address, Length
from engine.notify.channels.trust import trust
from engine.notify.ownwords import own_words

#: The first line of a reply by which the warning is read.
READ = re.compile(r"\W*(?:read|ok|acknowledged|已阅|收到)\b\W*", re.IGNORECASE)
#: No reply is larger, and no more are read at once; what is said is cut to what a form takes.
_LARGEST, _MOST, _WORDS = 1 << 20, 50, 2_000
#: What machines put into what they send by themselves, how its subject begins, and who they are.
_MARKS = ("x-autoreply", "x-autorespond", "x-auto-reply", "x-failed-recipients")
_BEGINS = (
    "automatic reply", "auto reply", "auto-reply", "autoreply", "auto:", "out of office", "undeliver",
    "delivery status", "mail delivery", "returned mail", "自动回复", "自動回覆", "自動回復", "退信",
    "系统退信",
)  # fmt: skip
_MACHINES = frozenset({"mailer-daemon", "postmaster", "noreply", "no-reply"})
_TO = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")


class Mailbox(BaseModel):
    """Where replies come to: `address` takes a token behind a plus sign, as in answers+TOKEN@example.org."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    address: Address
    host: Annotated[str, Field(min_length=1)]
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    security: Literal["tls", "starttls"] = "tls"
    user: Annotated[str, Field(min_length=1)]
    password: SecretStr
    folder: str = "INBOX"
    timeout: Length = timedelta(seconds=30)
    ca: Path | None = None

    def with_(self, token: str) -> str:
        """The address that a reply comes back to with this token."""
        name, _, domain = self.address.rpartition("@")
        return f"{name}+{token}@{domain}"

    def token(self, address: str) -> str:
        """The token in an address; "" where it is another one."""
        name, _, domain = self.address.rpartition("@")
        local, _, where = address.rpartition("@")
        same = where.lower() == domain.lower() and local.lower().startswith(f"{name.lower()}+")
        return local[len(name) + 1 :].lower() if same else ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What one e-mail answers. id: of the mail; to: the id of the mail it answers; read: its first line says
    so; words: what else is said."""

    id: str
    token: str
    by: str
    to: str
    read: bool
    words: str


def reply(mail: EmailMessage, mailbox: Mailbox) -> Reply | None:
    """The answer in a mail; None where it is none: it bears no token, or a machine sent it by itself."""
    every = getaddresses([str(value) for name in _TO for value in mail.get_all(name, [])])
    token = next((found for _, address in every if (found := mailbox.token(address))), "")
    if not token or _by_itself(mail):
        return None
    (_, sender), *_ = getaddresses([str(mail.get("from", ""))]) or [("", "")]
    lines = own_words(mail)
    read = bool(lines) and READ.fullmatch(lines[0]) is not None
    words = "\n".join(lines[1:] if read else lines).strip()[:_WORDS]
    return Reply(
        str(mail.get("message-id", "")).strip(), token, sender.partition("@")[0],
        str(mail.get("in-reply-to", "")).strip(), read, words,
    )  # fmt: skip


def _by_itself(mail: EmailMessage) -> bool:
    sent = str(mail.get("auto-submitted", "no")).lower()
    bulk = str(mail.get("precedence", "")).lower() in ("bulk", "auto_reply", "list", "junk")
    report = mail.get_content_type() == "multipart/report" or str(mail.get("return-path", "")).strip() == "<>"
    marked = any(mail.get(name) is not None for name in _MARKS)
    begins = str(mail.get("subject", "")).strip().lower().startswith(_BEGINS)
    machine = any(
        address.partition("@")[0].lower() in _MACHINES
        for _, address in getaddresses([str(mail.get("from", ""))])
    )
    return sent != "no" or bulk or report or marked or begins or machine


def unread(mailbox: Mailbox) -> Iterator[Reply]:
    """Every reply that nobody has looked at; one is marked as seen once the next is asked for.

    Raises FeedError where the mailbox cannot be read.
    """
    try:
        with opened(_door(mailbox), readonly=False) as server:
            _, found = server.uid("SEARCH", "UNSEEN")
            for number in (found[0] or b"").split()[:_MOST]:
                one = _fetched(server, number.decode(), mailbox)
                if one is not None:
                    yield one
                server.uid("STORE", number.decode(), "+FLAGS", "(\\Seen)")
    except (imaplib.IMAP4.error, OSError) as error:
        raise FeedError(f"{mailbox.host}: the mailbox cannot be read: {error}") from error


def _fetched(server: imaplib.IMAP4, number: str, mailbox: Mailbox) -> Reply | None:
    _, answer = server.uid("FETCH", number, f"(BODY.PEEK[]<0.{_LARGEST}>)")
    content = next((part[1] for part in answer if isinstance(part, tuple)), b"")
    try:
        mail = email.message_from_bytes(content, policy=default)
        return reply(mail, mailbox) if isinstance(mail, EmailMessage) else None
    except Exception as error:  # the library stumbles over some headers: one mail must not keep others out
        logger.warning("a mail in {} cannot be read and is left aside: {}", mailbox.folder, unexpected(error))
        return None


def _door(mailbox: Mailbox) -> Door:
    start = mailbox.security == "tls"
    return Door(
        host=mailbox.host, port=mailbox.port or (993 if start else 143), user=mailbox.user,
        password=mailbox.password.get_secret_value(), folder=mailbox.folder, trust=trust(mailbox.ca),
        from_the_start=start, timeout=mailbox.timeout.total_seconds(),
    )  # fmt: skip
