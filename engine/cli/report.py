"""`forewarn report`: the documents that leaders read."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from engine.cli.language import language_option
from engine.cli.listing import format_option, show
from engine.cli.place import Place, area_of, moment, pass_place
from engine.cycle.world import World
from engine.errors import UsageError
from engine.guard import private
from engine.model.period import Cycle, Period
from engine.report import exchange
from engine.report.document import Report
from engine.report.form import formed
from engine.store import reports, runs

COLUMNS = ("cycle", "period", "area", "version", "due", "made")


@click.group()
def report() -> None:
    """The daily hand-over, the weekly assessment and the monthly analysis of an area."""


def _command(cycle: Cycle, says: str) -> None:
    @report.command(
        cycle.value, help=says, epilog=f"Example: forewarn report {cycle} --format html --out {cycle}.html"
    )
    @click.option("--area", help="Of this area and what lies below it; default: the whole.")
    @click.option("--at", "at", help="The last one due by then; default: by now.")
    @click.option("--format", "form", type=click.Choice(["html", "docx", "json"]), default="html",
                  show_default=True)  # fmt: skip
    @language_option
    @click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Into this file.")
    @click.option("--version", type=click.IntRange(1), help="As it was kept, not made anew.")
    @pass_place
    def made(
        place: Place, area: str | None, at: str | None, form: str, language: str, out: Path | None,
        version: int | None,
    ) -> None:  # fmt: skip
        with place.world() as world:
            found = _found(world, cycle, area, moment(at, world) if at else world.clock(), version)
        _write(formed(found, form, language), out, form)


_command(
    Cycle.DAILY, "The hand-over on one page: what changed, what stands, what waits, what nobody can see."
)
_command(Cycle.WEEKLY, "The assessment: an agenda of what stands, with what is proposed for it.")
_command(
    Cycle.MONTHLY,
    "The analysis: whether the level is higher or lower, where, and how good the warnings were.",
)


@report.command("list", epilog="Example: forewarn report list --cycle daily")
@click.option("--cycle", type=click.Choice(["daily", "weekly", "monthly"]), default=None)
@format_option
@pass_place
def list_(place: Place, cycle: str | None, form: str) -> None:
    """The reports that were made and kept, the latest first."""
    with place.world() as world:
        with world.store.read() as tx:
            kept = reports.listing(tx, cycle or "")
        rows = [
            {
                "cycle": one.cycle, "period": one.period, "area": one.area, "version": one.version,
                "due": one.due_at, "made": one.made_at,
            }
            for one in kept
        ]  # fmt: skip
        empty = "no report was kept: `reports` in config/routes.yaml says which are made"
        show(rows, COLUMNS, form, empty=empty, zone=world.settings.calendar.zone)


def _found(world: World, cycle: Cycle, area: str | None, at: datetime, version: int | None) -> Report:
    from engine.cycle.reporting import keep

    code = area_of(world, area) if area else _root(world)
    period = world.settings.calendar.last_due(cycle, at)
    if version is not None:
        with world.store.read() as tx:
            text = reports.text(tx, cycle, period.key, code, version)
        if text is None:
            raise UsageError(
                f"no version {version} of {cycle} {period.key} {code} was kept; see `forewarn report list`"
            )
        return exchange.load(text)
    _judged(world, period)
    return keep.made(world, period, code)


def _judged(world: World, period: Period) -> None:
    with world.store.read() as tx:
        done = runs.is_done(tx, period)
    if not done:
        raise UsageError(
            f"{period.cycle} {period.key} was not judged; `forewarn runs` lists what was, --at says which"
        )


def _root(world: World) -> str:
    """The area that holds the others."""
    tree = world.settings.tree
    return next((one.code for one in tree if one.parent is None), next(iter(tree.areas)))


def _write(content: bytes, out: Path | None, form: str) -> None:
    if out is None:
        if form == "docx":
            raise UsageError("a Word document is no text: say --out FILE.docx")
        click.echo(content.decode(), nl=False)
        return
    private.folder(out.parent)
    out.write_bytes(content)
    click.echo(out)
