"""A CAP feed lived day by day: what is published, what readers make of it, and what comes back."""

from __future__ import annotations

import csv
import json
import shutil
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from engine import app
from engine.cli import forewarn
from engine.cycle import collect
from engine.cycle import run as running
from engine.model.problem import Level, Problem
from engine.notify.cap.validate import together
from engine.notify.cap.validate.document import Report, validate
from engine.notify.cap.validate.markup import Element, first, text
from engine.store import outbox
from tests.story import county

DAYS = 15
#: The second week is judged then; two hours of grace.
MONDAY = county.FIRST + timedelta(days=14, hours=10)
#: Long after the last of them.
LATER = county.FIRST + timedelta(days=17)
#: Burglaries by day and town: blue on the third day, yellow, orange, then quiet.
BURGLARIES = {"T1": (1, 1, 2, 3, 4, 5, 0, 0, 0), "T2": (0, 3, 0, 0, 0, 0, 0, 0, 0)}
SQUARE = [[18.0, 59.0], [18.2, 59.0], [18.2, 59.1], [18.0, 59.1], [18.0, 59.0]]
SHAPE = {"type": "Polygon", "coordinates": [SQUARE]}
EASTTOWN = {"type": "Feature", "properties": {"code": "T1"}, "geometry": SHAPE}
GEOMETRY = {"type": "FeatureCollection", "features": [EASTTOWN]}
CHANNEL = (
    "{kind: cap, path: data/cap, sender: duty@county.example, sender_name: Duty centre,"
    " web: 'https://county.example/warnings', contact: the duty centre"
)


@dataclass
class Lived:
    """A root folder after some days, and every document as it was first seen."""

    root: Path
    seen: dict[str, bytes] = field(default_factory=dict)
    #: (document, what it was before) where one ever changed.
    changed: list[str] = field(default_factory=list)
    indexes: list[bytes] = field(default_factory=list)

    def look(self) -> None:
        folder = self.root / "data" / "cap"
        for path in sorted(folder.glob("*.xml")):
            if self.seen.setdefault(path.name, path.read_bytes()) != path.read_bytes():
                self.changed.append(path.name)
        if (folder / "index.atom").exists():
            self.indexes.append((folder / "index.atom").read_bytes())

    def reports(self, trusted: Sequence[Any] = ()) -> list[Report]:
        late = datetime(2027, 1, 1, tzinfo=UTC)
        return [validate(name, content, trusted, late) for name, content in self.seen.items()]

    def chain(self, warning: str) -> list[Element]:
        alerts = [alert for report in self.reports() for alert in report.alerts]
        of = [one for one in alerts if f".{warning}." in text(one, "identifier")]
        return sorted(of, key=lambda one: int(text(one, "identifier").rpartition(".")[2]))


def build(root: Path, more: str = "") -> Path:
    county.build(root)
    (root / "config/areas.geojson").write_text(json.dumps(GEOMETRY))
    areas = root / "config/areas.yaml"
    areas.write_text(areas.read_text() + "geometry: areas.geojson\n")
    (root / "config/routes.yaml").write_text(
        f"receivers:\n  - {{id: public, title: Public feed, channels: [{CHANNEL}{more}}}]}}\n"
        "routes:\n  - {id: all, receivers: [public]}\n"
    )
    return root


def live(root: Path, days: int = DAYS, away: Sequence[int] = ()) -> Lived:
    """Day by day, an hour after the cut; `away`: days on which nobody was there."""
    lived, now = Lived(root), [county.FIRST]
    for day in range(days + 1):
        now[0] = county.FIRST + timedelta(days=day, hours=9)
        _log(root, day)
        if day in away:
            continue
        with app.world(root, clock=lambda: now[0]) as world:
            running.prepare(world, county.FIRST)
            running.tick(world)
        lived.look()
    return lived


