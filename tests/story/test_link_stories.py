"""Stories of links: looked at by scanners, pressed by people, twice, too late, after they were taken back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from lxml import html

from engine.console.public.app import PRESSES
from engine.console.public.serve import public
from engine.model.act import ActKind
from engine.model.grade import Grade
from engine.store import acts
from tests.story.timeline import SECRET, Story, story

DUTY = "answers:\n  yellow: {within: 20m, remind: 5m, repeats: 3}\nack_lasts: 2h\n"
ENGINE = f"""
database: sqlite:///data/forewarn.db
public: {{address: "https://warn.example.org/", secret: "${{{SECRET}}}"}}
"""
FILES = {"config/duty.yaml": DUTY, "config/engine.yaml": ENGINE}
RECEIVERS = {"centre": "chain: [head], ", "head": "", "police": "department: police, language: zh, "}
ROUTES = "  - {id: all, receivers: [centre, police]}\n"


class Page:
    """What somebody sees and presses at one link."""

    def __init__(self, client: httpx.Client, link: str) -> None:
        self.client, self.path = client, link.removeprefix("https://warn.example.org")

    def look(self, method: str = "GET") -> Any:
        return self.client.request(method, self.path)

    def shown(self) -> str:
        return " ".join(html.fromstring(self.look().content).text_content().split())

    def press(self, what: str, **form: str) -> Any:
        """The button, with what its form holds."""
        tree = html.fromstring(self.look().content)
        (seen, *_) = tree.xpath("//input[@name='seen']/@value") or [""]
        given = {"do": what, "name": "anna", "seen": seen, **form}
        return self.client.post(
            self.path, content=urlencode(given),
            headers={"content-type": "application/x-www-form-urlencoded"},
        )  # fmt: skip


@contextmanager
def told(root: Path) -> Iterator[tuple[Story, httpx.Client]]:
    with story(root, receivers=RECEIVERS, routes=ROUTES, files=FILES) as of:
        of.push("T1", "burglary", 2)
        of.at("2 08:00")
        with visited(of) as client:
            yield of, client


@contextmanager
def visited(of: Story) -> Iterator[httpx.Client]:
    """A browser at the story's page."""
    with public(lambda: of.world, "127.0.0.1", 0) as port:
        at = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=at, trust_env=False, timeout=600) as client:
            yield client


def page(of: Story, client: httpx.Client, receiver: str = "centre") -> Page:
    return Page(client, of.last(receiver)["answer"]["link"])


def done(of: Story) -> list[tuple[str, str, str, str]]:
    with of.world.store.read() as tx:
        every = acts.every(tx, list(ActKind))
    return [(act.kind.value, act.by, act.receiver, act.via) for act in every]


def test_the_message_has_a_link_of_its_receivers_own(tmp_path: Path):
    with told(tmp_path) as (of, client):
        mine, theirs = page(of, client), page(of, client, "police")
        assert mine.path != theirs.path
        assert of.last("centre")["answer"]["link"] in of.last("centre")["text"]
        assert "查看并答复（无需账号）：https://warn.example.org/a/" in of.last("police")["text"]
        assert mine.look().status_code == theirs.look().status_code == 200
        assert "Easttown: Burglaries" in mine.shown() and "Where: Easttown (2)" in mine.shown()


def test_a_mail_scanner_opens_the_link_and_nothing_happens(tmp_path: Path):
    with told(tmp_path) as (of, client):
        for method in ("GET", "HEAD", "GET"):
            page(of, client).look(method)
        assert done(of) == []
        of.at("2 08:06")
        assert of.last("centre")["step"] == "reminder", "nobody has answered"


def test_whoever_presses_has_read_it_and_nobody_is_reminded(tmp_path: Path):
    with told(tmp_path) as (of, client):
        answer = page(of, client).press("read")
        assert answer.status_code == 303 and answer.headers["location"].endswith("?kept=read")
        assert done(of) == [("acknowledge", "anna", "centre", "link")]
        assert "Read by anna" in page(of, client).shown()
        of.at("2 08:06")
        assert of.last("centre")["step"] == "issued"


def test_what_was_read_is_asked_again_after_a_rise_and_after_its_time(tmp_path: Path):
    with told(tmp_path) as (of, client):
        at = page(of, client)
        at.press("read")
        of.do("regrade", "chief", leader=True, grade=Grade.ORANGE)
        assert "Read by" not in at.shown()
        of.at("2 08:02")
        at.press("read")
        assert "Read by anna" in at.shown()
        of.at("2 10:01")
        assert "Read by anna" in at.shown()
        of.at("2 10:03")
        assert "Read by" not in at.shown()


def test_pressed_twice_it_is_read_once_more_and_loses_nothing(tmp_path: Path):
    with told(tmp_path) as (of, client):
        at = page(of, client)
        at.press("read")
        of.at("2 08:02")
        assert at.press("read", name="bo").status_code == 303
        assert "Read by bo" in at.shown()
        of.at("2 08:07")
        assert of.last("centre")["step"] == "issued"


def test_a_warning_that_has_moved_is_not_read_by_an_old_page(tmp_path: Path):
    with told(tmp_path) as (of, client):
        at = page(of, client)
        seen = html.fromstring(at.look().content).xpath("//input[@name='seen']/@value")[0]
        of.do("regrade", "chief", leader=True, grade=Grade.ORANGE)
        answer = at.press("read", seen=seen)
        assert answer.status_code == 409 and "It has moved" in answer.text
        assert [kind for kind, *_ in done(of)] == ["regrade"]


