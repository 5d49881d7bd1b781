"""OAuth: a token is asked for once, renewed when it is refused, and never said."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pytest
from pydantic import ValidationError

from connectors import auth
from connectors import json as feed
from engine.errors import FeedError

PASSWORD = "Zq8-not-for-anybody"
TOKEN = "tok-1-not-for-anybody"


@pytest.fixture(autouse=True)
def forgetful() -> None:
    auth._tokens.clear()


@pytest.fixture
def options(server: Any, answer: Any) -> Any:
    """Makes the options of a feed whose account gets these answers to its requests for a token."""

    def make(*answers: Any, **more: Any) -> feed.Options:
        url = server.tell("/token", *(answer(json.dumps(one).encode()) for one in answers))
        account = {"grant": "password", "url": url, "username": "anna", "password": PASSWORD, **more}
        return feed.Options.model_validate({"url": server.url("/feed"), "auth": account, "retries": 0})

    return make


def sent(server: Any, path: str = "/feed") -> list[str | None]:
    """What was sent as Authorization to the feed, one by one."""
    return [headers.get("authorization") for asked, headers in server.asked if asked == path]


def granted(token: str = TOKEN, **more: Any) -> dict[str, Any]:
    return {"access_token": token, "token_type": "Bearer", "expires_in": 3600, **more}


def test_a_token_is_asked_for_once_and_shared(server: Any, answer: Any, options: Any) -> None:
    given = options(granted(), client_id="acled", scope="read")
    server.tell("/feed", answer(b'[{"id": 1}]'))
    for _ in range(3):
        assert len(list(feed.fetch(given, {}).records)) == 1
    assert sent(server) == [f"Bearer {TOKEN}"] * 3
    form = {
        "grant_type": "password", "username": "anna", "password": PASSWORD, "client_id": "acled",
        "scope": "read",
    }  # fmt: skip
    assert server.posted == [("/token", form)]


@pytest.mark.parametrize("place", ["body", "header"])
def test_a_client_names_itself_as_the_source_wants(
    server: Any, answer: Any, options: Any, place: str
) -> None:
    own = {"client_id": "a:b", "client_secret": PASSWORD, "audience": "x", "client_in": place}
    given = options(granted(), grant="client_credentials", username="", password="", **own)
    server.tell("/feed", answer(b"[]"))
    feed.fetch(given, {})
    ((_, form),) = server.posted
    named = {"client_id": "a:b", "client_secret": PASSWORD} if place == "body" else {}
    assert form == {"grant_type": "client_credentials", "audience": "x", **named}
    basic = f"Basic {b64encode(f'a%3Ab:{PASSWORD}'.encode()).decode()}"
    assert sent(server, "/token") == [None if place == "body" else basic]


def test_a_token_that_is_refused_is_renewed_once(server: Any, answer: Any, options: Any) -> None:
    given = options(granted("one"), granted("two"), granted("three"))
    server.tell("/feed", answer(b"[]"), answer(status=401), answer(b'[{"id": 1}]'), answer(status=401))
    feed.fetch(given, {})
    assert len(list(feed.fetch(given, {}).records)) == 1
    assert sent(server) == ["Bearer one", "Bearer one", "Bearer two"]
    with pytest.raises(FeedError, match="answers 401"):
        feed.fetch(given, {})
    assert sent(server)[3:] == ["Bearer two", "Bearer three"]


@pytest.mark.parametrize(("holds", "asked"), [(3600, 1), (20, 2), (None, 1)])
def test_a_token_is_kept_while_it_holds(
    server: Any, answer: Any, options: Any, holds: int | None, asked: int
) -> None:
    given = options(granted(expires_in=holds))
    server.tell("/feed", answer(b"[]"))
    for _ in range(2):
        feed.fetch(given, {})
    assert len(server.posted) == asked


@pytest.mark.parametrize("told", [
    {"error": "invalid_grant", "error_description": f"{PASSWORD} is wrong"}, [TOKEN], TOKEN,
    {"access_token": [TOKEN]}, {"access_token": ""}, granted(f"{TOKEN}\r\nX: y"), granted(token_type="mac"),
    granted(expires_in=TOKEN),
])  # fmt: skip
def test_an_answer_without_a_token_is_said_and_not_quoted(server: Any, options: Any, told: Any) -> None:
    with pytest.raises(FeedError, match="gives no bearer token; check the url of auth") as caught:
        feed.fetch(options(told), {})
    assert TOKEN not in str(caught.value) and PASSWORD not in str(caught.value)
    assert sent(server) == []


@pytest.mark.parametrize(("more", "sentence"), [
    ({"status": 400}, "/token: answers 400"),
    ({"status": 302, "headers": {"Location": "https://elsewhere.example/"}}, "/token: answers 302"),
    ({"status": 503}, "answers 503"),
])  # fmt: skip
def test_what_refuses_the_account_is_said(
    server: Any, answer: Any, options: Any, more: dict[str, Any], sentence: str
) -> None:
    given = options(granted())
    server.tell("/token", answer(PASSWORD.encode(), **more))
    with pytest.raises(FeedError, match=sentence) as caught:
        feed.fetch(given, {})
    assert PASSWORD not in str(caught.value)


def test_the_token_goes_no_further_than_the_headers(server: Any, answer: Any, options: Any) -> None:
    given = options(granted()).model_copy(update={"hosts": ("localhost",)})
    elsewhere = server.url("/other").replace("127.0.0.1", "localhost")
    server.tell("/feed", answer(status=302, headers={"Location": elsewhere}))
    server.tell("/other", answer(b"[]"))
    feed.fetch(given, {})
    assert (sent(server), sent(server, "/other")) == ([f"Bearer {TOKEN}"], [None])
    assert PASSWORD not in repr(given)


@pytest.mark.parametrize(("given", "sentence"), [
    ({"grant": "password", "url": "https://x.org", "username": "a"}, "needs username and password"),
    ({"grant": "client_credentials", "url": "https://x.org", "client_id": "a"}, "needs client_id and"),
    ({"grant": "password", "url": "x.org", "username": "a", "password": "b"}, "the url begins with https"),
    ({"grant": "password", "url": "https://x.org", "username": "a", "password": "b", "client_in": "header"},
     "a header names client_id"),
])  # fmt: skip
def test_half_an_account_is_refused(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        auth.Auth.model_validate(given)
