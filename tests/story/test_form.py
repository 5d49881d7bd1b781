"""Forms of the field: taken once, judged at once, guarded, and open only to whom they are meant for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from lxml import html

from engine.cli import forewarn
from engine.console.public.app import PRESSES
from engine.console.sheet import page as sheet
from engine.cycle import filling as forms
from engine.cycle import hearing
from engine.cycle.loops.service import Loops
from engine.model.incident import Incident
from engine.model.staff import Office
from engine.store import incidents, rejects
from tests.console.conftest import session
from tests.story import county, filling
from tests.story.conftest import wait_for

Field = tuple[Loops, str, httpx.Client]


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Field]:
    """The loops, where the console listens, and somebody at the public pages."""
    root = filling.build(tmp_path_factory.mktemp("county"))
    with (
        filling.service(root) as (loops, console, address),
        httpx.Client(base_url=address, timeout=600) as client,
    ):
        yield loops, console, client


def report(number: int, **more: str) -> dict[str, str]:
    at = f"{county.END:%Y-%m-%dT%H:%M}"
    return {"id": f"{number:032x}", "area": "T1", "at": at, "kind": "break-in", **more}


def told(loops: Loops) -> list[Incident]:
    with loops.world.store.read() as tx:
        ids = [f"{number:032x}" for number in range(10)]
        return [*incidents.latest(tx, "wardens", ids).values()]


def test_what_is_reported_is_judged_and_told_at_once_and_sent_twice_counts_once(field: Field):
    loops, _, client = field
    link, before = filling.link(loops), len(told(loops))
    for _ in range(2):
        answer = client.post(link, json=report(1, kind="bang", hurt="2"))
        assert (answer.status_code, answer.json()) == (200, {"kept": True})
    (one,) = [one for one in told(loops) if one.source_id == f"{1:032x}"]
    assert (one.category, one.areas, dict(one.measures)) == ("violence.explosion", ("T1",), {"hurt": 2.0})
    assert len(told(loops)) == before + 1
    wait_for(lambda: any("T1" in key for key in county.received(loops.world.settings.root)))


@pytest.mark.parametrize(("change", "said"), [
    ({"area": "C"}, "Choose a place of the list."), ({"area": "X"}, "Choose a place of the list."),
    ({"at": "yesterday"}, "Say when it was."), ({"at": "2026-03-12T00:00"}, "has not come yet"),
    ({"at": "2026-03-01T00:00"}, "more than 3 days ago"), ({"kind": "theft"}, "needs an answer"),
    ({"kind": ""}, "needs an answer"), ({"hurt": "-1"}, "from 0 to 500"), ({"hurt": "501"}, "from 0 to 500"),
    ({"hurt": "一"}, "from 0 to 500"), ({"note": "x" * 201}, "at most 200"),
    ({"id": "1"}, "open the link anew"), ({"note": "a\0b"}, "open the link anew"),
])  # fmt: skip
def test_what_is_no_answer_is_refused_with_a_sentence_and_nothing_is_kept(
    field: Field, change: dict[str, str], said: str
):
    loops, _, client = field
    before = len(told(loops))
    answer = client.post(filling.link(loops), json=report(2, **change))
    assert answer.status_code in (400, 422) and said in answer.json()["wrong"]
    assert len(told(loops)) == before


@pytest.mark.parametrize(("body", "kind"), [
    (b"{", "application/json"), (b"[1]", "application/json"), (b"[" * 5000, "application/json"),
    (b"x" * (sheet.LONGEST + 1), "application/json"), (b"\xff\xfe=1", "application/x-www-form-urlencoded"),
    (b"&".join(b"a=1" for _ in range(500)), "application/x-www-form-urlencoded"),
])  # fmt: skip
def test_what_is_no_form_is_no_report(field: Field, body: bytes, kind: str):
    loops, _, client = field
    answer = client.post(filling.link(loops), content=body, headers={"content-type": kind})
    assert answer.status_code == 400


def test_what_identifies_people_is_masked_before_it_is_kept(field: Field):
    loops, _, client = field
    client.post(filling.link(loops), json=report(3, note="ring 13912345678, ID 11010519491231002X"))
    (one,) = [one for one in told(loops) if one.source_id == f"{3:032x}"]
    assert "13912345678" not in one.title and "11010519491231002X" not in one.title and "ring" in one.title
    with loops.world.store.read() as tx:
        assert rejects.listing(tx, feed="wardens") == []


def test_a_link_is_for_its_part_alone_until_its_end_or_until_it_is_taken_back(field: Field):
    loops, _, client = field
    east, all_, over = filling.link(loops, "T1"), filling.link(loops), filling.link(loops, days=-1)
    page = client.get(east).text
    assert "Easttown" in page and "Westtown" not in page
    assert client.post(east, json=report(4, area="T2")).status_code == 422
    assert client.get(over).status_code == client.post(over, json=report(4)).status_code == 410
    for wrong in ("/f/x", east[:-2] + "AA", east + "A", east.replace("/f/", "/a/"), "/f/-/engine.yaml"):
        assert client.get(wrong).status_code == 404
    with loops.world.store.begin() as tx:
        forms.revoke(tx, "wardens", "T1", loops.world.clock())
    assert (client.get(east).status_code, client.get(all_).status_code) == (410, 200)
    assert "taken back" in client.post(east, json=report(4)).json()["wrong"]
    with loops.world.store.begin() as tx:
        forms.revoke(tx, "wardens", "", loops.world.clock())
    assert client.get(all_).status_code == 410


def test_whoever_sends_too_often_must_wait(field: Field):
    loops, _, client = field
    link = filling.link(loops, "T3", days=29)
    codes = [client.post(link, content=b"{").status_code for _ in range(PRESSES + 1)]
    assert codes[-1] == 429 and set(codes[:-1]) <= {400, 410, 422, 429}


def test_accounts_report_what_lies_in_their_part_and_who_only_looks_does_not(field: Field):
    loops, console, _ = field

    def reporter(*offices: Office, area: str = "") -> httpx.Client:
        key = session(loops.world, *offices, area=area)
        return httpx.Client(
            base_url=console, cookies={"forewarn_session": key}, timeout=600, headers={"origin": console}
        )

    with reporter(Office.OFFICER, area="T2") as officer:
        page = officer.get("/forms/wardens")
        assert "Westtown" in page.text and "Easttown" not in page.text
        assert officer.get("/forms/-/form.js").status_code == 200
        assert officer.post("/forms/wardens", json=report(5, area="T2")).json() == {"kept": True}
        assert officer.post("/forms/wardens", json=report(6)).status_code == 422
        assert officer.get("/forms/log").status_code == officer.get("/forms/nothing").status_code == 404
        del officer.headers["origin"]
        assert officer.post("/forms/wardens", json=report(7, area="T2")).status_code == 403
    with reporter(Office.VIEWER) as viewer:
        assert viewer.get("/forms/wardens").status_code == viewer.get("/forms/-/x").status_code == 404
    assert {f"{5:032x}"} == {one.source_id for one in told(loops)} & {f"{many:032x}" for many in (5, 6, 7)}


def test_in_chinese_nothing_is_said_in_english(field: Field):
    loops, _, client = field
    page = html.fromstring(client.get(f"{filling.link(loops, 'T3', days=28)}?lang=zh").content)
    said = " ".join([*page.xpath("//body//text()"), *page.xpath("//main/@*[starts-with(name(), 'data-t')]")])
    assert "上报" in said and not re.findall("[A-Za-z]{3,}", re.sub("English|Northtown|The County", "", said))


def test_a_form_that_nobody_fills_in_for_long_is_silent(tmp_path: Path):
    with filling.service(filling.build(tmp_path / "county")) as (loops, _, address):
        world, feed = loops.world, loops.world.settings.feeds["wardens"]

        def heard(after: timedelta) -> hearing.Hearing:
            with world.store.read() as tx:
                return hearing.heard(tx, feed, world.settings.calendar, world.clock() + after)

        assert "`forewarn links form wardens`" in heard(timedelta()).detail
        assert httpx.post(address + filling.link(loops), json=report(1), timeout=600).status_code == 200
        assert heard(timedelta(days=1)).state == "ok"
        late = heard(timedelta(days=2, minutes=5))
        assert (late.state, "ask those who report" in late.detail) == ("blind", True)


def test_the_command_line_makes_links_and_takes_them_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    root = filling.build(tmp_path / "county")
    monkeypatch.setenv(filling.SECRET, "0123456789abcdef")

    def call(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(forewarn, ["--root", str(root), *words])
        assert done.exit_code == code, done.output
        return f"{done.output}{done.exception or ''}"

    assert call("links", "form", "wardens", "--area", "T1").startswith("https://report.example.org/f/")
    assert "no form" in call("links", "form", "log", code=1)
    assert "people fill it in" in call("feeds", "try", "wardens", code=1)
    assert "no token" in call("token", "add", "x", "--feed", "wardens", code=1)
    call("links", "revoke", "--form", "wardens", "--area", "T1")
    assert "--form FEED" in call("links", "revoke", "--form", "wardens", "--for", "duty", code=1)
    assert "T1" in call("links", "list")
