"""`forewarn init`: a new folder that runs at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from engine.cli.language import say
from engine.cli.schemas import SCHEMAS, schema_text
from engine.errors import UsageError
from engine.kits.files import files
from engine.kits.kit import KITS

_KITS = "; ".join(f"{kit.name}: {kit.title}" for kit in KITS.values())


@click.command(epilog="Example: forewarn init --kit county-cn my-centre")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
@click.option("--kit", type=click.Choice(list(KITS)), required=True, help=_KITS)
def command(folder: Path, kit: str) -> None:
    """Write a kit into an empty folder: configuration, rules and made-up reports, all of it commented."""
    found = files(KITS[kit], datetime.now(UTC))
    found |= {f"schema/{name}.schema.json": schema_text(name).encode() for name in SCHEMAS}
    there = [path for path in found if (folder / path).exists()]
    if there:
        raise UsageError(f"{folder / there[0]} is there already; name an empty folder")
    for path, body in sorted(found.items()):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(body)
    told = "{n} {n:file|files} in {folder}; what is made up: {command}"
    command = f"forewarn --root {folder} doctor"
    click.echo(say(told, n=len(found), folder=folder.resolve(), command=command))
