"""The public pages on a thread of their own, beside the service."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from loguru import logger

from engine.console.public.app import create
from engine.cycle.world import World
from engine.errors import UsageError

#: Seconds that open connections are given at the end.
PARTING = 2


@contextmanager
def public(world: Callable[[], World], host: str, port: int) -> Iterator[int]:
    """Serve while the block runs; gives the port, which is any that is free where `port` is 0."""
    with _bound(host, port) as bound:
        config = uvicorn.Config(
            create(world), log_config=None, access_log=False, lifespan="off", server_header=False,
            timeout_graceful_shutdown=PARTING, proxy_headers=False,
        )  # fmt: skip
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([bound],), name="public", daemon=True)
        thread.start()
        found: int = bound.getsockname()[1]
        logger.info("links are answered on {} port {}", host, found)
        try:
            yield found
        finally:
            server.should_exit = True
            thread.join(PARTING + 5)


def _bound(host: str, port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(socket.SOMAXCONN)
    except OSError as error:
        bound.close()
        said = f"{host} port {port} cannot be used: {error.strerror}; see `public` in config/engine.yaml"
        raise UsageError(said) from None
    return bound
