"""A country at its worst, for the console's bench: 3,000 counties with shapes, 5,000 open warnings, and
a year of 300,000 reports."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import numpy as np
import shapely

from benchmarks.measuring import END, fresh
from engine.cycle.reporting.reported import may_count
from engine.cycle.world import World
from engine.ingest.gazetteer import Gazetteer
from engine.model.area import Area, AreaTree
from engine.model.finding import Finding, Held, RungTrace, Signal, Trace
from engine.model.grade import Confidence, Grade
from engine.model.incident import Incident
from engine.model.message import Delivery, Notification
from engine.model.period import Cycle
from engine.model.text import Text
from engine.model.warning import Change, RiskWarning, Standing, Step
from engine.store import health, incidents, judgement, outbox, runs

PROVINCES, COUNTIES, WARNINGS = 30, 100, 5000
#: Of a year; the last of them was known a day ago. So many are told in one transaction.
REPORTS, BATCH, FEED = 300_000, 20_000, "se-police"
#: Points of a county's border, which is ragged as borders are.
POINTS = 120
#: Of a hundred warnings so many stand at each grade; the highest first.
MIX = ((Grade.RED, 2), (Grade.ORANGE, 8), (Grade.YELLOW, 20), (Grade.BLUE, 70))


@contextmanager
def country() -> Iterator[World]:
    """The project's rules over a made-up country, with its warnings in the store."""
    with fresh() as world:
        settings = replace(world.settings, tree=(tree := _tree()), gazetteer=Gazetteer(tree, _shapes()))
        world = replace(world, settings=settings)
        _fill(world)
        yield world


def report(world: World) -> None:
    """A year of reports, and a feed that was heard all the time."""
    places, hour = world.settings.tree.at("municipality"), timedelta(hours=1)
    kinds = sorted(one.code for one in world.settings.taxonomy.categories.values() if may_count(one))
    begin, step = END - timedelta(days=365), timedelta(days=364) / REPORTS
    with world.store.begin() as tx:
        health.record(tx, FEED, [begin + n * hour for n in range(365 * 24)], known_at=END)
    for first in range(0, REPORTS, BATCH):
        told = [
            Incident(
                feed=FEED, source_id=str(n), occurred_at=begin + n * step, known_at=begin + n * step + hour,
                areas=(places[n % len(places)],), category=kinds[n % len(kinds)],
            )
            for n in range(first, first + BATCH)
        ]  # fmt: skip
        with world.store.begin() as tx:
            incidents.add(tx, told, world.ledger)


def _tree() -> AreaTree:
    areas = [Area("SE", Text("The Country", "全国"), "country", population=1_200_000_000)]
    for p in range(PROVINCES):
        areas.append(Area(f"{p:02}", Text(f"Province {p:02}", f"第{p:02}省"), "county", "SE"))
        areas += [
            Area(f"{p:02}{n:02}", Text(f"County {p:02}-{n:02}", f"第{p:02}{n:02}县"), "municipality",
                 f"{p:02}", population=400_000)
            for n in range(COUNTIES)
        ]  # fmt: skip
    return AreaTree.of(("country", "county", "municipality"), areas)


def _shapes() -> dict[str, shapely.Polygon]:
    """Ten by ten counties in each of six by five provinces; the borders of neighbours are the same points."""
    chance = np.random.default_rng(11)
    wide, high, each = 60, 50, POINTS // 4
    across = np.cumsum(chance.normal(0, 0.02, (wide + 1, high * each + 1)), axis=1) % 0.2
    along = np.cumsum(chance.normal(0, 0.02, (high + 1, wide * each + 1)), axis=1) % 0.2
    across[:, ::each] = along[:, ::each] = 0
    found = {}
    for x in range(wide):
        for y in range(high):
            steps = np.arange(each + 1) / each
            cut = slice(x * each, (x + 1) * each + 1), slice(y * each, (y + 1) * each + 1)
            south = np.column_stack([x + steps, y + along[y, cut[0]]])
            north = np.column_stack([x + steps, y + 1 + along[y + 1, cut[0]]])
            west = np.column_stack([x + across[x, cut[1]], y + steps])
            east = np.column_stack([x + 1 + across[x + 1, cut[1]], y + steps])
            ring = np.vstack([south, east[1:], north[::-1][1:], west[::-1][1:-1]])
            code = f"{x // 10 + 6 * (y // 10):02}{x % 10 + 10 * (y % 10):02}"
            found[code] = shapely.Polygon(ring * (0.8, 0.5) + (75, 20))
    return found


