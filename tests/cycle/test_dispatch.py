"""Messages leave side by side by channel, each with the moment of its own attempt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Barrier, Thread

import pytest

from engine import app
from engine.cycle import dispatch
from engine.cycle import run as running
from engine.notify.notice import Notice, Trouble
from tests.story import county

LONGEST = 60


class Receivers(ThreadingHTTPServer):
    """Two receivers that only answer once both were asked; keeps (path, name of the trouble, timestamp)."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Take)
        self.both = Barrier(2)
        self.taken: list[tuple[str, str, int]] = []


class _Take(BaseHTTPRequestHandler):
    server: Receivers

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.both.wait(LONGEST)
        name = "first" if '"name":"first"' in body else "second"
        self.server.taken.append((self.path, name, int(self.headers["Forewarn-Timestamp"])))
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def receivers() -> Iterator[Receivers]:
    with Receivers() as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_receiver_that_answers_slowly_keeps_no_other_waiting(tmp_path: Path, receivers: Receivers):
    root, at = county.build(tmp_path), f"http://127.0.0.1:{receivers.server_port}"
    (root / "config/routes.yaml").write_text("receivers:\n" + "".join(
        f"  - {{id: {name}, title: Operators, operator: true, channels: [{{kind: webhook, timeout: 60s,"
        f" url: '{at}/{name}', secret: 0123456789abcdef}}]}}\n"
        for name in "ab"
    ))  # fmt: skip
    moments = iter(range(1, 1000))

    def clock() -> datetime:
        return county.END + timedelta(minutes=next(moments))

    with app.world(root, clock=clock) as world:
        running.prepare_ledger(world)
        with world.store.begin() as tx:
            for minute, name in enumerate(("first", "second")):
                at_ = county.END + timedelta(seconds=minute)
                dispatch.notify_operators(world, tx, Notice(Trouble.DOWN, name, "", at_))
        assert dispatch.deliver(world) == 4
    for path in ("/a", "/b"):
        assert [name for to, name, _ in receivers.taken if to == path] == ["first", "second"]
    stamps = [stamp for *_, stamp in receivers.taken]
    assert len(set(stamps)) == 4, "each attempt has its own moment"
