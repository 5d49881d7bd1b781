"""`forewarn demo --story FROM..TO`: days of the data once more, at a pace at which they can be watched.

What is judged, stored and planned is what a service would have then; the clock alone is turned by hand. It
lives on a copy of its own: nothing of the folder's database is touched, and no message leaves this machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

import click

from engine.cli.language import said, say
from engine.cli.loading import load
from engine.cli.place import Place
from engine.cli.span import span_of
from engine.cli.stopping import Stop
from engine.cycle import dispatch
from engine.cycle import run as running
from engine.cycle.world import World
from engine.model.grade import COLOURS, RUNGS
from engine.model.message import Receiver
from engine.model.period import Calendar
from engine.store import backup, judgement, meta

#: What is judged before the first day, so that what stood then stands.
BEFORE = timedelta(days=14)
#: How often in a day the clock is turned, when first (at eight the day is judged), and the last hour of it.
STEPS, BEGIN, LAST = 8, timedelta(hours=2), 23
#: What was loaded stays here for the next story.
BASE = Path("data", "story.db")


@dataclass
class Dial:
    """A clock that somebody turns."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


class Days(click.ParamType[tuple[date, date]]):
    """Two days, `2024-12-01..2025-02-10`."""

    name = "from..to"

    def convert(
        self, value: object, param: click.Parameter | None, context: click.Context | None
    ) -> tuple[date, date]:
        try:
            first, last = (date.fromisoformat(day) for day in str(value).split(".."))
        except ValueError:
            self.fail(f"'{value}' is no stretch of days; write 2024-12-01..2025-02-10", param, context)
        if last < first:
            self.fail(f"the last day, {last}, lies before the first, {first}", param, context)
        return first, last


@contextmanager
def told(place: Place, days: tuple[date, date], stop: Stop) -> Iterator[tuple[World, Dial]]:
    """The world on the morning of the first day, before anything is judged."""
    base = (place.root / BASE).resolve()
    with place.world(database=f"sqlite:///{base}") as world:
        load(replace(world, stopped=stop.is_set))
        span_of(world, *days)
        dial = Dial(world.settings.calendar.midnight(days[0]))
    with TemporaryDirectory(prefix="forewarn-story-") as folder:
        copy = Path(folder, "story.db")
        backup.copy(base, copy)
        with place.world(serves=True, clock=dial, database=f"sqlite:///{copy}") as world:
            receivers = {one.id: _at_home(one, Path(folder)) for one in world.settings.receivers.values()}
            settings = replace(world.settings, receivers=receivers)
            yield replace(world, settings=settings, stopped=stop.is_set), dial


def _at_home(receiver: Receiver, folder: Path) -> Receiver:
    """With those channels alone that write into files, and those beside the copy."""
    kept = [
        replace(one, options={**one.options, "path": folder / Path(str(one.options["path"])).name})
        for one in receiver.channels if one.kind == "file"
    ]  # fmt: skip
    return replace(receiver, channels=tuple(kept))


def play(world: World, dial: Dial, days: tuple[date, date], pace: float, stop: Stop) -> None:
    """Live through the days, each in `pace` seconds where the machine can."""
    with world.store.begin() as tx:
        meta.put(tx, "demo", dial.at.isoformat())
    told = "judging the {days} {days:day|days} before {first}"
    click.echo(say(told, days=BEFORE.days, first=days[0]))
    running.prepare(world, dial.at - BEFORE)
    _turn(world)
    for moment in _moments(world.settings.calendar, *days):
        begun = monotonic()
        if stop.is_set():
            return
        dial.at = moment
        _turn(world)
        if moment.astimezone(world.settings.calendar.zone).hour >= LAST:
            click.echo(_line(world, moment))
        stop.wait(pace / STEPS - (monotonic() - begun))


def _moments(calendar: Calendar, first: date, last: date) -> Iterator[datetime]:
    for day in range((last - first).days + 1):
        midnight = calendar.midnight(first + timedelta(days=day))
        yield from (midnight + BEGIN + n * timedelta(days=1) / STEPS for n in range(STEPS))


def _turn(world: World) -> None:
    """What a tick does but for asking the feeds, which have told everything; pages hear that time went on."""
    running.keep_up(world, world.clock())
    dispatch.deliver(world)
    with world.store.begin() as tx:
        tx.seq()


def _line(world: World, moment: datetime) -> str:
    with world.store.read() as tx:
        found = [one.grade for one in judgement.warnings(tx, open_only=True)]
    counted = [
        said(f"{found.count(grade)} {grade.word}", f"{COLOURS[grade].zh}{found.count(grade)}")
        for grade in reversed(RUNGS) if grade in found
    ]  # fmt: skip
    day = world.settings.calendar.local_day(moment)
    counts = said(", ", "，").join(counted) or said("no warning is open", "当前无预警")
    return say("{day}: {counts}", day=day, counts=counts)
