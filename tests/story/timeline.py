"""A language for stories: `at` a moment the service ticks, `push` reports, `do` acts, `want` messages.

A real service (collect, judge, settle, plan, deliver) on a clock that only the story moves, and real
receivers: webhooks on loopback that keep what they are sent.
"""

from __future__ import annotations

import csv
import json
import os
import shlex
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any
from unittest.mock import patch

from click.testing import CliRunner, Result

from engine import app
from engine.cli import forewarn
from engine.cycle import acting, dispatch, situating
from engine.cycle import run as running
from engine.cycle.acting import Done
from engine.cycle.world import World
from engine.duty.situation import Situation
from engine.infer import reference
from engine.infer.correlate import correlate
from engine.model.act import Act, ActKind, Role
from engine.model.grade import Grade
from engine.model.warning import RiskWarning
from engine.store import judgement, meta
from tests.story import county

#: The variable that holds the webhooks' secret.
SECRET = "STORY_SECRET"
#: Every story begins here: a Monday morning.
DAY = datetime(2026, 3, 2, tzinfo=UTC)

RULES = """
rules:
  - id: county.burglary
    title: Burglaries
    domain: public-safety
    topic: burglary
    cycle: daily
    level: town
    status: stable
    owner: crime-desk
    review_by: 2027-06-30
    why: Burglaries come in runs.
    indicator: {count: incidents, where: {category: property.burglary}}
    window: 1d
    grades: {blue: {at_least: 1}, yellow: {at_least: 2}, orange: {at_least: 4}, red: {at_least: 8}}
    measures: [patrols]
  - id: county.explosion
    title: Explosions
    domain: public-safety
    topic: explosions
    cycle: immediate
    level: town
    status: stable
    owner: crime-desk
    review_by: 2027-06-30
    why: Everybody must know at once.
    indicator: {count: incidents, where: {category: violence.explosion}}
    window: 24h
    lasts: 24h
    grades: {blue: {at_least: 1}, yellow: {at_least: 2}, orange: {at_least: 3}, red: {at_least: 4}}
    measures: [patrols]
"""

ROUTES = "  - {id: all, receivers: [centre]}\n"
RECEIVERS = ("centre",)


@dataclass
class Post:
    """Webhooks of any number of receivers, by name, on one port of loopback."""

    got: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    #: Receivers that refuse what they are sent.
    down: set[str] = field(default_factory=set)
    #: Receivers that take it and never say so, until `awake` is set.
    silent: set[str] = field(default_factory=set)
    awake: Event = field(default_factory=Event)

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port}/{name}"

    @contextmanager
    def open(self) -> Iterator[Post]:
        server = ThreadingHTTPServer(("127.0.0.1", 0), _hook(self))
        server.daemon_threads = True
        self.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.awake.set()
            server.shutdown()
            thread.join()
            server.server_close()


def _hook(post: Post) -> type[BaseHTTPRequestHandler]:
    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            name = self.path.lstrip("/")
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if name not in post.down:
                post.got[name].append(body)
            if name in post.silent:
                post.awake.wait()
            self.send_response(503 if name in post.down else 204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    return Hook


def build(
    root: Path, post: Post, *, receivers: Mapping[str, str] | None = None, routes: str = ROUTES,
    files: Mapping[str, str] | None = None, also: str = "",
) -> Path:  # fmt: skip
    """The county with these receivers (name: further keys) and routes; files: more of config/; also:
    receivers by other means than webhooks, as they are written."""
    texts = {name: text for name, text in county.FILES.items() if not name.startswith("rules/")}
    listed = "".join(
        f"  - {{id: {name}, title: {name}, {keys}channels: [{{kind: webhook, url: '{post.url(name)}',"
        f" secret: '${{{SECRET}}}', timeout: 50s}}]}}\n"
        for name, keys in (receivers or dict.fromkeys(RECEIVERS, "")).items()
    )
    texts["config/routes.yaml"] = f"receivers:\n{listed}{also}routes:\n{routes}"
    texts["config/feeds.yaml"] = texts["config/feeds.yaml"].replace("poll: 1h", "poll: 1s")
    texts["rules/all.yaml"] = RULES
    texts |= files or {}
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text.lstrip(), encoding="utf-8")
    return root


