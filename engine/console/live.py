"""Pages hear when the store has changed: one look a second for all viewers, a number to each."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

#: Seconds between looks, and after how many of them a viewer hears that we are still here.
BEAT, ALIVE = 1.0, 5


@dataclass
class Pulse:
    """The state of the store as `look` finds it; asked at most once a beat, however many listen."""

    look: Callable[[], str]
    beat: float = BEAT
    closed: bool = False
    _state: str = ""
    _looked: float = field(default=float("-inf"))
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def state(self) -> str:
        async with self._lock:
            if time.monotonic() - self._looked >= self.beat:
                self._state, self._looked = await asyncio.to_thread(self.look), time.monotonic()
            return self._state

    async def events(self, seen: str = "") -> AsyncIterator[str]:
        """Server-sent events: one with every new state, its id; a comment while nothing changes. `seen`: the
        state that a viewer who comes back had."""
        quiet = 0
        yield "retry: 2000\n\n"
        while not self.closed:
            state = await self.state()
            if state != seen:
                seen, quiet = state, 0
                yield f"id: {state}\ndata: {state}\n\n"
            elif quiet >= ALIVE:
                quiet = 0
                yield "event: alive\ndata:\n\n"
            quiet += 1
            await asyncio.sleep(self.beat)
