"""The configuration of one root folder: read whole, checked whole, then never changed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from engine.cycle.config import (
    areas,
    budget,
    calendars,
    duty,
    feeds,
    form,
    outcomes,
    packs,
    rota,
    routes,
    service,
    taxonomy,
    topics,
    watch,
)
from engine.cycle.config.plan import load as plans
from engine.cycle.config.plan.checks import Around
from engine.cycle.config.reading import Reading
from engine.guard.guard import Guard
from engine.ingest.gazetteer import Gazetteer
from engine.ingest.normalise import Context
from engine.ingest.truth import Truth
from engine.model.area import AreaTree
from engine.model.days import Calendar as DayCalendar
from engine.model.feed import Feed
from engine.model.form import Form
from engine.model.grade import Grade
from engine.model.message import Receiver, ReportRoute, Route
from engine.model.period import Calendar
from engine.model.plan import Plan
from engine.model.problem import Level, Problem, nearest
from engine.model.rota import Rota
from engine.model.same import Alike
from engine.model.taxonomy import Taxonomy
from engine.model.topic import ListedMeasure, Topic
from engine.model.warning import Issuer
from engine.model.watch import WatchPeriod
from engine.notify.template.dress import Template
from engine.rulebook.packs.filter import Filter

#: Every file an operator may write; any other YAML file beside them is a misspelt one.
FILES = (
    "areas.yaml", "taxonomy.yaml", "topics.yaml", "measures.yaml", "feeds.yaml", "routes.yaml",
    "rota.yaml", "grades.yaml", "scoring.yaml", "cycles.yaml", "privacy.yaml", "engine.yaml", "budget.yaml",
    "duty.yaml", "calendars.yaml", "watch.yaml", "packs.yaml",
)  # fmt: skip
#: Beside routes.yaml, and not read by the service: `forewarn rules test` runs it.
TWIN = "routes.test.yaml"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything config/*.yaml says, resolved: no name in it is unknown."""

    root: Path
    calendar: Calendar
    levels: tuple[str, ...]
    tree: AreaTree
    gazetteer: Gazetteer
    taxonomy: Taxonomy
    topics: Mapping[str, Topic]
    #: The closed catalogue of measures, by code.
    catalogue: Mapping[str, ListedMeasure]
    feeds: Mapping[str, Feed]
    #: What people in the field are asked, by the name that a feed gives it.
    forms: Mapping[str, Form]
    receivers: Mapping[str, Receiver]
    routes: tuple[Route, ...]
    #: What operators write in the place of the built-in messages, by id.
    templates: Mapping[str, Template]
    #: Which reports are made, and who gets them.
    reports: tuple[ReportRoute, ...] = ()
    #: Who is on duty when, by id.
    rotas: Mapping[str, Rota]
    #: The calendars that rules may read, by id.
    calendars: Mapping[str, DayCalendar]
    #: The rule packs that are taken beside the centre's own rules.
    packs: tuple[Filter, ...] = ()
    #: Areas and times in which rules are stricter, or more.
    watches: tuple[WatchPeriod, ...] = ()
    #: Whether a worse warning above mutes lesser ones below for those who were told of it.
    inhibit: bool
    #: Response plans by id.
    plans: Mapping[str, Plan]
    #: Warnings a week by receiver; one without a limit is not in it.
    budget: Mapping[str, float]
    #: Points by grade.
    scoring: Mapping[Grade, float]
    grades: service.Grades
    duty: duty.Duty
    cycles: service.Cycles
    privacy: service.Privacy
    #: What turns raw records into incidents: names, places, zone, privacy guard.
    ingest: Context
    engine: service.Engine
    #: SHA-256 over the canonical JSON of everything loaded.
    hash: str
    #: The text of every YAML file, by its path below the root.
    texts: Mapping[str, str]
    #: What really happened, as far as anybody wrote it down.
    truth: Truth | None = None
    #: What is odd but usable: warnings and hints.
    problems: tuple[Problem, ...] = ()

    @cached_property
    def alike(self) -> Alike | None:
        """Which feeds tell of the same events; None where none says so."""
        return Alike.of({feed.id: feed.same_as for feed in self.feeds.values()}, self.taxonomy, self.tree)

    @property
    def language(self) -> str:
        """The centre's own: the one that most receivers read."""
        spoken = [one.language for one in self.receivers.values()]
        return "zh" if spoken.count("zh") > len(spoken) / 2 else "en"

    @property
    def domains(self) -> dict[str, str]:
        """The domain of every topic, by the topic's id."""
        return {id_: topic.domain.value for id_, topic in self.topics.items()}


