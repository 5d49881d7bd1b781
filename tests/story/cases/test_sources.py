"""Sources behind an address: lists in pages, and answers that say whether anything has changed."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.connectors.conftest import Answer, Server
from tests.story.cases.office import PLAIN, Office

CSV = b"id,when,area,type\n1,2026-03-01 10:00,01,storm\n"


def page(numbers: range, **more: Any) -> Answer:
    """The records of these numbers."""
    rows = [{"id": n, "when": "2026-03-01 10:00", "area": "01", "type": "storm"} for n in numbers]
    return Answer(json.dumps({"results": rows, **more}).encode())


def test_records_are_counted_by_records(office: Office, server: Server) -> None:
    for start in range(0, 600, 100):
        url = server.tell(f"/a?limit=100&offset={start}", page(range(start, min(start + 100, 500))))
    options = {"url": url.partition("&")[0], "records": "results", "page": "offset", "first_page": 0}
    office.feed(options, connector="json")
    polled = office.poll()
    assert (polled["error"], polled["new"]) == ("", 500)


def test_the_page_after_the_last_may_be_missing(office: Office, server: Server) -> None:
    for number, records in enumerate((range(3), range(3, 6), range(6, 7)), 1):
        url = server.tell(f"/a?page={number}", page(records))
    server.tell("/a?page=4", Answer(status=404))
    options = {"url": url.partition("?")[0], "records": "results", "page": "page", "retries": 0}
    office.feed(options, connector="json")
    polled = office.poll()
    assert (polled["error"], polled["new"]) == ("", 7)


@pytest.mark.parametrize(("key", "new"), [("cursor", 7), ("next", 0)])
def test_a_token_is_followed_where_it_is_named_as_one_and_else_refused(
    office: Office, server: Server, key: str, new: int
) -> None:
    url = server.tell("/a", page(range(3), next="t1"))
    server.tell("/a?cursor=t1", page(range(3, 6), next="t2"))
    server.tell("/a?cursor=t2", page(range(6, 7)))
    value = {"field": "next", "parameter": "cursor"} if key == "cursor" else "next"
    office.feed({"url": url, "records": "results", key: value, "retries": 0}, connector="json")
    polled = office.poll()
    assert polled["new"] == new
    assert ("token" in polled["error"]) == (new == 0)


def test_the_newest_etag_is_asked_with(office: Office, server: Server) -> None:
    url = server.tell(
        "/a.csv", *(Answer(CSV, headers={"ETag": f'"{n}"'}) for n in (1, 2)), Answer(status=304)
    )
    office.feed({"url": url})
    assert [office.poll()["new"] for _ in range(3)] == [1, 0, 0]
    assert [headers.get("if-none-match") for _, headers in server.asked] == [None, '"1"', '"2"']


def test_a_source_that_never_has_anything_new_is_noticed(office: Office, server: Server) -> None:
    url = server.tell("/a.csv", Answer(CSV, headers={"ETag": '"1"'}), Answer(status=304))
    office.feed({"url": url}, PLAIN, max_silence="36h")
    office.poll()
    office.live(1)
    assert office.status()["state"] == "ok"
    office.live(4)
    status = office.status()
    assert status["state"] == "blind" and "brought nothing new" in status["detail"]
    assert office.told() == ["quiet"]
    assert office.steps("storm") == ["issued", "held"]


def test_what_is_old_when_it_first_comes_is_not_called_nothing_new(office: Office) -> None:
    office.feed({"path": "in.csv"}, PLAIN, max_silence="36h")
    office.now += timedelta(days=25)
    office.put("in.csv", CSV)
    office.poll()
    assert "what it brings is old" in office.status()["detail"]


def test_a_feed_of_which_nothing_can_be_read_is_down_though_it_goes_on_at_a_further_page(
    office: Office, server: Server
) -> None:
    def entry(day: int, where: str) -> str:
        told = f"<updated>2026-03-0{day}T08:00:00Z</updated><area>{where}</area><type>storm</type>"
        return f"<entry><id>{where}{day}</id>{told}</entry>"

    def feed(*entries: str) -> Answer:
        return Answer(f'<feed><link rel="next" href="/older"/>{"".join(entries)}</feed>'.encode())

    server.tell("/older", Answer(b"<feed/>"))
    known = entry(1, "01")
    url = server.tell("/feed", feed(known), feed(entry(2, "?"), entry(1, "?"), known.replace("01", "?")))
    office.feed({"url": url}, {**PLAIN, "occurred_at": "updated"}, "rss")
    assert office.poll()["error"] == ""
    office.now += timedelta(days=1)
    assert "not one of 3 records could be read" in office.poll()["error"]


def test_a_list_that_is_always_empty_is_asked_about_and_goes_blind(office: Office) -> None:
    """Nobody can tell whether its source has nothing to say, or says nothing."""
    office.feed({"path": office.put("in.json", "[]")}, connector="json", max_silence="36h")
    (row,) = [row for row in office.rows("doctor") if row["what"] == "feed"]
    assert row["state"] == "odd" and "not_empty: true" in row["detail"]
    assert office.poll()["error"] == ""
    office.live(2)
    assert (office.status()["state"], office.told()) == ("blind", ["quiet"])
    office.feed({"path": "in.json", "not_empty": True}, connector="json", max_silence="36h")
    (row,) = [row for row in office.rows("doctor") if row["what"] == "feed"]
    assert row["state"] == "lacking"
    assert "an empty answer" in office.poll()["error"]
