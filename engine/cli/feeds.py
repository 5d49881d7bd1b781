"""`forewarn feeds` and `forewarn ingest`."""

from __future__ import annotations

from dataclasses import asdict, replace
from itertools import islice
from pathlib import Path

import click

from engine.cli.listing import format_option, show
from engine.cli.place import Place, pass_place
from engine.cycle import collect
from engine.cycle import run as running
from engine.cycle.world import World
from engine.errors import FeedError, UsageError
from engine.ingest import batch
from engine.model.feed import Feed
from engine.model.incident import Incident, Reject
from engine.model.problem import nearest
from engine.store import health, rejects

_COLLECTED = ("feed", "new", "revised", "unchanged", "rejected", "late", "error")


@click.group()
def feeds() -> None:
    """The configured sources."""


@feeds.command("list", epilog="Example: forewarn feeds list")
@format_option
@pass_place
def list_(place: Place, form: str) -> None:
    """Every feed: when it was last heard, and whether its topics are blind."""
    columns = (
        "id", "connector", "subject", "poll", "max_silence", "last_heard", "state", "rejects", "licence",
        "title",
    )  # fmt: skip
    with place.world() as world, world.store.read() as tx:
        now, heard, bad = world.clock(), health.last(tx), rejects.count(tx)
        rows = []
        for feed in world.settings.feeds.values():
            good = heard[feed.id].good_at if feed.id in heard else None
            blind = good is None or now - good > feed.max_silence
            rows.append({
                "id": feed.id, "connector": feed.connector, "subject": feed.subject, "poll": str(feed.poll),
                "max_silence": str(feed.max_silence), "last_heard": good,
                "state": "blind" if blind else "ok", "rejects": bad.get(feed.id, 0),
                "licence": feed.licence, "title": feed.title.en,
            })  # fmt: skip
    show(rows, columns, form, empty="no feed is configured", zone=world.settings.calendar.zone)


@feeds.command(epilog="Example: forewarn feeds check")
@pass_place
def check(place: Place) -> None:
    """Read every feed once without storing anything: can it be reached, does the mapping fit."""
    bad = False
    with place.world() as world:
        for feed in world.settings.feeds.values():
            try:
                good, rejected = _sample(world, feed, 1000)
            except FeedError as error:
                click.echo(f"{feed.id}: {error}")
                bad = True
                continue
            read = len(good) + len(rejected)
            click.echo(f"{feed.id}: {len(good)} of the first {read} records become incidents")
            for reject in rejected[:5]:
                click.echo(f"    {reject.place}: {reject.reason}")
            bad |= bool(rejected)
    if bad:
        raise click.exceptions.Exit(1)


@feeds.command("try", epilog="Example: forewarn feeds try se-police --limit 5")
@click.argument("feed")
@click.option("--limit", default=10, show_default=True)
@format_option
@pass_place
def try_(place: Place, feed: str, limit: int, form: str) -> None:
    """The first incidents a feed's mapping makes, without storing anything."""
    columns = ("source_id", "occurred_at", "known_at", "areas", "category", "severity", "precision")
    with place.world() as world:
        good, rejected = _sample(world, _named(world, feed), limit)
    rows = [{key: getattr(one, key) for key in columns} | {"areas": " ".join(one.areas)} for one in good]
    zone = world.settings.calendar.zone
    show(rows, columns, form, empty="not one record became an incident", zone=zone)
    for reject in rejected:
        click.echo(f"{reject.place}: {reject.reason}", err=True)


@feeds.command(epilog="Example: forewarn feeds poll se-police")
@click.argument("names", nargs=-1)
@format_option
@pass_place
def poll(place: Place, names: tuple[str, ...], form: str) -> None:
    """Poll feeds now (default: all), due or not."""
    with place.world() as world:
        chosen = [_named(world, name) for name in names] or list(world.settings.feeds.values())
        running.prepare_ledger(world)
        rows = [asdict(collect.poll(world, feed)) for feed in chosen]
    show(rows, _COLLECTED, form)
    if any(row["error"] for row in rows):
        raise click.exceptions.Exit(1)


@feeds.command("rejects", epilog="Example: forewarn feeds rejects --limit 20")
@click.argument("feed", required=False)
@click.option("--limit", default=50, show_default=True)
@format_option
@pass_place
def rejects_(place: Place, feed: str | None, limit: int, form: str) -> None:
    """Records that could not become incidents: masked, each with its reason."""
    columns = ("feed", "seen_at", "place", "reason", "record")
    with place.world() as world, world.store.read() as tx:
        kept = rejects.listing(tx, feed=feed, limit=limit)
        rows = [{key: getattr(one.reject, key) for key in columns} for one in kept]
    show(rows, columns, form, empty="no record was rejected", zone=world.settings.calendar.zone)


@click.command(epilog="Example: forewarn ingest se-police config/demo/se_police.csv.gz")
@click.argument("feed")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@format_option
@pass_place
def ingest(place: Place, feed: str, files: tuple[Path, ...], form: str) -> None:
    """Read files as if the feed had brought them; what is known already changes nothing."""
    with place.world() as world:
        of = _named(world, feed)
        if "path" not in type(of.options).model_fields:
            raise UsageError(f"the connector '{of.connector}' of '{feed}' reads no files")
        running.prepare_ledger(world)
        rows = []
        for file in files:
            single = replace(of, options=of.options.model_copy(update={"path": file, "url": None}))
            rows.append({**asdict(collect.poll(world, single, anew=True)), "file": str(file)})
    show(rows, (*_COLLECTED, "file"), form)
    if any(row["error"] for row in rows):
        raise click.exceptions.Exit(1)


def _sample(world: World, feed: Feed, limit: int) -> tuple[list[Incident], list[Reject]]:
    now = world.clock()
    fetch = world.connectors[feed.connector].fetch(feed.options, {})
    read = list(islice(batch.read(fetch.records, feed, world.context, now), limit))
    return (
        [one for one in read if isinstance(one, Incident)],
        [one for one in read if isinstance(one, Reject)],
    )


def _named(world: World, name: str) -> Feed:
    feeds = world.settings.feeds
    if name not in feeds:
        raise UsageError(f"there is no feed '{name}'{nearest(name, feeds)}")
    return feeds[name]
