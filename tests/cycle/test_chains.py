"""Chains of alerts over polls and restarts: what is in force at the end, and what was rejected and why."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine import app
from engine.cycle import chains, collect
from engine.cycle import run as running
from engine.cycle.collect import Asked, Collected
from engine.cycle.world import World
from engine.model.incident import Incident
from engine.store import incidents, judgement, rejects
from engine.store.tables import cap_message, incident
from tests.story import county

FEED = """
feeds:
  - id: met
    title: Alerts
    connector: cap
    subject: hazard
    options: {path: in.xml}
    poll: 1h
    max_silence: 3d
    covers: {areas: [C], categories: [property, violence], from: 2026-01-01}
    map:
      source_id: id
      occurred_at: [onset, sent]
      ended_at: expires
      known_at: sent
      place: {name: areaDesc}
      category: {field: event, scheme: county}
      severity: {field: severity, table: {Minor: 1, Extreme: 4}}
      withdrawn: {field: msgType, equals: Cancel}
"""
ALERT = """<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
<identifier>{id}</identifier><sender>a@met</sender>
<sent>2026-03-10T0{hour}:00:00+02:00</sent><status>Actual</status><msgType>{kind}</msgType><scope>Public</scope>
<references>{references}</references>{infos}</alert>"""
INFO = """<info><event>explosion</event><urgency>Expected</urgency><severity>{severity}</severity>
<certainty>Likely</certainty><expires>{expires}</expires><area><areaDesc>{area}</areaDesc></area></info>"""
HOUR = timedelta(hours=1)
TOWNS = {"T1": "Easttown", "T2": "Westtown", "T3": "Northtown"}


def alert(
    id_: str, hour: int, *towns: str, names: str = "", kind: str = "", severity: str = "Minor",
    expires: str = "2026-03-10T22:00:00+02:00",
) -> str:  # fmt: skip
    """Sent on 10 March at `hour`; names: `a@6 b@7`, by the same moments written with another offset."""
    infos = (INFO.format(area=TOWNS.get(town, town), severity=severity, expires=expires) for town in towns)
    named = (name.split("@") for name in names.split())
    references = " ".join(f"a@met,{one},2026-03-10T0{int(at) - 2}:00:00Z" for one, at in named)
    kind = kind or ("Update" if names else "Alert")
    return ALERT.format(id=id_, hour=hour, kind=kind, references=references, infos="".join(infos))


class Office:
    """A root whose world is opened anew for every poll, as by a restart."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.now = county.END

    @contextmanager
    def world(self) -> Iterator[World]:
        with app.world(self._root, clock=lambda: self.now) as world:
            running.prepare_ledger(world)
            yield world

    def poll(self, *alerts: str) -> Collected:
        entries = "".join(f"<entry><content>{one}</content></entry>" for one in alerts)
        (self._root / "in.xml").write_text(f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>')
        with self.world() as world:
            return collect.poll(world, world.settings.feeds["met"], Asked(anew=True))

    @property
    def last(self) -> dict[str, Incident]:
        with self.world() as world, world.store.read() as tx:
            names = tx.conn.execute(select(incident.c.source_id).distinct()).scalars().all()
            return {name: incidents.get(tx, "met", name)[-1] for name in sorted(names)}

    @property
    def in_force(self) -> dict[str, tuple[str, ...]]:
        return {name: one.areas for name, one in self.last.items() if not one.withdrawn}

    @property
    def rejected(self) -> list[str]:
        with self.world() as world, world.store.read() as tx:
            return [one.reject.reason for one in rejects.listing(tx)]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    root = county.build(tmp_path)
    (root / "config/feeds.yaml").write_text(FEED)
    return Office(root)


A1 = alert("A1", 6, "T1")


def test_each_message_comes_in_a_poll_of_its_own(office: Office) -> None:
    assert office.poll(A1).new == 1
    assert office.poll(alert("A2", 7, "T1", names="A1@6")).new == 0
    office.poll(alert("A3", 8, "T1", "T2", names="A2@7", severity="Extreme"))
    assert office.in_force == {"A1": ("T1", "T2")}
    assert office.last["A1"].severity == 4
    office.poll(alert("A4", 9, names="A3@8", kind="Cancel"))
    assert office.in_force == {}
    assert office.last["A1"].category == "violence.explosion"


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_messages_that_come_late_stand_where_they_belong(office: Office, order: tuple[int, ...]) -> None:
    told = A1, alert("A2", 7, "T2", names="A1@6"), alert("A3", 8, "T3", names="A2@7")
    for number in order:
        office.poll(told[number])
    (name, areas), = office.in_force.items()
    # It is called after the first message that was heard of, were it only by name.
    assert (name, areas) == ("A2" if order[0] == 2 else "A1", ("T3",))
    with office.world() as world, world.store.read() as tx:
        assert [one.areas for one in incidents.get(tx, "met", name)] == [("T1",), ("T2",), ("T3",)]


def test_an_update_may_be_of_another_day_place_and_kind(office: Office) -> None:
    office.poll(A1)
    moved = alert("A2", 7, "T2", names="A1@6").replace("<sent>2026-03-10", "<sent>2026-03-11")
    office.poll(moved.replace("explosion", "burglary"))
    assert office.in_force == {"A1": ("T2",)}
    assert office.last["A1"].category == "property.burglary"


def test_two_ends_of_a_chain_that_a_late_message_joins_count_once(office: Office) -> None:
    office.poll(alert("A3", 8, "T3", names="A2@7"))
    office.poll(A1)
    assert sorted(office.in_force.values()) == [("T1",), ("T3",)]
    office.poll(alert("A2", 7, "T2", names="A1@6"))
    assert list(office.in_force.values()) == [("T3",)]


def test_an_alert_that_comes_after_its_cancel_is_withdrawn(office: Office) -> None:
    office.poll(alert("C", 8, "T1", names="A1@6", kind="Cancel"))
    office.poll(A1)
    assert office.in_force == {} and office.last["A1"].withdrawn


def test_two_events_that_one_update_joins_are_counted_once(office: Office) -> None:
    office.poll(A1)
    office.poll(alert("B1", 7, "T2"))
    office.poll(alert("M", 8, "T1", "T2", names="A1@6 B1@7"))
    assert sorted(area for areas in office.in_force.values() for area in areas) == ["T1", "T2"]
    office.poll(alert("C", 9, names="M@8", kind="Cancel"))
    assert office.in_force == {}


def test_the_same_read_again_changes_nothing(office: Office) -> None:
    told = A1, alert("B1", 7, "T2"), alert("A2", 8, "T1", "T3", names="A1@6"), alert(
        "C", 9, names="B1@7", kind="Cancel"
    )
    office.poll(*told)
    before = office.last
    again = office.poll(*told)
    assert (again.new, again.revised, again.rejected) == (0, 0, 0)
    assert office.last == before


def test_what_names_nobody_is_a_reject_and_takes_nothing_back(office: Office) -> None:
    office.poll(A1)
    found = office.poll(A1, alert("A2", 8, "T1", kind="Cancel"), alert("A3", 9, "T1", kind="Update"))
    assert found.rejected == 2
    assert office.in_force == {"A1": ("T1",)}
    assert "nobody can tell what the Cancel A2 is about; ask the source" in office.rejected[-1]


def unread(office: Office) -> list[str | None]:
    with office.world() as world, world.store.read() as tx:
        return list(rejects.unread(tx, "met"))


def test_an_alert_that_is_read_again_does_not_settle_what_is_unread_of_its_update(office: Office) -> None:
    office.poll(A1)
    lost = alert("A2", 7, "Nowhere", names="A1@6")
    for told in ([A1, lost], [A1], [lost, A1]):
        office.now += HOUR
        office.poll(*told)
        assert unread(office) == ["A1"]
    assert office.in_force == {"A1": ("T1",)}


@pytest.mark.parametrize("later", [
    alert("A2", 7, "T2", names="A1@6"), alert("A3", 8, "T2", names="A2@7"),
    alert("C", 8, names="A2@7", kind="Cancel"),
])  # fmt: skip
def test_what_is_read_at_last_or_stands_in_its_place_settles_it(office: Office, later: str) -> None:
    office.poll(A1, alert("A2", 7, "Nowhere", names="A1@6"))
    office.now += HOUR
    office.poll(later)
    assert unread(office) == []


def test_chains_that_are_long_over_are_forgotten_and_read_again_the_same(office: Office) -> None:
    told = [A1, alert("A2", 7, "T2", names="A1@6")]
    office.poll(*told)
    before = office.in_force
    for days, left in ((399, 2), (402, 0)):
        office.now = datetime(2026, 3, 10, 20, tzinfo=UTC) + timedelta(days=days)
        with office.world() as world, world.store.begin() as tx:
            chains.forget(tx, office.now)
            assert tx.conn.execute(select(func.count()).select_from(cap_message)).scalar_one() == left
    assert (office.poll(*told).new, office.in_force) == (0, before)


@pytest.mark.parametrize("over, opened", [("2026-03-10T12:00:00Z", ["T1"]), ("2026-03-10T10:00:00Z", [])])
def test_an_alert_that_is_over_when_it_is_read_opens_nothing(
    office: Office, over: str, opened: list[str]
) -> None:
    office.now = datetime(2026, 3, 10, 3, tzinfo=UTC)
    with office.world() as world:
        running.prepare(world, office.now)
    office.now = datetime(2026, 3, 10, 10, tzinfo=UTC)
    office.poll(alert("A1", 6, "T1", expires=over))
    with office.world() as world:
        running.catch_up(world, office.now)
        with world.store.read() as tx:
            found = judgement.findings(tx, since=county.FIRST)
    assert [one.area for one in found if one.rule == "county.explosion"] == opened
