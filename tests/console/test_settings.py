"""What administrators do from pages: a receiver tested, a feed read anew, the audit taken along."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta

from lxml import html

from engine.cycle import collect, dispatch, drilling
from engine.cycle.world import World
from engine.model.message import Delivery
from engine.model.staff import Entry, Office
from engine.store import audit, cursors, outbox, rejects
from tests.console.conftest import SignIn
from tests.console.test_acts import link, world
from tests.store.test_rejects import BAD

__all__ = ["link", "world"]


def test_a_receiver_is_tested_over_its_own_channels_and_nobody_else_hears(signed: SignIn, world: World):
    client = signed(Office.ADMINISTRATOR)
    assert client.post("/settings/receiver-test", data={"name": "police"}).status_code == 200
    with world.store.read() as tx:
        (drill,) = [act for act in drilling.drills(tx) if "@police" in act.target]
        told = outbox.listing(tx, warning=drill.target)
    assert drill.via == "console" and [(one.receiver, one.step) for one in told] == [("police", "exercise")]
    dispatch.deliver(world)
    page = html.fromstring(client.get("/settings").text)
    (row,) = [row for row in page.xpath("//tr") if row.xpath(".//span[text()='police']")]
    assert "delivered" in row.text_content() and "exercise" in row.text_content(), "the latest of its second"
    with world.store.read() as tx:
        assert [one.state for one in outbox.listing(tx, warning=drill.target)] == [Delivery.DELIVERED]
        assert [one.about for one in audit.listing(tx, what="receiver tested")] == ["police"]


def test_a_receiver_that_is_none_is_refused_and_said(signed: SignIn):
    answer = signed(Office.ADMINISTRATOR).post("/settings/receiver-test", data={"name": "nobody"})
    assert answer.status_code == 400 and "There is no receiver &#39;nobody&#39;" in answer.text


def test_a_feed_is_read_from_its_beginning_at_its_next_poll(signed: SignIn, world: World):
    feed = world.settings.feeds["log"]
    with world.store.read() as tx:
        assert cursors.get(tx, "log"), "it has been read before"
    client = signed(Office.ADMINISTRATOR)
    answer = client.post("/feeds/log/reread")
    assert answer.status_code == 200 and "from its beginning" in answer.text
    found = collect.poll(world, feed)
    assert found.read > 0 and found.new == 0 and found.unchanged + found.repeated > 0
    assert client.post("/feeds/nothing/reread").status_code == 404
    with world.store.read() as tx:
        assert [one.about for one in audit.listing(tx, what="feed reread")] == ["log"]


def test_what_nobody_could_read_is_grouped_on_the_page(signed: SignIn, world: World):
    with world.store.begin() as tx:
        for line in (4, 5):
            rejects.add(tx, [replace(BAD, feed="log", place=f"line {line}", record=f"r{line}")])
    page = html.fromstring(signed(Office.VIEWER).get("/feeds").text)
    (row,) = [row for row in page.xpath("//tr") if str(BAD.reason) in row.text_content()]
    assert row.xpath("./td//b/text()") == ["2"]


def test_the_page_tells_how_deep_a_feed_places_what_it_tells(signed: SignIn):
    page = html.fromstring(signed(Office.VIEWER).get("/feeds").text)
    (placed,) = page.xpath("//td[@data-label='Placed, last 7 days']")
    assert [one.text_content() for one in placed] == ["county 100%", "town 100%"]
    assert page.xpath("//form[contains(@action, 'reread')]") == []


def test_the_audit_is_taken_along_as_it_is_filtered_and_no_cell_is_a_formula(signed: SignIn, world: World):
    at = world.clock().replace(microsecond=0) - timedelta(hours=1)
    with world.store.begin() as tx:
        audit.add(tx, Entry(at=at, who="zoe", what="sign in", via="console", about='=cmd|"/c calc"!A1'))
        audit.add(tx, Entry(at=at, who="yan", what="sign in", via="console", about="desk"))
    answer = signed(Office.ADMINISTRATOR).get("/audit.csv?account=zoe")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert answer.headers["content-type"].startswith("text/csv") and "attachment" in str(answer.headers)
    assert [(row["account"], row["act"]) for row in rows] == [("zoe", "sign in")]
    assert rows[0]["about"].startswith("'=") and rows[0]["at"] == at.isoformat()
