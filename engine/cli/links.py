"""`forewarn links`: the signed links by which a receiver answers without an account."""

from __future__ import annotations

import click

from engine.cli.language import say
from engine.cli.listing import format_option, show
from engine.cli.place import Place, pass_place, receiver_of
from engine.cycle import linking
from engine.duty.link import Link
from engine.errors import UsageError
from engine.store import outbox

_COLUMNS = ("receiver", "warning", "revoked")


@click.group()
def links() -> None:
    """Links: one receiver's page about one warning, for an answer without an account."""


@links.command("make", epilog="Example: forewarn links make 01.fire.d20251230 --for county-01")
@click.argument("warning")
@click.option("--for", "receiver", required=True, help="A receiver that was told of it.")
@pass_place
def make(place: Place, warning: str, receiver: str) -> None:
    """Print a new link for a receiver that was told of the warning."""
    with place.world() as world:
        receiver_of(world, receiver)
        if world.settings.engine.public is None:
            raise UsageError("no page answers links here; set `public` in config/engine.yaml")
        with world.store.read() as tx:
            told = outbox.heard(tx, [warning])[warning]
        if receiver not in told:
            others = ", ".join(sorted(told)) or "nobody"
            raise UsageError(f"'{receiver}' was not told of {warning}; told: {others}")
        click.echo(linking.address(world, Link(receiver, warning, world.clock())))


@links.command("revoke", epilog="Example: forewarn links revoke --for county-01")
@click.option("--for", "receiver", required=True, help="Whose links.")
@click.option("--warning", default="", help="Only those about this warning.")
@pass_place
def revoke(place: Place, receiver: str, warning: str) -> None:
    """Take back every link that a receiver was given until now; later messages have new ones."""
    with place.world() as world:
        receiver_of(world, receiver)
        with world.store.lasting() as tx:
            linking.revoke(tx, receiver, warning, world.clock())
        told = "the links of {receiver} about {warning} open nothing any more"
        if not warning:
            told = "the links of {receiver} open nothing any more"
        click.echo(say(told, receiver=receiver, warning=warning))


@links.command("list", epilog="Example: forewarn links list")
@format_option
@pass_place
def list_(place: Place, form: str) -> None:
    """Which links were taken back, and when."""
    with place.world() as world:
        with world.store.read() as tx:
            found = linking.revocations(tx)
        rows = [dict(zip(_COLUMNS, one, strict=True)) for one in found]
        show(rows, _COLUMNS, form, empty="no link was taken back", zone=world.settings.calendar.zone)
