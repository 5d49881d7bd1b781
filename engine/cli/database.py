"""`forewarn db`."""

from __future__ import annotations

from pathlib import Path

import click

from engine import app
from engine.cli.language import say
from engine.cli.place import Place, pass_place
from engine.errors import UsageError
from engine.store import backup as copies


@click.group()
def db() -> None:
    """The database."""


@db.command(epilog="Example: forewarn db upgrade")
@pass_place
def upgrade(place: Place) -> None:
    """Bring the database to this version's tables; opening it does so too."""
    with place.world() as world:
        click.echo(say("{name} has this version's tables", name=world.store.name))


@db.command(epilog="Example: forewarn db backup forewarn-backup.db")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@pass_place
def backup(place: Place, file: Path) -> None:
    """A whole copy of the SQLite database, also while services run on it."""
    copies.copy(_file(place), file)
    click.echo(say("{file} holds the database as it was just now", file=file))


@db.command(epilog="Example: forewarn --root elsewhere db restore forewarn-backup.db")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@pass_place
def restore(place: Place, file: Path) -> None:
    """Put a backup where the SQLite database belongs; what is there must be moved away first, with every
    service stopped."""
    target = _file(place)
    for left in (target.with_name(f"{target.name}-wal"), target.with_name(f"{target.name}-shm")):
        if left.exists():
            raise UsageError(f"{left} belongs to the database that was here; move it away too")
    copies.copy(file, target)
    click.echo(say("{target} is the database that {file} held", target=target, file=file))


def _file(place: Place) -> Path:
    file = app.database_file(place.root)
    if file is None:
        raise UsageError(
            "the database is on a PostgreSQL server: back it up with pg_dump, restore it with pg_restore"
        )
    return file