def _fill(world: World) -> None:
    rules = [rule for rule in world.book.rules.values() if rule.stands and rule.indicator]
    codes = world.settings.tree.at("municipality")
    grades = [grade for grade, n in MIX for _ in range(n)]
    made = []
    for number in range(WARNINGS):
        rule = rules[number // len(codes) % len(rules)]
        since = END - timedelta(hours=number % 600, minutes=number % 60)
        made.append(RiskWarning(
            id=f"{codes[number % len(codes)]}.{rule.topic}.{number}", area=codes[number % len(codes)],
            topic=rule.topic, domain=rule.domain, grade=grades[number % 100], score=float(number % 90),
            confidence=Confidence.HIGH, title_en=f"Warning {number}", since=since, judged_at=END,
            rules=(rule.id,),
        ))  # fmt: skip
    changes = [
        Change(warning=one.id, step=Step.ISSUED, at=one.since, before=Grade.NONE, after=one.grade,
               reason="made for the bench", by="daily/2025-12-31") for one in made
    ]  # fmt: skip
    concluded = SimpleNamespace(
        standing=[_standing(one) for one in made], findings=[_finding(one) for one in made], warnings=made,
        changes=changes, scores=(),
    )  # fmt: skip
    with world.store.begin() as tx:
        period = world.settings.calendar.period(Cycle.DAILY, (END - timedelta(days=1)).date())
        claim = runs.claim(tx, period, "bench", END, timedelta(minutes=5))
        assert claim is not None
        judgement.save(tx, claim.run, concluded)
        outbox.enqueue(tx, [_message(one, change) for one, change in zip(made, changes, strict=True)])


def _standing(one: RiskWarning) -> Standing:
    return Standing(
        rule=one.rules[0], area=one.area, topic=one.topic, domain=one.domain, rule_hash="bench", on=(1,),
        off=(0,), grade=one.grade, since=one.since,
    )  # fmt: skip


def _finding(one: RiskWarning) -> Finding:
    rungs = [
        RungTrace(grade, Held.HELD if grade <= one.grade else Held.NOT,
                  (Signal("count", Held.HELD, 9.0, expected=2.5, needed=3.0 * grade),),
                  None if grade <= one.grade else 3.0)
        for grade in sorted(grade for grade, _ in MIX)
    ]  # fmt: skip
    trace = Trace(
        rule=one.rules[0], rule_hash="bench", area=one.area, window=("2025-12-24", "2025-12-31"),
        observed=9.0, baseline=tuple(float(n % 5) for n in range(52)), rungs=tuple(rungs),
    )  # fmt: skip
    return Finding(
        rule=one.rules[0], rule_hash="bench", area=one.area, topic=one.topic, domain=one.domain,
        cycle="daily", period="2025-12-30", at=END, grade=one.grade, trace=trace,
    )  # fmt: skip


def _message(one: RiskWarning, change: Change) -> Notification:
    return Notification(
        key=f"{change.key}/police-desk/file", change=change.key, warning=one.id, receiver="police-desk",
        channel="file", step=change.step, grade=one.grade, subject=one.title_en, body=one.title_en,
        payload="{}", planned_at=one.since, state=Delivery.DELIVERED,
    )  # fmt: skip
