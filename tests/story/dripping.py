"""Peers that never end an answer."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

#: What it says on the wire, the last piece for ever.
DRIPS = {
    "header": (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"),
    "body": (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n[", b" "),
    "hints": (b"HTTP/1.1 103 Early Hints\r\n\r\n",),
    "silence": (b"",),
    "handshake": (b"",),
}
#: What is asked over TLS: of this one the handshake never ends.
SECURE = {"handshake"}


class Dripping(socketserver.ThreadingTCPServer):
    """Whoever connects gets these pieces, the last one again and again."""

    daemon_threads = True

    def __init__(self, kind: str) -> None:
        super().__init__(("127.0.0.1", 0), _Drip)
        self.pieces = DRIPS[kind]
        self.scheme = "https" if kind in SECURE else "http"
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_address[1]}/"


class _Drip(socketserver.BaseRequestHandler):
    server: Dripping

    def handle(self) -> None:
        with suppress(OSError):
            self.request.recv(65536)
            for piece in self.server.pieces:
                self.request.sendall(piece)
            while not self.server.over.wait(0.01):
                self.request.sendall(self.server.pieces[-1])


Drip = Callable[[str], str]


@contextmanager
def dripping() -> Iterator[Drip]:
    """Gives the address of somebody new who drips so; they are there while the block runs."""
    with ExitStack() as opened:

        def begin(kind: str) -> str:
            server = opened.enter_context(Dripping(kind))
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            opened.callback(server.shutdown)
            opened.callback(server.over.set)
            return server.url

        yield begin
