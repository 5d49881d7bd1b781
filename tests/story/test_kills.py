"""`forewarn run` really killed again and again, its workers with it or left behind, while sources and
receivers fail, hang and drip and people act: it ends as if nothing had happened.

Each day has two moments: at six the source has something new, which is polled, judged at once where it is
grave, and told; at half past eight the day before is judged. At each moment the service is killed in the
middle of it, started again, and left in peace until all is done; then it is killed as well.
"""

from __future__ import annotations

import csv
import io
import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from engine import app
from engine.cycle import acting
from engine.cycle import run as running
from engine.cycle.world import World
from engine.model.act import Act, ActKind, Role
from engine.model.message import Delivery
from engine.store import acts, health, judgement, outbox
from tests.connectors.conftest import Answer, Server
from tests.story import county
from tests.story.conftest import wait_for
from tests.story.doom import Doom, Life, run
from tests.story.dripping import DRIPS, Drip
from tests.story.test_act_crashes import kept
from tests.story.test_service import SECOND
from tests.story.timeline import SECRET, Post, Story, story

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: A port at which nobody answers.
NOBODY = "http://127.0.0.1:1/"


@dataclass
class Peers:
    """The county's source and duty centre, and those that fail, hang and drip."""

    server: Server
    post: Post
    drip: Drip

    def publish(self, until: datetime) -> None:
        """The source as it stood at a moment."""
        rows = [row for row in county.log(1) if datetime.fromisoformat(row["known"]) <= until]
        text = io.StringIO()
        writer = csv.DictWriter(text, ["id", "at", "known", "town", "kind"])
        writer.writeheader()
        writer.writerows(rows)
        self.server.tell("/log.csv", Answer(text.getvalue().encode()))


@pytest.fixture
def peers(server: Server, drip: Drip, monkeypatch: pytest.MonkeyPatch) -> Iterator[Peers]:
    monkeypatch.setenv(SECRET, "0123456789abcdef")
    with Post().open() as post:
        yield Peers(server, post, drip)


def build(root: Path, peers: Peers, *, bad: bool) -> Path:
    """The county with its source and its duty centre on loopback. bad: of the sources and receivers beside
    them some are there and never end an answer, instead of not being there."""
    county.build(root)
    path = root / "config" / "feeds.yaml"
    log = f"{{url: '{peers.server.url('/log.csv')}', retries: 0}}"
    text = path.read_text(encoding="utf-8").replace("{path: log.csv, polls: polls.csv}", log)
    for kind in ("failing", "header"):
        url = peers.drip(kind) if bad and kind in DRIPS else peers.server.url("/nothing")
        options = f"{{url: '{url}', timeout: 600, retries: 0}}"
        other = SECOND.format(connector="json", options=options).replace("id: second", f"id: {kind}")
        text += other.replace("[property]", "[fire]")
    path.write_text(text, encoding="utf-8")
    path = root / "config" / "taxonomy.yaml"
    fire = "  - {code: fire, title: Fire, domain: public-safety, codes: {county: [fire]}}\n"
    path.write_text(path.read_text(encoding="utf-8") + fire, encoding="utf-8")
    hints = peers.drip("hints") if bad else NOBODY
    listed = "".join(
        f"  - {{id: {name}, title: Desk, channels: [{{kind: webhook, url: '{url}', timeout: 50s,"
        f" secret: '${{{SECRET}}}'}}]}}\n"
        for name, url in (("duty", peers.post.url("duty")), ("hints", hints), ("failing", NOBODY))
    )
    routes = "receivers:\n" + listed + "routes:\n  - {id: all, receivers: [duty, hints, failing]}\n"
    (root / "config" / "routes.yaml").write_text(routes, encoding="utf-8")
    (root / "config" / "cycles.yaml").write_text("{wait: 8h, lease: 1m, tick: 1s}\n", encoding="utf-8")
    with (root / "config" / "engine.yaml").open("a", encoding="utf-8") as file:
        file.write("poll_timeout: 10m\ndeliver_timeout: 10m\nstop_within: 2s\n")
    return root


def moments(first: int, days: int) -> list[datetime]:
    begin = county.FIRST + first * DAY
    return [begin + n * DAY + at for n in range(days) for at in (6 * HOUR, 8.5 * HOUR)]


def undisturbed(root: Path, peers: Peers, when: list[datetime]) -> dict[str, Any]:
    """The story of a service that nobody kills and nobody keeps waiting."""
    now = [when[0]]
    with app.world(build(root, peers, bad=False), clock=lambda: now[0]) as world:
        running.prepare(world, when[0])
        for number, now[0] in enumerate(when):
            if number % 2 == 0:
                peers.publish(now[0])
            running.tick(world)
            now[0] += timedelta(seconds=1)
            running.tick(world)
        return told(world)


#: A moment that is told: the minute at which a source was heard, and from which what is judged late counts,
#: is the service's own, its hour is not.
MINUTE = re.compile(r"(\d{4}-\d\d-\d\d[ T]\d\d):\d\d(:\d\d)?")


def alike(what: list[Any]) -> list[str]:
    """As it must be whoever was killed when."""
    return [MINUTE.sub(r"\1", repr(one)) for one in what]


def told(world: World) -> dict[str, Any]:
    """What must not depend on who was killed when; of the messages those of the duty centre."""
    found = county.told(world.store)
    with world.store.read() as tx:
        every = [one for one in outbox.listing(tx, limit=10_000) if one.receiver == "duty"]
    return found | {"messages": sorted((one.key, one.body, one.payload, one.state) for one in every)}


