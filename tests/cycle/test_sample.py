"""What `feeds try` and `feeds check` tell of a source is what a poll would tell, and nothing is kept."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from engine import app
from engine.cycle import sample
from engine.cycle.world import World
from engine.store.tables import metadata
from tests.story.cases.conftest import office
from tests.story.cases.office import ALERTS, DATA, PLAIN, Office

__all__ = ["office"]

ACCOUNT = ("read", "new", "revised", "unchanged", "repeated", "skipped", "rejected")
LOG = """id,when,area,type,n
1,2026-03-01 10:00,01,storm,4
1,2026-03-01 10:00,01,storm,4
2,2026-03-01 10:00,Nowhere,storm,5
3,soon,01,storm,5
4,later,02,storm,5
5,2026-03-01 10:00,01,drill,5
6,2026-03-01 10:00,02,fire,many
"""
EXERCISE = (DATA / "cap-chain-last-only.xml").read_text(encoding="utf-8").replace(
    "<status>Actual", "<status>Exercise", 1
)  # fmt: skip

DRILLS = PLAIN | {"skip": {"field": "type", "equals": ["drill"]}, "measures": {"n": "n"}}
NAMED = [{"id": "a", "ids": "a,b"}, {"id": "b", "ids": ""}, {"id": "c", "ids": ""}]
BARE = {
    "source_id": "id", "aliases": "ids", "occurred_at": {"reported": True}, "place": {"fixed": "01"},
    "category": {"fixed": "fire"},
}  # fmt: skip

#: When it was polled stands in the source, without an offset.
POLLED = """id,when,area,type,asked
1,2026-03-01 10:00,01,storm,2026-03-01 11:00
2,2026-03-01 10:30,02,fire,2026-03-02 11:00
"""

SOURCES = {
    "its own polls": (POLLED, "in.csv", PLAIN, "csv"),
    "a table": (LOG, "in.csv", DRILLS, "csv"),
    "other ids of one": (json.dumps(NAMED), "in.json", BARE, "json"),
    "an exercise": (EXERCISE, "in.xml", ALERTS, "cap"),
    **{
        name: ((DATA / f"{name}.xml").read_text(encoding="utf-8"), "in.xml", ALERTS, "cap")
        for name in ("cap-cancel-noref", "cap-cancel-two", "cap-polygon-one-bad", "cap-update-fewer-infos")
    },
}  # fmt: skip


def stored(world: World) -> dict[str, int]:
    with world.store.read() as tx:
        return {
            table.name: tx.conn.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


@pytest.mark.parametrize("name", SOURCES)
def test_a_trial_tells_what_a_poll_does(office: Office, name: str) -> None:
    content, file, mapping, connector = SOURCES[name]
    follow: dict[str, object] = {"follow": False} if connector == "cap" else {}
    if content is POLLED:
        follow = {"polls": {"column": "asked"}}
    office.feed({"path": office.put(file, content), **follow}, mapping, connector)
    for turn in ("first", "again"):
        office.now += timedelta(hours=1)  # the clock of the worker that polls runs on meanwhile
        with app.world(office.root) as world:
            assert world.context  # makes the key of a new database
            before = stored(world)
            tried = sample.take(world, world.settings.feeds["f"], 1000)
            assert stored(world) == before
        told = asdict(tried.account)
        assert told["read"] == sum(told.values()) - told["read"]
        row = office.rows("feeds", "reread", "f")[0] if turn == "again" else office.poll()
        assert told == {key: row[key] for key in ACCOUNT}, turn


def test_what_is_skipped_lost_and_refused_is_told_in_the_words_of_a_poll(office: Office) -> None:
    content, file, mapping, _ = SOURCES["a table"]
    office.feed({"path": office.put(file, content)}, mapping)
    account = "7 records read: 2 new, 0 revised, 0 unchanged, 1 repeated, 1 skipped, 3 rejected"
    for command in (("feeds", "try", "f"), ("feeds", "check")):
        said = office.call(*command).output
        assert f"{account}; 1 is kept without its n" in said
        assert "line 5: 'when' holds 'soon', which is no moment as mapped (and 1 more of the kind)" in said


def test_alerts_are_tried_with_what_they_skip_and_lose(office: Office) -> None:
    office.feed({"path": office.put("cap-polygon-one-bad.xml"), "follow": False}, ALERTS, "cap")
    assert "1 is kept without its polygon or circle" in office.call("feeds", "try", "f").output
    office.feed({"path": office.put("in.xml", EXERCISE), "follow": False}, ALERTS, "cap")
    assert "1 skipped" in office.call("feeds", "check").output


def test_reasons_that_differ_in_a_value_alone_are_counted_together(office: Office) -> None:
    content, file, mapping, _ = SOURCES["a table"]
    office.feed({"path": office.put(file, content)}, mapping)
    office.poll()
    rows = office.rows("feeds", "rejects", "--by", "reason")
    groups = {row["reason"]: (row["count"], row["example"]) for row in rows}
    assert groups["'when' holds …, which is no moment as mapped"] == (
        2, "'when' holds 'later', which is no moment as mapped",
    )  # fmt: skip
    assert len(groups) == 2


def test_a_record_known_when_it_is_polled_is_refused_once(office: Office) -> None:
    """However far off its moment is at each poll."""
    log = "id,when,area,type\n1,2026-04-01 10:00,01,fire\n2,2026-03-01,01,fire\n"
    office.feed({"path": office.put("in.csv", log)})
    office.poll()
    office.put("in.csv", log.replace("2026-03-01,01", "2026-03-01,02"))
    assert office.poll()["revised"] == 1
    assert len(office.rejected) == 1