def test_a_department_accepts_and_finishes_its_task(tmp_path: Path):
    with told(tmp_path) as (of, client):
        of.at("2 08:01")
        of.push("T1", "burglary", 0)
        at = page(of, client, "police")
        (task,) = set(html.fromstring(at.look().content).xpath("//input[@name='task']/@value"))
        assert "贵单位任务" in at.shown() and "待接办" in at.shown()
        assert at.press("accept", task=task).status_code == 303
        assert "已接办" in at.shown()
        assert at.press("done", task=task, why="两个巡逻组").status_code == 303
        assert "已完成" in at.shown()
        assert [kind for kind, *_ in done(of)] == ["task-accept", "task-done"]


def test_a_department_that_heard_only_of_its_task_has_a_link_too(tmp_path: Path):
    with story(tmp_path, receivers=RECEIVERS, files=FILES) as of:
        of.push("T1", "burglary", 2)
        of.at("2 08:00")
        with visited(of) as client:
            at = page(of, client, "police")
            assert at.look().status_code == 200 and "贵单位任务" in at.shown()
            task = html.fromstring(at.look().content).xpath("//input[@name='task']/@value")[0]
            assert at.press("done", task=task).status_code == 303


def test_somebody_elses_task_is_not_theirs(tmp_path: Path):
    with told(tmp_path) as (of, client):
        police = page(of, client, "police")
        task = html.fromstring(police.look().content).xpath("//input[@name='task']/@value")[0]
        assert page(of, client).press("done", task=task).status_code == 409
        assert done(of) == []


@pytest.mark.parametrize("task", [{}, {"task": " "}, {"task": "T1/nothing"}])
@pytest.mark.parametrize("what", ["accept", "done"])
def test_a_task_that_is_not_named_is_none(tmp_path: Path, what: str, task: dict[str, str]):
    with told(tmp_path) as (of, client):
        answer = page(of, client).press(what, **task)
        assert answer.status_code == 409 and "That task is not asked of you" in answer.text
        assert done(of) == []


def test_what_somebody_writes_is_kept_and_masked(tmp_path: Path):
    with told(tmp_path) as (of, client):
        at = page(of, client)
        assert at.press("comment", why="Ask 13812345678 <b>now</b>").status_code == 303
        shown = at.look().text
        assert "13812345678" not in shown and "<b>now</b>" not in shown and "&lt;b&gt;now" in shown


@pytest.mark.parametrize("form", [{"name": ""}, {"do": "issue"}, {"do": "comment", "why": " "}])
def test_what_is_missing_is_said_and_nothing_is_done(tmp_path: Path, form: dict[str, str]):
    with told(tmp_path) as (of, client):
        answer = page(of, client).press(form.pop("do", "read"), **form)
        assert answer.status_code == 400 and "Nothing was done" in answer.text
        assert done(of) == []


def test_a_link_that_was_taken_back_opens_nothing_and_the_next_one_does(tmp_path: Path):
    with told(tmp_path) as (of, client):
        old, other = page(of, client), page(of, client, "police")
        assert of.command("forewarn links revoke --for centre").exit_code == 0
        assert old.look().status_code == 410 and old.press("read").status_code == 410
        assert other.look().status_code == 200
        assert done(of) == []
        assert "centre" in of.command("forewarn links list").output
        of.at("2 08:06")
        assert page(of, client).look().status_code == 200, "the reminder has a new one"


def test_a_link_can_be_taken_back_for_one_warning_alone(tmp_path: Path):
    with told(tmp_path) as (of, client):
        of.command("forewarn links revoke --for centre --warning another.one")
        assert page(of, client).look().status_code == 200
        warning = of.last("centre")["warning"]["id"]
        of.command(f"forewarn links revoke --for centre --warning {warning}")
        assert page(of, client).look().status_code == 410


def test_a_link_can_be_made_by_hand_for_whoever_was_told(tmp_path: Path):
    with told(tmp_path) as (of, client):
        warning = of.last("centre")["warning"]["id"]
        made = of.command(f"forewarn links make {warning} --for centre").output.strip()
        assert Page(client, made).look().status_code == 200
        assert "was not told" in str(of.command(f"forewarn links make {warning} --for head").exception)


def test_a_link_ends_a_week_after_its_warning(tmp_path: Path):
    with told(tmp_path) as (of, client):
        at = page(of, client)
        of.at("3 08:00")
        warning = of.warning("T1", "burglary")
        assert warning is not None and not warning.open
        assert "over since" in at.shown() and at.press("read").status_code == 409
        assert at.press("comment", why="it was quiet").status_code == 303
        of.at("9 08:00")
        assert at.look().status_code == 200
        of.at("10 08:01")
        assert at.look().status_code == 410 and at.press("comment", why="late").status_code == 410


def test_no_made_up_link_opens_anything(tmp_path: Path):
    with told(tmp_path) as (of, client):
        path = page(of, client).path
        for wrong in ("/a/x", "/a/x.y", path[:-2] + "AA", path + "A", "/a/" + "A" * 5000):
            assert client.get(wrong).status_code == 404
        assert client.get("/").status_code == client.get("/openapi.json").status_code == 404


def test_whoever_presses_too_often_must_wait(tmp_path: Path):
    with told(tmp_path) as (of, client):
        at = page(of, client)
        codes = [at.client.post(at.path, content="do=x").status_code for _ in range(PRESSES + 1)]
        assert codes == [400] * PRESSES + [429]
        assert at.look().status_code == 200


def test_the_page_needs_no_script_and_says_where_it_may_go(tmp_path: Path):
    with told(tmp_path) as (of, client):
        answer = page(of, client).look()
        assert "script" not in answer.text
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert client.get("/answer.css").status_code == 200


def test_without_a_page_there_are_no_links(tmp_path: Path):
    with story(tmp_path) as of:
        of.push("T1", "burglary", 2)
        of.at("2 08:00")
        assert "answer" not in of.last("centre")
