"""A county whose control room pushes: its service's loops without a ticker, and its console as a source
meets it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx

from engine import app
from engine.console.serve import console
from engine.cycle import run as running
from engine.cycle.loops.service import Loops
from engine.cycle.reload import Live
from engine.cycle.world import World, clock_from
from engine.model.staff import TokenKind
from engine.staff import tokens
from tests.story import county

FEEDS = """
  - id: room
    title: Control room
    connector: push
    subject: incident
    max_silence: 1h
    covers: {areas: [C], categories: [property, violence], from: 2026-01-01}
    map:
      source_id: id
      occurred_at: {field: at}
      place: {code: town}
      category: {field: kind, scheme: county}
  - id: stamped
    title: Another room, which says when it knew
    connector: push
    subject: incident
    max_silence: 1h
    covers: {areas: [C], categories: [violence], from: 2026-01-01}
    map:
      source_id: id
      occurred_at: {field: at}
      known_at: {field: known}
      place: {code: town}
      category: {field: kind, scheme: county}
  - id: monitor
    title: Monitoring of the pumps
    connector: push
    subject: hazard
    options: {records: alerts, fields: [status, labels, startsAt, endsAt]}
    max_silence: 1h
    covers: {areas: [C], categories: [violence], from: 2026-01-01}
    map:
      source_id: [labels.alertname, labels.town, startsAt]
      occurred_at: {field: startsAt}
      ended_at: {field: endsAt}
      place: {code: labels.town}
      category: {field: labels.alertname, table: {PumpBlown: violence.explosion}}
      withdrawn: {field: status, equals: silenced}
      empty: ['0001-01-01T00:00:00Z']
  - id: alerts
    title: Alerts of the province
    connector: push
    subject: incident
    max_silence: 1h
    covers: {areas: [C], categories: [violence], from: 2026-01-01}
    map:
      source_id: id
      occurred_at: {field: sent}
      place: {fixed: T2}
      category: {fixed: violence.explosion}
      withdrawn: {field: msgType, equals: Cancel}
"""


def build(root: Path) -> Path:
    """The county, three feeds of which are pushed."""
    county.build(root)
    path = root / "config" / "feeds.yaml"
    path.write_text(path.read_text(encoding="utf-8").rstrip() + FEEDS, encoding="utf-8")
    with (root / "config" / "engine.yaml").open("a", encoding="utf-8") as file:
        file.write("push_timeout: 10m\n")  # however busy the machine is
    return root


@contextmanager
def service(root: Path) -> Iterator[tuple[Loops, str]]:
    """The loops, whose clock was right at a first tick, and where the console listens."""
    with app.world(root, clock=clock_from(county.END)) as world:
        running.prepare(world, world.clock())
        with closing(Loops(Live(world, lambda: app.home(root, county.END.date()), settle=0))) as loops:
            loops.judge()
            with console(lambda: loops.world, 0, take=loops.take) as link:
                yield loops, link.partition("/enter")[0]


def key(world: World, feed: str) -> str:
    with world.store.begin() as tx:
        return tokens.make(tx, feed, TokenKind.FEED, world.clock(), by="cli", via="cli", feed=feed)[1]


@contextmanager
def source(world: World, address: str, feed: str = "room") -> Iterator[httpx.Client]:
    """Whoever pushes for a feed."""
    headers = {"authorization": f"Bearer {key(world, feed)}", "content-type": "application/json"}
    with httpx.Client(base_url=address, headers=headers, timeout=600) as client:
        yield client
