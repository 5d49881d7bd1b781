"""`forewarn run` and `forewarn demo`."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import replace
from datetime import date, timedelta

import click
from loguru import logger

from engine import app
from engine.cli.console import welcome
from engine.cli.language import say
from engine.cli.listing import show
from engine.cli.loading import load
from engine.cli.place import Place, pass_place
from engine.cli.stopping import Stop, until_told
from engine.cli.story import Days, play, told
from engine.cli.warnings import rows_of
from engine.cycle import clock, presence
from engine.cycle import run as running
from engine.cycle.config.console import Console
from engine.cycle.loops.service import Loops, always
from engine.cycle.reload import Live
from engine.cycle.world import World
from engine.errors import FeedError, UsageError
from engine.logs import configure
from engine.store import health, judgement, meta

_SHOWN = ("grade", "place", "topic", "domain", "score", "since", "lifted", "title", "id")

#: How much of its timeline the demo judges, and how long a lifted warning stays in its table.
DEMO_DAYS = 90
SHOWN_DAYS = 14

#: Moments are kept to the second.
SECOND = timedelta(seconds=1)


@click.command(epilog="Example: forewarn --root . run")
@click.option("--once", is_flag=True, help="Poll, judge and deliver once, then exit.")
@click.option("--clock-is-right", is_flag=True, help="A leap of the clock needs no second tick.")
@pass_place
def run(place: Place, once: bool, clock_is_right: bool) -> None:
    """The service: poll, judge what is due, deliver; until it is told to stop."""
    with until_told() as stop, place.world(serves=True) as world:
        configure(place.log or world.settings.engine.log)
        with world.store.read() as tx:
            if meta.get(tx, "demo"):
                raise UsageError(
                    f"{world.store.name} holds the demo, whose time is not ours; "
                    "name another database in config/engine.yaml"
                )
        world = replace(world, stopped=stop.is_set)
        running.prepare(world, world.clock() - SECOND)
        if clock_is_right or once:  # no second tick will come to confirm it; a clock ahead is made good later
            clock.right(world, sure=True)
        loops = _loops(place, world, clock.right)
        if once:
            _once(loops, world, stop)
        else:
            with _console(loops, world.settings.engine.console):
                _serve(loops, world, stop)
        _leave(world)


@contextmanager
def _console(service: Loops, asked: Console | None) -> Iterator[None]:
    """The console beside the service, where config/engine.yaml asks for it; who has an account signs in."""
    if asked is None:
        yield
        return
    from engine.console.serve import console

    of = service.live
    with console(lambda: of.world, asked.port, strict=True, asked=asked, take=service.take) as address:
        welcome(service.live.world, address)
        yield


@click.command(epilog="Example: forewarn demo --story 2024-12-01..2025-02-10")
@click.option("--once", is_flag=True, help="Print the table, or the story, and exit.")
@click.option("--story", type=Days(), help="Live through these days, so that they can be watched.")
@click.option(
    "--pace", default=2.0, show_default=True, type=click.FloatRange(0), help="Seconds for a day of the story."
)
@pass_place
def demo(place: Place, once: bool, story: tuple[date, date] | None, pace: float) -> None:
    """The same on the bundled real data, its clock at the data's end."""
    if story is not None:
        _story(place, story, pace, once)
        return
    with until_told() as stop, place.world(serves=True) as world:
        world = replace(world, stopped=stop.is_set)
        load(world)
        if not stop.is_set():
            world = _at_the_end(world)
            running.tick(world)
        if not stop.is_set():
            _table(world)
        if not once:
            configure(place.log or world.settings.engine.log)
            _shown(_loops(place, world), world, stop)
        _leave(world)


def _story(place: Place, days: tuple[date, date], pace: float, once: bool) -> None:
    """Days of the data once more, with the console open from the first of them on."""
    from engine.console.serve import console

    with (
        until_told() as stop,
        told(place, days, stop) as (world, dial),
        nullcontext("") if once else console(lambda: world) as link,
    ):
        if link:
            wall = f"{link.partition('enter')[0]}wall"
            click.echo(say("The console, for looking: {link}\nThe wall: {wall}", link=link, wall=wall))
        play(world, dial, days, pace, stop)
        if link and not stop.is_set():
            click.echo(say("The story is over and stays as it is; Ctrl-C ends it."))
            stop.wait()


def _shown(service: Loops, world: World, stop: Stop) -> None:
    """The service of the demo, with its console beside it."""
    from engine.console.serve import console

    with console(lambda: service.live.world, take=service.take) as link:
        click.echo()
        welcome(world, link)
        click.echo(say("The service goes on from here; Ctrl-C ends it."))
        _serve(service, world, stop)


def _once(service: Loops, world: World, stop: Stop) -> None:
    """What a poll brings is judged when its second is over: here there is no next tick to do it."""
    with closing(service) as loops:
        loops.once()
        if running.due(world, world.clock() + SECOND) and not stop.wait(SECOND.total_seconds()):
            loops.conclude()


def _serve(service: Loops, world: World, stop: Stop) -> None:
    """Poll, judge and deliver until told to stop, with the rules and the configuration as they are then."""

    def told() -> None:
        stop.wait()
        _end_within(world.settings.engine.stop_within)

    with _answering(service), closing(service) as loops:
        loops.serve(told)


def _answering(service: Loops) -> AbstractContextManager[object]:
    """The page behind the links of messages, where there is to be one."""
    asked = service.live.world.settings.engine.public
    if asked is None:
        return nullcontext()
    from engine.console.public.serve import public

    return public(lambda: service.live.world, asked.host, asked.port, service.take)


def _loops(place: Place, world: World, trust: Callable[[World], bool] = always) -> Loops:
    return Loops(Live(world, lambda: app.home(place.root, world.clock().date())), trust)


def _end_within(limit: timedelta) -> None:
    """From now on the process has so long to end, whatever hangs: a kill loses nothing either."""

    def end() -> None:
        logger.warning("what is at work did not end within {}; the next start goes on with it", limit)
        os._exit(0)

    timer = threading.Timer(limit.total_seconds(), end)
    timer.daemon = True
    timer.start()


def _leave(world: World) -> None:
    presence.leave(world)
    if world.stopped():
        click.echo(say("stopped; nothing is lost"))


def _at_the_end(world: World) -> World:
    """The world at the last moment its feeds were heard, to judge the days before it."""
    with world.store.begin() as tx:
        heard = [last.good_at for last in health.last(tx).values() if last.good_at]
        if not heard:
            raise FeedError("not one feed of the demo could be read, see above; mend it and start again")
        end = max(heard)
        meta.put(tx, "demo", end.isoformat())
    running.prepare(world, end - timedelta(days=DEMO_DAYS))
    return replace(app.at_time(world, end), relived=True)


def _table(world: World) -> None:
    now = world.clock()
    with world.store.read() as tx:
        found = judgement.warnings(tx, lifted_since=now - timedelta(days=SHOWN_DAYS))
    zone = world.settings.calendar.zone
    local = now.astimezone(zone)
    told = "Warnings on {when}: open, and lifted in the last {days} {days:day|days}"
    click.echo(f"\n{say(told, when=f'{local:%Y-%m-%d %H:%M}', days=SHOWN_DAYS)}\n")
    show(rows_of(world, found), _SHOWN, "text", empty="no warning is open", zone=zone)
    if found:
        command = f".venv/bin/forewarn warnings why {rows_of(world, found)[0]['id']}"
        click.echo(f"\n{say('To see why: {command}', command=command)}")
