"""How long the pages wait for somebody to say what they ask, and for how many at once.

The server beneath waits for ever for a request that has begun, or has not: whoever holds a thousand
connections open takes every file that the service may open, its database's among them.
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

#: A request is whole within so many seconds from its first byte, and the first from the connection on; what
#: sources push over a slow line is.
WITHIN = 60.0
#: So many connections are open at once; whoever has said nothing whole yet gives way to who comes then.
MOST = 300


class Patience(H11Protocol):
    """One connection, ended where it does not say in time what it wants."""

    _waits: asyncio.TimerHandle | None = None

    # The library narrows what asyncio gives it, too.
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()
        if len(self.connections) > MOST:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        self._heard()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._heard()
        elif self._waits is None:
            self._wait()

    def _wait(self) -> None:
        self._waits = self.loop.call_later(WITHIN, self._give_up)

    def _heard(self) -> None:
        if self._waits is not None:
            self._waits.cancel()
            self._waits = None

    def _give_up(self) -> None:
        self._waits = None
        self.transport.abort()

    def _make_room(self) -> None:
        """End whoever has waited longest without a whole request: the newest itself where all others have
        one."""
        waiting = [one for one in self._all() if one._waits is not None]
        longest = min(waiting, key=lambda one: one._waits.when() if one._waits else 0.0, default=self)
        longest._heard()
        longest.transport.abort()

    def _all(self) -> list[Patience]:
        connections: set[Any] = self.connections
        return [one for one in connections if isinstance(one, Patience) and not one.transport.is_closing()]
