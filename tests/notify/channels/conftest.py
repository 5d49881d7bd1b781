"""Real servers on loopback, with a certificate of their own."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

FOLDER = Path(__file__).parent / "certificates"


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback is reached without a proxy, whatever the environment says."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")


@pytest.fixture
def certificate() -> SimpleNamespace:
    """The file to trust, and a server's side of the handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(FOLDER / "localhost.crt", FOLDER / "localhost.key")
    return SimpleNamespace(ca=FOLDER / "localhost.crt", context=context)


class _Hook(BaseHTTPRequestHandler):
    """Keeps what is posted and answers what `server.answers` says next (204 after that), once it may."""

    def do_POST(self) -> None:
        hook = self.server.hook  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        hook.requests.append((dict(self.headers), body))
        status, headers = hook.answers.pop(0) if hook.answers else (204, {})
        hook.go_on.wait()
        self.send_response(status)
        for name, value in {"Content-Length": str(hook.length), **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def hook() -> Iterator[SimpleNamespace]:
    """An HTTP server that takes messages: `requests` so far, and the `answers` to give."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Hook)
    state = SimpleNamespace(
        requests=[], answers=[], length=0, go_on=threading.Event(), server=server,
        url=f"http://127.0.0.1:{server.server_port}/hook", port=server.server_port,
    )  # fmt: skip
    server.hook = state  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    state.go_on.set()
    yield state
    state.go_on.set()
    server.shutdown()
    server.server_close()
    thread.join()
