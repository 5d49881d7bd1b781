"""`forewarn run`, `forewarn demo` and `forewarn status`."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import click
from loguru import logger

from engine import app
from engine.cli.console import welcome
from engine.cli.listing import format_option, show
from engine.cli.place import Place, pass_place
from engine.cli.stopping import Stop, until_told
from engine.cli.warnings import rows_of
from engine.cycle import clock, collect, departed, hearing, last, presence, roster
from engine.cycle import run as running
from engine.cycle.config.console import Console
from engine.cycle.loops import watch
from engine.cycle.loops.service import Loops, always
from engine.cycle.reload import Live, Refusal, mistakes, refused
from engine.cycle.world import World
from engine.errors import ConfigError, FeedError, StoreError, UsageError
from engine.logs import configure
from engine.model.feed import Feed
from engine.model.period import Calendar, Period
from engine.store import health, judgement, meta, outbox, runs
from engine.store.database import Tx

_SHOWN = ("grade", "place", "topic", "domain", "score", "since", "lifted", "title", "id")

#: How much of its timeline the demo judges, and how long a lifted warning stays in its table.
DEMO_DAYS = 90
SHOWN_DAYS = 14

#: What failed for good longer ago than this is history: no monitor need ring for it.
RECENT = timedelta(days=7)
#: After so many ticks without a sign a service that did not say goodbye is missed.
SILENT = 5
#: Moments are kept to the second.
SECOND = timedelta(seconds=1)


@click.command(epilog="Example: forewarn --root . run")
@click.option("--once", is_flag=True, help="Poll, judge and deliver once, then exit.")
@click.option("--clock-is-right", is_flag=True, help="A leap of the clock needs no second tick.")
@pass_place
def run(place: Place, once: bool, clock_is_right: bool) -> None:
    """The service: poll, judge what is due, deliver; until it is told to stop."""
    with until_told() as stop, place.world() as world:
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

    with console(lambda: service.live.world, asked.port, strict=True, asked=asked) as address:
        welcome(service.live.world, address)
        yield


@click.command(epilog="Example: forewarn demo --once")
@click.option("--once", is_flag=True, help="Print the table and exit.")
@pass_place
def demo(place: Place, once: bool) -> None:
    """The same on the bundled real data, its clock at the data's end."""
    with until_told() as stop, place.world() as world:
        world = replace(world, stopped=stop.is_set)
        _load(world)
        if not stop.is_set():
            world = _at_the_end(world)
            running.tick(world)
        if not stop.is_set():
            _table(world)
        if not once:
            configure(place.log or world.settings.engine.log)
            _shown(_loops(place, world), world, stop)
        _leave(world)


def _shown(service: Loops, world: World, stop: Stop) -> None:
    """The service of the demo, with its console beside it."""
    from engine.console.serve import console

    with console(lambda: service.live.world) as link:
        click.echo()
        welcome(world, link)
        click.echo("The service goes on from here; Ctrl-C ends it.")
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

    return public(lambda: service.live.world, asked.host, asked.port)


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
        click.echo("stopped; nothing is lost")


def _load(world: World) -> None:
    """Ingest every bundled feed whole, those that are in the store already left out."""
    running.prepare_ledger(world)
    for feed in world.settings.feeds.values():
        with world.store.read() as tx:
            loaded = health.last_good(tx, feed.id) is not None
        if loaded or world.stopped():
            continue
        collected = collect.poll(world, feed)
        click.echo(
            f"{feed.id}: {collected.new} incidents, {collected.revised} corrections, "
            f"{collected.rejected} rejected, {collected.late} late in bulk{collected.error and ': '}"
            f"{collected.error}"
        )


def _at_the_end(world: World) -> World:
    """The world at the last moment its feeds were heard, to judge the days before it."""
    with world.store.begin() as tx:
        heard = [last.good_at for last in health.last(tx).values() if last.good_at]
        if not heard:
            raise FeedError("not one feed of the demo could be read, see above; mend it and start again")
        end = max(heard)
        meta.put(tx, "demo", end.isoformat())
    running.prepare(world, end - timedelta(days=DEMO_DAYS))
    return app.at_time(world, end)


def _table(world: World) -> None:
    now = world.clock()
    with world.store.read() as tx:
        found = judgement.warnings(tx, lifted_since=now - timedelta(days=SHOWN_DAYS))
    zone = world.settings.calendar.zone
    local = now.astimezone(zone)
    click.echo(f"\nWarnings on {local:%Y-%m-%d %H:%M}: open, and lifted in the last {SHOWN_DAYS} days\n")
    show(rows_of(world, found), _SHOWN, "text", empty="no warning is open", zone=zone)
    if found:
        click.echo(f"\nTo see why: .venv/bin/forewarn warnings why {rows_of(world, found)[0]['id']}")


@click.command(epilog="Example: forewarn status --format json")
@format_option
@pass_place
def status(place: Place, form: str) -> None:
    """Is it alive, what is blind, what is late, what could not be delivered. Exit 1 where something is
    wrong."""
    zone = None
    try:
        with place.world(create=False) as world:
            rows, zone = list(_checks(world)), world.settings.calendar.zone
    except ConfigError as error:
        rows = list(_unreadable(place, error))
    show(rows, ("what", "name", "state", "since", "detail"), form, zone=zone)
    if any(row["state"] != "ok" for row in rows):
        raise click.exceptions.Exit(1)