@dataclass
class Story:
    """One county's hours, told in order."""

    root: Path
    post: Post
    world: World
    now: datetime = DAY
    #: Day 1 of the story.
    first: datetime = DAY
    pushed: list[dict[str, str]] = field(default_factory=list)
    read: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def push(self, area: str, kind: str, many: int = 1) -> None:
        """So many incidents are reported now; the service learns of them at its next tick."""
        for _ in range(many):
            number, at = len(self.pushed), self.now.isoformat()
            self.pushed.append({"id": f"r{number}", "at": at, "known": at, "town": area, "kind": kind})
        self._publish()

    def killed_at(self, moment: str) -> None:
        """The process dies between sending what is due there and keeping what came of it."""
        with patch.object(dispatch, "settle", side_effect=KeyboardInterrupt), suppress(KeyboardInterrupt):
            self.at(moment)
            raise AssertionError("nothing was sent")

    def at(self, moment: str, *, tick: bool = True) -> None:
        """The clock moves on to `10:15`, or `2 10:15` for the day after the story's first; the service
        ticks there, once. tick=False: nobody is there to see."""
        day, _, clock = moment.rpartition(" ")
        hour, minute = clock.split(":")
        then = self.first + timedelta(days=int(day or 1) - 1, hours=int(hour), minutes=int(minute))
        assert then >= self.now, "time does not run back"
        self.now = then
        if tick:
            self._publish()
            running.tick(self.world)
            # What was read in this second is judged when the second is over.
            self.now += timedelta(seconds=1)
            running.tick(self.world)

    def do(
        self, kind: str, who: str, *, on: str = "", seen: str = "", leader: bool = False, **more: Any
    ) -> Done:
        """Somebody acts on the open warning of `T1.burglary`; raises ActRefused."""
        area, topic = on.split(".") if on else self._only()
        warning = self.warning(area, topic)
        act = Act(
            kind=ActKind(kind), area=area, topic=topic, at=self.now, by=who, via="story",
            role=Role.LEADER if leader else Role.DUTY, warning=warning.id if warning else "",
            **{"reason": "a story", **more},
        )  # fmt: skip
        return acting.do(self.world, act, seen=seen)

    def command(self, line: str) -> Result:
        """`forewarn ...` as somebody types it now; what it refuses is the result's `exception`."""
        with self.world.store.begin() as tx:
            meta.put(tx, "demo", self.now.isoformat())
        words = shlex.split(line)
        assert words.pop(0) == "forewarn"
        result = CliRunner().invoke(forewarn, ["--root", str(self.root), *words])
        with self.world.store.begin() as tx:
            meta.drop(tx, "demo")
        return result

    def warning(self, area: str, topic: str) -> RiskWarning | None:
        """The last warning of a place, open or over."""
        with self.world.store.read() as tx:
            found = [one for one in judgement.warnings(tx) if (one.area, one.topic) == (area, topic)]
        return max(found, key=lambda one: one.since, default=None)

    def situations(self) -> tuple[Situation, ...]:
        """The open situations."""
        with self.world.store.read() as tx:
            return situating.current(self.world, tx, self.now)

    def grade(self, area: str, topic: str) -> Grade:
        """At which grade a place stands now."""
        warning = self.warning(area, topic)
        return warning.grade if warning is not None and warning.open else Grade.NONE

    def want(self, **told: str) -> None:
        """What each receiver was sent since it was asked last, whole: `issued yellow T1, reminder T1`."""
        for name, wanted in told.items():
            got = self.post.got[name][self.read[name] :]
            self.read[name] += len(got)
            heard = ", ".join(map(said, got))
            assert heard == wanted, f"{name} heard: {heard or 'nothing'}; wanted: {wanted or 'nothing'}"

    def last(self, name: str) -> dict[str, Any]:
        """The last message that a receiver was sent."""
        return self.post.got[name][-1]

    def _only(self) -> tuple[str, str]:
        with self.world.store.read() as tx:
            (one,) = judgement.warnings(tx, open_only=True)
        return one.area, one.topic

    def _publish(self) -> None:
        columns = ["id", "at", "known", "town", "kind"]
        with (self.root / "log.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(self.pushed)
        polls = [self.first - timedelta(days=60) + timedelta(hours=6 * n) for n in range(480)]
        polls = [*(poll for poll in polls if poll < self.now), self.now]
        text = "\n".join(["polled_at", *(poll.isoformat() for poll in polls)]) + "\n"
        (self.root / "polls.csv").write_text(text, encoding="utf-8")


def said(message: Mapping[str, Any]) -> str:
    """A message in three words: what happened, to which grade, where."""
    step = message["step"]
    if step == "situation":
        return f"situation {len(message['new'])} of {len(message['lines'])}"
    if step == "review":
        found = message["situations"]
        asked = [one for one in found if any(line["decision"] != "keep" for line in one["lines"])]
        return f"{message['cycle']} review {len(asked)} of {len(found)}"
    if message["format"] == "forewarn.supervision/1":
        return f"supervision {step}"
    if message["format"] == "forewarn.task/1":
        return f"{step} {message['task']['id'].rpartition('/')[2]}"
    if message["format"] == "forewarn.plan/1":
        return f"plan {step}"
    if step == "digest":
        return f"digest of {len(message['messages'])}"
    if message["format"] == "forewarn.areas/1":
        return f"{step} {message['grade']} in {len(message['areas'])} areas"
    change = message["change"]
    return f"{message['step']} {change['after']} {message['warning']['area']}"


@contextmanager
def story(root: Path, first: datetime = DAY, **given: Any) -> Iterator[Story]:
    """A county whose service is about to tick for the first time, on the day `first`."""
    with Post().open() as post, patch.dict(os.environ, {SECRET: "0123456789abcdef"}):
        build(root, post, **given)
        now = [first]
        with app.world(root, clock=lambda: now[0], owner="story") as world:
            world = replace(world, correlate=partial(correlate, evaluator=reference.evaluate))
            told = _Clocked(root, post, world, now, first)
            told.push("T1", "burglary", 0)
            running.prepare(world, first - timedelta(seconds=1))
            yield told


class _Clocked(Story):
    """A story whose `now` is its world's clock."""

    def __init__(
        self, root: Path, post: Post, world: World, clock: list[datetime], first: datetime
    ) -> None:
        self._clock = clock
        super().__init__(root, post, world, first, first)

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "now":
            self._clock[0] = value
        object.__setattr__(self, name, value)


def raised(told: Story, area: str, grade: Grade = Grade.YELLOW) -> None:
    """Whoever may do so warns of burglaries by hand."""
    told.do("raise", "anna", on=f"{area}.burglary", grade=grade, leader=True)
