"""`forewarn notifications`, and `forewarn message`: what was sent, and what messages look like."""

from __future__ import annotations

import click

from engine.cli.listing import format_option, show
from engine.cli.place import Place, pass_place
from engine.notify import schema as payload
from engine.store import outbox

_COLUMNS = (
    "planned_at", "state", "receiver", "channel", "step", "grade", "warning", "attempts", "error", "key",
)  # fmt: skip


@click.command(epilog="Example: forewarn notifications --state failed")
@click.option("--state", type=click.Choice(["pending", "delivered", "retry", "failed"]))
@click.option("--limit", default=50, show_default=True)
@format_option
@pass_place
def notifications(place: Place, state: str | None, limit: int, form: str) -> None:
    """Who was told what, by which means, and what became of it."""
    with place.world() as world, world.store.read() as tx:
        found = outbox.listing(tx, state=state, limit=limit)
        rows = [{key: getattr(message, key) for key in _COLUMNS} for message in found]
        show(rows, _COLUMNS, form, empty="no message has been planned", zone=world.settings.calendar.zone)


@click.group()
def message() -> None:
    """What messages look like, to people and to programs."""


@message.command(epilog="Example: forewarn message schema > payload.schema.json")
def schema() -> None:
    """The JSON schema of every payload, for whoever reads them by a program."""
    click.echo(payload.text(), nl=False)
