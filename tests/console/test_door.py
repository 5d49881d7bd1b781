"""Nobody comes in without the link; no page can be framed, scripted from elsewhere, or written to."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from engine.console import serve
from engine.cycle.world import World
from engine.errors import UsageError

PATHS = ["/", "/wall", "/warnings", "/areas", "/rules", "/feeds", "/runs", "/live", "/nowhere", "/map/x.svg"]


@pytest.fixture
def stranger(link: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=link.partition("/enter")[0]) as client:
        yield client


@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_is_led_to_the_sign_in_and_told_nothing(stranger: httpx.Client, path: str):
    """Alike whether there is such a page or not."""
    answer = stranger.get(path)
    assert answer.status_code == (403 if path == "/live" else 303) and "Easttown" not in answer.text
    assert path == "/live" or answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("key", ["", "wrong", "%00", "ключ"])
def test_a_wrong_key_opens_nothing(stranger: httpx.Client, key: str):
    answer = stranger.get(f"/enter?key={key}")
    assert answer.status_code == (400 if key == "%00" else 403) and not answer.cookies
    assert stranger.get("/").status_code == 303


@pytest.mark.parametrize(
    "cookie",
    [
        "forewarn_viewer=x", "forewarn_viewer=", "=;;", "forewarn_viewer=\u00e9", "forewarn_session=x",
        "forewarn_session=", "forewarn_display=fw_x", "forewarn_display=\u00e9",
    ],
)  # fmt: skip
def test_a_made_up_cookie_opens_nothing(stranger: httpx.Client, cookie: str):
    assert stranger.get("/", headers={"cookie": cookie.encode("latin-1")}).status_code == 303


def test_the_link_opens_and_its_key_stays_out_of_the_address_and_of_scripts(link: str):
    with httpx.Client() as client:
        answer = client.get(link)
        assert answer.status_code == 303 and answer.headers["location"] == "/"
        kept = answer.headers["set-cookie"].lower()
        assert "httponly" in kept and "samesite=lax" in kept and link.partition("key=")[2].lower() not in kept


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8710", ""])
def test_another_name_for_this_machine_is_refused(browser: httpx.Client, host: str):
    """A page elsewhere whose name is made to lead here (DNS rebinding)."""
    assert browser.get("/", headers={"host": host}).status_code in (400, 421)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_what_no_page_needs_is_refused(browser: httpx.Client, method: str):
    assert browser.request(method, "/").status_code == 405


#: (headers, whether the browser vouches that a page of ours sent it); HOST is our own address.
SENT = [
    ({}, False), ({"sec-fetch-site": "same-origin"}, True), ({"sec-fetch-site": "same-site"}, False),
    ({"sec-fetch-site": "cross-site"}, False), ({"sec-fetch-site": "none"}, False),
    ({"origin": "HOST"}, True), ({"origin": "http://evil.example"}, False), ({"origin": "null"}, False),
    ({"origin": "http://evil.example", "sec-fetch-site": "same-origin"}, False),
    ({"origin": "HOST", "sec-fetch-site": "cross-site"}, False), ({"referer": "HOST"}, False),
]  # fmt: skip


@pytest.mark.parametrize(("headers", "passes"), SENT)
def test_what_changes_anything_comes_from_a_page_of_ours(link: str, headers: dict[str, str], passes: bool):
    base = link.partition("/enter")[0]
    told = {name: value.replace("HOST", base) for name, value in headers.items()}
    answer = httpx.post(f"{base}/sign-in", data={"name": "nobody-there", "password": "x"}, headers=told)
    assert answer.status_code in ((401, 429) if passes else (403,))


def test_what_is_too_long_is_not_read(stranger: httpx.Client):
    headers = {"sec-fetch-site": "same-origin"}
    assert stranger.post("/sign-in", content=b"x" * 70_000, headers=headers).status_code == 413
    assert stranger.post("/sign-in", content=iter([b"x"]), headers=headers).status_code == 413


@pytest.mark.parametrize("path", [*PATHS[:7], "/static/console.css", "/nowhere"])
def test_every_answer_brings_the_strict_policy(browser: httpx.Client, path: str):
    headers = browser.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"
    assert "server" not in headers


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static//etc/passwd", "/static/..%2fapp.py"]
)
def test_only_files_meant_for_it_are_given_out(browser: httpx.Client, path: str):
    assert browser.get(path).status_code == 404


def test_a_port_in_use_is_told_or_another_is_taken(world: World):
    with serve.console(lambda: world, 0) as first:
        port = httpx.URL(first).port
        assert port is not None
        with serve.console(lambda: world, port) as second:
            assert httpx.URL(second).port != port
        with (
            pytest.raises(UsageError, match=f"port {port} cannot be used"),
            serve.console(lambda: world, port, strict=True),
        ):
            pass
