"""Acts from pages: what needs whom, done by the engine's own functions, refused with what moved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from lxml import html

from engine.console import refusals, verbs
from engine.cycle.world import World, clock_from
from engine.model.act import ActKind
from engine.model.grade import Grade
from engine.model.staff import Office
from engine.model.warning import RiskWarning
from engine.store import acts, audit, judgement, outbox
from tests.console.conftest import SignIn, judged
from tests.story import county

OFFICER, APPROVER = Office.OFFICER, Office.APPROVER

PEOPLE = {
    "config/grades.yaml": """
issues: {public-safety: {blue: itself, yellow: itself, orange: two, red: two}}
unanswered: {orange: {after: 30d, then: wait}}
""",
    "config/duty.yaml": """
answers: {blue: {within: 30m, remind: 10m}, yellow: {within: 30m, remind: 10m}}
""",
    "config/routes.yaml": """
receivers:
  - {id: duty, title: Duty centre, channels: [{kind: file, path: data/outbox/duty.jsonl}]}
  - id: police
    title: Police desk
    department: police
    channels: [{kind: file, path: data/outbox/police.jsonl}]
routes:
  - {id: all, receivers: [duty]}
  - {id: asked, asks: [duty, leader, two], receivers: [duty]}
""",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A county in which people decide: orange takes two, and answers are asked for."""
    root = county.build(tmp_path_factory.mktemp("people"))
    for name, text in PEOPLE.items():
        (root / name).write_text(text.lstrip(), encoding="utf-8")
    with judged(root) as opened:
        yield replace(opened, clock=clock_from(county.END))


@pytest.fixture(scope="module")
def link(world: World) -> Iterator[str]:
    from engine.console.serve import console

    with console(lambda: world, 0) as link:
        yield link


def warnings(world: World) -> list[RiskWarning]:
    with world.store.read() as tx:
        return judgement.warnings(tx, open_only=True)


def put(world: World, id_: str, **more: object) -> RiskWarning:
    """A warning of its own for one test."""
    (like, *_) = warnings(world)
    one = replace(like, id=id_, topic="burglary", proposed=None, proposal="", **more)  # type: ignore[arg-type]
    with world.store.begin() as tx:
        tx.seq()
        judgement.save_warnings(tx, [one])
    return one


def proposed(world: World) -> RiskWarning:
    (one, *_) = [one for one in warnings(world) if one.proposed is Grade.ORANGE]
    return one


def told(world: World) -> RiskWarning:
    """One that the duty centre was told of."""
    with world.store.read() as tx:
        found = {one.warning for one in outbox.addressed(tx)}
    return next(one for one in warnings(world) if one.id in found and one.proposed is None)


def done(world: World, id_: str) -> list[tuple[str, str, str]]:
    with world.store.read() as tx:
        return [(act.kind.value, act.via, act.reason) for act in acts.of(tx, [id_])]


def press(client: httpx.Client, kind: str, on: str, **fields: str) -> httpx.Response:
    return client.post(f"/act/{kind}", data={"on": on, **fields})


def test_the_desk_shows_first_what_needs_somebody(signed: SignIn, world: World):
    one = proposed(world)
    page = html.fromstring(signed(APPROVER).get("/").text)
    rows = page.xpath("//section[@id='queue']/ul[1]/li//@data-warning")
    assert one.id in rows and "Proposed" in page.xpath("string(//section[@id='queue']/ul[1])")
    assert "Not read" in page.xpath("string(//section[@id='queue']/ul[1])")
    assert page.xpath("//*[@data-detail]//form[@data-act]//button")


def test_a_viewer_has_no_buttons_and_no_way_around(browser: httpx.Client, signed: SignIn, world: World):
    one = proposed(world)
    headers = {"sec-fetch-site": "same-origin"}
    for client in (browser, signed(Office.VIEWER), signed(Office.ANALYST)):
        assert "data-act" not in client.get(f"/warning/{one.id}").text
        for kind in ActKind:
            assert client.get(f"/act/{kind}", params={"on": one.id}).status_code == 404
            assert client.post(f"/act/{kind}", data={"on": one.id}, headers=headers).status_code == 404
    assert done(world, one.id) == []


