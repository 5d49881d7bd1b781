"""`forewarn db`."""

from __future__ import annotations

import click

from engine.cli.place import Place, pass_place


@click.group()
def db() -> None:
    """The database."""


@db.command(epilog="Example: forewarn db upgrade")
@pass_place
def upgrade(place: Place) -> None:
    """Bring the database to this version's tables; opening it does so too."""
    with place.world() as world:
        click.echo(f"{world.store.url} has this version's tables")
