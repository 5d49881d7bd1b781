"""What a broker kept is read once, and let go of there only once it is stored here."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from pydantic import ValidationError

from connectors import mqtt
from connectors.reading.broker import Message
from engine.errors import FeedError
from engine.model.feed import Broken, Fetch, Record
from tests.story.broker import Broker, free_port

CERTIFICATES = Path(__file__).parents[1] / "notify" / "channels" / "certificates"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with Broker(free_port(), tmp_path).open() as opened:
        yield opened


def options(broker: Broker, **more: object) -> mqtt.Options:
    asked = {"host": "127.0.0.1", "port": broker.port, "security": "none", "client": "forewarn"}
    asked |= {"settle": 0.5}
    return mqtt.Options(**{**asked, "topics": ["gauges/#"], **more})  # type: ignore[arg-type]


def publish(broker: Broker, *told: tuple[str, object], retain: bool = False) -> None:
    client = Client(CallbackAPIVersion.VERSION2)
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    for topic, payload in told:
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        client.publish(topic, body, qos=1, retain=retain).wait_for_publish(60)
    client.disconnect()
    client.loop_stop()


def levels(fetch: Fetch) -> list[object]:
    return [one.fields.get("level") if isinstance(one, Record) else one.reason for one in fetch.records]


def test_what_came_between_polls_is_read_and_what_is_stored_is_let_go_of(broker: Broker) -> None:
    asked = options(broker)
    first = mqtt.fetch(asked, {})
    assert first.unchanged and first.unseen, "the broker keeps from now on"
    publish(broker, ("gauges/north", {"level": 1}), ("gauges/south", {"level": 2}), ("other", {"level": 9}))
    found = mqtt.fetch(asked, first.cursor)
    assert levels(found) == [1, 2]
    record = next(iter(found.records))
    assert isinstance(record, Record)
    assert record.fields == {"topic": "gauges/north", "levels": ["gauges", "north"], "level": 1}
    # A poll that was not stored leaves its cursor behind: the broker has it all still.
    assert levels(mqtt.fetch(asked, first.cursor)) == [1, 2]
    publish(broker, ("gauges/north", {"level": 3}))
    after = mqtt.fetch(asked, found.cursor)
    assert levels(after) == [3]
    last = mqtt.fetch(asked, after.cursor)
    assert last.unchanged and json.loads(last.cursor["read"]) != []
    assert json.loads(mqtt.fetch(asked, last.cursor).cursor["read"]) == [], "the broker has let go of it"


def test_more_than_a_poll_takes_is_read_by_the_next_ones_in_order(broker: Broker) -> None:
    asked = options(broker, messages=30)
    cursor = mqtt.fetch(asked, {}).cursor
    publish(broker, *((f"gauges/{number}", {"level": number}) for number in range(70)))
    every: list[object] = []
    for _ in range(4):
        found = mqtt.fetch(asked, cursor)
        every += levels(found)
        cursor = found.cursor
        if found.notices:
            assert "the next poll goes on" in found.notices[0]
    assert sorted(every) == [*range(70)], "each of them once"


def test_what_a_topic_retains_comes_once(broker: Broker) -> None:
    publish(broker, ("gauges/kept", {"level": 5}), retain=True)
    first = mqtt.fetch(options(broker), {})
    assert levels(first) == [5]
    second = mqtt.fetch(options(broker), first.cursor)
    assert mqtt.fetch(options(broker), second.cursor).unchanged


def test_what_is_no_json_is_a_reject_and_the_rest_is_taken() -> None:
    told = [b"{", b"\xff", b"4.5", b'[{"level": 1}, {"level": 2}]', b"NaN", b"", b"[" * 3000, b'{"level": 3}']
    found = list(mqtt.records([Message("a/b", one) for one in told]))
    broken = [one.place for one in found if isinstance(one, Broken)]
    assert broken == [f"message {number}" for number in (1, 2, 5, 6, 7)]
    read = [one.fields for one in found if isinstance(one, Record)]
    assert [one.get("value", one.get("level")) for one in read] == [4.5, 1, 2, 3]
    (only,) = mqtt.records([Message("a", b'{"level": 1, "name": "x"}')], ("level",))
    assert isinstance(only, Record) and only.fields == {"topic": "a", "levels": ["a"], "level": 1}


def test_what_is_larger_than_may_be_is_never_brought(broker: Broker) -> None:
    asked = options(broker, max_mb=1)
    cursor = mqtt.fetch(asked, {}).cursor
    publish(broker, ("gauges/large", b'"' + b"x" * (2 << 20) + b'"'), ("gauges/small", {"level": 1}))
    assert levels(mqtt.fetch(asked, cursor)) == [1]


def test_a_broker_that_refuses_hangs_up_or_is_not_there_is_a_failed_poll(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match="cannot be reached"):
        mqtt.fetch(options(Broker(free_port(), tmp_path)), {})
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        with pytest.raises(FeedError, match="does not answer"):
            mqtt.fetch(options(Broker(port, tmp_path), timeout=0.5), {})
        hangs_up = threading.Thread(target=lambda: [listening.accept()[0].close() for _ in range(2)])
        hangs_up.start()
        with pytest.raises(FeedError, match="hung up"):
            mqtt.fetch(options(Broker(port, tmp_path)), {})
        hangs_up.join()


def test_a_name_that_leads_inwards_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inwards = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.1.2.3", 1883))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: inwards)
    with pytest.raises(FeedError, match="add it to 'networks'"):
        mqtt.fetch(options(Broker(1883, tmp_path), host="broker.example.org"), {})


def leads(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Let every name lead to these addresses, one after another, then to the last; gives the names asked."""
    real, asked, left = socket.getaddrinfo, list[str](), list(answers)

    def look_up(host: str, port: object, *more: object, **named: object) -> object:
        if host in answers:
            return real(host, port, *more, **named)  # type: ignore[arg-type]
        asked.append(host)
        return real(left.pop(0) if len(left) > 1 else left[0], port, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def test_over_tls_too_what_was_checked_is_connected_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that would lead elsewhere is not looked up again; and the broker proves to be of that name, not
    merely of the address."""
    listener = (
        f"listener {free_port()} 127.0.0.1\n"
        f"certfile {CERTIFICATES / 'localhost.crt'}\nkeyfile {CERTIFICATES / 'localhost.key'}\n"
    )
    secure = {"port": int(listener.split()[1]), "security": "tls", "ca": CERTIFICATES / "localhost.crt"}
    with Broker(free_port(), tmp_path, listener).open() as broker:
        asked = leads(monkeypatch, "127.0.0.1", "10.9.9.9")
        mqtt.fetch(options(broker, host="localhost", **secure), {})
        assert asked == ["localhost"]
        leads(monkeypatch, "127.0.0.1")
        with pytest.raises(FeedError, match=r"broker\.example\.org: cannot be reached: .*certificate"):
            own = {"host": "broker.example.org", "networks": ["127.0.0.1"]}
            mqtt.fetch(options(broker, **secure, **own), {})


@pytest.mark.parametrize(("wrong", "said"), [
    ({"topics": ["a/#/b"]}, "no filter"), ({"topics": ["a+/b"]}, "no filter"), ({"topics": []}, "topics"),
    ({"client": "a b"}, "client"), ({"user": "a"}, "go together"),
    ({"user": "a", "password": "b"}, "never sent in clear"), ({"messages": 0}, "messages"),
])  # fmt: skip
def test_a_mistake_in_the_options(tmp_path: Path, wrong: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        options(Broker(1, tmp_path), **wrong)
