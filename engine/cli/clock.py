"""`forewarn clock`: who is late, and how each kind of department keeps its time."""

from __future__ import annotations

import click

from engine.cli.listing import format_option, show
from engine.cli.place import Place, pass_place
from engine.cycle import clocking
from engine.duty.clock import scorecard
from engine.model.lap import Beat, LapState

_LAPS = ("state", "step", "due", "grade", "for", "department", "since", "ended", "id")
_LINES = ("department", "step", "in_time", "late", "overdue", "share")
#: Nobody is at fault where there is nothing to be late for.
_SHOWN = (LapState.OVERDUE, LapState.RUNNING)


@click.group()
def clock() -> None:
    """The clock of every step: judged, issued, told, read, accepted, done, reported, reviewed."""


@clock.command("list", epilog="Example: forewarn clock list --late")
@click.option("--late", is_flag=True, help="Only what is overdue.")
@click.option("--all", "every", is_flag=True, help="What is over, too.")
@click.option("--step", type=click.Choice([beat.value for beat in Beat]), help="Only this step.")
@format_option
@pass_place
def list_(place: Place, late: bool, every: bool, step: str | None, form: str) -> None:
    """The steps that are to be taken, the earliest due first."""
    with place.world() as world:
        now = world.clock()
        with world.store.read() as tx:
            found = clocking.found(world, tx, now)
        wanted = [
            lap for lap in found
            if (every or lap.state(now) in _SHOWN) and (not late or lap.state(now) is LapState.OVERDUE)
            and step in (None, lap.beat)
        ]  # fmt: skip
        rows = [
            {
                "state": lap.state(now), "step": lap.beat, "due": lap.due, "grade": lap.grade,
                "for": lap.receiver, "department": lap.department, "since": lap.begins, "ended": lap.ended,
                "id": lap.id,
            }
            for lap in wanted
        ]  # fmt: skip
        show(rows, _LAPS, form, empty="no clock is running", zone=world.settings.calendar.zone)


@clock.command("scorecard", epilog="Example: forewarn clock scorecard --format csv")
@format_option
@pass_place
def scorecard_(place: Place, form: str) -> None:
    """How each kind of department keeps its time: read, accepted, done, reported in time. Of the last half
    year, drills left out; never by area or by person."""
    with place.world() as world:
        now = world.clock()
        with world.store.read() as tx:
            lines = scorecard(clocking.found(world, tx, now), now)
    rows = [
        {
            "department": line.department or "centre", "step": line.beat, "in_time": line.in_time,
            "late": line.late, "overdue": line.overdue,
            "share": "" if line.share is None else f"{line.share:.0%}",
        }
        for line in lines
    ]  # fmt: skip
    show(rows, _LINES, form, empty="nothing has been told or asked yet")
