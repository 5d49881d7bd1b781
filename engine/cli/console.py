"""`forewarn console`: what people look at, alone."""

from __future__ import annotations

import click

from engine.cli.place import Place, pass_place
from engine.cli.stopping import until_told

PORT = 8710


@click.command(epilog="Example: forewarn console --port 8710")
@click.option(
    "--port", default=PORT, show_default=True, type=click.IntRange(0, 65535), help="0: any that is free."
)
@pass_place
def command(place: Place, port: int) -> None:
    """Show the folder's warnings, feeds and runs in a browser of this machine, for reading."""
    from engine.console.serve import console

    with until_told() as stop, place.world() as world, console(lambda: world, port, strict=True) as link:
        click.echo(f"The console: {link}\nCtrl-C ends it.")
        stop.wait()
