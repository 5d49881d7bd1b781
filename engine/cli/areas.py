"""`forewarn areas`: the shapes of the areas, from whatever map the operator has."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from engine.cli.given import FILE
from engine.cli.language import say, spoken
from engine.cli.place import Place, pass_place
from engine.cycle.config.areas import AreasFile, inside
from engine.cycle.config.reading import Reading
from engine.errors import ConfigError, UsageError
from engine.ingest import geometry
from engine.ingest.areas import load_areas
from engine.ingest.gazetteer import Gazetteer
from engine.ingest.geometry import Joined
from engine.model.area import level as area_level

#: What is written where config/areas.yaml names no file yet; and so many of what did not fit are named.
NAME, NAMED = "areas.geojson", 10


@click.group()
def areas() -> None:
    """Where the areas lie."""


@areas.command("import", epilog="Example: forewarn areas import map.topojson --by adcode --detail 0.01")
@click.argument("file", type=FILE)
@click.option("--by", default="", help="The property that names the area (default: the one that names most).")
@click.option("--object", "name", default="", help="Which object of a TopoJSON file.")
@click.option("--detail", default=0.0, type=click.FloatRange(0, 1), help="Drop what is smaller (degrees).")
@click.option("--replace", is_flag=True, help="Write over the shapes that are there.")
@pass_place
def import_(place: Place, file: Path, by: str, name: str, detail: float, replace: bool) -> None:
    """Join the shapes of a GeoJSON or TopoJSON file to the areas of config/areas.csv.

    Rings that cross themselves are mended, borders that neighbours share stay shared. Says what did not fit;
    exit 1 where an area of the same level has no shape, or a feature no area.
    """
    asked, gazetteer = _areas(place.root)
    target = place.root / "config" / (asked.geometry or NAME)
    if target.exists() and not replace:
        raise UsageError(f"{target} is there already; --replace writes over it")
    joined = geometry.join(geometry.read(file, name), gazetteer, by, detail)
    if not joined.shapes:
        raise UsageError(f"not one feature of {file} has a polygon and names an area by '{joined.by}'")
    target.write_bytes(geometry.written(joined))
    size = f"{target.stat().st_size:,}"
    told = "{n} {n:area|areas} by '{by}' into {file} ({bytes} bytes)"
    click.echo(say(told, n=len(joined.shapes), by=joined.by, file=target, bytes=size))
    _tell(joined)
    if asked.geometry is None:
        click.echo(say("Now add to config/areas.yaml: `geometry: {name}`", name=NAME))
    if joined.strangers or joined.missing:
        raise click.exceptions.Exit(1)


def _areas(root: Path) -> tuple[AreasFile, Gazetteer]:
    """What config/areas.yaml says, and its table, whether or not the shapes that it names are there."""
    reading = Reading(root.resolve(), os.environ)
    read = reading.file("areas.yaml", AreasFile, required=True)
    if read is None:
        raise ConfigError(reading.problems)
    document, asked = read
    if not inside(reading, document, asked):
        raise ConfigError(reading.problems)
    tree, gazetteer = load_areas(root / "config" / asked.table, None, asked.levels, asked.least_residents)
    assert tree is gazetteer.tree
    return asked, gazetteer


def _tell(joined: Joined) -> None:
    if joined.mended:
        click.echo(say("{n} mended: {names}", n=len(joined.mended), names=_named(joined.mended)))
    for level in joined.apart:
        told = "{level}: its shapes share no borders, so each was simplified by itself"
        click.echo(say(told, level=area_level(level).say(spoken())))
    if joined.strangers:
        names = _named(joined.strangers, "; ")
        click.echo(say("{n} {n:feature|features} left out: {names}", n=len(joined.strangers), names=names))
    if joined.missing:
        names = _named(joined.missing)
        click.echo(say("{n} {n:area|areas} without a shape: {names}", n=len(joined.missing), names=names))


def _named(what: Sequence[str], between: str = ", ") -> str:
    more = len(what) - NAMED
    return between.join(what[:NAMED]) + (f" and {more} more" if more > 0 else "")