def test_red_tape_is_two_people_each_once(signed: SignIn, world: World):
    one = proposed(world)
    first, second = signed(APPROVER), signed(APPROVER)
    assert press(first, "issue", one.id).status_code == 303
    assert "one more is needed" in first.get(f"/warning/{one.id}").text
    assert 'action="/act/issue"' not in first.get(f"/warning/{one.id}").text
    again = press(first, "issue", one.id)
    assert again.status_code == 409 and "let it pass already" in again.text
    assert press(signed(OFFICER), "issue", one.id).status_code == 404
    assert press(second, "issue", one.id).status_code == 303
    with world.store.read() as tx:
        now = judgement.warning(tx, one.id)
    assert now is not None and now.grade is Grade.ORANGE and now.proposed is None


def test_one_press_acknowledges_and_another_takes_it_back(signed: SignIn, world: World):
    one = told(world)
    client = signed(OFFICER)
    page = client.get(f"/warning/{one.id}").text
    assert 'action="/act/acknowledge"' in page
    seen = html.fromstring(page).xpath("//form[@action='/act/acknowledge']//input[@name='seen']/@value")[0]
    assert press(client, "acknowledge", one.id, seen=seen, receiver="duty").headers["location"] == "/"
    page = client.get(f"/warning/{one.id}").text
    assert 'action="/act/acknowledge"' not in page and 'action="/act/unacknowledge"' in page
    assert press(client, "unacknowledge", one.id, receiver="duty").status_code == 303
    assert 'action="/act/acknowledge"' in client.get(f"/warning/{one.id}").text


def test_what_moved_is_told_and_what_was_written_stays(signed: SignIn, world: World):
    one = told(world)
    fields = {"seen": "something/else", "why": "my long reason", "verdict": "unclear"}
    answer = press(signed(APPROVER), "close", one.id, **fields)
    assert answer.status_code == 409
    page = html.fromstring(answer.text)
    assert "It has moved since you looked" in answer.text and "my long reason" in answer.text
    assert page.xpath("//input[@name='verdict'][@checked]/@value") == ["unclear"]
    assert page.xpath("//input[@name='seen']/@value")[0] != "something/else"
    assert ("close", "console", "my long reason") not in done(world, one.id)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("regrade", {"grade": "blue", "why": "patrols"}), ("comment", {"why": "called"}),
        ("silence", {"why": "known", "until": "2026-03-12T09:00"}),
        ("close", {"verdict": "false-alarm", "why": "entered twice"}),
    ],
)  # fmt: skip
def test_acts_with_a_reason(signed: SignIn, world: World, kind: str, fields: dict[str, str]):
    one = put(world, f"T3.{kind}.by-hand", grade=Grade.YELLOW, area="T3")
    client = signed(APPROVER)
    asked = client.get(f"/act/{kind}", params={"on": one.id})
    assert asked.status_code == 200 and 'name="why"' in asked.text and done(world, one.id) == []
    assert press(client, kind, one.id, **fields, back="/warnings").headers["location"] == "/warnings"
    assert done(world, one.id) == [(kind, "console", fields["why"])]


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("decline", {"why": "x"}, "No proposal waits"),
        ("regrade", {"grade": "pink", "why": "x"}, "is no grade"),
        ("close", {"why": "x"}, "What was it in the end"), ("close", {"verdict": "yes"}, "is no verdict"),
        ("close", {"verdict": "confirmed", "why": "x", "outcome": "soon"}, "This is no day"),
        ("silence", {"why": "x", "until": "later"}, "This is no moment"), ("lift", {}, "Needs a reason"),
    ],
)  # fmt: skip
def test_what_may_not_be_done_is_refused_in_words(
    signed: SignIn, world: World, kind: str, fields: dict[str, str], said: str
):
    one = put(world, "T3.refused.by-hand", grade=Grade.YELLOW, area="T3")
    answer = press(signed(APPROVER), kind, one.id, **fields)
    assert answer.status_code == 409 and said.lower() in answer.text.lower()
    assert "--" not in html.fromstring(answer.text).xpath("string(//*[@role='alert'])")


def test_beyond_ones_area_nothing_is_there(signed: SignIn, world: World):
    one = put(world, "T3.elsewhere.by-hand", grade=Grade.YELLOW, area="T3")
    client = signed(APPROVER, area="T1")
    own = (f"/warning/{one.id}", f"/part/warning/{one.id}", f"/act/close?on={one.id}")
    for path in (*own, "/area/T3", "/area/C"):
        assert client.get(path).status_code == 404, path
    assert press(client, "close", one.id, verdict="unclear", why="x").status_code == 404
    assert done(world, one.id) == []
    for path in ("/", "/warnings?every=true", "/areas", "/wall"):
        said = client.get(path).text
        assert "Northtown" not in said and "Westtown" not in said, path


