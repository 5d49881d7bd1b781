"""What the service concluded, tick by tick, is what living through the same time again concludes."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from engine import app
from engine.backtest.replay import relive
from engine.backtest.shard import find_all
from engine.cycle import collect
from engine.cycle import run as running
from engine.cycle.draft import moments
from engine.cycle.source import LedgerSource
from engine.cycle.world import World
from engine.model.warning import Change, Step
from engine.store import judgement
from tests.story import county

#: A part with delays, one that is slower, a correlation upon a correlation, and raw beside what stands.
FURTHER = """
rules:
  - id: county.gangs
    title: Gangs
    domain: public-safety
    topic: gangs
    cycle: daily
    level: county
    status: stable
    owner: crime-desk
    review_by: 2027-06-30
    why: Several towns for days.
    hold: 2
    correlate:
      within: 3d
      scope: same
      all: [{finding: {rule: county.several-towns}}]
      none: [{finding: {rule: county.slow, grade: yellow}}]
    grade: red
    measures: [patrols]
  - id: county.slow
    title: Slow
    domain: public-safety
    topic: burglary
    cycle: daily
    level: county
    status: stable
    owner: crime-desk
    review_by: 2027-06-30
    why: The whole county.
    indicator: {count: incidents, where: {category: property.burglary}}
    window: 2d
    hold: 3
    grades: {blue: {at_least: 5, delay_on: 2}, yellow: {at_least: 12, delay_on: 2}}
    measures: [patrols]
  - id: county.raw
    title: Raw
    domain: public-safety
    topic: unrest
    cycle: weekly
    level: county
    status: stable
    owner: crime-desk
    review_by: 2027-06-30
    why: What was judged.
    correlate: {within: 7d, scope: below, at_least: 2, of: [{finding: {topic: burglary, see: raw}}]}
    grade: blue
    measures: [patrols]
"""


@pytest.fixture
def root(tmp_path: Path, seed: int) -> Path:
    """A county in which every third explosion is told otherwise: another town, another kind, or withdrawn."""
    root, random = county.build(tmp_path / "county", seed), Random(seed)
    (root / "rules" / "further.yaml").write_text(FURTHER)
    with (root / "config" / "topics.yaml").open("a") as topics:
        topics.write("  - {id: gangs, title: Gangs, domain: public-safety}\n")
    rows = (root / "log.csv").read_text().splitlines()
    for number, day in enumerate(sorted(random.sample(range(county.DAYS), county.DAYS // 2))):
        at = county.FIRST + timedelta(days=day, hours=random.randrange(24))
        for told in range(random.choice((1, 1, 2, 3))):
            known = at + timedelta(minutes=20 + 90 * told * random.choice((1, 10)))
            kind = random.choice(("explosion", "burglary")) if told else "explosion"
            town = random.choice(("T1", "T2"))
            rows.append(f"x{number},{at.isoformat()},{known.isoformat()},{town},{kind}")
    (root / "log.csv").write_text("\n".join(rows) + "\n")
    return root


def changes(world: World) -> list[Change]:
    with world.store.read() as tx:
        return judgement.changes(tx)


def again(world: World, since: datetime, until: datetime) -> list[Change]:
    found = find_all(
        LedgerSource.of(world), world.book, world.book.rules, since, until,
        moments=moments(world, [world.book], since, until), terms=world.terms,
    )  # fmt: skip
    return [change for _, one in relive(world.book, found, world.terms, until) for change in one.changes]


@pytest.mark.parametrize("seed", range(3))
def test_live_and_lived_again_conclude_the_same(root: Path, seed: int) -> None:
    random, now = Random(seed), county.FIRST
    with app.world(root, clock=lambda: county.END) as world:
        running.prepare(world, county.FIRST)
        collect.poll(world, world.settings.feeds["log"])
        while now < county.END:
            # The service is away for minutes or for days.
            now = min(now + timedelta(minutes=random.choice((7, 400, 4000))), county.END)
            running.catch_up(world, now)
        lived = changes(world)
        assert lived == again(world, county.FIRST, county.END)
        tried = {change.warning.split(".")[1] for change in lived}
        assert {"explosions", "unrest", "gangs", "burglary"} <= tried
        explosions = [one for one in lived if ".explosions." in one.warning]
        assert any("taken back" in one.reason for one in explosions)
        assert any("has had its time" in one.reason for one in explosions if one.step is Step.LIFTED)
