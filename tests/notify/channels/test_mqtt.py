"""MQTT against Debian's mosquitto."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from pydantic import ValidationError

from engine.errors import DeliveryError
from engine.notify.channels.mqtt import Options, send
from tests.story.broker import Broker, free_port

FOLDER = Path(__file__).parent / "certificates"


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    folder, port = tmp_path_factory.mktemp("broker"), free_port()
    (folder / "acl").write_text("topic readwrite #\nuser silent\ntopic read #\n")
    tls = (
        f"listener {free_port()} 127.0.0.1\n"
        f"certfile {FOLDER / 'localhost.crt'}\nkeyfile {FOLDER / 'localhost.key'}\nallow_anonymous true\n"
    )
    with Broker(port, folder, tls).open() as opened:
        opened.tls = int(tls.split()[1])  # type: ignore[attr-defined]
        yield opened


def options(port: int, **given: object) -> Options:
    return Options.model_validate({"host": "127.0.0.1", "port": port, "security": "none", **given})


def test_the_payload_arrives_at_its_topic(broker: Broker, make: SimpleNamespace) -> None:
    before, note = len(broker.got), make.notification()
    send(options(broker.port), note, make.at)
    assert broker.heard(before + 1)[-1] == ("forewarn/duty/orange", note.payload.encode())


def test_the_text_is_cut_to_bytes(broker: Broker, make: SimpleNamespace) -> None:
    before, note = len(broker.got), make.notification(body="橙色预警\n" * 100)
    send(options(broker.port, form="text", bytes=300, topic="sms/{step}"), note, make.at)
    topic, content = broker.heard(before + 1)[-1]
    assert topic == "sms/issued" and len(content) <= 300 and content.decode().startswith("橙色预警\n橙色预警")


def test_it_is_encrypted_against_a_certificate_that_is_trusted(broker: Broker, make: SimpleNamespace) -> None:
    before, port = len(broker.got), broker.tls  # type: ignore[attr-defined]
    trusted = {"host": "localhost", "security": "tls", "ca": FOLDER / "localhost.crt"}
    send(options(port, **trusted), make.notification(), make.at)
    broker.heard(before + 1)
    with pytest.raises(DeliveryError, match="cannot be reached") as raised:
        send(options(port, host="localhost", security="tls"), make.notification(), make.at)
    assert not raised.value.permanent


def test_nobody_there_is_tried_again(make: SimpleNamespace) -> None:
    with pytest.raises(DeliveryError, match="cannot be reached") as raised:
        send(options(free_port()), make.notification(), make.at)
    assert not raised.value.permanent and not raised.value.unknown


def test_a_broker_that_says_nothing_is_not_waited_for(make: SimpleNamespace) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(DeliveryError, match="does not answer"):
            send(options(port, timeout="1s"), make.notification(), make.at)


def test_a_broker_that_takes_it_and_does_not_say_so_leaves_it_unknown(make: SimpleNamespace) -> None:
    taken: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def let_in() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1 << 16)
                connection.sendall(b"\x20\x02\x00\x00")  # CONNACK: come in
                taken.append(connection.recv(1 << 16))
                connection.recv(1 << 16)

        thread = threading.Thread(target=let_in, daemon=True)
        thread.start()
        with pytest.raises(DeliveryError, match="did not acknowledge it in time") as raised:
            send(options(server.getsockname()[1], timeout="1s"), make.notification(), make.at)
        thread.join()
    assert raised.value.unknown and not raised.value.permanent and taken


def test_a_wrong_password_needs_a_person(make: SimpleNamespace) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def refuse() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1 << 16)
                connection.sendall(b"\x20\x02\x00\x05")  # CONNACK: not authorised
                connection.recv(1 << 16)

        thread = threading.Thread(target=refuse, daemon=True)
        thread.start()
        with pytest.raises(DeliveryError, match="Not authorized") as raised:
            send(options(server.getsockname()[1]), make.notification(), make.at)
        thread.join()
    assert raised.value.permanent


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"topic": "a/#"}, "no wildcards"),
        ({"topic": "$SYS/x"}, "no wildcards"),
        ({"topic": "a/{town}"}, "may name"),
        ({"user": "a"}, "go together"),
        ({"user": "a", "password": "b"}, "never sent in clear"),
        ({"bytes": 100}, "a payload is not cut"),
    ],
)
def test_what_cannot_work_is_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        options(1883, **given)


def test_a_payload_is_json_as_planned(broker: Broker, make: SimpleNamespace) -> None:
    before = len(broker.got)
    send(options(broker.port, timeout=timedelta(seconds=30)), make.notification(), make.at)
    assert json.loads(broker.heard(before + 1)[-1][1])["text"] == "第二行"
