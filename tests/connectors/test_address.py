"""A feed asks where it was told to: redirects, names that lead inward, proxies, secrets on the way."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.http import Http, get
from connectors.reading.address import Allowed
from engine.errors import FeedError

QUICK = Http(pause=0, retries=0)
SECRET = {"X-Key": "secret"}


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Names and the addresses they lead to, a further one each time they are looked up."""
    known: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def look_up(host: Any, port: Any, *args: Any, **options: Any) -> Any:
        if host in known:
            host = known[host].pop(0) if len(known[host]) > 1 else known[host][0]
        return real(host, port, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


def redirecting(server: Any, answer: Any, to: str, status: int = 302) -> str:
    return str(server.tell("/here", answer(status=status, headers={"Location": to})))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_on_the_same_host_is_followed_with_the_headers(
    server: Any, answer: Any, status: int
) -> None:
    server.tell("/there", answer(b"there"))
    for to in ("/there", "there", server.url("/there")):
        found = get(redirecting(server, answer, to, status), Http(headers=SECRET), {})
        assert found is not None and (found.body, found.url) == (b"there", server.url("/there"))
    assert {asked[1]["x-key"] for asked in server.asked} == {"secret"}


@pytest.mark.parametrize("to", [
    "http://localhost:{port}/there", "http://[::1]:{port}/there", "http://127.0.0.2:{port}/there",
    "http://127.0.0.1:1/there", "https://127.0.0.1:{port}/there", "http://169.254.169.254/latest",
    "//0.0.0.0:{port}/there", "ftp://127.0.0.1:{port}/there", "file:///etc/hostname", "http://[::1/",
])  # fmt: skip
def test_a_redirect_to_anywhere_else_is_refused_unasked(server: Any, answer: Any, to: str) -> None:
    server.tell("/there", answer(b"there"))
    with pytest.raises(FeedError, match=r"refused|Invalid URL"):
        get(redirecting(server, answer, to.format(port=server.server_port)), QUICK, {})
    assert [path for path, _ in server.asked] == ["/here"]


def test_a_host_that_the_feed_names_is_followed_without_the_secrets(server: Any, answer: Any) -> None:
    server.tell("/there", answer(b"there"))
    away = server.url("/there").replace("127.0.0.1", "localhost")
    url = redirecting(server, answer, away).replace("://", "://me:pass@")
    for hosts in (("localhost",), (f"localhost:{server.server_port}",)):
        found = get(url, Http(headers=SECRET, hosts=hosts), {})
        assert found is not None and found.body == b"there"
    at_home, elsewhere = server.asked[0][1], server.asked[1][1]
    assert at_home["x-key"] == "secret" and at_home["authorization"].startswith("Basic ")
    assert not {"x-key", "authorization", "cookie"} & elsewhere.keys()
    with pytest.raises(FeedError, match="add localhost to 'hosts'"):
        get(url, Http(headers=SECRET, hosts=("localhost:1",)), {})


def test_redirects_that_go_round_end(server: Any, answer: Any) -> None:
    with pytest.raises(FeedError, match="more than 5 redirects"):
        get(redirecting(server, answer, "/here"), QUICK, {})


@pytest.mark.parametrize(("home", "there", "at_home"), [
    ("http://example.org/a", "https://example.org/b", True),
    ("http://example.org:80/a", "https://EXAMPLE.org.:443/b", True),
    ("http://example.org:8080/a", "https://example.org/b", False),
    ("https://example.org/a", "http://example.org/b", False),
    ("https://example.org/a", "https://www.example.org/b", False),
    ("https://example.org/a", "https://example.org:8443/b", False),
    ("https://example.org/a", "https://me@example.org/b", True),
])  # fmt: skip
def test_home_is_one_scheme_host_and_port_and_https_of_the_same_host(
    home: str, there: str, at_home: bool
) -> None:
    assert Allowed(home).at_home(there) is at_home
    if at_home:
        Allowed(home).check(there)


def test_from_https_nothing_leads_back_to_http() -> None:
    allowed = Allowed("https://example.org/a", hosts=("other.example",))
    allowed.check("https://other.example/b")
    with pytest.raises(FeedError, match="refused"):
        allowed.check("http://other.example/b")


def test_a_name_that_leads_inward_is_refused_unless_its_network_is_named(
    server: Any, answer: Any, names: dict[str, list[str]]
) -> None:
    names["feed.example"] = ["127.0.0.1"]
    url = server.tell("/a", answer(b"there")).replace("127.0.0.1", "feed.example")
    with pytest.raises(FeedError, match=r"feed\.example lies at 127\.0\.0\.1, a loopback .* 'networks'"):
        get(url, QUICK, {})
    assert not server.asked
    found = get(url, Http.model_validate({"networks": ["127.0.0.0/8"]}), {})
    assert found is not None and found.body == b"there"


@pytest.mark.parametrize("literal", ["127.1", "0x7f000001", "2130706433", "[::ffff:127.0.0.1]"])
def test_an_odd_way_to_write_an_address_names_nothing(server: Any, answer: Any, literal: str) -> None:
    """The last is plainly written, and is the same machine: it is named."""
    url = server.tell("/a", answer(b"there")).replace("127.0.0.1", literal)
    if literal.startswith("["):
        assert get(url, QUICK, {}) is not None
        return
    with pytest.raises(FeedError, match="a loopback address"):
        get(url, QUICK, {})


def test_a_name_that_answers_otherwise_the_second_time_leads_nowhere_else(
    server: Any, answer: Any, names: dict[str, list[str]]
) -> None:
    """What is checked is what is connected to: the second address is where nobody listens."""
    names["feed.example"] = ["127.0.0.1", "127.0.0.99"]
    url = server.tell("/a", answer(b"there")).replace("127.0.0.1", "feed.example")
    found = get(url, Http.model_validate({"networks": ["127.0.0.0/8"], "retries": 0}), {})
    assert found is not None and found.body == b"there"
    assert names["feed.example"] == ["127.0.0.99"]


def test_proxies_of_the_environment_have_no_say(
    server: Any, answer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    found = get(server.tell("/a", answer(b"there")), QUICK, {})
    assert found is not None and found.body == b"there"


def test_a_proxy_that_the_feed_names_is_asked(server: Any, answer: Any) -> None:
    server.tell("http://feed.example/a", answer(b"there"))
    proxy = server.url("").replace("://", "://me:pass@")
    found = get("http://feed.example/a", Http(proxy=proxy, retries=0), {})
    assert found is not None and found.body == b"there"
    assert server.asked[0][1]["proxy-authorization"].startswith("Basic ")


@pytest.mark.parametrize("options", [
    {"networks": ["0.0.0.0/0"]}, {"networks": ["office"]}, {"hosts": ["https://example.org"]},
    {"hosts": ["example.org/path"]}, {"hosts": ["me@example.org"]}, {"hosts": ["example.org:99999"]},
])  # fmt: skip
def test_what_names_no_host_or_network_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Http.model_validate(options)
