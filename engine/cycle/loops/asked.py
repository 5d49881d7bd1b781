"""What is asked of others in a worker, and what is recorded where one of them was not over in time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import cast

from engine.cycle import collect, dispatch, roster, sample
from engine.cycle.collect import TURN, Asked, Collected
from engine.cycle.loops.outfit import Outfit
from engine.cycle.loops.worker import Step, Stopping, Unfinished, Workers
from engine.cycle.sample import Sample
from engine.cycle.world import World
from engine.errors import EngineError, FeedError
from engine.model.feed import Feed
from engine.model.message import Notification, Receipt
from engine.model.rota import Rota
from engine.notify.deliver import unanswered

MEGABYTE = 1 << 20

#: Ask for a step with an argument, for so many seconds at most.
Ask = Callable[[Step, object, float], object]


@contextmanager
def asking(world: World) -> Iterator[Ask]:
    """For a command, which asks one after the other: a worker that ends with it."""
    with closing(Workers(world.settings.engine.memory_mb * MEGABYTE)) as workers:
        yield partial(workers.ask, Outfit.of(world))


def poll(world: World, feed: Feed, ask: Ask, asked: Asked = TURN) -> Collected:
    """One poll of one feed; it is down where that is not over in time. Raises Unfinished."""
    try:
        return cast(Collected, ask(_poll, (feed.id, asked), poll_seconds(world)))
    except Stopping:
        raise
    except Unfinished as error:
        collect.down(world, feed, f"{error}; raise poll_timeout in engine.yaml if that is right")
        raise


def sampled(world: World, feed: Feed, ask: Ask, limit: int) -> Sample:
    """What the first records of a source would become; nothing is kept. Raises FeedError where no answer
    comes in time."""
    try:
        return cast(Sample, ask(_sample, (feed.id, limit), poll_seconds(world)))
    except EngineError as error:
        raise FeedError(str(error)) from error


def hand_over(world: World, message: Notification, ask: Ask) -> None:
    """One attempt at one message; what is not over in time is tried again. Raises Unfinished."""
    try:
        within = world.settings.engine.deliver_timeout.total_seconds()
        receipt = cast(Receipt, ask(_attempt, message, within))
    except Stopping:
        raise
    except Unfinished as error:
        said = f"{error}; raise deliver_timeout in engine.yaml if that is right"
        dispatch.settle(world, message, unanswered(message, world.clock(), said))
        raise
    dispatch.settle(world, message, receipt)


def calendar(world: World, one: Rota, ask: Ask) -> None:
    """The calendar of one rota; what was heard before stands where it is not over in time. Raises
    Unfinished."""
    try:
        ask(_calendar, one.id, poll_seconds(world))
    except Stopping:
        raise
    except Unfinished as error:
        roster.unheard(world, one, f"{error}; raise poll_timeout in engine.yaml if that is right")
        raise


def poll_seconds(world: World) -> float:
    """How long whoever is asked for something may take, until all of it is stored."""
    return world.settings.engine.poll_timeout.total_seconds()


def _poll(world: World, wanted: tuple[str, Asked]) -> Collected:
    feed, asked = wanted
    return collect.poll(world, world.settings.feeds[feed], asked)


def _sample(world: World, wanted: tuple[str, int]) -> Sample:
    feed, limit = wanted
    return sample.take(world, world.settings.feeds[feed], limit)


def _attempt(world: World, message: Notification) -> Receipt:
    return dispatch.attempt(world, message)


def _calendar(world: World, rota: str) -> None:
    roster.ask(world, world.settings.rotas[rota])
