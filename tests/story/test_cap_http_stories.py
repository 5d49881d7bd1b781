"""Stories of a CAP feed that the service serves: what readers get, and what they never do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from engine import app
from engine.cycle import collect
from engine.cycle import run as running
from engine.model.grade import Grade
from engine.model.problem import Level
from engine.notify.cap.validate.document import Report, validate
from engine.notify.cap.validate.markup import text
from tests.story.test_cap_feed import reader
from tests.story.test_link_stories import ENGINE, visited
from tests.story.timeline import Story, story

FEED = (
    "  - {id: public, title: Feed, channels: [{kind: cap, path: data/cap, serve: true,"
    " sender: a@county.example, sender_name: Duty centre, web: 'https://county.example/', contact: duty}]}\n"
)
INDEX = "/cap/public.cap/index.atom"


@contextmanager
def served(root: Path) -> Iterator[tuple[Story, httpx.Client]]:
    """A yellow warning in a feed that the service serves."""
    routes, files = "  - {id: all, receivers: [public]}\n", {"config/engine.yaml": ENGINE}
    with story(root, also=FEED, routes=routes, files=files) as of:
        of.at("09:00")
        of.do("raise", "anna", on="T1.burglary", grade=Grade.YELLOW, leader=True)
        of.at("09:01")
        with visited(of) as client:
            yield of, client


def report(content: bytes) -> Report:
    found = validate("i", content, [], datetime(2027, 1, 1, tzinfo=UTC))
    assert [one for one in found.problems if one.level > Level.HINT] == []
    return found


def files(client: httpx.Client) -> list[str]:
    return [one.address for one in report(client.get(INDEX).content).links]


def test_the_index_leads_to_documents_that_are_served_as_they_lie(tmp_path: Path) -> None:
    with served(tmp_path) as (of, client):
        (file,) = files(client)
        answer = client.get(f"/cap/public.cap/{file}")
        assert answer.content == (of.root / "data/cap" / file).read_bytes()
        assert answer.headers["content-type"] == "application/cap+xml"
        assert "immutable" in answer.headers["cache-control"]
        (alert,) = report(answer.content).alerts
        assert (text(alert, "status"), text(alert, "msgType")) == ("Actual", "Alert")
        head = client.head(INDEX)
        assert head.status_code == 200 and head.headers["content-type"] == "application/atom+xml"


def test_whoever_polls_is_told_that_nothing_has_changed_until_it_has(tmp_path: Path) -> None:
    with served(tmp_path) as (of, client):
        tag = client.get(INDEX).headers["etag"]
        of.at("10:00")
        assert client.get(INDEX, headers={"if-none-match": tag}).status_code == 304
        of.do("regrade", "chief", leader=True, grade=Grade.ORANGE)
        of.at("10:01")
        changed = client.get(INDEX, headers={"if-none-match": tag})
        assert changed.status_code == 200 and changed.headers["etag"] != tag


def test_a_chain_is_followed_over_http_and_what_was_sent_never_changes(tmp_path: Path) -> None:
    with served(tmp_path) as (of, client):
        (first,) = files(client)
        before = client.get(f"/cap/public.cap/{first}").content
        of.do("regrade", "chief", leader=True, grade=Grade.ORANGE)
        of.at("10:00")
        (second,) = files(client)
        of.do("lift", "chief", on="T1.burglary", leader=True)
        of.at("11:00")
        (last,) = files(client)
        assert len({first, second, last}) == 3
        assert client.get(f"/cap/public.cap/{first}").content == before
        kinds, named = [], []
        for file in (first, second, last):
            (alert,) = report(client.get(f"/cap/public.cap/{file}").content).alerts
            kinds.append(text(alert, "msgType"))
            named.append(len(text(alert, "references").split()))
        assert kinds == ["Alert", "Update", "Cancel"] and named == [0, 1, 2]


def test_what_has_expired_leaves_the_index_by_itself(tmp_path: Path) -> None:
    with served(tmp_path) as (of, client):
        assert len(files(client)) == 1
        of.at("9 09:00", tick=False)
        assert files(client) == []


def test_what_is_restricted_is_shown_to_nobody(tmp_path: Path) -> None:
    with served(tmp_path) as (of, client):
        (file,) = files(client)
        path = of.root / "data/cap" / file
        closed = path.read_text().replace("<scope>Public</scope>", "<scope>Restricted</scope>")
        (path.parent / "closed.xml").write_text(closed)
        assert client.get("/cap/public.cap/closed.xml").status_code == 404


@pytest.mark.parametrize(
    "path", ["/cap/nobody/index.atom", "/cap/public.cap/none.xml", "/cap/public.cap/..%2f..%2fforewarn.db",
             "/cap/public.cap/.lock", "/cap/public.cap/"],
)  # fmt: skip
def test_nothing_else_of_the_folder_is_served(tmp_path: Path, path: str) -> None:
    with served(tmp_path) as (_, client):
        assert client.get(path).status_code == 404


def test_another_forewarn_reads_it_over_http(tmp_path: Path) -> None:
    with served(tmp_path / "ours") as (of, client):
        at = str(client.base_url).rstrip("/") + INDEX
        theirs = reader(tmp_path / "theirs", f"url: '{at}'")
        with app.world(theirs, clock=lambda: of.now) as world:
            running.prepare_ledger(world)
            found = collect.poll(world, world.settings.feeds["cap"])
        assert (found.error, found.read, found.new) == ("", 1, 1)


def test_a_drill_is_read_as_an_exercise(tmp_path: Path) -> None:
    with served(tmp_path) as (of, client):
        of.command("forewarn drill all --area T2 --who anna")
        of.at("09:05")
        statuses = {
            text(report(client.get(f"/cap/public.cap/{file}").content).alerts[0], "status")
            for file in files(client)
        }
        assert statuses == {"Actual", "Exercise"}


def test_a_feed_that_nothing_serves_is_warned_of(tmp_path: Path) -> None:
    with served(tmp_path) as (of, _):
        (of.root / "config/engine.yaml").write_text("database: sqlite:///data/forewarn.db\n")
        assert "no page does; set `public`" in str(app.settings(of.root).problems)