def settled(world: World, moment: datetime) -> bool:
    """Whether everything of this moment is done."""
    with world.store.read() as tx:
        heard = health.last(tx).get("log")
        sent = {one.state for one in outbox.listing(tx, limit=10_000) if one.receiver == "duty"}
    polled = heard is not None and heard.ok and heard.at >= moment
    return polled and not running.due(world, world.clock()) and sent <= {Delivery.DELIVERED}


class Killed:
    """One county whose service does not live long."""

    def __init__(self, root: Path, peers: Peers, random: Random) -> None:
        self.root, self.peers, self.random = build(root, peers, bad=True), peers, random
        self.kills = 0
        self.acted: list[str] = []

    def through(self, when: list[datetime], kills: int) -> None:
        """Live through these moments, killed so many times in the middle of each."""
        for number, moment in enumerate(when):
            if number % 2 == 0:
                self.peers.publish(moment)
            shift = moment - datetime.now(UTC)
            for _ in range(kills):
                self.live(moment, shift, Doom.drawn(self.random))
            assert not self.live(moment, shift, Doom()), "nobody else kills it"

    def live(self, moment: datetime, shift: timedelta, doom: Doom) -> bool:
        """Until it is killed, or everything is done that is to do; whether it was killed in the middle."""
        with Life(partial(run, self.root, shift, doom)) as service:
            self.act(moment)
            wait_for(lambda: service.over() or self.begun)
            if not service.over():
                with app.world(self.root, clock=lambda: moment + timedelta(seconds=2)) as world:
                    wait_for(lambda: service.over() or settled(world, moment))
            self.kills += service.over()
            return service.over()

    def act(self, moment: datetime) -> None:
        """Somebody comments on a warning meanwhile, if there is one."""
        if not self.begun:
            return
        with app.store(self.root) as store, store.read() as tx:
            open_ = judgement.warnings(tx, open_only=True)
        if not open_:
            return
        one = open_[0]
        act = Act(
            kind=ActKind.COMMENT, area=one.area, topic=one.topic, at=moment, by="anna", via="story",
            role=Role.DUTY, warning=one.id, reason=f"seen, {len(self.acted)}",
        )  # fmt: skip
        with app.world(self.root, clock=lambda: moment) as world:
            self.acted.append(acting.do(world, act).act.id)

    @property
    def begun(self) -> bool:
        return (self.root / "data" / "forewarn.db").exists()

    def story(self) -> dict[str, Any]:
        with app.world(self.root, clock=lambda: county.END) as world:
            with world.store.read() as tx:
                assert {one.id for one in acts.every(tx)} == set(self.acted), "no act is lost"
            return told(world)


def live(folder: Path, peers: Peers, seed: int, when: list[datetime], kills: int) -> int:
    """Live twice, once undisturbed; how many kills there were."""
    steady = undisturbed(folder / "steady", peers, when)
    assert steady["warnings"] and steady["messages"]
    assert {state for *_, state in steady["messages"]} == {Delivery.DELIVERED}
    peers.post.got.clear()
    killed = Killed(folder / "killed", peers, Random(seed))
    killed.through(when, kills)
    lived = killed.story()
    for name, what in steady.items():
        assert alike(lived[name]) == alike(what), name
    got = peers.post.got["duty"]
    assert {one["key"] for one in got} == {key for key, *_ in steady["messages"]}, "no message is lost"
    by_key = {one["key"]: one for one in got}
    assert all(by_key[one["key"]] == one for one in got), "what comes again is the same"
    return killed.kills


@pytest.mark.slow
def test_a_service_that_is_killed_again_and_again(tmp_path: Path, peers: Peers):
    assert live(tmp_path, peers, 0, moments(4, 1), kills=2) >= 3


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1, 7))
def test_two_hundred_kills(seed: int, tmp_path: Path, peers: Peers):
    """Six histories of nine days, each with up to 36 kills in the middle and 18 when all was done."""
    assert live(tmp_path, peers, seed, moments(0, county.DAYS), kills=2) > 30


# --- in the middle of an act -------------------------------------------------------------------

ACK = "forewarn warnings ack T1.burglary.d20260302 --who anna --why seen"


@contextmanager
def warned(folder: Path) -> Iterator[Story]:
    """A county with one warning, at which nobody has looked; no connection is open."""
    with story(folder) as told:
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        told.world.store.close()
        yield told


def acknowledge(told: Story, doom: Doom) -> None:
    """As somebody types it, in a process that does not outlive it."""
    doom.hang_over()
    told.command(ACK)
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture
def whole(tmp_path: Path) -> tuple[int, ...]:
    """How many acts, changes and messages there are when it is done."""
    with warned(tmp_path / "whole") as told:
        assert told.command(ACK).exit_code == 0
        return kept(told)


def killed_acts(folder: Path, whole: tuple[int, ...], points: list[int]) -> None:
    """All of it or nothing; where it is nothing, whoever acts again finds the place as it was."""
    found: list[bool] = []
    while points:
        with warned(folder / str(len(points))) as told:
            before = now = kept(told)
            while points and now == before:
                told.world.store.close()
                with Life(partial(acknowledge, told, Doom(points.pop(0)))) as process:
                    wait_for(process.over)
                now = kept(told)
                assert now in (before, whole)
                found.append(now == whole)
            if now == before:
                assert told.command(ACK).exit_code == 0
            assert kept(told) == whole
    assert found == sorted(found) and set(found) == {False, True}


def test_a_person_s_command_that_is_killed(tmp_path: Path, whole: tuple[int, ...]):
    killed_acts(tmp_path, whole, [1, 8, 20, 30, 1000])


@pytest.mark.soak
def test_a_person_s_command_that_is_killed_at_each_of_its_doings(tmp_path: Path, whole: tuple[int, ...]):
    killed_acts(tmp_path, whole, [*range(1, 61), 1000])
