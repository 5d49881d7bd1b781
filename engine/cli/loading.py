"""The bundled feeds into a store, each once."""

from __future__ import annotations

import click

from engine.cli.language import read, say
from engine.cycle import collect
from engine.cycle import run as running
from engine.cycle.world import World
from engine.store import health


def load(world: World) -> None:
    """Ingest every bundled feed whole, those that are in the store already left out."""
    running.prepare_ledger(world)
    for feed in world.settings.feeds.values():
        with world.store.read() as tx:
            loaded = health.last_good(tx, feed.id) is not None
        if loaded or world.stopped():
            continue
        collected = collect.poll(world, feed)
        told = (
            "{feed}: {new} {new:incident|incidents}, {revised} {revised:correction|corrections}, "
            "{rejected} rejected, {late} late in bulk"
        )
        counts = {name: getattr(collected, name) for name in ("new", "revised", "rejected", "late")}
        error = f": {read(collected.error)}" if collected.error else ""
        click.echo(say(told, feed=feed.id, **counts) + error)
