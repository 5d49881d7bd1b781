"""Viewers hear of changes; one look serves them all."""

from __future__ import annotations

import asyncio
import itertools

import httpx

from engine.console.live import ALIVE, Pulse
from engine.cycle.world import World


def test_a_viewer_hears_each_new_state_once_and_that_we_are_here():
    states = iter(["1", "1", "2", *["2"] * 50])
    pulse = Pulse(lambda: next(states), beat=0)

    async def heard() -> list[str]:
        events = pulse.events()
        found = [await anext(events) for _ in range(4)]
        pulse.closed = True
        return found

    retry, first, second, alive = asyncio.run(heard())
    assert retry.startswith("retry:") and first == "id: 1\ndata: 1\n\n" and second == "id: 2\ndata: 2\n\n"
    assert alive.startswith("event: alive") and next(states) == "2", ALIVE


def test_who_comes_back_hears_only_what_is_new():
    pulse = Pulse(lambda: "7", beat=0)

    async def first(seen: str) -> str:
        events = pulse.events(seen)
        await anext(events)
        return await anext(events)

    assert asyncio.run(first("6")).startswith("id: 7") and asyncio.run(first("7")).startswith("event: alive")


def test_a_hundred_viewers_cost_one_look_a_beat():
    looks = itertools.count(1)
    pulse = Pulse(lambda: str(next(looks)), beat=3600)

    async def all_at_once() -> set[str]:
        return set(await asyncio.gather(*(pulse.state() for _ in range(100))))

    assert asyncio.run(all_at_once()) == {"1"} and next(looks) == 2


def test_a_page_that_is_open_hears_of_a_write(browser: httpx.Client, world: World):
    with browser.stream("GET", "/live") as answer:
        lines = (line for line in answer.iter_lines() if line.startswith("data: ") and line != "data: ")
        first = next(lines)
        with world.store.begin() as tx:
            tx.seq()
        assert next(lines) != first
