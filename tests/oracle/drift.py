"""A county of three towns with live sources: both evaluators read at every poll what their files hold."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.cycle import collect
from engine.cycle import run as running
from engine.cycle.world import World
from tests.oracle import stored
from tests.oracle.plain.clock import Clock
from tests.oracle.plain.history import History
from tests.oracle.plain.nouns import Area, Feed, Scene
from tests.oracle.plain.reading import Reading, Row

FIRST, DAYS = date(2026, 3, 2), 10
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CHILDREN = {"harm": ("harm.fire", "harm.theft")}
AREAS = {
    one.code: one
    for one in (
        Area("C", "county", None, 90_000),
        *(Area(town, "town", "C", 20_000) for town in ("T1", "T2", "T3")),
    )
}
#: What a source's file holds at a moment; None where it does not answer.
Source = Callable[[datetime], Collection[Row] | None]
RULE: dict[str, Any] = {
    "id": "public-safety.fires", "topic": "fires", "cycle": "daily", "level": "town", "status": "stable",
    "indicator": {"count": "incidents", "where": {"category": "harm.fire"}}, "window": "3d",
    "grades": {"blue": {"at_least": 3}, "yellow": {"at_least": 6}},
}  # fmt: skip


def at(day: int, hour: float = 0) -> datetime:
    """That hour of the n-th day."""
    return datetime.combine(FIRST, datetime.min.time(), UTC) + day * DAY + hour * HOUR


def fires(day: int, number: int, area: str = "T1", *, hour: float = 9, kind: str = "harm.fire") -> list[Row]:
    return [Row(f"{kind}-{area}-{day}-{hour}-{one}", at(day, hour), area, kind) for one in range(number)]


def daily(days: Iterable[int], number: int = 1, areas: str = "T2 T3", **more: Any) -> list[Row]:
    """So many on each of these days in each of these towns."""
    return [row for day in days for area in areas.split() for row in fires(day, number, area, **more)]


def growing(rows: Collection[Row]) -> Source:
    """A file to which each record is added as it happens."""
    return lambda moment: [row for row in rows if row.at < moment]


def every_six_hours(begin: datetime, end: datetime) -> list[datetime]:
    return [begin + n * 6 * HOUR for n in range(int((end - begin) / (6 * HOUR)) + 1)]


FEED = Feed(
    id="log",
    areas=("C",),
    categories=("harm", *CHILDREN["harm"]),
    since=FIRST - 60 * DAY,
    max_silence=36 * HOUR,
)


@dataclass
class Drift:
    """A feed's source from a moment on, and the rules that are judged upon it.

    history: what was loaded before its first poll, and the stretch over which somebody says it was heard.
    """

    sources: dict[Feed, Source]
    rules: list[dict[str, Any]] = field(default_factory=lambda: [RULE])
    begins: datetime = at(-3)
    history: tuple[Collection[Row], tuple[datetime, datetime]] | None = None

    @property
    def polls(self) -> list[datetime]:
        return every_six_hours(self.begins, at(DAYS))

    def scene(self) -> Scene:
        """All that is known in the end, as the plain evaluator reads the sources."""
        clock = Clock(ZoneInfo("UTC"))
        readings = [Reading(feed, AREAS, clock) for feed in self.sources]
        if self.history:
            rows, stated = self.history
            readings[0].feed = replace(readings[0].feed, stated=(stated,))
            readings[0].hear(self.begins - HOUR, rows, poll=False)
        for moment in self.polls:
            for reading, source in zip(readings, self.sources.values(), strict=True):
                reading.hear(moment, source(moment))
        return Scene(
            zone="UTC", levels=("county", "town"), areas=AREAS, rules=self.rules, begins=FIRST, days=DAYS + 1,
            feeds=tuple(one.heard() for one in readings), children=CHILDREN,
            reports=[report for one in readings for report in one.reports],
            unread=[refused for one in readings for refused in one.unread],
            mute=[mute for one in readings for mute in one.mute],
        )  # fmt: skip

    def lived(self, root: Path) -> Told:
        """What the engine makes of it, which polls and judges moment by moment, and what the plain one does;
        fails where they differ."""
        scene = self.scene()
        history = History(scene).live()
        now = [self.begins - HOUR]
        with stored.opened(scene, root, now[0]) as opened:
            world = replace(opened, clock=lambda: now[0])
            running.prepare(world, at(0))
            self._remember(world, root)
            for moment in sorted({*self.polls, *(at(day, 8) for day in range(DAYS + 1))}):
                now[0] = moment
                if moment in self.polls:
                    self._poll(world, root, moment)
                running.catch_up(world, moment)
            engine = stored.Lived(world, scene)
            assert sorted(engine.steps()) == sorted(history.warnings.steps)
            assert engine.open() == history.open()
            return Told(history)

    def _remember(self, world: World, root: Path) -> None:
        if self.history:
            rows, stated = self.history
            feed = next(iter(world.settings.feeds.values()))
            self._put(root / f"{feed.id}.csv", rows, world.clock())
            collected = collect.poll(world, feed, collect.Asked(anew=True, beside=True, observed=stated))
            assert not collected.error

    def _poll(self, world: World, root: Path, moment: datetime) -> None:
        for feed, source in self.sources.items():
            path, rows = root / f"{feed.id}.csv", source(moment)
            if rows is None:
                path.unlink(missing_ok=True)
            else:
                self._put(path, rows, moment)
            collect.poll(world, world.settings.feeds[feed.id])

    @staticmethod
    def _put(path: Path, rows: Collection[Row], moment: datetime) -> None:
        """Written only where it changes, as a file is that somebody keeps."""
        lines = [f"{row.id},{row.at.isoformat()},,{row.area},{row.kind}" for row in rows]
        text = "\n".join(["id,at,known,area,kind", *lines, ""])
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            os.utime(path, (moment.timestamp(), moment.timestamp()))


@dataclass(frozen=True)
class Told:
    """What became of it, as both say."""

    history: History

    def steps(self, town: str, topic: str = "fires") -> list[tuple[str, int, int]]:
        """(step, number of the day, grade) of a town's warnings."""
        return [
            (step, (moment - at(0)).days, after)
            for area, of, step, moment, _, after in self.history.warnings.steps if (area, of) == (town, topic)
        ]  # fmt: skip

    def confidence(self, town: str, topic: str = "fires") -> str:
        return self.history.open()[town, topic][1]
