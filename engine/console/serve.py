"""The console on a thread of its own, beside whatever else the process does."""

from __future__ import annotations

import secrets
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import uvicorn

from engine.console.app import Guest, create
from engine.cycle.config.console import Console
from engine.cycle.world import World
from engine.errors import UsageError

PORT = 8710
#: Seconds that open connections are given at the end.
PARTING = 2


@contextmanager
def console(
    world: Callable[[], World], port: int = PORT, *, strict: bool = False, asked: Console | None = None,
    guests: Sequence[Guest] = (),
) -> Iterator[str]:  # fmt: skip
    """Serve while the block runs. Gives the link that lets a viewer in; or, as the configuration asks for
    it, the address alone: whoever comes there signs in.

    Another port is taken where `port` is in use, unless `strict`: then UsageError.
    """
    how = asked or Console()
    bound = _bound(how.listen, port, strict)
    key = "" if asked else secrets.token_urlsafe(24)
    app = create(world, key, names=how.names, https=how.https, guests=guests)
    config = uvicorn.Config(
        app, log_config=None, access_log=False, lifespan="off", server_header=False,
        timeout_graceful_shutdown=PARTING,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([bound],), name="console", daemon=True)
    thread.start()
    try:
        address = f"http://127.0.0.1:{bound.getsockname()[1]}/"
        yield f"{address}enter?key={key}" if key else address
    finally:
        app.state.pulse.closed = True
        server.should_exit = True
        thread.join(PARTING + 5)
        bound.close()


def _bound(listen: str, port: int, strict: bool) -> socket.socket:
    for wanted in (port, 0):
        bound = socket.socket(socket.AF_INET6 if ":" in listen else socket.AF_INET)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((listen, wanted))
            # Only who listens holds the port.
            bound.listen(socket.SOMAXCONN)
        except OSError as error:
            bound.close()
            if strict:
                raise UsageError(
                    f"port {port} cannot be used: {error.strerror}; name another with --port"
                ) from None
        else:
            return bound
    raise UsageError("no port of this machine can be used")