def load(
    root: Path,
    connectors: Mapping[str, Any],
    channels: Mapping[str, Any],
    environment: Mapping[str, str] = os.environ,
    today: date | None = None,
) -> Settings:
    """The settings of `root`; `connectors` and `channels` are the registries, by name; `today` is the day
    it is where that is not the machine's.

    Raises ConfigError with every mistake of every file.
    """
    reading = Reading(root.resolve(), environment)
    _misspelt_files(reading)
    cycles = service.load_cycles(reading)
    privacy = service.load_privacy(reading)
    engine = service.load_engine(reading)
    scoring = service.load_scoring(reading)
    grades = service.load_grades(reading)
    place = areas.load(reading)
    tree = place.tree if place else None
    taken = packs.load(reading)
    names_of_packs = tuple(packs.brought(taken))
    categories = taxonomy.load(reading, names_of_packs)
    risks = topics.load(reading, names_of_packs)
    catalogue = topics.load_catalogue(reading, risks, names_of_packs)
    guard = Guard(privacy)
    zone = place.zone if place else None
    today = today or datetime.now(zone).date()
    forms = form.load(reading, tree, guard)
    sources = feeds.load(
        reading, feeds.Against(tree, categories, connectors, guard, engine, today, forms)
    )  # fmt: skip
    roster = rota.read(reading)
    names = [entry.id for entry in roster.file.rotas]
    ways = routes.load(reading, tree, risks, channels, cycles.lease, names)
    rotas, receivers = rota.load(reading, roster, zone, ways.receivers if ways else None)
    named = calendars.load(reading, zone)
    periods = watch.load(reading, tree)
    people = duty.load(reading, ways.receivers if ways else {})
    around = Around(risks, categories, catalogue) if categories is not None and risks is not None else None
    responses = plans.load(reading, around)
    limits = budget.load(reading, ways.receivers if ways else None)
    _unasked(reading, grades, ways)
    _unserved(reading, engine, ways)
    _ungranted(reading, engine, tree, ways)
    told = outcomes.load(reading, tree, {id_: topic.domain.value for id_, topic in (risks or {}).items()})
    problems = reading.finish()
    assert place is not None and categories is not None and risks is not None and ways is not None
    return Settings(
        root=reading.root,
        calendar=Calendar(place.zone, cycles.wait),
        levels=place.tree.levels,
        tree=place.tree,
        gazetteer=place.gazetteer,
        taxonomy=categories,
        topics=risks,
        catalogue=catalogue,
        feeds=sources,
        forms=forms,
        receivers=receivers,
        routes=ways.routes,
        templates=ways.templates,
        reports=ways.reports,
        rotas=rotas,
        calendars=named,
        watches=periods,
        packs=taken,
        plans=responses,
        inhibit=ways.inhibit,
        budget=limits,
        scoring=scoring,
        grades=grades,
        duty=people,
        cycles=cycles,
        privacy=privacy,
        ingest=Context(categories, place.gazetteer, place.zone, guard.hiding(reading.hidden)),
        engine=engine,
        hash=reading.hash(),
        texts=reading.sources(),
        truth=told,
        problems=problems,
    )


def _unasked(reading: Reading, grades: service.Grades, ways: routes.Ways | None) -> None:
    """Grades that wait for somebody whom no route asks."""
    for (domain, grade), issuer in grades.authority.issuers.items():
        of = [route for route in (ways.routes if ways else ()) if issuer in route.asks]
        reached = any(not route.domains or domain in route.domains for route in of)
        if ways is not None and issuer is not Issuer.ITSELF and not reached:
            sentence = (
                f"{grade.word} in {domain} waits for {issuer}, and no route asks anybody; "
                f"add a route with `asks: [{issuer}]`"
            )
            reading.problems.append(
                Problem("config/grades.yaml", 1, sentence, "nobody-asked", Level.WARNING)
            )


def _unserved(reading: Reading, engine: service.Engine, ways: routes.Ways | None) -> None:
    """Feeds that are to be served, where nothing serves."""
    for one in ways.receivers.values() if ways is not None and engine.public is None else ():
        if any(channel.options.get("serve") for channel in one.channels):
            sentence = f"'{one.id}' serves a feed, and no page does; set `public` in config/engine.yaml"
            reading.problems.append(Problem("config/routes.yaml", 1, sentence, "unserved", Level.WARNING))


def _ungranted(
    reading: Reading, engine: service.Engine, tree: AreaTree | None, ways: routes.Ways | None
) -> None:
    """Grants of what is not there."""
    for one in engine.provider.grants if engine.provider else ():
        unknown = [("area", one.area)] if tree is not None and one.area and one.area not in tree else []
        known = ways.receivers if ways is not None else one.receivers
        unknown += [("receiver", id_) for id_ in one.receivers if id_ not in known]
        for kind, name in unknown:
            sentence = f"the grant to {one.value!r} names an unknown {kind} '{name}'"
            reading.problems.append(Problem("config/engine.yaml", 1, sentence, f"unknown-{kind}"))


def _misspelt_files(reading: Reading) -> None:
    folder = reading.root / "config"
    for path in sorted((*folder.glob("*.yaml"), *folder.glob("*.yml"))):
        if path.name not in (*FILES, TWIN):
            sentence = f"no configuration file has this name{nearest(path.name, FILES)}"
            reading.problems.append(Problem(f"config/{path.name}", 1, sentence, "unknown-file"))
