"""Signing in by an identity provider, as people do it and as others try it."""

from __future__ import annotations

import gzip
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import OctKey, RSAKey

from connectors import http
from engine.console import elsewhere, provider
from engine.console.serve import console
from engine.cycle.config.console import Console
from engine.cycle.config.provider import Provider
from engine.cycle.world import World
from engine.errors import UsageError
from engine.model.staff import Office
from engine.staff import accounts
from engine.store import audit, staff
from tests.connectors.conftest import Answer, Server
from tests.console.identity import CLIENT, SECRET, Identity, identity
from tests.story.dripping import dripping

GRANTS = (
    {"claim": "groups", "value": "desk", "roles": ["duty-officer"], "area": "T1"},
    {"claim": "realm.roles", "value": "look", "roles": ["viewer"], "area": ""},
)


@pytest.fixture(scope="module")
def provided() -> Iterator[Identity]:
    with identity() as of:
        yield of


@pytest.fixture
def there(provided: Identity, world: World) -> Identity:
    """As it is when nobody has changed it; whoever comes is new."""
    fresh = Identity(issuer=provided.issuer, key=provided.key, now=world.clock().timestamp())
    provided.__dict__.update(fresh.__dict__)
    provided.claims["sub"] = secrets.token_hex(8)
    return provided


@contextmanager
def asking(world: World, **said: Any) -> Iterator[str]:
    """The address of a console that takes a provider's word."""
    given = {"title": "County ID", "client": CLIENT, "secret": SECRET, "grants": GRANTS, **said}
    engine = world.settings.engine.model_copy(update={"console": Console(provider=Provider(**given))})
    world = replace(world, settings=replace(world.settings, engine=engine))
    with console(lambda: world, 0) as link:
        yield link.partition("/enter")[0]


@pytest.fixture(scope="module")
def base(provided: Identity, world: World) -> Iterator[str]:
    with asking(world, issuer=provided.issuer) as found:
        yield found


@pytest.fixture
def browser(base: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=base, headers={"sec-fetch-site": "same-origin"}) as client:
        yield client


def come_back(browser: httpx.Client, onward: str = "/", also: str = "") -> httpx.Response:
    """There, and what is answered to whoever comes back."""
    return browser.get(way_back(browser, onward) + also)


def way_back(browser: httpx.Client, onward: str = "/") -> str:
    away = browser.get("/sign-in/there", params={"next": onward})
    assert away.status_code == 303, away.text
    return httpx.get(away.headers["location"]).headers["location"]


def known(world: World, there: Identity, **more: Any) -> str:
    name = f"e{secrets.token_hex(6)}"
    given = {"known_as": there.claims["sub"], "by": "cli", "via": "cli", **more}
    with world.store.begin() as tx:
        assert accounts.add(tx, name, [Office.OFFICER], world.clock(), **given) == ""
    return name


def last(world: World, **which: Any) -> Any:
    with world.store.read() as tx:
        return audit.listing(tx, limit=1, **which)[0]


def test_who_is_known_comes_in_and_goes(browser: httpx.Client, there: Identity, world: World):
    name = known(world, there, area="T1")
    assert "Sign in by County ID" in browser.get("/sign-in").text
    answer = come_back(browser, "/feeds?x=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/feeds?x=1")
    kept = [line.lower() for line in answer.headers.get_list("set-cookie") if "forewarn_session" in line]
    assert len(kept) == 1 and "httponly" in kept[0] and "samesite=lax" in kept[0]
    assert name in browser.get("/").text
    assert "there is no password here" in browser.get("/password").text
    assert last(world, who=name).what == "sign in"
    answer = browser.post("/sign-out")
    page = browser.get(answer.headers["location"]).text
    assert "may still have you signed in" in page and browser.get("/").status_code == 303
    farewell = urlsplit(browser.get("/sign-in/leave").headers["location"])
    assert farewell.path == "/leave" and parse_qs(farewell.query)["client_id"] == [CLIENT]


