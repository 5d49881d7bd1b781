"""Fetching over HTTP against a real server on loopback."""

from __future__ import annotations

import gzip
import socket
import threading
from contextlib import suppress
from typing import Any

import pytest

from connectors import http
from connectors.http import Http, get, shown
from engine.errors import FeedError

QUICK = Http(pause=0)


def test_an_unchanged_answer_is_asked_for_with_its_validators(server: Any, answer: Any) -> None:
    told = {"ETag": '"7"', "Last-Modified": "Sun, 08 Mar 2026 07:00:00 GMT"}
    url = server.tell("/a", answer(b"x", headers=told), answer(status=304))
    first = get(url, QUICK, {})
    assert first is not None and first.body == b"x"
    assert get(url, QUICK, first.validators) is None
    assert server.asked[1][1]["if-none-match"] == '"7"'
    assert server.asked[1][1]["if-modified-since"] == "Sun, 08 Mar 2026 07:00:00 GMT"


def test_passing_trouble_is_tried_again_with_growing_pauses(server: Any, answer: Any) -> None:
    url = server.tell("/a", answer(status=503), answer(status=500), answer(b"there"))
    pauses: list[float] = []
    found = get(url, Http(pause=2), {}, pauses.append)
    assert found is not None and found.body == b"there"
    assert pauses == [2, 4]


@pytest.mark.parametrize(("headers", "pause"), [
    ({"Retry-After": "7"}, 7),
    ({"Retry-After": "Sun, 08 Mar 2026 07:00:20 GMT", "Date": "Sun, 08 Mar 2026 07:00:00 GMT"}, 20),
    ({"Retry-After": "soon"}, 1),
])  # fmt: skip
def test_the_pause_a_source_asks_for_is_honoured(
    server: Any, answer: Any, headers: dict[str, str], pause: float
) -> None:
    url = server.tell("/a", answer(status=429, headers=headers), answer(b"there"))
    pauses: list[float] = []
    get(url, Http(), {}, pauses.append)
    assert pauses == [pause]


def test_a_long_pause_is_left_to_the_next_poll(server: Any, answer: Any) -> None:
    url = server.tell("/a", answer(status=503, headers={"Retry-After": "3600"}))
    with pytest.raises(FeedError, match="wants 3600 s of peace"):
        get(url, QUICK, {})
    assert len(server.asked) == 1


def test_trouble_that_lasts_is_a_failed_poll(server: Any, answer: Any) -> None:
    url = server.tell("/a", answer(status=502))
    with pytest.raises(FeedError, match="answers 502 Bad Gateway, also after 2 retries"):
        get(url, Http(pause=0, retries=2), {})
    assert len(server.asked) == 3


def test_what_no_retry_can_mend_is_not_retried(server: Any) -> None:
    with pytest.raises(FeedError, match="answers 404 Not Found; check the address"):
        get(server.url("/nothing"), QUICK, {})
    assert len(server.asked) == 1


def test_nobody_listening_is_a_failed_poll() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/feed?key=secret"
        with pytest.raises(FeedError, match="no answer") as caught:
            get(url, Http(pause=0, retries=1), {})
    assert "secret" not in str(caught.value)


def test_an_answer_larger_than_the_bound_is_refused_also_when_packed(server: Any, answer: Any) -> None:
    large = b"0" * (3 << 20)
    plain = server.tell("/plain", answer(large))
    packed = server.tell("/packed", answer(gzip.compress(large), headers={"Content-Encoding": "gzip"}))
    for url in (plain, packed):
        with pytest.raises(FeedError, match="larger than 2 MB; raise max_mb"):
            get(url, Http(max_mb=2), {})


def test_a_source_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "PIECES", 1e-3)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        stop = threading.Event()

        def drip() -> None:
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                while not stop.wait(0.02):
                    connection.sendall(b"x")

        thread = threading.Thread(target=drip)
        thread.start()
        try:
            with pytest.raises(FeedError, match="still not whole"):
                get(f"http://127.0.0.1:{listening.getsockname()[1]}/", Http(timeout=60, retries=0), {})
        finally:
            stop.set()
            thread.join()


def test_a_redirect_to_another_host_does_not_get_the_configured_headers(server: Any, answer: Any) -> None:
    server.tell("/there", answer(b"there"))
    away = server.url("/there").replace("127.0.0.1", "localhost")
    url = server.tell("/here", answer(status=302, headers={"Location": away}))
    found = get(url, Http(headers={"X-Key": "secret"}), {})
    assert found is not None and found.body == b"there"
    assert [asked[1].get("x-key") for asked in server.asked] == ["secret", None]


def test_an_address_is_shown_without_what_may_be_secret() -> None:
    assert shown("https://me:pass@example.org:8443/feed?token=abc") == "https://example.org:8443/feed"
