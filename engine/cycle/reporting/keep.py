"""Reports made after the runs they tell of: kept version by version, and sent to whom the routes name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from engine.cycle import publish, roster
from engine.cycle.reporting.gather import figures
from engine.cycle.world import World
from engine.model.message import Notification, ReportRoute
from engine.model.period import Cycle, Period
from engine.model.text import Text
from engine.notify import report as notice
from engine.report import exchange
from engine.report.brief import write
from engine.report.document import Prose, Report
from engine.store import meta, outbox, reports, runs
from engine.store.database import Tx


def made(world: World, period: Period, area: str) -> Report:
    """The report on a period, made anew from what was known when it was due."""
    return write(figures(world, period, area))


def keep_up(world: World, now: datetime) -> int:
    """Make what the routes ask for and is not there yet, of the last period of each cycle; how many. Of
    periods that are caught up only the last is told: the others are made when somebody asks for them."""
    wanted = list(_wanted(world, now))
    for route, period in wanted:
        make(world, period, route.area, now)
    return len(wanted)


def _wanted(world: World, now: datetime) -> Iterator[tuple[ReportRoute, Period]]:
    seen: set[tuple[Cycle, str]] = set()
    with world.store.read() as tx:
        begun = meta.get(tx, "judge_from")
        for route in world.settings.reports:
            for cycle in route.cycles:
                period = world.settings.calendar.last_due(cycle, now)
                judged = begun is not None and period.due_at > datetime.fromisoformat(begun)
                if (cycle, route.area) not in seen and judged and runs.is_done(tx, period):
                    seen.add((cycle, route.area))
                    if not reports.has(tx, cycle, period.key, route.area):
                        yield route, period


def make(world: World, period: Period, area: str, now: datetime) -> reports.Kept:
    """Make the report, keep it, and plan its messages, in one transaction: twice is once."""
    report = made(world, period, area)
    with world.store.begin() as tx:
        tx.seq()  # of two services that make it, the second finds it made
        kept = reports.keep(tx, period.cycle, period.key, area, period.due_at, now, exchange.dump(report))
        outbox.enqueue(tx, list(_messages(world, tx, kept, report, now)))
    return kept


def _messages(
    world: World, tx: Tx, kept: reports.Kept, report: Report, now: datetime
) -> Iterator[Notification]:
    own = [
        route for route in world.settings.reports
        if Cycle(kept.cycle) in route.cycles and route.area == kept.area
    ]  # fmt: skip
    receivers = sorted({id_ for route in own for id_ in route.receivers})
    present = publish.spoken(roster.present(world, tx)) if receivers else {}
    said = report.kind, report.title, (report.lead, *_first(report))
    named = (kept.cycle, kept.period, kept.area, kept.version)
    due = report.figures.at
    for id_ in receivers:
        if id_ in present:
            yield from notice.messages(named, said, present[id_], link(world, kept), now, due)


def _first(report: Report) -> Iterator[Text]:
    for block in report.sections[0].blocks:
        if isinstance(block, Prose):
            yield block.said


def link(world: World, kept: reports.Kept) -> str:
    """Where the console shows it, as browsers ask for it; nothing where no name is configured."""
    asked = world.settings.engine.console
    if asked is None or not asked.names:
        return ""
    return f"https://{asked.names[0]}/report/{kept.cycle}/{kept.period}/{kept.area}?version={kept.version}"
