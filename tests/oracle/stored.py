"""A scene as the engine lives it: written down as a root folder, stored, judged run by run."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from math import isnan
from pathlib import Path
from typing import Any

from engine import app
from engine.cycle import run as running
from engine.cycle import since, unread
from engine.cycle.panels import StorePanels
from engine.cycle.world import World
from engine.judge.ladder import ladder
from engine.model.finding import Held
from engine.model.incident import Incident, Precision, Reject
from engine.model.panel import DataState
from engine.model.period import Cycle
from engine.model.rule import Rule
from engine.notify.notice import Trouble
from engine.store import faults, health, incidents, judgement, meta, rejects, standing
from engine.store.database import Tx
from tests.oracle.plain.nouns import Ceased, Feed, Poll, Report, Scene, Unread

HELD = {Held.HELD: True, Held.NOT: False, Held.UNKNOWN: None}
STATES = {
    DataState.OBSERVED: "observed", DataState.OBSERVED_ZERO: "observed zero",
    DataState.UNMONITORED: "unmonitored", DataState.LOWER_BOUND: "lower bound",
}  # fmt: skip


# --- the folder ---------------------------------------------------------------------------------


def write(scene: Scene, root: Path) -> Path:
    """The scene's country, feeds and rules as the files of a root folder."""
    files = {
        "areas.yaml": {
            "zone": scene.zone, "levels": scene.levels, "table": "areas.csv", "geometry": "areas.json",
            "least_residents": dict.fromkeys(scene.levels, 500),
        },
        "taxonomy.yaml": {"categories": _taxonomy(scene)},
        "topics.yaml": {"topics": [
            {"id": topic, "title": topic, "domain": "public-safety"}
            for topic in sorted({one["topic"] for one in scene.rules})
        ]},
        "measures.yaml": {"measures": [
            {"code": "patrols", "what": "Patrols", "department": "police", "within": "24h", "aim": "patrol"}
        ]},
        "feeds.yaml": {"feeds": [_feed(feed) for feed in scene.feeds]},
        "routes.yaml": {"receivers": [], "routes": []},
        "cycles.yaml": {"wait": "8h", "catch_up": "400d"},
        "areas.json": {"type": "FeatureCollection", "features": list(_squares(scene))},
    }  # fmt: skip
    for name, content in files.items():
        _put(root / "config" / name, json.dumps(content))
    with (root / "config/areas.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["code", "name", "zh", "level", "parent", "population", "aliases", "kind"])
        for one in scene.areas.values():
            rows.writerow([one.code, one.code, "", one.level, one.parent or "", one.population or "", "", ""])
    _put(root / "rules/all.yaml", json.dumps({"rules": [written(rule) for rule in scene.rules]}))
    return root


def written(rule: Any) -> dict[str, Any]:
    """A rule with what a rule file asks for beside what is judged."""
    kept = {"title": rule["id"], "domain": "public-safety", "owner": "desk", "review_by": "2029-06-30",
            "why": "To hold the engine against its own page.", "measures": ["patrols"]}  # fmt: skip
    return {**kept, **rule}


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _taxonomy(scene: Scene) -> list[dict[str, Any]]:
    def node(code: str) -> dict[str, Any]:
        below = [node(child) for child in scene.children.get(code, ())]
        return {
            "code": code,
            "title": code,
            "domain": "public-safety",
            "codes": {"log": [code]},
            "children": below,
        }

    inner = {child for children in scene.children.values() for child in children}
    return [node(code) for code in scene.children if code not in inner]


def _feed(feed: Feed) -> dict[str, Any]:
    covers: dict[str, Any] = {
        "areas": feed.areas,
        "categories": feed.categories,
        "from": feed.since.isoformat(),
    }
    if feed.until < date.max:
        covers["to"] = feed.until.isoformat()
    quiet = {"quiet": _duration(feed.quiet)} if feed.quiet else {}
    return {
        "id": feed.id, "title": feed.id, "connector": "csv",
        "subject": "hazard" if feed.hazard else "incident",
        "options": {"path": f"{feed.id}.csv"}, "poll": "1h",
        "max_silence": _duration(feed.max_silence), **quiet,
        "tolerate": feed.tolerate, "placed": feed.placed, "covers": covers,
        "map": {"source_id": "id", "occurred_at": "at", "known_at": "known", "place": {"code": "area"},
                "category": {"field": "kind", "scheme": "log"}},
    }  # fmt: skip


def _duration(of: timedelta) -> str:
    return f"{int(of / timedelta(minutes=1))}m"


def _squares(scene: Scene) -> Iterator[dict[str, Any]]:
    """The areas right below the top in a row, each touching the next."""
    for at, code in enumerate(code for code in scene.areas if scene.areas[code].neighbours):
        ring = [[at, 50], [at + 1, 50], [at + 1, 51], [at, 51], [at, 50]]
        yield {"type": "Feature", "properties": {"code": code},
               "geometry": {"type": "Polygon", "coordinates": [ring]}}  # fmt: skip


# --- the store ----------------------------------------------------------------------------------


def store(scene: Scene, world: World) -> None:
    """All that was told and heard, as polls would have left it."""
    late = max([one.known for one in scene.reports], default=datetime.min.replace(tzinfo=UTC))
    with world.store.begin() as tx:
        incidents.add(tx, [_incident(one) for one in scene.reports], world.ledger)
        rejects.add(tx, [_reject(one, number) for number, one in enumerate(scene.unread)])
        for one, id_ in zip(
            scene.unread, sorted(kept.id for kept in rejects.listing(tx, limit=10**6)), strict=True
        ):
            if one.read:
                rejects.settle(tx, [id_], one.read)
        for gone in scene.ceased:
            _cease(tx, gone)
        for feed in scene.feeds:
            for (ok, news, archive), moments in _alike(feed.polls).items():
                health.record(tx, feed.id, moments, ok=ok, known_at=late, news_at=news, archive=archive)
            for begins, ends in feed.stated:
                health.state(tx, feed.id, begins, ends, known_at=late)


def _cease(tx: Tx, one: Ceased) -> None:
    """What the service would have noted of it, day by day."""
    name = since.Ceased(one.feed, one.category, one.first).name
    meta.put(tx, unread.USUAL.format(name), json.dumps(dict(one.usual)))
    faults.add(tx, Trouble.CEASED, name, "", one.known)
    kept = faults.last(tx, Trouble.CEASED, name)
    if one.over is not None and kept is not None:
        faults.change(tx, kept.id, ended_at=one.over)
        if one.anew:
            meta.put(tx, unread.MENDED.format(kept.id), name)


def _alike(polls: Sequence[Poll]) -> dict[tuple[bool, datetime | None, bool], list[datetime]]:
    """The moments of the polls that were answered alike."""
    found: dict[tuple[bool, datetime | None, bool], list[datetime]] = {}
    for one in polls:
        found.setdefault((one.ok, one.news, one.archive), []).append(one.at)
    return found


def _incident(one: Report) -> Incident:
    return Incident(
        feed=one.feed, source_id=one.id, occurred_at=one.at, known_at=one.known, areas=one.areas,
        category=one.category, severity=one.severity, withdrawn=one.withdrawn, ended_at=one.ended,
        precision=Precision.UNKNOWN if not one.dated else Precision.MINUTE if one.timed else Precision.DAY,
        measures={} if one.size is None else {"hectares": one.size},
    )  # fmt: skip


def _reject(one: Unread, number: int) -> Reject:
    return Reject(
        feed=one.feed, seen_at=one.seen, place=f"line {number}", reason="no such area", kind="place",
        record=f"record {number}", day=one.day.toordinal(), area=one.area, category=one.category, value="?",
    )  # fmt: skip


# --- what the engine says -------------------------------------------------------------------------


@dataclass(frozen=True)
class Lived:
    """A scene after its last morning."""

    world: World
    scene: Scene

    def states(self, rule: Rule, first: date, cut: date) -> dict[tuple[str, date], tuple[int, str]]:
        """Number and state of every cell of a rule's indicator from a day to the cut, as known then."""
        assert rule.indicator is not None
        begin, end = first.toordinal(), cut.toordinal()
        with self.world.store.read() as tx:
            panels = StorePanels(tx, self.world.settings)
            counts = panels.deltas(rule.indicator, rule.level, begin, end).grid(begin, end - 1, end)
            found = panels.watch(rule.indicator, rule.level, begin, end).states(begin, end, counts)
        return {
            (code, date.fromordinal(begin + day)): (
                int(counts[area, day]), STATES[DataState(int(found[area, day]))]
            )
            for area, code in enumerate(self.scene.at(rule.level)) for day in range(end - begin)
        }  # fmt: skip

    def outcomes(
        self, rule: Rule, cuts: list[date]
    ) -> dict[tuple[date, str], tuple[float | None, list[bool | None]]]:
        """What the rule's judged stretches held and how its rungs came out, at all cuts in one go."""
        with self.world.store.read() as tx:
            judged = ladder(rule, StorePanels(tx, self.world.settings), cuts)
        return {
            (cut, area): (
                _number(float(judged.series.observed[at, place])),
                [HELD[Held(int(one))] for one in judged.held[:, at, place]],
            )
            for at, cut in enumerate(cuts) for place, area in enumerate(self.scene.at(rule.level))
        }  # fmt: skip

    def after(self, moments: list[datetime]) -> dict[datetime, dict[tuple[str, str], tuple[int, str, bool]]]:
        """What stood after the runs due by each of these moments."""
        end = self.world.clock()
        last = self.world.settings.calendar.last_due(Cycle.MONTHLY, end)
        with self.world.store.read() as tx:
            steps = standing.past(tx, list(self.world.book.rules), self.begins, _at(last, end))
        found, now, at = {}, {}, 0
        for moment in sorted(moments):
            while at < len(steps) and steps[at][0] <= moment:
                one = steps[at][1]
                now[one.rule, one.area] = one
                at += 1
            found[moment] = {
                cell: (int(one.grade), one.confidence.word, one.blind_since is not None)
                for cell, one in now.items() if one.grade
            }  # fmt: skip
        return found

    @property
    def begins(self) -> datetime:
        return self.world.settings.calendar.midnight(self.scene.begins) - timedelta(days=1)

    def steps(self) -> list[tuple[str, str, str, datetime, int, int]]:
        """(area, topic, step, when, grade before, grade after) of all warnings."""
        with self.world.store.read() as tx:
            return [
                (*one.warning.split(".")[:2], one.step.value, one.at, int(one.before), int(one.after))
                for one in judgement.changes(tx)
            ]  # type: ignore[misc]

    def open(self) -> dict[tuple[str, str], tuple[int, str, bool]]:
        with self.world.store.read() as tx:
            return {
                (one.area, one.topic): (int(one.grade), one.confidence.word, one.blind_since is not None)
                for one in judgement.warnings(tx, open_only=True)
            }


def _number(observed: float) -> float | None:
    return None if isnan(observed) else round(observed, 9)


def _at(period: Any, due: datetime) -> Any:
    """The last of all runs: after it nothing is left out."""
    return replace(period, due_at=due)


@contextmanager
def opened(scene: Scene, root: Path, until: datetime) -> Iterator[World]:
    """The scene's world at a moment; the feeds that are to come are in its files already."""
    midnight = datetime.min.time()
    begun = [datetime.combine(feed.since, midnight, until.tzinfo) for feed in scene.feeds]
    with app.world(write(scene, root), clock=lambda: max(until, *begun)) as world:
        yield replace(world, clock=lambda: until)


@contextmanager
def lived(scene: Scene, root: Path, until: datetime) -> Iterator[Lived]:
    """The scene stored, and judged up to a moment."""
    with opened(scene, root, until) as world:
        running.prepare(world, world.settings.calendar.midnight(scene.begins))
        store(scene, world)
        running.catch_up(world, until)
        yield Lived(world, scene)
