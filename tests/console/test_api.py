"""The API: whole lists by cursor, nothing twice, acts as on pages, refusals in one form, figures."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from engine.console.app import create
from engine.cycle.reporting import keep
from engine.cycle.world import World
from engine.model.period import Cycle
from engine.model.staff import Right, TokenKind
from engine.staff import tokens
from engine.store import acts, judgement
from tests.console.test_acts import link, told, world

__all__ = ["link", "world"]

DOCS = Path(__file__).parents[2] / "docs"
DESCRIBED: dict[str, Any] = create(lambda: None).openapi()["paths"]  # type: ignore[arg-type,return-value]
READ = {path: one["get"] for path, one in DESCRIBED.items() if "get" in one}
LISTS = [path for path, one in READ.items() if "cursor" in {of["name"] for of in one.get("parameters", ())}]
Program = Callable[..., httpx.Client]


@pytest.fixture
def program(world: World, link: str) -> Iterator[Program]:
    """A program with a token of these scopes."""
    opened: list[httpx.Client] = []

    def make(*scopes: Right, area: str = "") -> httpx.Client:
        with world.store.begin() as tx:
            _, key = tokens.make(tx, "A program", TokenKind.API, world.clock(), by="cli", via="cli",
                                 scopes=scopes or [Right.SEE], area=area)  # fmt: skip
        base = link.partition("/enter")[0]
        opened.append(httpx.Client(base_url=base, timeout=60, headers={"authorization": f"Bearer {key}"}))
        return opened[-1]

    yield make
    for client in opened:
        client.close()


@pytest.fixture(scope="module", autouse=True)
def reported(world: World) -> None:
    for town in ("C", "T1", "T2", "T3"):
        keep.make(world, world.settings.calendar.last_due(Cycle.DAILY, world.clock()), town, world.clock())


@pytest.mark.parametrize("path", [*LISTS, "/v1/warnings?every=true"])
def test_a_list_by_cursor_is_the_whole_list(program: Program, path: str):
    client = program()
    whole = client.get(path, params={"limit": 1000} | dict(httpx.URL(path).params)).json()
    assert whole["next"] is None and len(whole["items"]) == whole["total"] > 2
    found, cursor = [], ""
    while cursor is not None:
        params = {**dict(httpx.URL(path).params), "limit": "2", "cursor": cursor}
        answer = client.get(path.partition("?")[0], params=params).json()
        found += answer["items"]
        cursor = answer["next"]
    assert found == whole["items"]


def test_filters(program: Program, world: World):
    client = program()
    with world.store.read() as tx:
        found = judgement.warnings(tx, open_only=True)
    for asked, wanted in [
        ("area=T1", {one.id for one in found if one.area == "T1"}), ("area=C", {one.id for one in found}),
        ("topic=unrest", {one.id for one in found if one.topic == "unrest"}), ("domain=cyber", set()),
        ("at_least=orange", {one.id for one in found if one.grade.word in ("orange", "red")}),
        ("proposed=true", {one.id for one in found if one.proposed is not None}), ("area=none", set()),
    ]:  # fmt: skip
        assert {one["id"] for one in client.get(f"/v1/warnings?{asked}").json()["items"]} == wanted, asked


@pytest.mark.parametrize("path", [path for path in READ if "{" not in path and path != "/v1/events"])
def test_nothing_is_sent_twice(program: Program, path: str):
    client = program(*Right)
    first = client.get(path)
    again = client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_another_page_of_a_list_is_another_answer(program: Program):
    client = program()
    first = client.get("/v1/warnings")
    other = client.get("/v1/warnings?limit=1", headers={"if-none-match": first.headers["etag"]})
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/nothing", 404), ("/v1/warnings/none", 404), ("/v1/audit", 404), ("/v1/warnings?limit=0", 422),
        ("/v1/warnings?limit=x", 422), ("/v1/warnings?domain=x", 422), ("/v1/warnings?at_least=pink", 422),
        ("/v1/warnings?cursor=!!", 400), ("/v1/warnings?cursor=bm9uZQ", 400), ("/v1/audit?before=x", 404),
    ],
)  # fmt: skip
def test_every_refusal_has_one_form(program: Program, path: str, status: int):
    answer = program().get(path)
    assert answer.status_code == status and answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == status and told["title"] and told["detail"]


def test_every_refusal_is_described():
    for path, methods in DESCRIBED.items():
        for one in methods.values():
            assert "application/problem+json" in one["responses"]["default"]["content"], path
            assert not {"422", "4XX"} & one["responses"].keys(), path


def test_whom_nobody_knows_is_told_to_say_who_they_are(link: str):
    base = link.partition("/enter")[0]
    for headers in ({}, {"authorization": "Bearer fw_x"}, {"authorization": "Basic eDp4"}):
        for path in ("/v1/warnings", "/v1/nothing", "/metrics"):
            answer = httpx.get(base + path, headers=headers)
            assert answer.status_code == 401 and answer.headers["www-authenticate"] == "Bearer"


def test_an_act_by_a_token_is_the_act_of_its_name(program: Program, world: World):
    one = told(world)
    client = program(Right.ANSWER)
    seen = client.get(f"/v1/warnings/{one.id}").json()["change"]
    wish = {"kind": "comment", "on": one.id, "seen": seen, "why": "by a program"}
    answer = client.post("/v1/acts", json=wish)
    assert answer.status_code == 201 and answer.json()["why"] == "by a program"
    with world.store.read() as tx:
        (done,) = [act for act in acts.of(tx, [one.id]) if act.reason == "by a program"]
    assert done.via == "api" and done.by.startswith("token:") and done.id == answer.json()["id"]
    assert client.post("/v1/acts", json={**wish, "seen": "else"}).status_code == 409
    assert client.post("/v1/acts", json={**wish, "kind": "lift"}).status_code == 404
    for broken in ({**wish, "kind": "x"}, {**wish, "more": 1}, {"on": one.id}, [], "x"):
        assert client.post("/v1/acts", json=broken).status_code == 422
    assert program().post("/v1/acts", json=wish).status_code == 404
    assert program(Right.ANSWER, area="T3" if one.area != "T3" else "T1").post(
        "/v1/acts", json=wish
    ).status_code == 404  # fmt: skip


def test_a_program_sees_its_area_and_no_page(program: Program):
    client = program(area="T1")
    areas = {one["area"] for one in client.get("/v1/warnings?every=true").json()["items"]}
    assert areas == {"T1"}
    assert [client.get(path).status_code for path in ("/", "/wall", "/feeds", "/live")] == [404] * 4


def test_events_resume_where_one_was(program: Program, world: World):
    with world.store.read() as tx:
        state = tx.horizon()
    with program().stream("GET", "/v1/events") as answer:
        lines = answer.iter_lines()
        assert f"data: {state}" in [next(lines) for _ in range(4)]
    with program().stream("GET", "/v1/events", headers={"last-event-id": str(state)}) as answer:
        lines = answer.iter_lines()
        assert "event: alive" in [next(lines) for _ in range(4)]


def test_monitors_need_no_name_but_figures_do(program: Program, link: str):
    base = link.partition("/enter")[0]
    assert [httpx.get(base + path).text for path in ("/healthz", "/readyz")] == ["ok\n"] * 2
    answer = program().get("/metrics")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/plain")


def names(text: str) -> set[str]:
    return set(re.findall(r"\bforewarn_[a-z_]+", text))


def test_the_board_and_the_page_name_the_figures_there_are(program: Program):
    there = {line.split("{")[0].split(" ")[0] for line in program().get("/metrics").text.splitlines()
             if not line.startswith("#")}  # fmt: skip
    board = json.loads((DOCS / "grafana.json").read_text(encoding="utf-8"))
    asked = names(" ".join(target["expr"] for panel in board["panels"] for target in panel["targets"]))
    assert asked == there == names((DOCS / "api.md").read_text(encoding="utf-8"))


def test_every_example_of_the_page_works(program: Program, world: World):
    one = told(world)
    client = program(Right.ANSWER)
    change = client.get(f"/v1/warnings/{one.id}").json()["change"]
    lines = re.findall(r"(?m)^    \$ (curl .*)$", (DOCS / "api.md").read_text(encoding="utf-8"))
    assert len(lines) > 7
    for line in lines:
        words = shlex.split(line)
        path = words[-1].removeprefix("$URL")
        if "--json" in words:
            said = words[words.index("--json") + 1].replace("WARNING", one.id).replace("CHANGE", change)
            answer = client.post(path, content=said, headers={"content-type": "application/json"})
        else:
            answer = client.get(path)
        assert answer.status_code in (200, 201), (line, answer.text)


def test_every_address_of_the_page_is_in_the_description(program: Program):
    described = program().get("/v1/openapi.json").json()
    page = (DOCS / "api.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(?:GET )?(/v1/[a-z]+(?:/\{[a-z]+\})*)`", page)) - {"/v1/openapi.json"}
    assert named | {"/v1/acts", "/v1/incidents"} == set(described["paths"])
    assert all(one.get("summary") for path in described["paths"].values() for one in path.values())
