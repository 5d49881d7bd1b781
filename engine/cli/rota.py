"""`forewarn rota`: who is on duty."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import click

from engine.cli.listing import format_option, show
from engine.cli.place import Place, moment, pass_place
from engine.cycle import roster
from engine.cycle.loops.service import around
from engine.cycle.world import World
from engine.duty import rota as duty
from engine.errors import UsageError
from engine.model.problem import nearest
from engine.model.rota import Rota, Stretch

_COLUMNS = ("rota", "from", "to", "on_duty", "names", "by")
_WEEK = timedelta(days=7)


@click.command(epilog="Example: forewarn rota --week")
@click.argument("id", required=False)
@click.option("--at", "at", help="At this moment (local) instead of now.")
@click.option("--week", is_flag=True, help="The seven days from then on.")
@format_option
@pass_place
def rota(place: Place, id: str | None, at: str | None, week: bool, form: str) -> None:
    """Who is on duty: now, at a moment, or over a week; of one rota (ID) or of all.

    Exit 1 where somebody must be on duty and nobody is.
    """
    with place.world() as world:
        with around(world) as loops:
            loops.refresh()
        now = moment(at, world) if at else world.clock()
        found = list(_stretches(world, id, now, now + _WEEK if week else None))
        rows = [_row(world, one, stretch) for one, stretch in found]
        show(rows, _COLUMNS, form, empty="config/rota.yaml names no rota", zone=world.settings.calendar.zone)
    if any(one.always and not stretch.team for one, stretch in found):
        raise click.exceptions.Exit(1)


def _stretches(
    world: World, id_: str | None, begins: datetime, ends: datetime | None
) -> Iterator[tuple[Rota, Stretch]]:
    rotas = world.settings.rotas
    if id_ is not None and id_ not in rotas:
        raise UsageError(f"there is no rota '{id_}'{nearest(id_, rotas)}")
    for one in rotas.values():
        if id_ in (None, one.id):
            with world.store.read() as tx:
                planned = roster.planned(tx, one, begins - _WEEK, (ends or begins) + _WEEK)
            if ends is None:
                yield one, duty.current(one, begins, planned)
            else:
                yield from ((one, stretch) for stretch in duty.stretches(one, begins, ends, planned))


def _row(world: World, one: Rota, stretch: Stretch) -> dict[str, Any]:
    receivers = world.settings.receivers
    return {
        "rota": one.id, "from": stretch.begins, "to": stretch.ends,
        "on_duty": ", ".join(stretch.team) or "nobody",
        "names": ", ".join(receivers[id_].title for id_ in stretch.team), "by": stretch.cause,
    }  # fmt: skip
