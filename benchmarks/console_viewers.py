"""Viewers of a console, for its bench: each listens, and fetches the desk whenever it hears of a new state.

    python -m benchmarks.console_viewers http://127.0.0.1:8710 COOKIES 100

One in ten asks for the desk and never reads the answer. Ends with its standard input, and says how often the
others saw a new state, and how long after the write the slowest did.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from time import perf_counter
from urllib.parse import urlsplit

#: Of so many viewers one is stalled.
STALLED = 10


@dataclass
class Seen:
    """What the viewers had of it."""

    states: int = 0
    slowest: float = 0.0


async def main(base: str, cookies: str, viewers: int) -> None:
    seen, stalled = Seen(), viewers // STALLED
    tasks = [asyncio.create_task(_stalled(base, cookies)) for _ in range(stalled)]
    tasks += [asyncio.create_task(_viewer(base, cookies, seen)) for _ in range(viewers - stalled)]
    print("here", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    each = seen.states / max(viewers - stalled, 1)
    print(f"{stalled} stalled; each other saw {each:.0f} states, the slowest {seen.slowest:.2f} s late")


async def _viewer(base: str, cookies: str, seen: Seen) -> None:
    reader, _ = await _asked(base, "/live", cookies)
    async for line in reader:
        if line.startswith(b"data: "):
            begun = perf_counter()
            answer, writer = await _asked(base, "/part/now", cookies)
            await answer.read()
            writer.close()
            seen.states += 1
            seen.slowest = max(seen.slowest, perf_counter() - begun)


async def _stalled(base: str, cookies: str) -> None:
    _, writer = await _asked(base, "/part/now", cookies)
    try:
        await asyncio.Event().wait()
    finally:
        writer.close()


async def _asked(base: str, path: str, cookies: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host = urlsplit(base).netloc
    # As little as a kernel holds for whoever does not read.
    reader, writer = await asyncio.open_connection(*_split(host), limit=4096)
    told = f"GET {path} HTTP/1.1\r\nhost: {host}\r\ncookie: {cookies}\r\naccept-encoding: gzip\r\n"
    writer.write(f"{told}connection: close\r\n\r\n".encode())
    await writer.drain()
    return reader, writer


def _split(host: str) -> tuple[str, int]:
    name, _, port = host.partition(":")
    return name, int(port)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
