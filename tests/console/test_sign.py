"""Signing in as people do it and as others try it: fixation, redirects, guessing, locking out, timing."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import httpx
import pytest

from engine.console import door
from engine.console.pace import Limit
from engine.console.serve import console
from engine.cycle.world import World
from engine.model.staff import Office, TokenKind
from engine.staff import accounts, tokens
from engine.store import audit

OWN = "four quite plain words"
FROM_US = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def somebody(world: World) -> tuple[str, str]:
    """The name and the password of an account that chose its own."""
    name = f"b{secrets.token_hex(6)}"
    with world.store.begin() as tx:
        accounts.add(tx, name, [Office.OFFICER], world.clock(), by="cli", via="cli")
        accounts.choose(tx, name, OWN, world.clock())
    return name, OWN


@pytest.fixture
def stranger(link: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=link.partition("/enter")[0], headers=FROM_US) as client:
        yield client


def sign_in(client: httpx.Client, name: str, password: str, onward: str = "/") -> httpx.Response:
    return client.post("/sign-in", data={"name": name, "password": password, "next": onward})


def test_in_and_out(stranger: httpx.Client, somebody: tuple[str, str]):
    answer = sign_in(stranger, *somebody, onward="/feeds?x=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/feeds?x=1")
    assert somebody[0] in stranger.get("/").text
    kept = [line.lower() for line in answer.headers.get_list("set-cookie")]
    assert len(kept) == 2 and all("httponly" in line and "samesite=lax" in line for line in kept)
    key = stranger.cookies["forewarn_session"]
    assert stranger.post("/sign-out").status_code == 303
    stranger.cookies.set("forewarn_session", key)
    assert stranger.get("/").status_code == 303, "a session that was ended opens nothing again"


def test_a_one_time_password_opens_nothing_but_the_choice_of_another(stranger: httpx.Client, world: World):
    name = f"c{secrets.token_hex(6)}"
    with world.store.begin() as tx:
        given = accounts.add(tx, name, [Office.OFFICER], world.clock(), by="cli", via="cli")
    assert sign_in(stranger, name, given).status_code == 303
    led = [stranger.get(path).headers.get("location") for path in ("/", "/feeds", "/live")]
    assert led == ["/password"] * 3
    for fields in ({"new": "short", "again": "short"}, {"new": OWN, "again": OWN + "x"}, {}):
        assert stranger.post("/password", data=fields).status_code == 400
    assert stranger.post("/password", data={"new": OWN, "again": OWN}).headers["location"] == "/"
    assert stranger.get("/").status_code == 200


def test_another_password_takes_the_one_before(stranger: httpx.Client, somebody: tuple[str, str]):
    sign_in(stranger, *somebody)
    new = {"new": "other quite plain words", "again": "other quite plain words"}
    assert stranger.post("/password", data={"old": "wrong", **new}).status_code == 401
    assert stranger.post("/password", data={"old": OWN, **new}).status_code == 303
    assert sign_in(stranger, somebody[0], OWN).status_code == 401


def test_a_session_that_was_planted_is_not_taken_over(stranger: httpx.Client, somebody: tuple[str, str]):
    stranger.cookies.set("forewarn_session", "planted")
    sign_in(stranger, *somebody)
    keys = {cookie.value for cookie in stranger.cookies.jar if cookie.name == "forewarn_session"}
    with httpx.Client(base_url=stranger.base_url, cookies={"forewarn_session": "planted"}) as thief:
        assert thief.get("/").status_code == 303
    assert keys - {"planted"}


@pytest.mark.parametrize(
    "onward",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "http:/evil",
        "javascript:alert(1)", "/\t/evil.example", "", "evil.example", "/ok\r\nset-cookie: x=y",
        "/ok\nlocation: //evil",
    ],
)  # fmt: skip
def test_nobody_is_led_away_and_no_header_is_smuggled_in(
    stranger: httpx.Client, somebody: tuple[str, str], onward: str
):
    answer = sign_in(stranger, *somebody, onward=onward)
    assert answer.headers["location"] == "/" and "x" not in answer.cookies
    shown = stranger.get("/sign-in", params={"next": onward}).text
    assert 'name="next" value="/"' in shown


def test_nobody_can_tell_which_was_wrong(stranger: httpx.Client, somebody: tuple[str, str], world: World):
    closed = f"d{secrets.token_hex(6)}"
    with world.store.begin() as tx:
        given = accounts.add(tx, closed, [Office.OFFICER], world.clock(), by="cli", via="cli")
        accounts.close(tx, closed, world.clock(), by="cli", via="cli")
    names = [somebody[0], "nobody-there-at-all", closed]
    answers = [sign_in(stranger, name, given) for name in (*names, "", "ÿ")]
    assert {one.status_code for one in answers} == {401}
    assert len({one.text.replace(name, "") for one, name in zip(answers, names, strict=False)}) == 1


def test_a_name_that_is_none_takes_a_hash_as_well(monkeypatch, world: World):
    """Else the time would tell which names there are."""
    from engine.staff import password, sessions

    verified = []
    hasher = password._HASHER
    monkeypatch.setattr(password, "_HASHER", type("Counting", (), {
        "verify": lambda _, secret, given: verified.append(secret) or hasher.verify(secret, given),
        "hash": lambda _, given: hasher.hash(given),
    })())  # fmt: skip
    for name in ("nobody-there-at-all", ""):
        assert sessions.sign_in(world.store, name, "x", world.clock()) is None
    assert len(verified) == 2 and all(one.startswith("$argon2id$") for one in verified)


def test_guessing_ends_and_locks_nobody_out_who_was_here_before(
    stranger: httpx.Client, somebody: tuple[str, str]
):
    sign_in(stranger, *somebody)
    with httpx.Client(base_url=stranger.base_url, headers=FROM_US) as thief:
        tried = [sign_in(thief, somebody[0], f"guess {n}").status_code for n in range(7)]
        assert tried == [401] * 5 + [429] * 2
        right = sign_in(thief, *somebody)
        assert right.status_code == 429 and int(right.headers["retry-after"]) > 0
    assert stranger.get("/").status_code == 200, "who is signed in stays so"
    assert sign_in(stranger, *somebody).status_code == 303, "a browser that was here before is counted apart"


def test_every_try_is_in_the_audit(stranger: httpx.Client, somebody: tuple[str, str], world: World):
    sign_in(stranger, somebody[0], "wrong")
    sign_in(stranger, *somebody)
    with world.store.read() as tx:
        told = [(one.what, bool(one.refused)) for one in audit.listing(tx, who=somebody[0], limit=2)]
    assert told == [("sign in", False), ("sign in", True)]


def test_a_display_sees_the_wall_alone(stranger: httpx.Client, world: World):
    with world.store.begin() as tx:
        _, key = tokens.make(tx, "Wall", TokenKind.DISPLAY, world.clock(), by="cli", via="cli", area="T1")
    answer = stranger.get(f"/display?token={key}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/wall")
    wall = stranger.get("/wall")
    assert wall.status_code == 200 and "Easttown" in wall.text and "Westtown" not in wall.text
    for path in ("/", "/feeds", "/v1/warnings", "/password", "/warnings"):
        assert stranger.get(path).status_code == 404, path
    assert stranger.get("/display?token=fw_wrong").status_code == 403


def test_too_many_requests_are_slowed(monkeypatch, world: World):
    monkeypatch.setattr(door, "OFTEN", Limit(2, 60))
    with console(lambda: world, 0) as link, httpx.Client() as client:
        base = link.partition("/enter")[0]
        client.get(link)
        assert [client.get(f"{base}/runs").status_code for _ in range(3)] == [200, 200, 429]
