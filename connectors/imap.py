"""Tables and JSON that come attached to e-mails: a mailbox over IMAP, read and left as it is."""

from __future__ import annotations

import io
import json as json_
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import getaddresses
from fnmatch import fnmatch
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar, Literal

from pydantic import Field, ValidationError, model_validator

from connectors import csv, json
from connectors.reading import postbox
from connectors.reading.document import Document
from connectors.reading.postbox import Mail, Visit
from connectors.server import Server
from connectors.source import Records
from engine.errors import FeedError
from engine.imap import Door
from engine.model.feed import Broken, Fetch, Record
from engine.model.reason import Reason

ID = "imap"

#: No mail has more parts that are looked at.
_PARTS = 100
#: Options of a reader that are about where it reads.
_ELSEWHERE = ("path", "url", "once", "done", "settle", "polls")


class Options(Server):
    """See docs/feeds.md."""

    PORTS: ClassVar[Mapping[str, int]] = {"tls": 993, "starttls": 143}

    #: Whether TLS begins with the first byte or is asked for; never in clear.
    security: Literal["tls", "starttls"] = "tls"
    #: Which folder of the mailbox.
    folder: str = Field(default="INBOX", min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$")
    #: Whose mails are read: whole addresses, or `@example.org` for all of a domain.
    senders: tuple[str, ...] = Field(min_length=1, max_length=1_000)
    #: By which name the mail server signs `Authentication-Results`: only mails that passed DMARC are read.
    authenticated: str = ""
    #: Which attachments are read: a pattern such as `*.xlsx`.
    attachments: str = Field(min_length=1, max_length=200)
    #: By which reader: that of tables and workbooks, or that of JSON.
    format: Literal["csv", "json"] = "csv"
    #: The reader's own options, as `{delimiter: ";"}`.
    read: dict[str, Any] = Field(default_factory=dict)
    #: Mails that came longer ago than so many days are left alone.
    days: int = Field(default=30, ge=1, le=3_650)
    #: At most so many mails a poll; the next one goes on.
    mails: int = Field(default=50, ge=1, le=10_000)

    @model_validator(mode="after")
    def _readable(self) -> Options:
        if not self.user:
            raise ValueError("a mailbox is read by a user, with a password")
        for sender in self.senders:
            if not re.fullmatch(r"[^@\s]*@[^@\s]+", sender):
                raise ValueError(f"'{sender}' is no sender: write desk@example.org or @example.org")
        if odd := next((name for name in self.read if name in _ELSEWHERE), None):
            raise ValueError(f"'{odd}' is no option here: what is read is attached")
        try:
            _reader(self)
        except ValidationError as error:
            first = error.errors()[0]
            raise ValueError(f"read: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
        return self


def _reader(options: Options) -> csv.Options | json.Options:
    """How one attachment is read."""
    how: dict[str, Any] = {"path": Path("attachment"), "max_mb": options.max_mb, **options.read}
    return csv.Options(**how) if options.format == "csv" else json.Options(**how)


def fetch(options: Options, cursor: Mapping[str, str]) -> Fetch:
    """What is attached to the mails that came since the last poll; raises FeedError where none can be had."""
    of = json_.dumps([options.host, options.user, options.folder])
    before = cursor if cursor.get("of") == of else {}
    up_to = int(before.get("up_to", "0"))
    found = postbox.visit(_visit(options), before.get("life", ""), up_to, partial(_wanted, options))
    after = {"of": of, "life": found.life, "up_to": str(found.up_to)}
    notices = ["more mails wait than 'mails' or 'max_mb' allow; the next poll goes on"] * found.more
    if not found.mails:
        return Fetch((), after, unchanged=True, unseen=True, notices=notices)
    return Fetch(_Attached(options, found.mails, notices), after, notices=notices)


def _visit(options: Options) -> Visit:
    address, port = options.reached(options.security)
    door = Door(
        host=options.host, address=address, port=port, user=options.user,
        password=options.password.get_secret_value(), trust=options.trust(),
        from_the_start=options.security == "tls", folder=options.folder, timeout=options.timeout,
    )  # fmt: skip
    return Visit(
        door=door, since=(datetime.now(UTC) - timedelta(days=options.days)).date(), most=options.mails,
        max_bytes=options.max_bytes, longest=options.longest.total_seconds(),
    )


def _wanted(options: Options, head: EmailMessage) -> bool:
    """Whether the mail is from somebody whose mails are read, as far as the mail server vouches for it."""
    try:
        names = getaddresses([str(one) for one in head.get_all("from", [])])
        vouched = [str(one) for one in head.get_all("authentication-results", [])]
    except Exception:  # the library stumbles over some headers: whoever writes them is nobody we know
        return False
    if len(names) != 1:
        return False
    sender = names[0][1].lower()
    own = [one.lower() for one in options.senders]
    known = any(sender == one or (one[0] == "@" and sender.endswith(one)) for one in own)
    return known and (not options.authenticated or _passed(vouched, options.authenticated))


def _passed(vouched: Sequence[str], by: str) -> bool:
    """Whether the first word of our own mail server is that it passed; others may write such headers too."""
    own = (one.partition(";") for one in vouched)
    said = next((rest for name, _, rest in own if name.split()[:1] == [by]), "")
    return re.search(r"\bdmarc\s*=\s*pass\b", said, re.I) is not None


class _Attached:
    """What is attached, read anew each time it is gone through."""

    def __init__(self, options: Options, mails: Sequence[Mail], notices: list[str]) -> None:
        self._options, self._mails, self._notices = options, mails, notices
        self._reader = _reader(options)

    def __iter__(self) -> Iterator[Record | Broken]:
        for mail in self._mails:
            place = f"mail {mail.number}"
            if mail.content is None:
                yield Broken(place, Reason("the mail cannot be read…", mail.wrong))
                continue
            for file in attached(mail.content, self._options):
                try:
                    yield from Records([file], partial(self._parsed, place))
                except FeedError as error:
                    yield Broken(f"{place} {file.name}", Reason(str(error)).without(file.name))

    def _parsed(self, place: str, file: Document, where: str) -> Iterator[Record | Broken]:
        at = f"{place} {file.name} {where}"
        if isinstance(self._reader, json.Options):
            return json.document(self._reader, self._notices, file, at)
        reading = csv.Reading(self._reader)
        reading.notices = self._notices
        return reading.document(file, at)


def attached(mail: EmailMessage, options: Options) -> Iterator[Document]:
    """The attachments whose names fit, as documents."""
    for number, part in enumerate(mail.walk()):
        if number >= _PARTS:
            return
        name = PurePosixPath((part.get_filename() or "").replace("\\", "/")).name
        if not part.is_multipart() and fnmatch(name.lower(), options.attachments.lower()):
            body = part.get_payload(decode=True)
            content = body if isinstance(body, bytes) else b""
            member = options.read.get("member", "")
            yield Document(name, options.max_bytes, partial(io.BytesIO, content), member)
