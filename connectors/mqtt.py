"""Messages of an MQTT broker: what it kept since the last poll, let go of there once it is stored here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from importlib.util import find_spec
from typing import Any, ClassVar, Literal

import orjson
from pydantic import Field, field_validator, model_validator

from connectors.reading import broker
from connectors.reading.broker import Message, Visit
from connectors.server import Server
from engine.model.feed import Broken, Fetch, Record
from engine.model.reason import Reason

ID = "mqtt"

_LENGTH = 32
#: So much of what cannot be read is kept for whoever looks at the reject.
_SHOWN = 4_000


class Options(Server):
    """See docs/feeds.md."""

    PORTS: ClassVar[Mapping[str, int]] = {"tls": 8883, "none": 1883}

    #: Whether it is spoken to over TLS (`tls`) or in clear (`none`), which takes no password.
    security: Literal["tls", "none"] = "tls"
    #: The topics, with `+` and `#` as MQTT has them.
    topics: tuple[str, ...] = Field(min_length=1, max_length=100)
    #: By which name the broker keeps what is new; no other program may use it.
    client: str = Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")
    #: For how many days the broker keeps it while nobody polls.
    keep: int = Field(default=7, ge=1, le=365)
    #: At most so many messages a poll; the next one goes on.
    messages: int = Field(default=1_000, ge=1, le=60_000)
    #: So many seconds without a message, and the poll has them all.
    settle: float = Field(default=1, ge=0.1, le=60)
    #: Only these fields of a message are looked at, where its sender cannot leave the others out.
    fields: tuple[str, ...] = ()

    @field_validator("topics")
    @classmethod
    def _filters(cls, topics: tuple[str, ...]) -> tuple[str, ...]:
        for topic in topics:
            levels = topic.split("/")
            odd = any(("#" in one and one != "#") or ("+" in one and one != "+") for one in levels)
            if not topic or "\0" in topic or odd or "#" in levels[:-1]:
                raise ValueError(f"'{topic}' is no filter of topics: write sensors/+/level or sensors/#")
        return topics

    @model_validator(mode="after")
    def _guarded(self) -> Options:
        if find_spec("paho") is None:
            raise ValueError("the connector mqtt needs an extra: pip install 'forewarn[mqtt]'")
        if self.user and self.security == "none":
            raise ValueError("a password is never sent in clear; use security: tls")
        return self


def fetch(options: Options, cursor: Mapping[str, str]) -> Fetch:
    """What the broker kept. It is told to let go only of what an earlier poll read: that is stored by now.
    Raises FeedError where the broker cannot be asked."""
    of = f"{options.host}:{options.port} {options.client} {' '.join(options.topics)}"
    read = set(json.loads(cursor.get("read", "[]"))) if cursor.get("of") == of else set[str]()
    found = broker.drained(_visit(options), lambda one: digest(one) in read)
    fresh = [one for one in found.messages if digest(one) not in read]
    after = {"of": of, "read": json.dumps(sorted({digest(one) for one in found.messages}))}
    notices = ["more messages wait than 'messages' or 'max_mb' allow; the next poll goes on"] * found.more
    if not fresh:
        return Fetch((), after, unchanged=True, unseen=True, notices=notices)
    return Fetch([*records(fresh, options.fields)], after, notices=notices)


def _visit(options: Options) -> Visit:
    address, port = options.reached(options.security)
    return Visit(
        host=options.host, address=address, port=port, user=options.user,
        password=options.password.get_secret_value(), client=options.client, topics=options.topics,
        trust=options.trust() if options.security == "tls" else None, keep=options.keep,
        most=options.messages, max_bytes=options.max_bytes, timeout=options.timeout, settle=options.settle,
        longest=options.longest.total_seconds() / 2,
    )  # fmt: skip


def digest(message: Message) -> str:
    """The same for the same message, however often the broker brings it."""
    told = message.topic.encode() + b"\0" + message.payload
    return hashlib.sha256(told).hexdigest()[:_LENGTH]


def records(messages: Collection[Message], only: Collection[str] = ()) -> Iterator[Record | Broken]:
    """Each object of each message, with the `topic` it came by and its `levels`; of a mere value, `value`."""
    for number, message in enumerate(messages, start=1):
        place = f"message {number}"
        try:
            told = orjson.loads(message.payload)
        except orjson.JSONDecodeError as error:
            shown = message.payload[:_SHOWN].decode("utf-8", "replace")
            yield Broken(place, Reason(f"not JSON: {error.msg}…", str(error).removeprefix(error.msg)), shown)
            continue
        for one in told if isinstance(told, list) else [told]:
            yield Record(_fields(message, one, only), place)


def _fields(message: Message, told: Any, only: Collection[str]) -> dict[str, Any]:
    own = told if isinstance(told, dict) else {"value": told}
    kept = {name: value for name, value in own.items() if not only or name in only}
    return {"topic": message.topic, "levels": message.topic.split("/"), **kept}
