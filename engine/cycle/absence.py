"""Periods that passed while no service ran, for so long that nobody judges them any more."""

from __future__ import annotations

from datetime import datetime

from engine.cycle.dispatch import notify_operators
from engine.cycle.world import World
from engine.model.period import CALENDAR
from engine.notify.notice import Notice, Trouble
from engine.store import runs
from engine.store.database import Tx


def report(world: World, tx: Tx, now: datetime) -> None:
    """Tell the operators, once, of the calendar periods that fell due after the last judgement and longer
    ago than `catch_up`."""
    last, oldest = runs.last_due(tx), now - world.settings.cycles.catch_up
    if last is None or last >= oldest:
        return
    calendar = world.settings.calendar
    passed = [period for cycle in CALENDAR for period in calendar.due(cycle, last, oldest)]
    if passed:
        passed.sort(key=lambda period: period.rank)
        more = f" and {len(passed) - 1} more" if passed[1:] else ""
        name = f"{passed[0].cycle} {passed[0].key}{more}"
        detail = (
            f"due before {oldest.isoformat(timespec='minutes')}, longer ago than `catch_up` in "
            "config/cycles.yaml: nobody judges it any more"
        )
        notify_operators(world, tx, Notice(Trouble.MISSED, name, detail, last))
