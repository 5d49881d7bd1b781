"""The console beside whatever else the process does."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from engine.console.app import Guest, create
from engine.console.elsewhere import Elsewhere
from engine.console.provider import ready
from engine.console.serving import listening, served
from engine.cycle.config.console import Console
from engine.cycle.loops.intake import Take
from engine.cycle.world import World
from engine.errors import UsageError

PORT = 8710


@contextmanager
def console(
    world: Callable[[], World], port: int = PORT, *, strict: bool = False, asked: Console | None = None,
    guests: Sequence[Guest] = (), take: Take | None = None,
) -> Iterator[str]:  # fmt: skip
    """Serve while the block runs. Gives the link that lets a viewer in; or, as the configuration asks for
    it, the address alone: whoever comes there signs in.

    Another port is taken where `port` is in use, unless `strict`: then UsageError.
    """
    how = asked or Console()
    if Elsewhere(world).asked is not None:
        ready()
    bound = _bound(how.listen, port, strict)
    key = "" if asked else secrets.token_urlsafe(24)
    app = create(world, key, names=how.names, https=how.https, guests=guests, take=take)
    with served(app, bound, "console", proxied=True) as found:
        try:
            address = f"http://127.0.0.1:{found}/"
            yield f"{address}enter?key={key}" if key else address
        finally:
            app.state.pulse.closed = True


def _bound(listen: str, port: int, strict: bool) -> socket.socket:
    for wanted in (port, 0):
        try:
            return listening(listen, wanted)
        except OSError as error:
            if strict:
                said = f"port {port} cannot be used: {error.strerror}; name another with --port"
                raise UsageError(said) from None
    raise UsageError("no port of this machine can be used")
