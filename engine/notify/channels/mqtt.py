"""Publishes messages to an MQTT broker, each acknowledged by it (QoS 1).

The payload as planned, or its text. The broker's acknowledgement is the receipt: whoever listens drops a
`key` that it has seen.
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from engine.errors import DeliveryError
from engine.model.message import Notification
from engine.notify.channels.cut import cut
from engine.notify.channels.option import Length
from engine.notify.channels.trust import trust

if TYPE_CHECKING:
    from paho.mqtt.client import Client

ID = "mqtt"

_PORTS = {"tls": 8883, "none": 1883}
#: What a topic may name of a message.
_NAMED = ("receiver", "grade", "step")
#: No topic is longer, as MQTT counts.
_LONGEST = 65_535


def _topic(value: str) -> str:
    try:
        filled = value.format(**dict.fromkeys(_NAMED, "x"))
    except (KeyError, IndexError, ValueError):
        raise ValueError(f"a topic may name {', '.join(f'{{{name}}}' for name in _NAMED)}") from None
    if any(mark in filled for mark in "+#\0") or filled.startswith("$") or len(filled.encode()) > _LONGEST:
        raise ValueError("a topic has no wildcards and does not begin with $")
    return value


class Options(BaseModel):
    """`security: none` sends in clear and takes no password; `form: text` sends what people read, cut to
    `bytes`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: Annotated[str, Field(min_length=1)]
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    security: Literal["tls", "none"] = "tls"
    user: str = ""
    password: SecretStr = SecretStr("")
    topic: Annotated[str, Field(min_length=1), AfterValidator(_topic)] = "forewarn/{receiver}/{grade}"
    form: Literal["payload", "text"] = "payload"
    bytes: Annotated[int, Field(ge=60)] | None = None
    retain: bool = False
    timeout: Length = timedelta(seconds=10)
    ca: Path | None = None

    @model_validator(mode="after")
    def _guarded(self) -> Options:
        if find_spec("paho") is None:
            raise ValueError("the channel mqtt needs an extra: pip install 'forewarn[mqtt]'")
        if bool(self.user) != bool(self.password.get_secret_value()):
            raise ValueError("user and password go together")
        if self.user and self.security == "none":
            raise ValueError("a password is never sent in clear; use security: tls")
        if self.bytes is not None and self.form == "payload":
            raise ValueError("a payload is not cut; use form: text")
        return self


def send(options: Options, notification: Notification, now: datetime) -> None:
    """Publish, and wait until the broker has acknowledged it."""
    from paho.mqtt.enums import MQTTErrorCode

    seconds = options.timeout.total_seconds()
    with _connected(options) as client:
        said = client.publish(
            _named(options, notification), _content(options, notification), qos=1, retain=options.retain
        )
        if said.rc not in (MQTTErrorCode.MQTT_ERR_SUCCESS, MQTTErrorCode.MQTT_ERR_NO_CONN):
            raise DeliveryError(f"{options.host} takes no such message: {said.rc.name}", permanent=True)
        try:
            said.wait_for_publish(seconds)
        except RuntimeError as error:
            raise _unknown(options) from error
        if not said.is_published():
            raise _unknown(options)


def _unknown(options: Options) -> DeliveryError:
    return DeliveryError(f"{options.host} did not acknowledge it in time", permanent=False, unknown=True)


def _named(options: Options, notification: Notification) -> str:
    return options.topic.format(
        receiver=notification.receiver, grade=notification.grade.word, step=notification.step
    )


def _content(options: Options, notification: Notification) -> bytes:
    if options.form == "payload":
        return notification.payload.encode()
    link = json.loads(notification.payload).get("answer", {}).get("link", "")
    keep = next((line for line in notification.body.splitlines() if link and link in line), "")
    text = (
        notification.body if options.bytes is None else cut(notification.body, options.bytes, "bytes", keep)
    )
    return text.encode()


@contextmanager
def _connected(options: Options) -> Iterator[Client]:
    """A client that the broker has let in; raises DeliveryError with what it says otherwise."""
    client, answer = _client(options)
    try:
        client.connect(options.host, options.port or _PORTS[options.security], keepalive=60)
    except (OSError, ValueError) as error:
        raise DeliveryError(f"{options.host} cannot be reached: {error}", permanent=False) from error
    client.loop_start()
    try:
        if not answer.heard.wait(options.timeout.total_seconds()):
            raise DeliveryError(f"{options.host} does not answer", permanent=False)
        if answer.refused:
            raise DeliveryError(f"{options.host} answered: {answer.refused}", permanent=answer.for_good)
        yield client
    finally:
        client.disconnect()
        client.loop_stop()


class _Parting(ssl.SSLSocket):
    """Closed where no handshake comes of it, because paho lets go of it."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


class _Answer:
    """What the broker says to a connection."""

    def __init__(self) -> None:
        self.heard = threading.Event()
        self.refused = ""

    def __call__(self, client: Any, data: Any, flags: Any, reason: Any, properties: Any) -> None:
        self.refused = str(reason) if reason.is_failure else ""
        self.heard.set()

    @property
    def for_good(self) -> bool:
        """Whether only a person can help: a wrong password, no permission."""
        return self.refused in ("Bad user name or password", "Not authorized", "Banned")


def _client(options: Options) -> tuple[Client, _Answer]:
    from paho.mqtt.client import Client
    from paho.mqtt.enums import CallbackAPIVersion

    client, answer = Client(CallbackAPIVersion.VERSION2, reconnect_on_failure=False), _Answer()
    client.connect_timeout = options.timeout.total_seconds()
    client.on_connect = answer
    if options.security == "tls":
        context = trust(options.ca)
        context.sslsocket_class = _Parting
        client.tls_set_context(context)
    if options.user:
        client.username_pw_set(options.user, options.password.get_secret_value())
    return client, answer
