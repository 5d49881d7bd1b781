"""Pages on a thread of their own, beside whatever else the process does."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from engine.console.patience import Patience

#: Seconds that open connections are given at the end.
PARTING = 2


def listening(host: str, port: int) -> socket.socket:
    """A socket that holds the port; any that is free where `port` is 0. Raises OSError."""
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        # Only who listens holds the port.
        bound.listen(socket.SOMAXCONN)
    except OSError:
        bound.close()
        raise
    return bound


@contextmanager
def served(app: FastAPI, bound: socket.socket, name: str, *, proxied: bool) -> Iterator[int]:
    """Serve while the block runs; gives the port. name: the thread's; proxied: a proxy on this machine may
    say whom it asks for."""
    config = uvicorn.Config(
        app, log_config=None, access_log=False, lifespan="off", server_header=False,
        timeout_graceful_shutdown=PARTING, proxy_headers=proxied, http=Patience,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([bound],), name=name, daemon=True)
    thread.start()
    try:
        port: int = bound.getsockname()[1]
        yield port
    finally:
        server.should_exit = True
        thread.join(PARTING + 5)
        bound.close()
