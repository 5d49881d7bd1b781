"""`forewarn status`: what is alive, blind, late, or could not be delivered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import click

from engine import app
from engine.cli.cells import Ours
from engine.cli.listing import format_option, show
from engine.cli.place import Place, pass_place
from engine.cycle import comparable, condition, departed, hearing, last, presence, roster
from engine.cycle import run as running
from engine.cycle.loops import watch
from engine.cycle.reload import Refusal, mistakes, refused
from engine.cycle.world import World
from engine.errors import ConfigError, StoreError
from engine.model.feed import Feed
from engine.model.period import Calendar
from engine.store import faults, outbox, runs
from engine.store.database import Tx

#: What failed for good longer ago than this is history: no monitor need ring for it.
RECENT = timedelta(days=7)
#: After so many ticks without a sign a service that did not say goodbye is missed.
SILENT = 5
#: Faults that the lines of feeds, runs and services tell.
_TOLD = frozenset({"down", "silent", "quiet", "late", "delayed", "unsaid"})


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
    told = [{**row, "name": Ours(row["name"]), "detail": Ours(row.get("detail") or "")} for row in rows]
    show(told, ("what", "name", "state", "since", "detail"), form, zone=zone, heads={"what": "对象"})
    if any(row["state"] not in condition.FINE for row in rows):
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
        yield _service(owner, at, silent=presence.dead(owner) or now - at > patience)
    yield _refused(refusal or found)
    yield from rows


def _by(before: last.Last, tx: Tx, now: datetime) -> Iterator[dict[str, Any]]:
    """The feeds and the cycles of the calendar as the configuration before the mistake has them."""
    for feed in before.feeds.values():
        yield asdict(condition.feed(feed, hearing.heard(tx, feed, before.calendar, now)))
    _, waiting = running.calendar_due(tx, before.calendar, before.cycles.catch_up, now)
    ordered = sorted(waiting, key=lambda period: period.rank)
    yield asdict(condition.cycles(ordered, before.cycles.grace, now))
    yield from _failed(tx, now)


def _service(owner: str, at: datetime, *, silent: bool) -> dict[str, Any]:
    return {"what": "service", "name": owner, "state": "silent" if silent else "ok", "since": at}


def _removed(feed: Feed, calendar: Calendar) -> dict[str, Any]:
    last_day = feed.covers.until
    return {
        "what": "feed", "name": feed.id, "state": "removed", "since": calendar.midnight(last_day),
        "detail": "its incidents are in the store, and config/feeds.yaml names it no more: put it back"
                  f" with `covers: {{to: {last_day}}}`, which says what it reported on until then",
    }  # fmt: skip


def _failed(tx: Tx, now: datetime) -> Iterator[dict[str, Any]]:
    """Runs and messages that failed of late."""
    for run in runs.failed(tx, now - RECENT):
        yield {
            "what": "run", "name": f"{run.cycle} {run.period}", "state": "failed", "since": run.due_at,
            "detail": run.detail,
        }  # fmt: skip
    for message in outbox.listing(tx, state=outbox.LOST, since=now - RECENT):
        yield {
            "what": "message", "name": message.key, "state": message.state.value, "since": message.planned_at,
            "detail": message.error,
        }  # fmt: skip


def _faults(tx: Tx) -> Iterator[dict[str, Any]]:
    """What is wrong with the engine itself, that no other line tells."""
    for one in faults.listing(tx):
        if one.kind not in _TOLD:
            known = f", known to {one.read_by}" if one.read_by else ""
            yield {
                "what": one.kind, "name": one.name, "state": one.state, "since": one.since,
                "detail": f"{one.detail} (fault {one.id}{known})",
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
        failed = [*_faults(tx), *_failed(tx, now)]
        young = comparable.young(world, tx)
    for owner, at in sorted(beats.items()):
        silent = presence.dead(owner) or now - at > SILENT * world.settings.cycles.tick
        yield _service(owner, at, silent=silent)
        for one in [] if silent else late.get(owner, []):
            yield {
                "what": one.what, "name": one.name, "state": "late", "since": one.since,
                "detail": f"still at work; nothing waits for it ({owner})",
            }  # fmt: skip
    if refusal is not None:
        yield _refused(refusal)
    for name, heard in hearings.items():
        yield asdict(condition.feed(world.settings.feeds[name], heard))
    yield from (asdict(condition.baseline(one)) for one in young)
    yield from _calendars(world)
    yield from (_removed(feed, world.settings.calendar) for feed in gone.values())
    yield asdict(condition.cycles(running.due(world, now), world.settings.cycles.grace, now))
    yield from failed
