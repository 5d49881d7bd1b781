"""A country of two counties with five towns, and reports of what happened there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from engine.model.area import Area, AreaTree
from engine.model.grade import Domain, Grade
from engine.model.incident import Incident
from engine.model.indicator import Indicator
from engine.model.period import Calendar, Cycle
from engine.model.rule import Rule, Rung, Test, Window
from engine.model.text import Text
from engine.rulebook.trial.draft import DraftPanels

TREE = AreaTree.of(("country", "county", "town"), [
    Area("X", Text("X"), "country", population=100_000),
    Area("A", Text("A"), "county", "X", population=60_000, centroid=(60.0, 15.0)),
    Area("B", Text("B"), "county", "X", population=40_000, centroid=(65.0, 20.0)),
    Area("A1", Text("A1"), "town", "A", population=50_000, centroid=(60.0, 15.0)),
    Area("A2", Text("A2"), "town", "A", centroid=(60.1, 15.1)),
    Area("A3", Text("A3"), "town", "A", population=5_000, centroid=(60.9, 16.5)),
    Area("B1", Text("B1"), "town", "B", population=20_000, centroid=(65.0, 20.0)),
    Area("B2", Text("B2"), "town", "B", population=20_000, centroid=(65.5, 21.0)),
])  # fmt: skip
TOWNS = TREE.at("town")
#: A Monday, and the day on which most tests judge.
CUT = date(2026, 3, 2)
FIRE, THEFT = Indicator(frozenset({"fire"})), Indicator(frozenset({"theft"}))
#: Which feed reports on what.
FEEDS = {"fires": frozenset({"fire"}), "thefts": frozenset({"theft"})}

#: (area, days before CUT, how many)
Count = tuple[str, int, int]


def reports(
    counts: Iterable[Count], category: str = "fire", *, late: int = 0, **more: object
) -> list[Incident]:
    """`count` incidents at noon of each day, known at once or `late` days later."""
    return [
        report(area, CUT - timedelta(days=back), f"{category} {area} {back} {late} {one}", category,
               late=late, **more)
        for area, back, count in counts for one in range(count)
    ]  # fmt: skip


def report(
    area: str, day: date, name: str, category: str = "fire", *, late: int = 0, **more: object
) -> Incident:
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return Incident(
        feed="log", source_id=name, areas=(area,), category=category, occurred_at=at,
        known_at=at + timedelta(days=late), **more,
    )  # fmt: skip


def steady(area: str, every: int, days: int = 250, number: int = 1) -> list[Count]:
    """`number` on every `every`-th day up to the cut."""
    return [(area, back, number) for back in range(1, days + 1) if back % every == 0]


def panels(given: Iterable[Incident], **more: object) -> DraftPanels:
    return DraftPanels(TREE, Calendar(), tuple(given), **{"feeds": FEEDS, **more})  # type: ignore[arg-type]


def rule(*rungs: Rung | tuple[Test, ...] | Test, id_: str = "fires", **more: object) -> Rule:
    """A daily rule on fires in towns; a rung without a grade is blue."""
    made = [one if isinstance(one, Rung) else Rung(Grade.BLUE, (one,) if isinstance(one, Test) else one)
            for one in rungs]  # fmt: skip
    plain = Rule(
        id=id_, title=Text(id_), domain=Domain.SAFETY, topic="fire", cycle=Cycle.DAILY, level="town",
        indicator=FIRE, window=Window(days=3, baseline=30), rungs=tuple(made), hash=id_,
    )  # fmt: skip
    return replace(plain, **more)
