"""The bundled feeds into a store, each once."""

from __future__ import annotations

import click

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
        click.echo(
            f"{feed.id}: {collected.new} incidents, {collected.revised} corrections, "
            f"{collected.rejected} rejected, {collected.late} late in bulk{collected.error and ': '}"
            f"{collected.error}"
        )
