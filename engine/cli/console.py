"""`forewarn console`: what people look at, alone."""

from __future__ import annotations

import click

from engine.cli.language import say
from engine.cli.place import Place, pass_place
from engine.cli.stopping import until_told
from engine.cycle.world import World

PORT = 8710


@click.command(epilog="Example: forewarn console --port 8710")
@click.option(
    "--port", default=PORT, show_default=True, type=click.IntRange(0, 65535), help="0: any that is free."
)
@pass_place
def command(place: Place, port: int) -> None:
    """Show the folder's warnings in a browser of this machine: by the link for reading, by an account for
    acting."""
    from engine.console.serve import console

    with (
        until_told() as stop, place.world(serves=True) as world,
        console(lambda: world, port, strict=True) as link,
    ):  # fmt: skip
        welcome(world, link)
        click.echo(say("Ctrl-C ends it."))
        stop.wait()


def welcome(world: World, link: str) -> None:
    """Where it is; and, until somebody has signed in with a password of their own, how the first does."""
    from engine.staff import accounts

    with world.store.begin() as tx:
        first = accounts.first(tx, world.clock())
    click.echo(say("The console: {link}", link=link))
    if first is not None:
        told = "To set it up, sign in as {name} with the one-time password {given}"
        click.echo(say(told, name=first[0], given=first[1]))
