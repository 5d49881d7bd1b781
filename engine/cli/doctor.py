"""`forewarn doctor`: what a half-configured folder still lacks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click

from engine.cli.cells import Ours
from engine.cli.listing import format_option, show
from engine.cli.place import Place, pass_place
from engine.cycle import lacks
from engine.cycle.loops import asked
from engine.cycle.loops.asked import asking
from engine.errors import ConfigError

_COLUMNS = ("what", "name", "state", "detail")


@click.command(epilog="Example: forewarn doctor --format json")
@format_option
@pass_place
def command(place: Place, form: str) -> None:
    """What the folder still lacks before it may be relied on. Exit 1 where it cannot warn of anything."""
    rows = list(_rows(place))
    show(rows, _COLUMNS, form, heads={"what": "对象"})
    if any(row["state"] in ("wrong", "lacking") for row in rows):
        raise click.exceptions.Exit(1)


def _rows(place: Place) -> Iterator[dict[str, Any]]:
    try:
        with place.world() as world, asking(world) as ask:
            for one in lacks.found(world, lambda feed: asked.sampled(world, feed, ask, lacks.TRIED)):
                yield asdict(one) | {"name": Ours(one.name), "detail": Ours(one.detail)}
    except ConfigError as error:
        for problem in error.problems:
            name = f"{problem.path}:{problem.line}"
            yield {"what": "file", "name": name, "state": "wrong", "detail": Ours(problem.sentence)}
