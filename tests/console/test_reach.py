"""Every address x role x area x scope: what is not theirs is not there, and every address is walked."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx
import pytest
from lxml import html
from starlette.datastructures import Headers

from engine.console import entrance
from engine.console.app import create
from engine.console.mending import MENDING
from engine.console.pages import settings
from engine.console.serve import console
from engine.cycle import faults as upkeep
from engine.cycle.reporting import keep
from engine.cycle.world import World
from engine.model.area import AreaTree
from engine.model.incident import Reject
from engine.model.period import Cycle
from engine.model.staff import Office, Right, TokenKind
from engine.notify.notice import LASTING, Trouble
from engine.staff import tokens
from engine.store import audit, rejects
from engine.store import faults as kept
from engine.store import tokens as kept_tokens
from tests.console.conftest import SignIn

EVERYBODY = set(Office)
ACTING = {Office.OFFICER, Office.APPROVER, Office.ADMINISTRATOR}
FIRST, WRITING = {Office.ADMINISTRATOR}, {Office.ANALYST}

#: Every GET address, an example of it, the offices that it is there for, and whether an area narrows it to
#: nothing for somebody of another one.
GET = {
    "/": ("/", EVERYBODY, False), "/wall": ("/wall", EVERYBODY, False),
    "/warnings": ("/warnings", EVERYBODY, False), "/areas": ("/areas", EVERYBODY, False),
    "/rules": ("/rules", EVERYBODY, False), "/feeds": ("/feeds", EVERYBODY, False),
    "/runs": ("/runs", EVERYBODY, False), "/plans": ("/plans", EVERYBODY, False),
    "/rota": ("/rota", EVERYBODY, False), "/warning/{id}": ("/warning/ID", EVERYBODY, True),
    "/part/warning/{id}": ("/part/warning/ID", EVERYBODY, True),
    "/part/now": ("/part/now", EVERYBODY, False), "/part/wall": ("/part/wall", EVERYBODY, False),
    "/part/days": ("/part/days", EVERYBODY, False),
    "/area/{code}": ("/area/AREA", EVERYBODY, True),
    "/rule/{id}": ("/rule/county.burglary-surge", EVERYBODY, False),
    "/rule/{id}/edit": ("/rule/county.burglary-surge/edit", WRITING, False),
    "/rule/{id}/patch": ("/rule/county.burglary-surge/patch", WRITING, False),
    "/act/{kind}": ("/act/comment?on=ID", ACTING, True), "/audit": ("/audit", FIRST, True),
    "/audit.csv": ("/audit.csv", FIRST, True),
    "/settings": ("/settings", FIRST, True), "/metrics": ("/metrics", EVERYBODY, False),
    "/v1/warnings": ("/v1/warnings", EVERYBODY, False), "/v1/tasks": ("/v1/tasks", EVERYBODY, False),
    "/v1/feeds": ("/v1/feeds", EVERYBODY, False), "/v1/runs": ("/v1/runs", EVERYBODY, False),
    "/v1/warnings/{id}": ("/v1/warnings/ID", EVERYBODY, True), "/v1/audit": ("/v1/audit", FIRST, True),
    "/v1/openapi.json": ("/v1/openapi.json", EVERYBODY, False),
    "/v1/faults": ("/v1/faults", EVERYBODY, False), "/faults": ("/faults", EVERYBODY, False),
    "/reports": ("/reports", EVERYBODY, False), "/v1/reports": ("/v1/reports", EVERYBODY, False),
    "/report/{cycle}/{period}/{area}": ("/report/daily/2026-03-10/AREA", EVERYBODY, True),
    "/v1/reports/{cycle}/{period}/{area}": ("/v1/reports/daily/2026-03-10/AREA", EVERYBODY, True),
    "/v1/export/{what}": ("/v1/export/warnings?area=AREA", EVERYBODY, True),
}  # fmt: skip
#: Streams, files and doors, which other tests walk through.
ELSEWHERE = {"/live", "/v1/events", "/map/{name}", "/static", "/healthz", "/readyz", "/sign-in", "/password"}
ELSEWHERE |= {"/sign-in/there", "/sign-in/back", "/sign-in/leave"}
#: Of forms, where there is one: tests/story/test_form.py.
ELSEWHERE |= {"/forms/{feed}", "/forms/-/{name}"}
POST = {
    "/act/{kind}": ACTING, "/settings/{what}": FIRST, "/v1/acts": ACTING, "/rule/{id}/edit": WRITING,
    "/faults": ACTING, "/rule/{id}/measure": WRITING, "/feeds/{id}/reread": FIRST,
}  # fmt: skip
#: The last two are for sources alone, by a token of their feed (tests/story/test_push.py), and for forms.
DOORS = {"/sign-in", "/sign-out", "/password", "/v1/incidents", "/forms/{feed}"}


def routes(app: object) -> set[tuple[str, str]]:
    """(method, path) of everything the application answers."""
    found = set()
    waiting = list(app.routes)  # type: ignore[attr-defined]
    while waiting:
        one = waiting.pop()
        inner = getattr(one, "original_router", None)
        if inner is not None:
            waiting += inner.routes
            continue
        for method in getattr(one, "methods", None) or {"GET"}:
            found.add((method, one.path))
    return found


def test_every_route_is_walked(world: World):
    found = routes(create(lambda: world))
    gets = {path for method, path in found if method == "GET"}
    assert gets == set(GET) | ELSEWHERE
    assert {path for method, path in found if method == "POST"} == set(POST) | DOORS
    assert {method for method, _ in found} == {"GET", "POST", "HEAD"} or {method for method, _ in found} == {
        "GET", "POST",
    }  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def reported(world: World):
    """A report on every town."""
    for town in ("T1", "T2", "T3"):
        keep.make(world, world.settings.calendar.last_due(Cycle.DAILY, world.clock()), town, world.clock())


def of(world: World) -> tuple[str, str]:
    from engine.store import judgement

    with world.store.read() as tx:
        found = [one for one in judgement.warnings(tx, open_only=True) if one.area.startswith("T")]
    return found[0].id, found[0].area


@pytest.mark.parametrize("office", Office)
def test_every_page_by_role_and_area(signed: SignIn, world: World, office: Office):
    id_, area = of(world)
    other = next(code for code in ("T1", "T2", "T3") if code != area)
    for top in ("", "C", area, other):
        client = signed(office, area=top)
        absent = plain(client.get("/no/such/page"))
        for path, offices, narrowed in GET.values():
            there = office in offices and not (narrowed and top == other)
            if offices is FIRST:
                there = office in FIRST and not top
            answer = client.get(path.replace("ID", id_).replace("AREA", area))
            assert answer.status_code == (200 if there else 404), (path, office, top)
            if not there and not path.startswith("/v1"):
                assert plain(answer) == absent, "what is denied looks like what is not there"


@pytest.mark.parametrize("office", Office)
def test_every_press_by_role(signed: SignIn, office: Office):
    client = signed(office)
    for path, offices in POST.items():
        real = path.replace("{kind}", "comment").replace("{what}", "token-revoke")
        real = real.replace("{id}", "log" if "/feeds/" in path else "county.burglary-surge")
        answer = client.post(real, data={"on": "none", "id": "none"})
        assert (answer.status_code == 404) is (office not in offices or "act/" in path), (path, office)


@pytest.mark.parametrize("scope", Right)
def test_every_scope_of_a_token(world: World, link: str, scope: Right):
    id_, area = of(world)
    for top in ("", area, "nowhere"):
        with world.store.begin() as tx:
            _, key = tokens.make(tx, "x", TokenKind.API, world.clock(), by="cli", via="cli", scopes=[scope],
                                 area=top)  # fmt: skip
        base = link.partition("/enter")[0]
        with httpx.Client(base_url=base, headers={"authorization": f"Bearer {key}"}) as client:
            for path, offices, narrowed in GET.values():
                there = path.startswith(("/v1", "/metrics")) and not (narrowed and top == "nowhere")
                if offices is FIRST:
                    there = path.startswith("/v1") and scope is Right.ADMINISTER and not top
                answer = client.get(path.replace("ID", id_).replace("AREA", area))
                assert answer.status_code == (200 if there else 404), (path, scope, top)
            wish = {"kind": "comment", "on": "none", "why": "x"}
            answer = client.post("/v1/acts", json=wish)
            assert answer.status_code == 404 and answer.json()["status"] == 404


def test_settings_make_accounts_and_tokens_and_show_what_they_made_once(signed: SignIn, world: World):
    client = signed(Office.ADMINISTRATOR)
    made = client.post("/settings/account-add", data={"name": "made-here", "role-viewer": "1", "area": "T1"})
    assert made.status_code == 200 and re.search(r"(\w{5}-){3}\w{5}", made.text)
    assert not re.search(r"(\w{5}-){3}\w{5}", client.get("/settings").text)
    shown = client.post("/settings/token-add", data={"title": "A wall", "kind": "display", "days": "3"})
    assert "/display?token=fw_" in shown.text and "fw_" not in client.get("/settings").text
    for what, fields, said in [
        ("account-add", {"name": "made-here", "role-viewer": "1"}, "not used twice"),
        ("account-add", {"name": "no-role"}, "at least one role"),
        ("account-add", {"name": "x-y", "role-viewer": "1", "area": "none"}, "no area"),
        ("token-add", {"title": "x", "kind": "api", "days": "0"}, "from 1 to 3650"),
        ("token-add", {"title": " ", "kind": "api"}, "needs a title"),
        ("token-revoke", {"id": "x"}, "no token"),
    ]:  # fmt: skip
        answer = client.post(f"/settings/{what}", data=fields)
        assert answer.status_code == 400 and said in answer.text, what
    assert client.post("/settings/account-close", data={"name": "made-here"}).status_code == 200
    audit = client.get("/audit", params={"what": "account closed"}).text
    assert "made-here" in audit and "made-here" not in client.get("/audit?refused=true").text


def plain(answer: httpx.Response) -> str:
    """A page without what tells the second and the address."""
    text = re.sub(r'data-at="[^"]*"|data-state="[^"]*"|\d\d:\d\d:\d\d', "", answer.text)
    return f"{answer.status_code}{text}"


def test_a_fault_is_known_by_a_button_and_audited(signed: SignIn, world: World):
    with world.store.begin() as tx:
        upkeep.begin(world, tx, Trouble.DISK, "here", "9 MB are free", world.clock())
    with world.store.read() as tx:
        (one,) = kept.listing(tx, kind=Trouble.DISK)
    for office, area, may in ((Office.VIEWER, "", False), (Office.OFFICER, "T1", False),
                              (Office.OFFICER, "", True)):  # fmt: skip
        client = signed(office, area=area)
        shown = client.get("/faults").text
        assert "9 MB are free" in shown and "Make room" in shown
        assert (f'value="{one.id}"' in shown) is may
        answer = client.post("/faults", data={"id": str(one.id)})
        assert answer.status_code == (200 if may else 404)
    assert "Known by" in answer.text
    with world.store.read() as tx:
        (one,) = kept.listing(tx, kind=Trouble.DISK)
        (entry,) = audit.listing(tx, limit=1)
    assert one.read_by == entry.who and (entry.what, entry.via) == ("fault acknowledged", "console")
    assert client.post("/faults", data={"id": "x"}).status_code == 400


def test_what_turns_in_a_town_is_told_to_nobody_of_another(signed: SignIn, world: World):
    with world.store.begin() as tx:
        name = "county.burglary-surge T2"
        upkeep.begin(world, tx, Trouble.FLAPPING, name, "turned 9 times in Westtown", world.clock())
    for area, told in (("", True), ("C", True), ("T2", True), ("T1", False)):
        client = signed(Office.VIEWER, area=area)
        for path in ("/faults", "/rule/county.burglary-surge", "/v1/faults"):
            assert ("turned 9 times" in client.get(path).text) is told, (path, area)
    with world.store.begin() as tx:
        upkeep.over(world, tx, Trouble.FLAPPING, (), world.clock())


def test_the_figures_of_a_whole_feed_are_for_whoever_sees_the_whole_tree(signed: SignIn):
    for area, told in (("", True), ("T1", False)):
        page = signed(Office.VIEWER, area=area).get("/feeds").text
        assert ("Records read" in page) is told and ("Placed, last 7 days" in page) is told


def test_what_could_not_be_read_is_shown_by_what_is_alike(signed: SignIn, world: World):
    bad = Reject(
        feed="log", seen_at=world.clock(), place="line 7", reason="no such town 'T9'", record="{}",
        cause="no such town",
    )  # fmt: skip
    with world.store.begin() as tx:
        rejects.add(tx, [bad, replace(bad, record="[]")])
    page = html.fromstring(signed(Office.VIEWER).get("/feeds").text)
    (row,) = page.xpath("//section[2]//tbody/tr")
    assert [cell.text_content() for cell in row][1:3] == ["no such townno such town 'T9'", "2"]


def test_a_warning_outlives_its_area(signed: SignIn, world: World):
    id_, area = of(world)
    tree = world.settings.tree
    others = [one for one in tree if one.code != area]
    left = replace(world, settings=replace(world.settings, tree=AreaTree.of(tree.levels, others)))
    key = signed(Office.VIEWER).cookies["forewarn_session"]
    with console(lambda: left, 0) as link, httpx.Client(
        base_url=link.partition("/enter")[0], cookies={"forewarn_session": key}, timeout=None
    ) as client:
        assert area in client.get(f"/warning/{id_}").text
        assert client.get(f"/area/{area}").status_code == 404
        for path in ("/", "/areas", "/warnings", "/rule/county.burglary-surge", f"/v1/warnings/{id_}"):
            assert client.get(path).status_code == 200, path


@pytest.mark.parametrize("path", ["/area/%00", "/audit?account=%00", "/v1/audit?who=a%00b", "/act/a?on=%00"])
def test_no_address_has_the_sign_that_no_database_keeps(signed: SignIn, path: str):
    assert signed(*Office).get(path).status_code == 400


def test_no_form_and_no_wish_has_it(signed: SignIn):
    client = signed(*Office)
    for path, fields in (("/settings/token-add", {"title": "a\0b", "kind": "api"}),
                         ("/sign-in", {"name": "\0", "password": "x"})):  # fmt: skip
        assert client.post(path, data=fields).status_code == 400, path
    with httpx.Client(base_url=client.base_url, headers=client.headers, cookies=client.cookies) as sender:
        for field in ("on", "why", "area"):
            wish = {"kind": "comment", "on": "x", field: "a\0b"}
            assert sender.post("/v1/acts", json=wish).status_code in (404, 422), field


def test_every_lasting_fault_says_what_to_do_in_both_languages():
    assert set(MENDING) == set(LASTING)
    assert all(one.say("zh") != one.say("en") for one in MENDING.values())


def test_nobody_makes_a_source_of_a_feed_that_is_asked(signed: SignIn):
    client = signed(Office.ADMINISTRATOR)
    fields = {"title": "Room", "kind": "feed", "feed": "log"}
    answer = client.post("/settings/token-add", data=fields)
    assert answer.status_code == 400 and "no feed that is pushed" in answer.text


def test_a_sources_token_is_made_shown_once_and_revoked(
    signed: SignIn, world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(settings, "_pushed", lambda world: ["log"])
    client = signed(Office.ADMINISTRATOR)
    assert 'value="log"' in client.get("/settings").text
    made = client.post("/settings/token-add", data={"title": "Control room", "kind": "feed", "feed": "log"})
    (key,) = set(re.findall(r"fw_[\w-]+", made.text))
    assert key not in client.get("/settings").text
    with world.store.read() as tx:
        (token,) = [one for one in kept_tokens.every(tx) if one.title == "Control room"]
    assert (token.kind, token.feed) == (TokenKind.FEED, "log")
    assert tokens.visitor(world.store, key, world.clock()).feed == "log"
    assert client.post("/settings/token-revoke", data={"id": token.id}).status_code == 200
    assert tokens.visitor(world.store, key, world.clock()) is None


def test_a_sources_token_that_was_revoked_opens_nothing_a_second_later(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    with world.store.begin() as tx:
        given = {"by": "cli", "via": "cli", "feed": "log"}
        token, key = tokens.make(tx, "Room", TokenKind.FEED, world.clock(), **given)
    now = [100.0]
    monkeypatch.setattr(entrance.time, "monotonic", lambda: now[0])
    gate, headers = entrance.Entrance(lambda: world), Headers({"authorization": f"Bearer {key}"})
    assert gate.visitor(headers).feed == "log"
    with world.store.begin() as tx:
        tokens.revoke(tx, token.id, world.clock(), by="cli", via="cli")
    now[0] += entrance.LOOKED_UP
    assert gate.visitor(headers) is None
    assert gate.visitor(Headers({"authorization": f"Bearer {key}x"})) is None