def test_nothing_that_is_asked_gives_anything_away(browser: httpx.Client, there: Identity):
    asked = [parse_qs(urlsplit(browser.get("/sign-in/there").headers["location"]).query) for _ in range(2)]
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name] and len(asked[0][name][0]) >= 43
    assert SECRET not in str(asked) and asked[0]["redirect_uri"] == [f"{browser.base_url}/sign-in/back"]


#: How a token does not hold: what the audit says of it.
FORGED: dict[str, tuple[str, dict[str, Any]]] = {
    "a nonce of another sign-in": ("'nonce'", {"claims": {"nonce": "another"}}),
    "no nonce": ("Missing claim: 'nonce'", {"claims": {"nonce": None}}),
    "meant for another": ("'aud'", {"claims": {"aud": "another"}}),
    "meant for several": ("Missing claim: 'azp'", {"claims": {"aud": [CLIENT, "another"]}}),
    "asked for by another": (
        "Invalid claim: 'azp'",
        {"claims": {"aud": [CLIENT, "another"], "azp": "another"}},
    ),
    "by another issuer": ("'iss'", {"claims": {"iss": "https://another.example"}}),
    "over": ("expired", {"claims": {"exp": 1_000_000}}),
    "not yet": ("in the future", {"claims": {"iat": 9_000_000_000, "nbf": 9_000_000_000}}),
    "without an end": ("'exp'", {"claims": {"exp": None}}),
    "about nobody": ("'sub'", {"claims": {"sub": None}}),
    "about no text": ("'sub'", {"claims": {"sub": 4711}}),
    "unsigned": ("'none' is not allowed", {"algorithm": "none"}),
    "signed by another": ("BadSignature", {"forged": RSAKey.generate_key(2048, parameters={"kid": "one"})}),
    "signed by what both know": (
        "'HS256' is not allowed",
        {"algorithm": "HS256", "forged": OctKey.import_key(SECRET)},
    ),
}


@pytest.mark.parametrize("how", FORGED)
def test_a_token_that_does_not_hold_lets_nobody_in(
    browser: httpx.Client, there: Identity, world: World, how: str
):
    known(world, there)
    said, changed = FORGED[how]
    for name, value in changed.items():
        setattr(there, name, there.claims | value if name == "claims" else value)
    answer = come_back(browser)
    assert answer.status_code == 401 and "forewarn_session" not in answer.cookies, how
    line = last(world, refused=True)
    assert (line.who, line.what) == ("(unknown)", "sign in") and said in line.refused


def test_who_is_not_known_stays_out_and_is_told_whom_to_ask(
    browser: httpx.Client, there: Identity, world: World
):
    answer = come_back(browser)
    assert answer.status_code == 403 and "Ask an administrator" in answer.text
    assert browser.get("/").status_code == 303
    line = last(world, refused=True)
    assert line.about == there.claims["sub"] and "no account is known as this" in line.refused


def test_a_state_is_good_once_for_one_browser_and_not_for_long(
    browser: httpx.Client, there: Identity, world: World, monkeypatch: pytest.MonkeyPatch
):
    known(world, there)
    back = way_back(browser)
    with httpx.Client() as other:
        assert other.get(back).status_code == 400, "of a browser that never went there"
    kept = browser.cookies["forewarn_provider"]
    assert browser.get(back).status_code == 303
    browser.cookies.set("forewarn_provider", kept)
    asked = len(there.asked)
    assert browser.get(back).status_code == 400, "a second time"
    assert len(there.asked) == asked, "nobody is asked about what began nowhere"
    back = way_back(browser)
    monkeypatch.setattr(elsewhere, "PATIENCE", 0)
    assert browser.get(back).status_code == 400, "too late"
    for path in ("/sign-in/back", "/sign-in/back?state=x&code=y", "/sign-in/back?error=access_denied"):
        assert browser.get(path).status_code == 400


