"""Whatever a peer speaks, it keeps nobody waiting: each exchange ends with its deadline and says so."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from engine import app
from engine.cycle.loops.asked import asking
from engine.cycle.loops.service import _reply
from engine.cycle.loops.worker import Unfinished
from engine.model.message import Delivery
from tests.story import county
from tests.story.post_office import CA
from tests.story.test_hanging import limit, loops_of, messages

#: What each says first, and then for ever; never so slowly that a pause between two bytes would end it.
SAID = {
    "smtp": (b"220-wait\r\n", b"220-wait\r\n"),
    "mqtt": (b"\x20", b"\x80"),
    "apprise": (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"),
    "webhook": (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"),
    "imap": (b"* OK wait\r\n", b"* OK wait\r\n"),
}
CHANNELS = {
    "smtp": "host: 127.0.0.1, port: {port}, security: none, sender: a@example.org, to: b@example.org",
    "mqtt": "host: 127.0.0.1, port: {port}, security: none",
    "apprise": "secret_url: '${{CHAT}}'",
    "webhook": "url: 'http://127.0.0.1:{port}/', secret: '${{SECRET}}'",
}
ENDED = "not over after 2 s, and ended"


class _Talker(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        first, rest = SAID[self.server.kind]
        with suppress(OSError):
            self.request.sendall(first)
            while not self.server.over.wait(0.01):
                self.request.sendall(rest)


class _Talking(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, kind: str) -> None:
        super().__init__(("127.0.0.1", 0), _Talker)
        self.kind, self.over = kind, threading.Event()


@pytest.fixture(scope="module")
def ports() -> Iterator[dict[str, int]]:
    """By what they speak, the ports of peers that never end."""
    with ExitStack() as opened:
        servers = {kind: opened.enter_context(_Talking(kind)) for kind in SAID}
        for server in servers.values():
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            opened.callback(server.shutdown)
            opened.callback(server.over.set)
        yield {kind: server.server_address[1] for kind, server in servers.items()}


@pytest.fixture
def root(tmp_path: Path, ports: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A county that tells all of them, and lets none take longer than two seconds."""
    monkeypatch.setenv("SECRET", "0123456789abcdef")
    monkeypatch.setenv("CHAT", f"json://127.0.0.1:{ports['apprise']}/")
    root = county.build(tmp_path / "county")
    desks = "".join(
        f"  - {{id: {kind}, title: Desk, channels: [{{kind: {kind}, timeout: 50s,"
        f" {options.format(port=ports[kind])}}}]}}\n"
        for kind, options in CHANNELS.items()
    )
    routes = f"receivers:\n{desks}routes:\n  - {{id: all, receivers: [{', '.join(CHANNELS)}]}}\n"
    (root / "config/routes.yaml").write_text(routes, encoding="utf-8")
    limit(root, deliver_timeout="2s")
    return root


@pytest.mark.slow
def test_a_message_to_each_is_ended_and_tried_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with loops_of(root, monkeypatch) as loops:
        loops.once()
        told = messages(loops)
        for kind in CHANNELS:
            first, *others = told[kind]
            assert (first.state, first.attempts) == (Delivery.RETRY, 1), kind
            assert first.error.startswith(f"{ENDED}; raise deliver_timeout"), kind
            assert {one.attempts for one in others} <= {0}, kind


def test_a_mailbox_is_ended_too(root: Path, ports: dict[str, int]) -> None:
    mailbox = (
        f"address: a@example.org, host: localhost, port: {ports['imap']}, user: a, password: '${{SECRET}}'"
    )
    limit(root, public=(
        f"{{address: 'https://warn.example.org/', secret: '${{SECRET}}',"
        f" mailbox: {{{mailbox}, security: starttls, timeout: 50s, ca: '{CA}'}}}}"
    ))  # fmt: skip
    with app.world(root) as world, asking(world) as ask, pytest.raises(Unfinished, match=ENDED):
        ask(_reply, None, world.settings.engine.deliver_timeout.total_seconds())
