"""A small county world for rules: areas, categories, topics, measures and three feeds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine.cycle.config.calendars import bundled
from engine.ingest.mapping import Mapping
from engine.model.area import Area, AreaTree
from engine.model.days import Calendar, Days
from engine.model.feed import Covers, Feed, Subject
from engine.model.grade import Domain, Grade
from engine.model.message import Route
from engine.model.taxonomy import Category, Measures, Taxonomy
from engine.model.text import Text
from engine.model.topic import Aim, ListedMeasure, Topic
from engine.rulebook.context import Context

DATA = Path(__file__).parents[1] / "data"
TODAY = date(2026, 6, 1)


def tree() -> AreaTree:
    counties = [
        Area(code, Text(code), "county", "SE", population=400_000, neighbours=frozenset(around))
        for code, around in (("01", ["03"]), ("03", ["01", "04"]), ("04", ["03"]))
    ]
    towns = [
        Area(f"{county}{n}0", Text("town"), "municipality", county) for county in ("01", "03") for n in (1, 2)
    ]
    country = Area("SE", Text("Sweden", "瑞典"), "country", population=10_000_000)
    return AreaTree.of(("country", "county", "municipality"), [country, *counties, *towns])


def category(code: str, domain: Domain = Domain.SAFETY, **more: object) -> Category:
    parent = code.rpartition(".")[0] or None
    return Category(code, Text(code), domain, parent=parent, **more)  # type: ignore[arg-type]


def taxonomy() -> Taxonomy:
    activity = {"measures": Measures.ACTIVITY}
    return Taxonomy.of([
        category("property"), category("property.burglary"), category("property.theft"),
        category("traffic"), category("traffic.crash"), category("traffic.crash.injury"),
        category("traffic.control", **activity),
        category("violence"), category("violence.explosion"), category("violence.sexual", sensitive=True),
        category("nature"), category("nature.flood"), category("nature.storm"),
        category("officials", Domain.POLITICAL), category("officials.violence", Domain.POLITICAL),
        category("disorder", Domain.SOCIAL), category("disorder.brawl", Domain.SOCIAL),
        category("civic", Domain.SOCIAL, protected=True),
        category("civic.assembly", Domain.SOCIAL, protected=True),
        category("civic.petition", Domain.SOCIAL, protected=True),
        category("gathering", Domain.SOCIAL), category("gathering.worship", Domain.SOCIAL, protected=True),
        category("enforcement", **activity), category("enforcement.drugs", **activity),
        category("duty"), category("duty.patrol", **activity), category("duty.note", judged=False),
        category("notice", judged=False), category("notice.summary", judged=False),
        category("fraud", Domain.CYBER),
    ])  # fmt: skip


def topics() -> dict[str, Topic]:
    listed = [
        ("burglary", Domain.SAFETY), ("traffic", Domain.SAFETY), ("flood", Domain.SAFETY),
        ("explosions", Domain.SAFETY), ("disorder", Domain.SOCIAL), ("crowd-safety", Domain.SOCIAL),
        ("officials-attacked", Domain.POLITICAL), ("fraud", Domain.CYBER), ("petitioning", Domain.SOCIAL),
    ]  # fmt: skip
    return {id_: Topic(id_, Text(id_), domain) for id_, domain in listed}


def catalogue() -> dict[str, ListedMeasure]:
    def measure(code: str, aim: Aim, topics: Iterable[str] = ()) -> ListedMeasure:
        return ListedMeasure(
            code, Text(f"do {code}", f"做 {code}"), "police", timedelta(hours=24), Grade.BLUE, aim,
            frozenset(topics),
        )  # fmt: skip

    listed = [
        measure("duty-check", Aim.INFORMATION),
        measure("patrol-evening", Aim.PATROL, ["burglary", "disorder"]),
        measure("road-salting", Aim.TRAFFIC, ["traffic"]), measure("crowd-medical", Aim.MEDICAL),
    ]  # fmt: skip
    return {one.code: one for one in listed}


def feed(id_: str, categories: Iterable[str], **mapping: object) -> Feed:
    known = taxonomy()
    covered = frozenset(code for name in categories for code in known.below(name))
    written = {
        "source_id": "id", "occurred_at": "when", "place": {"name": "place"},
        "category": {"field": "type", "scheme": "codes"}, **mapping,
    }  # fmt: skip
    return Feed(
        id=id_, title=Text(id_), connector="csv", subject=Subject.INCIDENT, options=None,
        mapping=Mapping.model_validate(written),
        covers=Covers(areas=("SE",), categories=covered, since=date(2023, 1, 1)),
        poll=timedelta(minutes=10), max_silence=timedelta(hours=12),
    )  # fmt: skip


def feeds() -> dict[str, Feed]:
    judged = ("property", "traffic", "violence", "officials", "disorder", "fraud", "civic", "gathering")
    words = {"keywords": [{"any": ["attack"], "category": "officials.violence"}], "fields": ["text"]}
    listed = [
        feed("police", judged),
        feed("rescue", ["nature.storm"], severity={"field": "grade", "table": {"high": 3}},
             measures={"injured": "injured"}),
        feed("rumours", ["officials.violence"], category=words),
    ]  # fmt: skip
    return {one.id: one for one in listed}


def routes() -> tuple[Route, ...]:
    domains = (Domain.SAFETY, Domain.SOCIAL, Domain.POLITICAL)
    return (Route(id="all", domains=domains, grade=Grade.BLUE, receivers=("duty",)),)


def calendars() -> dict[str, Calendar]:
    """Those that come with the engine, and one that ends soon."""
    fairs = Days.of([date(2026, 6, 6)], date(2026, 1, 1), date(2026, 6, 20))
    return {**bundled(), "fairs": Calendar("fairs", Text("fairs", "庙会"), fairs)}


@pytest.fixture(scope="session")
def context() -> Context:
    return Context(
        taxonomy=taxonomy(), tree=tree(), topics=topics(), catalogue=catalogue(), feeds=feeds(),
        today=TODAY, routes=routes(), calendars=calendars(), outcomes=frozenset(),
    )  # fmt: skip