def _unreadable(place: Place, error: ConfigError) -> Iterator[dict[str, Any]]:
    """What can be said while the files hold mistakes: a service that runs goes on with the set it has."""
    found = Refusal(problems=tuple(mistakes(error)))
    try:
        yield from _meanwhile(place, found)
    except StoreError:  # nothing has run here yet
        yield _refused(found)


def _meanwhile(place: Place, found: Refusal) -> Iterator[dict[str, Any]]:
    with app.store(place.root) as store:
        now = app.clock_of(store)()
        with store.read() as tx:
            beats, refusal, before = presence.beats(tx), refused(tx), last.last(tx)
            rows = list(_by(before, tx, now)) if before else []
    patience = SILENT * before.cycles.tick if before else timedelta.max
    for owner, at in sorted(beats.items()):
        silent = presence.dead(owner) or now - at > patience
        yield {"what": "service", "name": owner, "state": "silent" if silent else "ok", "since": at}
    yield _refused(refusal or found)
    yield from rows


def _by(before: last.Last, tx: Tx, now: datetime) -> Iterator[dict[str, Any]]:
    """The feeds and the cycles of the calendar as the configuration before the mistake has them."""
    for feed in before.feeds.values():
        yield _feed(feed.id, hearing.heard(tx, feed, before.calendar, now))
    _, waiting = running.calendar_due(tx, before.calendar, before.cycles.catch_up, now)
    yield _cycles(sorted(waiting, key=lambda period: period.rank), before.cycles.grace, now)
    yield from _failed(tx, now)


def _feed(name: str, heard: hearing.Hearing) -> dict[str, Any]:
    return {"what": "feed", "name": name, "state": heard.state, "since": heard.since, "detail": heard.detail}


def _removed(feed: Feed, calendar: Calendar) -> dict[str, Any]:
    last_day = feed.covers.until
    return {
        "what": "feed", "name": feed.id, "state": "removed", "since": calendar.midnight(last_day),
        "detail": "its incidents are in the store, and config/feeds.yaml names it no more: put it back"
                  f" with `covers: {{to: {last_day}}}`, which says what it reported on until then",
    }  # fmt: skip


def _cycles(waiting: Sequence[Period], grace: timedelta, now: datetime) -> dict[str, Any]:
    behind = any(now - period.due_at > grace for period in waiting)
    return {
        "what": "cycles", "name": "due", "state": "behind" if behind else "ok",
        "detail": f"{len(waiting)} periods are due", "since": waiting[0].due_at if waiting else None,
    }  # fmt: skip


def _failed(tx: Tx, now: datetime) -> Iterator[dict[str, Any]]:
    """Runs and messages that failed of late."""
    for run in runs.failed(tx, now - RECENT):
        yield {
            "what": "run", "name": f"{run.cycle} {run.period}", "state": "failed", "since": run.due_at,
            "detail": run.detail,
        }  # fmt: skip
    for message in outbox.listing(tx, state="failed", since=now - RECENT):
        yield {
            "what": "message", "name": message.key, "state": "failed", "since": message.planned_at,
            "detail": message.error,
        }  # fmt: skip


def _refused(refusal: Refusal) -> dict[str, Any]:
    return {
        "what": "files", "name": "config and rules", "state": "refused", "since": refusal.at,
        "detail": str(refusal),
    }  # fmt: skip


def _calendars(world: World) -> Iterator[dict[str, Any]]:
    """What is known of the duty calendars at an address."""
    for one in world.settings.rotas.values():
        with world.store.read() as tx:
            heard = roster.heard(tx, one)
        if heard is not None:
            state = "down" if heard.error else "ok"
            yield {
                "what": "calendar", "name": one.id, "state": state, "since": heard.read_at,
                "detail": heard.error,
            }  # fmt: skip


def _checks(world: World) -> Iterator[dict[str, Any]]:
    now = world.clock()
    with world.store.read() as tx:
        hearings = {feed.id: hearing.of(world, tx, feed) for feed in world.settings.feeds.values()}
        gone = departed.feeds(tx, world.settings)
        beats, late, refusal = presence.beats(tx), watch.told(tx), refused(tx)
        failed = list(_failed(tx, now))
    for owner, at in sorted(beats.items()):
        silent = presence.dead(owner) or now - at > SILENT * world.settings.cycles.tick
        yield {"what": "service", "name": owner, "state": "silent" if silent else "ok", "since": at}
        for one in [] if silent else late.get(owner, []):
            yield {
                "what": one.what, "name": one.name, "state": "late", "since": one.since,
                "detail": f"still at work; nothing waits for it ({owner})",
            }  # fmt: skip
    if refusal is not None:
        yield _refused(refusal)
    for name, heard in hearings.items():
        yield _feed(name, heard)
    yield from _calendars(world)
    yield from (_removed(feed, world.settings.calendar) for feed in gone.values())
    yield _cycles(running.due(world, now), world.settings.cycles.grace, now)
    yield from failed
