"""Posts messages to an HTTP address, signed so that the receiver can tell them from forgeries.

The body is the payload as planned. The receiver recomputes
`HMAC-SHA256(secret, timestamp + "." + body)` and compares it with `Forewarn-Signature` (`v1=` and
hexadecimal digits), refuses old timestamps, and drops an `Idempotency-Key` it has seen.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, AnyHttpUrl, BaseModel, ConfigDict, Field, SecretStr

from engine.errors import DeliveryError
from engine.model.address import plain_proxy
from engine.model.later import Later
from engine.model.message import Notification
from engine.notify.channels.option import Length
from engine.notify.channels.trust import trust_over_http

if TYPE_CHECKING:
    import httpx
else:
    httpx = Later("httpx")

ID = "webhook"

#: Client errors that pass with time; every other 4xx needs a person.
_PASSING = frozenset({408, 425, 429})


class Options(BaseModel):
    """`ca` is a file with the certificates to trust instead of the system's; `proxy` the one to post over:
    those of the environment, and `.netrc`, have no say in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Annotated[AnyHttpUrl, Field(repr=False)]
    secret: Annotated[SecretStr, Field(min_length=16)]
    timeout: Length = timedelta(seconds=10)
    ca: Path | None = None
    proxy: Annotated[str, AfterValidator(plain_proxy), Field(repr=False)] = ""


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What `Forewarn-Signature` holds."""
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"v1={digest.hexdigest()}"


def send(options: Options, notification: Notification, now: datetime) -> None:
    """Post the payload; anything but a 2xx answer in time is a DeliveryError."""
    body = notification.payload.encode()
    timestamp = str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "forewarn",
        "Idempotency-Key": notification.digest,
        "Forewarn-Timestamp": timestamp,
        "Forewarn-Signature": signature(options.secret.get_secret_value(), timestamp, body),
    }
    try:
        with httpx.stream(
            "POST", str(options.url), content=body, headers=headers, verify=trust_over_http(options.ca),
            timeout=options.timeout.total_seconds(), proxy=options.proxy or None, trust_env=False,
        ) as answer:  # fmt: skip
            _check(options, answer, now)
    except (httpx.ReadTimeout, httpx.WriteTimeout, httpx.ReadError, httpx.RemoteProtocolError) as error:
        said = f"{options.url.host} did not answer: {type(error).__name__}"
        raise DeliveryError(said, permanent=False, unknown=True) from error
    except httpx.HTTPError as error:
        raise DeliveryError(f"{options.url.host} cannot be reached: {error}", permanent=False) from error


def _check(options: Options, answer: httpx.Response, now: datetime) -> None:
    """The status says it all: the answer's body, however long, is not read."""
    if answer.is_success:
        return
    said = f"{options.url.host} answered {answer.status_code} {answer.reason_phrase}".rstrip()
    if answer.is_redirect:
        raise DeliveryError(f"{said}: put the address it redirects to into the channel's url", permanent=True)
    permanent = answer.is_client_error and answer.status_code not in _PASSING
    wait = None if permanent else _retry_after(answer.headers.get("Retry-After", ""), now)
    raise DeliveryError(said, permanent=permanent, retry_after=wait)


def _retry_after(value: str, now: datetime) -> timedelta | None:
    """The header's wait: a number of seconds or a date; None where it says neither."""
    if value.isascii() and value.isdigit():
        return timedelta(seconds=min(int(value), 10**9))
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(moment - now, timedelta(0))