def test_a_receiver_of_ones_own_alone(signed: SignIn, world: World):
    one = told(world)
    client = signed(OFFICER, receivers=("police",))
    assert press(client, "acknowledge", one.id, receiver="duty").status_code == 404
    assert 'action="/act/acknowledge"' not in client.get(f"/warning/{one.id}").text


def test_a_task_is_accepted_and_done_from_its_page(signed: SignIn, world: World):
    from engine.cycle import desk

    with world.store.read() as tx:
        task = next(one for one in desk.tasks(world, tx, world.clock()) if one.open)
    client = signed(OFFICER)
    assert client.get("/act/task-decline", params={"on": task.id}).status_code == 200
    assert press(client, "task-accept", task.id).status_code == 303
    assert press(client, "task-done", task.id, why="two patrols").status_code == 303
    with world.store.read() as tx:
        later = world.clock() + timedelta(seconds=5)  # two acts keep their order by a second
        now = next(one for one in desk.tasks(world, tx, later) if one.id == task.id)
    assert now.state.value == "done"
    assert press(client, "task-accept", "no/task").status_code == 404


def test_every_act_and_every_refusal_is_in_the_audit(signed: SignIn, world: World):
    one = put(world, "T3.audited.by-hand", grade=Grade.YELLOW, area="T3")
    client = signed(OFFICER)
    press(client, "comment", one.id, why="hello")
    press(client, "lift", one.id, why="x")
    press(client, "decline", one.id, why="x")
    with world.store.read() as tx:
        told = [(entry.what, bool(entry.refused)) for entry in audit.listing(tx, limit=3)]
    assert told == [("decline", True), ("lift", True), ("comment", False)]


def test_a_get_changes_nothing(signed: SignIn, world: World):
    one = put(world, "T3.looked.by-hand", grade=Grade.YELLOW, area="T3")
    client = signed(APPROVER)
    with world.store.read() as tx:
        before = tx.horizon()
    for kind in ActKind:
        client.get(f"/act/{kind}", params={"on": one.id, "why": "x", "verdict": "unclear"})
    with world.store.read() as tx:
        assert tx.horizon() == before and done(world, one.id) == []


def test_a_part_is_no_whole_page_and_says_only_that_it_was_done(signed: SignIn, world: World):
    one = put(world, "T3.part.by-hand", grade=Grade.YELLOW, area="T3")
    client = signed(APPROVER)
    part = client.get("/act/comment", params={"on": one.id, "part": "1"}).text
    assert "<html" not in part and "data-act" in part
    assert press(client, "comment", one.id, why="x", part="1").status_code == 204
    assert press(client, "comment", one.id, part="1").status_code == 409


def test_every_act_has_its_words_and_every_refusal_its_chinese():
    assert set(verbs.PRESS) == set(verbs.SAYS) == set(ActKind)
    texts = [*verbs.PRESS.values(), *verbs.SAYS.values(), *verbs.VERDICTS.values(), *verbs.TASKS.values()]
    assert all(text.en and text.zh for text in texts)
    said = ["it stands at red already", "anna has let it pass already; it needs another person",
            "to lift takes a leader", "red is never silenced", "there is no such warning",
            "to decline needs a reason", "to stand a plan down needs a reason", "to comment needs a reason",
            "red is proposed, and to do with less takes a leader; say --as leader where you are one",
            "the reason has 2,001 characters, 2,000 at most; shorten it", "'x/step' is done since 08:00",
            "the day of the outcome, 1990-01-01, lies more than 92 days before the warning began (x)",
            ]  # fmt: skip
    assert [one for one in said if re.search("[a-z]{4}", refusals.refusal(one, "zh"))] == []


def test_a_deadline_is_the_proposals_own(world: World):
    from engine.console.scene import read
    from engine.console.waiting import waiting
    from engine.model.staff import Visitor, rights

    one = put(world, "T2.waits.by-hand", grade=Grade.YELLOW, area="T2")
    moment = world.clock()
    scene = read(world)
    asked = replace(one, proposed=Grade.RED, proposed_at=moment, proposal="T2.waits.by-hand/x/proposed")
    scene = replace(scene, warnings={**scene.warnings, one.id: asked})
    visitor = Visitor(name="x", via="console", rights=rights([APPROVER]))
    (found,) = [w for w in waiting(scene, visitor) if w.warning == asked and w.kind == "proposed"]
    assert (found.until, found.then) == (moment + timedelta(minutes=10), "issues itself")