def _log(root: Path, day: int) -> None:
    """What the duty log holds on the morning of that day, and when it was read."""
    with (root / "log.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "at", "known", "town", "kind"))
        for town, counts in BURGLARIES.items():
            for then, many in enumerate(counts[:day]):
                for number in range(many):
                    at = (county.FIRST + timedelta(days=then, hours=12, minutes=number)).isoformat()
                    writer.writerow((f"{then}-{town}-{number}", at, at, town, "burglary"))
    first, last = county.FIRST - timedelta(days=60), county.FIRST + timedelta(days=day, hours=8)
    polls = [first + timedelta(hours=6 * n) for n in range(4 * (day + 60) + 2)]
    lines = ["polled_at", *(poll.isoformat() for poll in polls if poll <= last)]
    (root / "polls.csv").write_text("\n".join(lines) + "\n")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return live(build(tmp_path_factory.mktemp("cap")))


T1 = "T1.burglary.d20260304"


def grave(problems: Sequence[Problem]) -> list[str]:
    return [str(one) for one in problems if one.level > Level.HINT]


def test_every_document_passes_the_schema_and_the_validator(lived: Lived):
    assert len(lived.seen) >= 8
    assert [said for report in lived.reports() for said in grave(report.problems)] == []
    assert list(together.problems(lived.reports())) == []


def test_every_index_passes_and_its_links_lead_to_messages(lived: Lived):
    for index in lived.indexes:
        report = validate("index.atom", index, [], datetime(2027, 1, 1, tzinfo=UTC))
        assert report.problems == ()
        assert {one.address for one in report.links} <= set(lived.seen)
    done = CliRunner().invoke(forewarn, ["cap", "validate", str(lived.root / "data/cap/index.atom")])
    assert done.exit_code == 0, done.output


def test_a_chain_begins_with_an_alert_is_renewed_and_ends_with_a_cancel(lived: Lived):
    chain = lived.chain(T1)
    kinds = [text(one, "msgType") for one in chain]
    assert kinds == ["Alert", *["Update"] * (len(kinds) - 2), "Cancel"] and len(kinds) > 4
    grades = [text(info(one), "severity") for one in chain]
    assert grades[0] == "Minor" and "Severe" in grades
    ends = [moment(text(info(one), "expires")) for one in chain[:-1]]
    assert ends == sorted(ends)
    for one, end in zip(chain[:-1], ends, strict=True):
        held = end - moment(text(one, "sent"))
        assert held == timedelta(hours=25) or (text(info(one), "urgency") == "Future" and end == MONDAY)
    assert text(info(chain[-1]), "responseType") == "AllClear"


def info(alert: Element) -> Element:
    found = first(alert, "info")
    assert found is not None
    return found


def moment(written: str) -> datetime:
    return datetime.fromisoformat(written)


def test_what_was_published_never_changes(lived: Lived):
    assert lived.changed == []


def test_both_languages_say_the_same_of_the_same_place(lived: Lived):
    for alert in lived.chain(T1):
        english, chinese = alert.findall("{*}info")
        assert (text(english, "language"), text(chinese, "language")) == ("en-US", "zh-CN")
        for name in ("category", "urgency", "severity", "certainty", "effective", "onset", "expires"):
            assert text(english, name) == text(chinese, name)
        shapes = [one.findtext("{*}area/{*}polygon") for one in (english, chinese)]
        assert shapes[0] == shapes[1] and shapes[0] is not None and "59.0000,18.0000" in shapes[0]
        assert [one.findtext("{*}area/{*}geocode/{*}value") for one in (english, chinese)] == ["T1", "T1"]


def test_the_index_lists_the_last_message_of_each_chain(lived: Lived):
    for index in lived.indexes:
        files = [one.address for one in validate("i", index, [], LATER).links]
        warnings = [name.rpartition(".xml")[0].rpartition(".")[0] for name in files]
        assert len(set(warnings)) == len(warnings)


def test_two_days_away_begin_a_new_chain_with_nothing_stale(tmp_path: Path):
    away = live(build(tmp_path), days=6, away=(4, 5))
    chain = away.chain(T1)
    assert [text(one, "msgType") for one in chain][-1] == "Alert", "what was told before has expired"
    assert [said for report in away.reports() for said in grave(report.problems)] == []
    assert list(together.problems(away.reports())) == []


def test_a_drill_is_marked_and_a_body_counts_its_messages(tmp_path: Path):
    more = ", exercise: Autumn drill, organisation: '33010041600000', scope: restricted, scheme: GB/T 2260"
    drill = live(build(tmp_path, more), days=5)
    assert [said for report in drill.reports() for said in grave(report.problems)] == []
    alerts = [alert for report in drill.reports() for alert in report.alerts]
    assert {text(one, "status") for one in alerts} == {"Exercise"}
    assert {text(one, "note") for one in alerts} == {"EXERCISE 演练: Autumn drill"}
    assert {text(one, "scope") for one in alerts} == {"Restricted"}
    names = [text(one, "identifier") for one in alerts]
    assert len(set(names)) == len(names)
    for one in alerts:
        body, when, number = text(one, "identifier").split("_")
        assert body == "33010041600000" and 0 <= int(number) <= 9 and len(text(one, "identifier")) == 31
        beijing = moment(text(one, "sent")) + timedelta(hours=8)
        assert when == f"{beijing:%Y%m%d%H%M%S}"
    assert "Evening patrols (police)" in {text(info(one), "instruction") for one in alerts}


def test_people_are_not_sent_what_is_for_a_feed(lived: Lived):
    with app.store(lived.root) as store, store.read() as tx:
        planned = outbox.listing(tx, limit=1000)
    assert {one.state for one in planned} == {"delivered"}
    assert all(json.loads(one.payload)["format"] == "forewarn.cap/1" for one in planned)


READER = """
feeds:
  - id: cap
    title: Warnings of the county
    connector: cap
    subject: hazard
    options: {{{options}}}
    poll: 1h
    max_silence: 3d
    covers: {{areas: [C], categories: [property, violence], from: 2026-01-01}}
    map:
      source_id: id
      occurred_at: [onset, sent]
      ended_at: expires
      known_at: sent
      place: {{name: areaDesc}}
      category: {{field: event, scheme: county}}
      severity: {{field: severity, table: {{Minor: 1, Moderate: 2, Severe: 3, Extreme: 4}}}}
      withdrawn: {{field: msgType, equals: Cancel}}
"""


def reader(root: Path, options: str, routes: str = "") -> Path:
    """Another forewarn, which reads the feed."""
    county.build(root)
    (root / "config/feeds.yaml").write_text(READER.format(options=options))
    taxonomy = root / "config/taxonomy.yaml"
    taxonomy.write_text(
        taxonomy.read_text().replace("[burglary]", "[burglary, Burglary, Several towns at once]")
    )
    if routes:
        (root / "config/routes.yaml").write_text(routes)
    return root


@pytest.mark.parametrize("days, skipped", [(DAYS, 2), (DAYS, 4), (6, 2)])
def test_a_reader_that_skips_an_update_ends_where_the_others_do(
    lived: Lived, midway: Lived, tmp_path: Path, days: int, skipped: int
):
    folder = tmp_path / "in"
    shutil.copytree((lived if days == DAYS else midway).root / "data" / "cap", folder)
    whole = force(reader(tmp_path / "whole", f"path: {folder}/*.xml"))
    (folder / f"public.cap.{T1}.{skipped}.xml").unlink()
    partly = force(reader(tmp_path / "partly", f"path: {folder}/*.xml"))
    assert partly == whole
    assert ("T1" in whole) == (days != DAYS)


def force(root: Path) -> set[str]:
    """The places of what is in force after everything was read."""
    with app.world(root, clock=lambda: LATER) as world:
        running.prepare_ledger(world)
        found = collect.poll(world, world.settings.feeds["cap"])
        assert not found.error and not found.rejected and found.new
        with world.store.read() as tx:
            return in_force(tx)


def in_force(tx: Any) -> set[str]:
    from sqlalchemy import select

    from engine.store.tables import incident

    last: dict[str, Any] = {}
    for row in tx.conn.execute(select(incident).order_by(incident.c.known_at, incident.c.nth)):
        last[row.source_id] = row
    return {row.areas for row in last.values() if not row.withdrawn}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture(scope="module")
def midway(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return live(build(tmp_path_factory.mktemp("midway")), days=6)


@pytest.fixture
def site(midway: Lived) -> Iterator[str]:
    """The folder, served as it stands."""
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Quiet, directory=str(midway.root / "data" / "cap"))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_reader_follows_the_index_over_http(site: str, tmp_path: Path):
    with app.world(reader(tmp_path, f"url: '{site}/index.atom'"), clock=lambda: LATER) as world:
        running.prepare_ledger(world)
        found = collect.poll(world, world.settings.feeds["cap"])
    assert not found.error and found.read and not found.rejected


def test_our_own_messages_that_come_back_are_no_news(lived: Lived, tmp_path: Path):
    """As they are, and sent on by somebody under a name of their own."""
    routes = f"receivers:\n  - {{id: public, title: Feed, channels: [{CHANNEL}}}]}}\nroutes: []\n"
    folder = tmp_path / "in"
    shutil.copytree(lived.root / "data" / "cap", folder)
    for path in folder.glob("*.xml"):
        sent_on = path.read_text().replace("<sender>duty@county.example", "<sender>hub@other.example")
        (folder / f"hub.{path.name}").write_text(sent_on)
    root = reader(tmp_path / "ours", f"path: {folder}/*.xml", routes)
    with app.world(root, clock=lambda: LATER) as world:
        running.prepare_ledger(world)
        found = collect.poll(world, world.settings.feeds["cap"])
        assert (found.error, found.new, found.rejected) == ("", 0, 0)
        assert found.read and found.skipped == found.read, "told by us, each counted as skipped"
        with world.store.read() as tx:
            assert in_force(tx) == set()
