"""`forewarn faults`: what is wrong with the engine itself, and who knows."""

from __future__ import annotations

from datetime import timedelta

import click

from engine.cli.cells import Ours
from engine.cli.language import say, word
from engine.cli.listing import format_option, show
from engine.cli.place import Place, pass_place
from engine.cycle import faults as upkeep
from engine.store import faults as kept

_COLUMNS = ("id", "kind", "name", "state", "since", "ended", "known_by", "detail")
#: What ended longer ago is history.
_BACK = timedelta(days=30)


@click.group()
def faults() -> None:
    """Faults of the engine itself: what hangs, fails, is silent or fills up, and who knows."""


@faults.command("list", epilog="Example: forewarn faults list --all")
@click.option("--all", "every", is_flag=True, help="Those that ended in the last 30 days, too.")
@format_option
@pass_place
def list_(place: Place, every: bool, form: str) -> None:
    """What is wrong now, the latest first."""
    with place.world(create=False) as world:
        with world.store.read() as tx:
            found = kept.listing(tx, world.clock() - _BACK if every else None)
        rows = [
            {
                "id": one.id, "kind": one.kind, "name": one.name, "state": one.state, "since": one.since,
                "ended": one.ended_at, "known_by": one.read_by, "detail": Ours(one.detail),
            }
            for one in found
        ]  # fmt: skip
        zone = world.settings.calendar.zone
        show(rows, _COLUMNS, form, empty="nothing is wrong", zone=zone, heads={"kind": "类别"})


@faults.command(epilog="Example: forewarn faults acknowledge 3 --who lin")
@click.argument("id", type=int)
@click.option("--who", required=True, help="Who knows.")
@pass_place
def acknowledge(place: Place, id: int, who: str) -> None:
    """Say that somebody knows: it is told no more until it ends. What has happened is over with that."""
    with place.world(create=False) as world, world.store.lasting() as tx:
        fault = upkeep.acknowledge(tx, id, who, world.clock(), "cli")
    click.echo(say("{who} knows of {kind} {name}", who=who, kind=word(fault.kind), name=fault.name))