def test_a_code_that_is_none_and_another_issuer_s_answer(
    browser: httpx.Client, there: Identity, world: World
):
    known(world, there)
    back = way_back(browser)
    assert browser.get(back.replace("code=", "code=x")).status_code == 401
    assert come_back(browser, also="&iss=https%3A%2F%2Fanother.example").status_code == 400
    assert come_back(browser, also=f"&iss={there.issuer}").status_code == 303


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"]
)
def test_nobody_is_led_away(browser: httpx.Client, there: Identity, world: World, onward: str):
    known(world, there)
    assert come_back(browser, onward).headers["location"] == "/"


def test_a_session_that_was_planted_is_not_taken_over(browser: httpx.Client, there: Identity, world: World):
    known(world, there)
    browser.cookies.set("forewarn_session", "planted")
    assert come_back(browser).status_code == 303
    with httpx.Client(base_url=browser.base_url, cookies={"forewarn_session": "planted"}) as thief:
        assert thief.get("/").status_code == 303


def test_a_grant_makes_an_account_and_goes_with_it(browser: httpx.Client, there: Identity, world: World):
    called = f"Eva.{secrets.token_hex(4)}"
    there.claims |= {"groups": ["other", "desk"], "preferred_username": f"{called}@county.example"}
    assert come_back(browser).status_code == 303
    with world.store.read() as tx:
        account = staff.known_as(tx, there.claims["sub"])
    assert account is not None and account.granted and account.name == called.lower()
    assert (account.offices, account.area) == ({Office.OFFICER}, "T1")
    assert "Westtown" not in browser.get("/").text and browser.get("/settings").status_code == 404
    there.claims |= {"groups": [], "realm": {"roles": ["look"]}}
    assert come_back(browser).status_code == 303
    with world.store.read() as tx:
        account = staff.known_as(tx, there.claims["sub"])
    assert account is not None and (account.offices, account.area) == ({Office.VIEWER}, "")
    there.claims["realm"] = {"roles": "else"}
    with httpx.Client(base_url=browser.base_url) as later:
        assert come_back(later).status_code == 403
    assert browser.get("/").status_code == 303, "what is no longer granted ends where it was in use"


def test_a_name_is_nobody_s_twice(browser: httpx.Client, there: Identity, world: World):
    """Whoever calls themselves like somebody else is somebody else all the same."""
    taken = known(world, there)
    there.claims |= {"sub": secrets.token_hex(8), "groups": ["desk"], "preferred_username": taken}
    assert come_back(browser).status_code == 303
    with world.store.read() as tx:
        account = staff.known_as(tx, there.claims["sub"])
    assert account is not None and account.name == f"{taken}-2"


def test_who_is_closed_is_out_at_once_and_stays_so(browser: httpx.Client, there: Identity, world: World):
    there.claims |= {"groups": ["desk"], "preferred_username": f"f{secrets.token_hex(6)}"}
    assert come_back(browser).status_code == 303 and browser.get("/").status_code == 200
    name = there.claims["preferred_username"]
    with world.store.begin() as tx:
        accounts.close(tx, name, world.clock(), by="cli", via="cli")
    assert browser.get("/").status_code == 303
    assert come_back(browser).status_code == 403
    assert (last(world, who=name).what, last(world, who=name).refused) == ("sign in", "the account is closed")


def test_by_a_password_they_do_not_come_in(browser: httpx.Client, there: Identity, world: World):
    name = known(world, there)
    answer = browser.post("/sign-in", data={"name": name, "password": ""})
    assert answer.status_code == 401
    with world.store.begin() as tx, pytest.raises(UsageError, match="has no password here"):
        accounts.reset(tx, name, world.clock(), by="cli", via="cli")
    with world.store.begin() as tx, pytest.raises(UsageError, match="is known as that already"):
        accounts.add(tx, f"{name}x", [Office.VIEWER], world.clock(), by="cli", via="cli",
                     known_as=there.claims["sub"])  # fmt: skip


