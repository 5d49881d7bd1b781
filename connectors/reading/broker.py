"""One visit to an MQTT broker: what it kept for us, and what of it it need keep no longer."""

from __future__ import annotations

import queue
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.errors import FeedError

if TYPE_CHECKING:
    from paho.mqtt.client import Client, MQTTMessage

_DAY = 86_400
#: What a message takes beside what it says.
_BESIDE = 256


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Where the broker is, who asks, for what, and the bounds of what it may bring."""

    #: The name by which the broker proves to be the one, and what is connected to: looked up and checked.
    host: str
    address: str
    port: int
    user: str
    password: str = field(repr=False)
    #: None: in clear.
    trust: ssl.SSLContext | None
    client: str
    topics: Sequence[str]
    #: Days for which the broker keeps what is new.
    keep: int
    most: int
    max_bytes: int
    #: Seconds to connect, without a message until that is all, and for the whole.
    timeout: float
    settle: float
    longest: float


@dataclass(frozen=True)
class Message:
    """One message as it was published."""

    topic: str
    payload: bytes


@dataclass(frozen=True)
class Drained:
    """What a visit brought. more: whether something waits that was not read this time."""

    messages: tuple[Message, ...]
    more: bool = False


def drained(visit: Visit, stored: Callable[[Message], bool]) -> Drained:
    """What the broker kept, as far as the bounds allow; it is told to let go of what is `stored`, and brings
    the rest again. Raises FeedError where it cannot be asked."""
    heard = _Heard()
    client = _client(visit, heard)
    try:
        client.connect(
            visit.address, visit.port, keepalive=60, clean_start=False, properties=_session(visit)
        )
    except (OSError, ValueError) as error:
        raise FeedError(f"{visit.host}: cannot be reached: {error}") from error
    client.loop_start()
    try:
        heard.answered(visit, "connect")
        client.subscribe(_filters(visit))
        heard.answered(visit, "subscribe")
        return _all(visit, client, heard, stored)
    finally:
        with suppress(OSError, ValueError):
            client.disconnect()
        client.loop_stop()


def _all(
    visit: Visit, client: Client, heard: _Heard, stored: Callable[[Message], bool]
) -> Drained:
    until, fresh, size = time.monotonic() + visit.longest, 0, 0
    found: dict[Message, None] = {}
    while fresh < visit.most and size < visit.max_bytes:
        left = until - time.monotonic()
        if left <= 0:
            return Drained(tuple(found), more=True)
        one = heard.next(min(visit.settle, left), visit)
        if one is None:
            return Drained(tuple(found))
        message = Message(one.topic, bytes(one.payload))
        if stored(message):
            client.ack(one.mid, one.qos)
        else:
            fresh, size = fresh + 1, size + len(message.payload) + _BESIDE
        found[message] = None
    return Drained(tuple(found), more=heard.next(visit.settle, visit) is not None)


class _Heard:
    """What the broker says, as the library's thread hears it."""

    def __init__(self) -> None:
        self._said: queue.Queue[tuple[str, Any]] = queue.Queue()

    def connected(self, client: Any, data: Any, flags: Any, reason: Any, properties: Any) -> None:
        self._said.put(("connect", str(reason) if reason.is_failure else ""))

    def subscribed(self, client: Any, data: Any, mid: int, reasons: Sequence[Any], properties: Any) -> None:
        self._said.put(("subscribe", next((str(one) for one in reasons if one.is_failure), "")))

    def parted(self, client: Any, data: Any, flags: Any, reason: Any, properties: Any) -> None:
        self._said.put(("part", str(reason)))

    def message(self, client: Any, data: Any, one: MQTTMessage) -> None:
        self._said.put(("message", one))

    def answered(self, visit: Visit, what: str) -> None:
        """Wait for the answer; what was kept may come before it. Raises FeedError where it is a refusal."""
        early: list[tuple[str, Any]] = []
        until = time.monotonic() + visit.timeout
        while (left := until - time.monotonic()) > 0:
            try:
                kind, said = self._said.get(timeout=left)
            except queue.Empty:
                break
            if kind == what:
                if said:
                    raise FeedError(f"{visit.host} answered: {said}; check the account and its rights")
                for one in early:
                    self._said.put(one)
                return
            if kind == "part":
                raise FeedError(f"{visit.host}: hung up: {said}")
            early.append((kind, said))
        raise FeedError(f"{visit.host}: does not answer")

    def next(self, seconds: float, visit: Visit) -> MQTTMessage | None:
        """The next message; None where there is none for so long."""
        try:
            kind, said = self._said.get(timeout=seconds)
        except queue.Empty:
            return None
        if kind == "part":
            raise FeedError(f"{visit.host}: hung up: {said}; is another program called '{visit.client}' too?")
        one: MQTTMessage = said
        return one


def _client(visit: Visit, heard: _Heard) -> Client:
    from paho.mqtt.client import Client
    from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

    client = Client(
        CallbackAPIVersion.VERSION2, client_id=visit.client, protocol=MQTTProtocolVersion.MQTTv5,
        reconnect_on_failure=False, manual_ack=True,
    )  # fmt: skip
    client.connect_timeout = visit.timeout
    client.on_connect, client.on_subscribe = heard.connected, heard.subscribed
    client.on_message, client.on_disconnect = heard.message, heard.parted
    if visit.trust is not None:
        client.tls_set_context(named(visit.trust, visit.host))
    if visit.user:
        client.username_pw_set(visit.user, visit.password)
    return client


def named(trust: ssl.SSLContext, host: str) -> ssl.SSLContext:
    """The context, by which a server must prove to be `host`, whatever address the library connects to. It
    does so at once: the library forgets to close a connection on which that fails later."""
    wrap = trust.wrap_socket

    def wrapped(plain: socket.socket, **asked: Any) -> ssl.SSLSocket:
        return wrap(plain, server_hostname=host)

    trust.wrap_socket = wrapped  # type: ignore[assignment,method-assign]  # of this one context alone
    return trust


def _session(visit: Visit) -> Any:
    """That the broker keeps what is new, how much of it comes unacknowledged, and how large one may be."""
    from paho.mqtt.packettypes import PacketTypes
    from paho.mqtt.properties import Properties

    asked = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # the library has no types here
    asked.SessionExpiryInterval = visit.keep * _DAY
    asked.ReceiveMaximum = min(65_535, 2 * visit.most + 1)
    asked.MaximumPacketSize = min(visit.max_bytes, (1 << 28) - 1)
    return asked


def _filters(visit: Visit) -> list[tuple[str, Any]]:
    """What a topic retains comes once, and not with every visit."""
    from paho.mqtt.subscribeoptions import SubscribeOptions

    how = SubscribeOptions(qos=1, retainHandling=SubscribeOptions.RETAIN_SEND_IF_NEW_SUB)
    return [(topic, how) for topic in visit.topics]
