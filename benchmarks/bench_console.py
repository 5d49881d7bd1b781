"""The console before a country: *Now* whole, its JSON, a hundred live viewers, judging beside them, and
an area with a year of 300,000 reports.

    python -m benchmarks console [--viewers 100] [--seconds 20]

Each figure beside what it is held against: a static page of the same size by the same server, half a core,
the same judging with nobody watching. Exit with 1 where one is over its limit.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from statistics import median
from time import perf_counter, process_time, sleep

import httpx
from sqlalchemy import select

from benchmarks.console_load import REPORTS, country, report
from benchmarks.measuring import END, peak, processor
from engine.console.serve import console
from engine.cycle import run as running
from engine.cycle.world import World
from engine.model.period import Cycle
from engine.store.tables import incident

#: Seconds; bytes; cores; how much longer judging may take.
WHOLE, SMALL, CORE, SLOWER = 1.0, 500_000, 0.5, 0.10
#: An area's year costs so many times what it takes to read every report; once it was read, what it takes
#: where there is none.
READS, ALIKE = 3.0, 2.0
ROUNDS = 5


@dataclass
class Told:
    """What is over its limit."""

    over: list[str] = field(default_factory=list)

    def line(self, what: str, value: float, unit: str, limit: float, more: str = "") -> None:
        print(f"  {what:34} {value:10,.2f} {unit:8} limit {limit:,.2f}  {more}", flush=True)
        if value > limit:
            self.over.append(what)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--viewers", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=20)
    asked = parser.parse_args()
    told = Told()
    with country() as world, console(lambda: world, 0) as link:
        print("console: 3,030 areas, 5,000 open warnings")
        base = link.partition("/enter")[0]
        with httpx.Client(base_url=base, follow_redirects=True, timeout=120) as client:
            client.get(link)
            pages(client, world, told)
            browser(link, told)
            watched(client, world, told, asked.viewers, asked.seconds)
        _, quiet = areas(world)
        report(world)
        first, later = areas(world)
        plain, own = processor(read, world), f"{first:.2f} s"
        told.line(f"an area, first of {REPORTS:,} reports", first / plain, "reads", READS, own)
        told.line("an area thereafter, to that of none", later / quiet, "times", ALIKE, f"{later:.3f} s")
    print(f"  {peak()}")
    for what in told.over:
        print(f"over its limit: {what}", file=sys.stderr)
    return bool(told.over)


def areas(world: World) -> tuple[float, float]:
    """Seconds for the page of an area: of a year that nobody has looked at yet, and thereafter."""
    with console(lambda: world, 0) as link, httpx.Client(follow_redirects=True, timeout=120) as client:
        client.get(link).raise_for_status()
        address = f"{link.partition('/enter')[0]}/area/0101"
        return _seconds(client, address), min(_seconds(client, address) for _ in range(ROUNDS))


def read(world: World) -> None:
    """Every report, as it lies there."""
    with world.store.read() as tx:
        tx.conn.execute(select(incident.c.occurred_at, incident.c.areas, incident.c.category)).all()


def pages(client: httpx.Client, world: World, told: Told) -> None:
    """Now and its JSON, each after a write: nothing is kept from the time before. What counts is the
    processor's time, the client's included: on a machine that does something else, the clock runs on."""
    client.get("/")
    cold = [_after_a_write(client, world, "/") for _ in range(ROUNDS)]
    size = len(client.get("/").content)
    static = [_seconds(client, "/static/console.css") for _ in range(ROUNDS)]
    length = len(client.get("/static/console.css").content)
    ratio = median(cold) / (median(static) * size / length)
    beside = f"{ratio:.0f}x a static page of {size:,} bytes"
    told.line("Now, from the server", median(cold), "s", WHOLE, beside)
    packed = sum(_bytes(client, path) for path in _every(client))
    told.line("all warnings as JSON, compressed", packed, "bytes", SMALL)
    told.line("Now, compressed", _bytes(client, "/"), "bytes", 150_000)


def _after_a_write(client: httpx.Client, world: World, path: str) -> float:
    with world.store.begin() as tx:
        tx.seq()
    return _seconds(client, path)


def _seconds(client: httpx.Client, path: str) -> float:
    return processor(lambda: client.get(path).raise_for_status())


def _every(client: httpx.Client) -> Iterator[str]:
    path = "/v1/warnings?limit=1000"
    while path:
        yield path
        following = client.get(path).json()["next"]
        path = f"/v1/warnings?limit=1000&cursor={following}" if following else ""


def _bytes(client: httpx.Client, path: str) -> int:
    """As they go over the wire."""
    with client.stream("GET", path) as answer:
        return sum(len(part) for part in answer.iter_raw())


def browser(link: str, told: Told) -> None:
    """Now in Chromium, to the last shape of its map."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("  no Chromium is installed: Now is not looked at in a browser")
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"]).new_page()
        page.set_default_timeout(600_000)
        page.goto(link)
        times = []
        for _ in range(ROUNDS):
            page.goto(link.partition("/enter")[0])
            page.wait_for_selector("canvas[data-drawn]")
            times.append(page.evaluate("performance.now()") / 1000)
    told.line("Now, drawn by a browser, at best", min(times), "s", WHOLE)


def watched(client: httpx.Client, world: World, told: Told, viewers: int, seconds: float) -> None:
    """What viewers cost while the store changes every second, and what they cost whoever judges."""
    cookies = "; ".join(f"{one.name}={one.value}" for one in client.cookies.jar)
    period = world.settings.calendar.last_due(Cycle.DAILY, END)
    judging = partial(running.trial, world, period)
    judging()
    alone = [_own(judging) for _ in range(ROUNDS)]
    with _writing(world), _viewers(client.base_url, cookies, viewers) as process:
        begun, used = perf_counter(), process_time()
        sleep(seconds)
        cores = (process_time() - used) / (perf_counter() - begun)
        beside = [_own(judging) for _ in range(ROUNDS)]
        seen, _ = process.communicate("")
    told.line(f"{viewers} viewers, live", cores, "cores", CORE, seen.strip())
    told.line("judging beside them, longer by", median(beside) / median(alone) - 1, "", SLOWER)


def _own(work: Callable[[], object]) -> float:
    """Seconds by the clock; whoever else wants the interpreter makes it longer."""
    begun = perf_counter()
    work()
    return perf_counter() - begun


@contextmanager
def _writing(world: World) -> Iterator[None]:
    """A new state every second."""
    over = threading.Event()

    def write() -> None:
        while not over.wait(1):
            with world.store.begin() as tx:
                tx.seq()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def _viewers(base: httpx.URL, cookies: str, viewers: int) -> Iterator[subprocess.Popen[str]]:
    """In a process of their own; their cost is not the server's."""
    command = [sys.executable, "-m", "benchmarks.console_viewers", str(base), cookies, str(viewers)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stdin
        process.stdout.readline()
        yield process


if __name__ == "__main__":
    sys.exit(main())
