"""`forewarn run`, `forewarn demo` and `forewarn status`."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from types import FrameType
from typing import Any

import click
from loguru import logger

from engine import app
from engine.cli.listing import format_option, show
from engine.cli.place import Place, pass_place
from engine.cli.warnings import rows_of
from engine.cycle import collect, schedule
from engine.cycle import run as running
from engine.cycle.world import World
from engine.errors import UsageError
from engine.logs import configure
from engine.store import health, judgement, meta, outbox, runs

_SHOWN = ("grade", "place", "topic", "domain", "score", "since", "lifted", "title", "id")

#: How much of its timeline the demo judges, and how long a lifted warning stays in its table.
DEMO_DAYS = 90
SHOWN_DAYS = 14


@click.command(epilog="Example: forewarn --root . run")
@click.option("--once", is_flag=True, help="One tick, then exit.")
@pass_place
def run(place: Place, once: bool) -> None:
    """The service: poll, judge what is due, deliver; until it is told to stop."""
    configure("info")
    with place.world() as world:
        with world.store.read() as tx:
            if meta.get(tx, "demo"):
                raise UsageError(
                    f"{world.store.url} holds the demo, whose time is not ours; "
                    "name another database in config/engine.yaml"
                )
        running.prepare(world, world.clock())
        _serve(world, once=once)


@click.command(epilog="Example: forewarn demo --once")
@click.option("--once", is_flag=True, help="Print the table and exit.")
@pass_place
def demo(place: Place, once: bool) -> None:
    """The same on the bundled real data, its clock at the data's end."""
    with place.world() as world:
        end = _load(world)
        world = app.at_time(world, end)
        running.prepare(world, end - timedelta(days=DEMO_DAYS))
        running.tick(world)
        _table(world)
        if not once:
            configure("info")
            click.echo("\nThe service goes on from here; Ctrl-C ends it.")
            _serve(world, once=False)


def _load(world: World) -> datetime:
    """Ingest every bundled feed whole; the clock of the demo is the last moment they were heard."""
    started = world.clock()
    running.prepare_ledger(world)
    for feed in world.settings.feeds.values():
        with world.store.read() as tx:
            loaded = health.last_good(tx, feed.id) is not None
        if not loaded:
            collected = collect.poll(world, feed, started)
            click.echo(
                f"{feed.id}: {collected.new} incidents, {collected.revised} corrections, "
                f"{collected.rejected} rejected, {collected.late} late in bulk{collected.error and ': '}"
                f"{collected.error}"
            )
    with world.store.begin() as tx:
        end = max(last.at for last in health.last(tx).values())
        meta.put(tx, "demo", end.isoformat())
    return end


def _table(world: World) -> None:
    now = world.clock()
    with world.store.read() as tx:
        found = judgement.warnings(tx, lifted_since=now - timedelta(days=SHOWN_DAYS))
    local = now.astimezone(world.settings.calendar.zone)
    click.echo(f"\nWarnings on {local:%Y-%m-%d %H:%M}: open, and lifted in the last {SHOWN_DAYS} days\n")
    show(rows_of(world, found), _SHOWN, "text", empty="no warning is open")
    if found:
        click.echo(f"\nTo see why: .venv/bin/forewarn warnings why {rows_of(world, found)[0]['id']}")


def _serve(world: World, *, once: bool) -> None:
    if once:
        running.tick(world)
        return
    stop = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        logger.info("{} received; the tick at work ends first", signal.Signals(number).name)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
    schedule.serve(lambda: running.tick(world), world.settings.cycles.tick, stop)
    click.echo("stopped; nothing is lost")


@click.command(epilog="Example: forewarn status --format json")
@format_option
@pass_place
def status(place: Place, form: str) -> None:
    """Is it alive, what is blind, what is late, what could not be delivered. Exit 1 where something is
    wrong."""
    with place.world() as world:
        rows = list(_checks(world))
    show(rows, ("what", "name", "state", "since", "detail"), form)
    if any(row["state"] != "ok" for row in rows):
        raise click.exceptions.Exit(1)


def _checks(world: World) -> Iterator[dict[str, Any]]:
    now = world.clock()
    with world.store.read() as tx:
        heard, beats = health.last(tx), meta.like(tx, "heartbeat/")
        failed = [run for run in runs.listing(tx, 200) if run.state == "failed"]
        undelivered = outbox.listing(tx, state="failed")
    for name, beat in sorted(beats.items()):
        at = datetime.fromisoformat(beat)
        alive = now - at < 5 * world.settings.cycles.tick
        owner = name.partition("/")[2]
        yield {"what": "service", "name": owner, "state": "ok" if alive else "silent", "since": at}
    for feed in world.settings.feeds.values():
        last = heard.get(feed.id)
        good = last.good_at if last else None
        fine = good is not None and now - good <= feed.max_silence
        yield {
            "what": "feed", "name": feed.id, "state": "ok" if fine else "blind", "since": good,
            "detail": last.detail if last else "never polled",
        }  # fmt: skip
    waiting = running.due(world, now)
    yield {
        "what": "cycles", "name": "due", "state": "ok" if not waiting else "behind",
        "detail": f"{len(waiting)} periods are due", "since": waiting[0].due_at if waiting else None,
    }  # fmt: skip
    for run in failed:
        yield {
            "what": "run", "name": f"{run.cycle} {run.period}", "state": "failed", "since": run.due_at,
            "detail": run.detail,
        }  # fmt: skip
    for message in undelivered:
        yield {
            "what": "message", "name": message.key, "state": "failed", "since": message.planned_at,
            "detail": message.error,
        }  # fmt: skip