def test_an_address_counts_only_where_somebody_checked_it(there: Identity, world: World):
    there.claims |= {"sub": "x", "email": f"{secrets.token_hex(6)}@county.example"}
    with world.store.begin() as tx:
        accounts.add(tx, f"g{secrets.token_hex(6)}", [Office.VIEWER], world.clock(), by="cli", via="cli",
                     known_as=there.claims["email"])  # fmt: skip
    with asking(world, issuer=there.issuer, known_by="email") as base, httpx.Client(base_url=base) as browser:
        assert come_back(browser).status_code == 401
        there.claims["email_verified"] = True
        assert come_back(browser).status_code == 303


def test_new_keys_are_fetched_when_they_are_used(
    browser: httpx.Client, there: Identity, world: World, monkeypatch: pytest.MonkeyPatch
):
    known(world, there)
    assert come_back(browser).status_code == 303
    was = there.key
    there.key = RSAKey.generate_key(2048, parameters={"kid": "two"})
    assert come_back(browser).status_code == 401, "but not for everybody who asks, again and again"
    monkeypatch.setattr(provider, "SPARED", 0.0)
    assert come_back(browser).status_code == 303
    there.key = was
    assert come_back(browser).status_code == 303


ODD: dict[str, Callable[[Identity], dict[str, str]]] = {
    "calls itself otherwise": lambda of: {"issuer": of.issuer + "/other"},
    "in the clear": lambda of: {"token_endpoint": "http://id.example/token"},
    "no address": lambda of: {"jwks_uri": ""},
}


@pytest.mark.parametrize("how", ODD)
def test_a_provider_that_cannot_be_right_is_not_asked(there: Identity, world: World, how: str):
    there.itself = ODD[how](there)
    with asking(world, issuer=there.issuer) as base:
        answer = httpx.get(f"{base}/sign-in/there")
        assert answer.status_code == 503 and "County ID cannot be reached" in answer.text
        assert "forewarn_provider" not in answer.cookies


def test_it_is_asked_where_the_configuration_says_and_nowhere_else(there: Identity, world: World):
    """The keys lie on another host of this machine, which nobody named; then somebody does."""
    known(world, there)
    there.itself = {"jwks_uri": there.issuer.replace("127.0.0.1", "localhost") + "/keys"}
    for hosts, status in (((), 401), (("localhost",), 303)):
        with asking(world, issuer=there.issuer, hosts=hosts) as base, httpx.Client(base_url=base) as browser:
            assert come_back(browser).status_code == status
    assert "leads to another host (localhost" in last(world, refused=True).refused


def test_without_it_everything_else_goes_on(world: World, there: Identity):
    with asking(world, issuer="http://127.0.0.1:9") as base:
        answer = httpx.get(f"{base}/sign-in/there")
        assert answer.status_code == 503 and 'name="password"' in answer.text


def test_what_it_says_of_itself_is_not_unpacked_without_end(world: World):
    told = Answer(gzip.compress(bytes(50_000_000)), headers={"Content-Encoding": "gzip"})
    with Server() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        issuer = server.tell("/.well-known/openid-configuration", told).partition("/.well")[0]
        with asking(world, issuer=issuer) as base:
            answer = httpx.get(f"{base}/sign-in/there", timeout=None)
        server.shutdown()
    assert answer.status_code == 503 and 'name="password"' in answer.text
    assert len(server.asked) == 1


@pytest.mark.slow
def test_a_provider_that_never_ends_its_answer_is_left_in_time(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(http, "PIECES", 0.2)
    with dripping() as drip, asking(world, issuer=drip("header").rstrip("/")) as base:
        answer = httpx.get(f"{base}/sign-in/there", timeout=None)
        assert answer.status_code == 503 and 'name="password"' in answer.text


def test_where_none_is_configured_there_is_no_such_page(link: str):
    base = link.partition("/enter")[0]
    for path in ("there", "back", "leave"):
        assert httpx.get(f"{base}/sign-in/{path}").status_code == 404
    assert "sign-in/there" not in httpx.get(f"{base}/sign-in").text
