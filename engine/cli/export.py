"""`forewarn export`: what the store holds, for sheets and maps."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from engine.cli.place import Place, area_of, pass_place
from engine.cli.span import DAY
from engine.cycle.exporting.rows import EXPORTS, Wanted, rows
from engine.errors import UsageError
from engine.guard import private
from engine.guard.exit import Cells


@click.command(epilog="Example: forewarn export warnings --format csv > warnings.csv")
@click.argument("what", type=click.Choice(sorted(EXPORTS)))
@click.option(
    "--format", "form", type=click.Choice(["csv", "geojson", "xlsx"]), default="csv", show_default=True
)
@click.option("--area", help="Of this area and what lies below it.")
@click.option("--since", type=DAY, help="From this day on.")
@click.option("--until", type=DAY, help="Up to this day.")
@click.option("--rule", default="", help="Of this rule: what panels need, and findings may.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Into this file.")
@pass_place
def export(
    place: Place, what: str, form: str, area: str | None, since: datetime | None, until: datetime | None,
    rule: str, out: Path | None,
) -> None:  # fmt: skip
    """WHAT (warnings, findings, panels or acts) as CSV, GeoJSON or a workbook. Counts from one to four go out
    as <5, no cell can be a formula, and nobody is named."""
    from engine.cycle.exporting.form import formed

    if form == "xlsx" and out is None:
        raise UsageError("a workbook is no text: say --out FILE.xlsx")
    with place.world() as world:
        areas = frozenset(world.settings.tree.below(area_of(world, area))) if area else None
        wanted = Wanted(
            areas=areas,
            since=since.date() if since else None,
            until=until.date() if until else None,
            rule=rule,
        )
        content = formed(world, what, rows(world, what, wanted), form)
    if out is None:
        Cells(sys.stdout).write(content.decode("utf-8-sig") + ("" if form == "csv" else "\n"))
        return
    private.folder(out.parent)
    out.write_bytes(content)
    click.echo(out)
