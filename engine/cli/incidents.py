"""`forewarn incidents`: events that several feeds tell, and taking them apart."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

import click

from engine.cli.acts import who_option
from engine.cli.language import say
from engine.cli.listing import format_option, show
from engine.cli.place import Place, pass_place
from engine.cycle import telling as said
from engine.store import telling

_LINKS = ("feed", "id", "counted_as", "counted_id", "since")
_RULINGS = ("at", "feed", "id", "other_feed", "other_id", "said", "who", "why")
_why = click.option("--why", required=True, help="The reason, in a sentence.")

Command = Callable[..., Any]


def _two(command: Command) -> Command:
    """Two incidents, each by its feed and its id there."""
    for name in ("other_id", "other", "id", "feed"):
        command = click.argument(name)(command)
    return command


@click.group()
def incidents() -> None:
    """Events that several feeds tell: each is counted once."""


@incidents.command("links", epilog="Example: forewarn incidents links --limit 20")
@click.option("--rulings", is_flag=True, help="What people have said of them instead.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1))
@format_option
@pass_place
def links(place: Place, rulings: bool, limit: int, form: str) -> None:
    """Incidents that are counted as another feed's, the latest first."""
    with place.world() as world, world.store.read() as tx:
        zone = world.settings.calendar.zone
        if rulings:
            rows = [
                {
                    "at": one.at, "feed": first[0], "id": first[1], "other_feed": second[0],
                    "other_id": second[1], "said": "two events" if one.apart else "may be one",
                    "who": one.by, "why": one.why,
                }
                for (first, second), one in telling.rulings(tx)
            ][-limit:]  # fmt: skip
            show(rows, _RULINGS, form, empty="nobody has said anything", zone=zone)
            return
        rows = [
            {"feed": feed, "id": id_, "counted_as": other[0], "counted_id": other[1], "since": since}
            for (feed, id_), other, since in islice(telling.standing(tx), limit)
        ]
    show(rows, _LINKS, form, empty="no event is told by several feeds", zone=zone)


@incidents.command(
    "unlink", epilog="Example: forewarn incidents unlink police 4711 rescue 17 --who anna --why two"
)
@_two
@_why
@who_option
@pass_place
def unlink(place: Place, feed: str, id: str, other: str, other_id: str, who: str, why: str) -> None:
    """Two incidents are two events: from now on both count, and they are never linked again."""
    with place.world() as world:
        said.rule(world, (feed, id), (other, other_id), apart=True, who=who, why=why)
    two = {"one": f"{feed} {id}", "other": f"{other} {other_id}"}
    click.echo(say("{one} and {other} are two events from now on", **two))


@incidents.command(
    "link", epilog="Example: forewarn incidents link police 4711 rescue 17 --who anna --why one"
)
@_two
@_why
@who_option
@pass_place
def link(place: Place, feed: str, id: str, other: str, other_id: str, who: str, why: str) -> None:
    """Take an unlink back: the two may be one event again, where time, place and category say so."""
    with place.world() as world:
        said.rule(world, (feed, id), (other, other_id), apart=False, who=who, why=why)
    two = {"one": f"{feed} {id}", "other": f"{other} {other_id}"}
    click.echo(say("{one} and {other} may be one event again", **two))
