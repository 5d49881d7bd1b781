"""`forewarn drill` and `forewarn drills`: an exercise through the real chain, and who answered when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import click

from engine.cli.acts import who_option
from engine.cli.language import language_option, said
from engine.cli.listing import format_option, show
from engine.cli.place import Place, area_of, pass_place
from engine.cycle import drilling
from engine.cycle.loops.service import around
from engine.model.grade import RUNGS, Grade
from engine.model.text import Text

_DRILLS = ("at", "who", "area", "id")
_NOBODY, _MINUTES = Text("nobody", "无"), Text("{n} min", "{n}分钟")
_ANSWERS = ("receiver", "told", "delivered", "answered", "took", "by", "what")


@click.command(epilog="Example: forewarn drill large-fire --area 01 --who duty-1")
@click.argument("what", metavar="PLAN|ROUTE|@RECEIVER")
@click.option("--area", required=True, help="Where it is supposed to have happened.")
@click.option(
    "--grade", type=click.Choice([grade.word for grade in RUNGS]), help="Default: the plan's or route's."
)
@who_option
@pass_place
def drill(place: Place, what: str, area: str, grade: str | None, who: str) -> None:
    """Send what a route would carry, to its receivers or to one alone, or ask for what a plan would ask, as
    an exercise.

    Everything of it is marked, and it enters no figure. The messages go out at once.
    """
    with place.world() as world:
        level = Grade.named(grade) if grade else None
        begun = drilling.start(world, what, area_of(world, area), who, level)
        with around(world) as loops:
            loops.hand_out()
        with world.store.read() as tx:
            told = sorted({one.receiver for one in drilling.report(world, tx, begun) if one.receiver})
    names = ", ".join(told)
    click.echo(
        said(f"exercise: {begun}\ntold: {names or 'nobody'}", f"演练：{begun}\n已通知：{names or '无'}")
    )


@click.group()
def drills() -> None:
    """The exercises there were, who was told and who answered when."""


@drills.command("list", epilog="Example: forewarn drills list --format csv")
@format_option
@pass_place
def list_(place: Place, form: str) -> None:
    """Every exercise, the oldest first."""
    with place.world() as world:
        with world.store.read() as tx:
            found = drilling.drills(tx)
        rows = [{"at": act.at, "who": act.by, "area": act.area, "id": act.target} for act in found]
        show(rows, _DRILLS, form, empty="no exercise was ever held", zone=world.settings.calendar.zone)


@drills.command(
    "answer",
    epilog="Example: forewarn drills answer exercise/route:fires/01/at20260308T070000Z --for a --who b",
)
@click.argument("id")
@click.option("--for", "receiver", required=True, help="For which receiver.")
@who_option
@pass_place
def answer(place: Place, id: str, receiver: str, who: str) -> None:
    """Read: the answer to the drill of a route. Tasks of a plan's drill are answered by `forewarn tasks`."""
    with place.world() as world:
        drilling.answer(world, id, receiver, who)
        click.echo(said(f"answered: {id} for {receiver}", f"已代{receiver}签收：{id}"))


@drills.command("report", epilog="Example: forewarn drills report exercise/route:fires/01/at20260308T070000Z")
@click.argument("id")
@language_option
@format_option
@pass_place
def report(place: Place, id: str, language: str, form: str) -> None:
    """Who was told when, by when it was delivered, and who answered when."""
    with place.world() as world:
        with world.store.read() as tx:
            found = drilling.report(world, tx, id)
        rows: list[dict[str, Any]] = [
            {
                "receiver": one.receiver or _NOBODY.say(language), "told": one.told_at,
                "delivered": one.delivered_at, "answered": one.answered_at,
                "took": _took(one.told_at, one.answered_at, language), "by": one.by,
                "what": one.what.say(language),
            }
            for one in found
        ]  # fmt: skip
        show(rows, _ANSWERS, form, empty="nobody was told", zone=world.settings.calendar.zone)


def _took(told: datetime, answered: datetime | None, language: str) -> str:
    if answered is None:
        return ""
    return _MINUTES.say(language).format(n=(answered - told) // timedelta(minutes=1))
