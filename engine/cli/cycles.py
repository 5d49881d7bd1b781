"""`forewarn cycle` and `forewarn runs`."""

from __future__ import annotations

import time
from datetime import timedelta

import click

from engine import app
from engine.cli.cells import Ours
from engine.cli.language import said, say, word
from engine.cli.listing import format_option, show
from engine.cli.place import Place, moment, pass_place
from engine.cycle import again as beside
from engine.cycle import clock, presence
from engine.cycle import run as running
from engine.cycle.loops.service import around
from engine.cycle.world import World
from engine.errors import UsageError
from engine.model.period import Cycle, Period
from engine.store import meta
from engine.store import runs as ledger


@click.command(epilog="Example: forewarn cycle daily --at 2025-12-31")
@click.argument("name", type=click.Choice([cycle.value for cycle in Cycle]))
@click.option("--at", "at", help="As if it were this moment (a date is its daily cut); default: now.")
@click.option("--clock-is-right", is_flag=True, help="A leap of the clock needs no second call.")
@click.option("--again", is_flag=True, help="Judge it anew: beside what stands, or what was set aside.")
@pass_place
def cycle(place: Place, name: str, at: str | None, clock_is_right: bool, again: bool) -> None:
    """Judge one cycle's latest due period, and everything due before it.

    A period that has been judged is not judged again: the second call says so and changes nothing. With
    --again it is, and what it finds is kept beside what stands.
    """
    with place.world() as world:
        if at:
            world = app.at_time(world, moment(at, world))
        now, kind = world.clock(), Cycle(name)
        wanted = None if kind is Cycle.IMMEDIATE else world.settings.calendar.last_due(kind, now)
        if again:
            _again(world, wanted)
            return
        if not at and not _trusted(world, clock_is_right):
            raise UsageError("the clock has leapt, see above: call again, or say --clock-is-right")
        # A store that has judged nothing yet begins with the period asked for.
        running.prepare(world, (wanted.due_at if wanted else now) - timedelta(seconds=1))
        with around(world) as loops:
            loops.gather()
            reports = _caught_up(world, fixed=bool(at))
            loops.hand_out()
        presence.leave(world)
        for report in reports:
            click.echo(_line(report))
        if wanted is not None and all(report.period != wanted for report in reports):
            click.echo(_standing(world, wanted, unchanged=not reports))
        elif not reports:
            click.echo(say("no new incident calls for an immediate judgement; nothing changed"))


def _caught_up(world: World, *, fixed: bool) -> list[running.Report]:
    """Judge what is due, with what the sources have just brought: a moment is due when its second is over,
    and no next tick comes to judge it. fixed: the clock stands still."""
    reports = running.catch_up(world, world.clock())
    if not fixed and running.due(world, world.clock() + running.SECOND):
        time.sleep(running.SECOND.total_seconds())
        reports += running.catch_up(world, world.clock())
    return reports


def _trusted(world: World, sure: bool) -> bool:
    """The machine's clock is a source too; a demo's is what it is said to be."""
    with world.store.read() as tx:
        demo = meta.get(tx, "demo")
    return demo is not None or clock.right(world, sure=sure)


def _again(world: World, wanted: Period | None) -> None:
    if wanted is None:
        raise UsageError("an immediate judgement has no period that could be judged again")
    running.prepare_ledger(world)
    judged = beside.judge(world, wanted)
    with around(world) as loops:
        loops.hand_out()
    if isinstance(judged, running.Report):
        click.echo(_line(judged))
        return
    told = "{cycle} {period}: judged again, {n} {n:finding|findings}; what stands, stands"
    click.echo(say(told, n=len(judged.found), **_named(wanted)))
    for line in judged.lines() or [say("it finds what was found before")]:
        click.echo(f"    {line}")


def _line(report: running.Report) -> str:
    marks = [word(mark) for mark, on in (("late", report.late), ("degraded", report.degraded)) if on]
    told = say("{cycle} {period}: {state}", state=word(report.state), **_named(report.period))
    if report.state == "done":
        counts = "{n} {n:finding|findings}, {m} {m:change|changes}"
        told += said(", ", "，") + say(counts, n=report.findings, m=report.changes)
    return told + said(f" ({', '.join(marks)})", f"（{'、'.join(marks)}）") if marks else told


def _named(period: Period) -> dict[str, str]:
    return {"cycle": word(period.cycle.value), "period": period.key}


def _standing(world: World, period: Period, *, unchanged: bool) -> str:
    with world.store.read() as tx:
        done = ledger.is_done(tx, period)
    if done and not unchanged:
        return say("{cycle} {period} has been judged already", **_named(period))
    if done:
        return say("{cycle} {period} has been judged already; nothing changed", **_named(period))
    told = "{cycle} {period} lies before this store's first judged period; nothing changed"
    return say(told, **_named(period))


@click.command(epilog="Example: forewarn runs --limit 5")
@click.option("--limit", default=20, show_default=True, help="The latest so many.")
@format_option
@pass_place
def runs(place: Place, limit: int, form: str) -> None:
    """The ledger of runs: what was judged, when, by whom, and how it went."""
    with place.world() as world, world.store.read() as tx:
        found = ledger.listing(tx, limit)
        rows = [{key: getattr(run, key) for key in _COLUMNS} | {"detail": Ours(run.detail)} for run in found]
        show(rows, _COLUMNS, form, empty="nothing has been judged yet", zone=world.settings.calendar.zone)


_COLUMNS = (
    "cycle", "period", "due_at", "state", "attempt", "kills", "next_at", "late", "degraded", "disputed",
    "findings", "changes", "detail",
)  # fmt: skip
