"""Sends messages as e-mail: text and HTML with its chart, over STARTTLS or TLS.

One channel writes to one mailbox, so that each has its own retries and nobody gets a message twice
because somebody else's mailbox is full.
"""

from __future__ import annotations

import json
import smtplib
from base64 import b64decode
from collections.abc import Mapping
from contextlib import ExitStack, closing, suppress
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from engine.errors import DeliveryError
from engine.model.message import Notification
from engine.notify.channels.option import Address, Length
from engine.notify.channels.trust import trust

ID = "smtp"

_PORTS = {"starttls": 587, "tls": 465, "none": 25}


class Options(BaseModel):
    """`security: none` sends in clear and takes no password; `ca` is a file with the certificates to
    trust instead of the system's; `form: text` sends no HTML."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: Annotated[str, Field(min_length=1)]
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: Address
    to: Address
    form: Literal["html", "text"] = "html"
    timeout: Length = timedelta(seconds=30)
    ca: Path | None = None

    @model_validator(mode="after")
    def _guarded(self) -> Options:
        if bool(self.user) != bool(self.password.get_secret_value()):
            raise ValueError("user and password go together")
        if self.user and self.security == "none":
            raise ValueError("a password is never sent in clear; use security: starttls or tls")
        return self


def compose(options: Options, notification: Notification) -> EmailMessage:
    """The e-mail; the same notification is always the same message, by its Message-ID too."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = options.sender
    mail["To"] = options.to
    mail["Subject"] = " ".join(notification.subject.split())
    mail["Date"] = format_datetime(notification.planned_at)
    mail["Message-ID"] = f"<{notification.digest}@{options.sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    payload = json.loads(notification.payload)
    reply = payload.get("answer", {}).get("reply")
    if reply:
        mail["Reply-To"] = reply
    mail.set_content(notification.body, charset="utf-8")
    if options.form == "html":
        _illustrate(mail, payload, notification)
    _attach(mail, payload, notification.digest)
    return mail


def _attach(mail: EmailMessage, payload: Mapping[str, Any], digest: str) -> None:
    """The files that go with it."""
    for one in payload.get("attachments", ()):
        kind, _, part = one["type"].partition("/")
        mail.add_attachment(b64decode(one["content"]), kind, part, filename=one["name"])
    _bounded(mail, digest)


def _bounded(mail: EmailMessage, digest: str) -> None:
    """Nothing in a mail is made by chance, its boundaries neither."""
    for number, one in enumerate(one for one in mail.walk() if one.is_multipart()):
        one.set_boundary(f"=_{number}.{digest[:32]}")


def _illustrate(mail: EmailMessage, payload: Mapping[str, Any], notification: Notification) -> None:
    """Beside the text, the letter with its pictures; named by the message's digest, as nothing in it is made
    by chance."""
    from engine.notify.letter.letter import letter  # with it come Pillow and Jinja

    made, digest = letter(payload, notification.subject), notification.digest
    html, names = made.html, {name: f"{name}.{digest[:24]}@forewarn" for name in made.pictures}
    for name, called in names.items():
        html = html.replace(f"cid:{name}", f"cid:{called}")
    mail.add_alternative(html, subtype="html", charset="utf-8")
    *_, part = mail.iter_parts()
    assert isinstance(part, EmailMessage)
    for name, picture in made.pictures.items():
        part.add_related(
            picture, "image", "png", cid=f"<{names[name]}>", filename=f"{name}.png", disposition="inline"
        )


def send(options: Options, notification: Notification, now: datetime) -> None:
    """Hand the e-mail to the server; its 5xx answers are final, its 4xx answers pass."""
    mail = compose(options, notification)
    try:
        _transmit(options, mail)
    except smtplib.SMTPRecipientsRefused as error:
        code, text = error.recipients[options.to]
        raise _refused(options, code, text) from error
    except smtplib.SMTPResponseException as error:
        raise _refused(options, error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPNotSupportedError as error:
        raise DeliveryError(f"{options.host}: {error}", permanent=True) from error
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryError(f"{options.host} cannot be reached: {error}", permanent=False) from error


def _transmit(options: Options, mail: EmailMessage) -> None:
    """Once the server has taken the mail, a failing farewell must not send it again."""
    with closing(_connect(options)) as server:
        if options.user:
            server.login(options.user, options.password.get_secret_value())
        try:
            server.send_message(mail, options.sender, [options.to])
        except (TimeoutError, smtplib.SMTPServerDisconnected) as error:
            said = f"{options.host} broke off: {error}"
            raise DeliveryError(said, permanent=False, unknown=True) from error
        with suppress(smtplib.SMTPException, OSError):
            server.quit()


def _connect(options: Options) -> smtplib.SMTP:
    port = options.port or _PORTS[options.security]
    name = options.sender.rpartition("@")[2]
    timeout = options.timeout.total_seconds()
    if options.security == "tls":
        context = trust(options.ca)
        return smtplib.SMTP_SSL(options.host, port, name, timeout=timeout, context=context)
    server = smtplib.SMTP(options.host, port, name, timeout)
    if options.security == "starttls":
        with ExitStack() as failed:
            failed.callback(server.close)
            server.starttls(context=trust(options.ca))
            failed.pop_all()
    return server


def _refused(options: Options, code: int, text: bytes | str) -> DeliveryError:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return DeliveryError(f"{options.host} answered {code} {said}", permanent=500 <= code < 600)
