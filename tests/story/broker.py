"""Debian's mosquitto on loopback, and what a listener hears from it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

MOSQUITTO = shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin")
#: Only a hang takes longer (seconds).
PATIENCE = 120.0


@dataclass
class Broker:
    """got: topic and content of everything that was published, in order."""

    port: int
    folder: Path
    more: str = ""
    got: list[tuple[str, bytes]] = field(default_factory=list)
    running: bool = False

    @contextmanager
    def open(self) -> Iterator[Broker]:
        """The broker, with somebody who listens to everything."""
        if MOSQUITTO is None:
            assert not os.environ.get("FOREWARN_CI"), "mosquitto is missing: apt-get install -y mosquitto"
            pytest.skip("no mosquitto is installed")
        settings = self.folder / "mosquitto.conf"
        settings.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence false\n{self.more}"
        )
        process = subprocess.Popen([MOSQUITTO, "-c", str(settings)], stderr=subprocess.DEVNULL)
        try:
            with self._listening():
                yield self
        finally:
            process.kill()
            process.wait()

    @contextmanager
    def _listening(self) -> Iterator[None]:
        ready, client = Event(), Client(CallbackAPIVersion.VERSION2)
        client.on_message = lambda _, __, one: self.got.append((one.topic, one.payload))
        client.on_subscribe = lambda *_: ready.set()
        client.on_connect = lambda of, *_: of.subscribe("#", qos=1)
        _until(lambda: _reached(client, self.port))
        client.loop_start()
        try:
            assert ready.wait(PATIENCE)
            yield
        finally:
            client.disconnect()
            client.loop_stop()

    def heard(self, many: int) -> list[tuple[str, bytes]]:
        """So many messages, once the listener has them."""
        _until(lambda: len(self.got) >= many)
        return self.got


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _reached(client: Client, port: int) -> bool:
    try:
        client.connect("127.0.0.1", port)
    except OSError:
        return False
    return True


def _until(there: object) -> None:
    end = time.monotonic() + PATIENCE
    while not there():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.02)
