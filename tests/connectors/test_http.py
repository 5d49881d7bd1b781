"""Fetching over HTTP against a real server on loopback."""

from __future__ import annotations

import gzip
import socket
import zlib
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors import http
from connectors.http import Http, StatusError, get, shown
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
    ({"Retry-After": "\u00b2"}, 1),
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


@pytest.mark.parametrize("pieces", [
    (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"x"),
    (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
    (b"HTTP/1.1 103 Early Hints\r\n\r\n",),
])  # fmt: skip
def test_a_source_that_never_ends_is_given_up(
    raw: Any, monkeypatch: pytest.MonkeyPatch, pieces: tuple[bytes, ...]
) -> None:
    monkeypatch.setattr(http, "PIECES", 5e-3)
    with pytest.raises(FeedError, match="still not whole"):
        get(raw(*pieces, again=True), Http(timeout=60, retries=0), {})


def test_a_source_that_says_nothing_is_given_up_with_the_deadline(
    raw: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "PIECES", 5e-3)
    with pytest.raises(FeedError, match="still not whole"):
        get(raw(b"HTTP/1.1 200 OK\r\n", b"", again=True), Http(timeout=60, retries=0), {})


PACKED = gzip.compress(b"0123456789" * 1000, mtime=0)


@pytest.mark.parametrize(("headers", "body"), [
    (b"Content-Length: 10", b"12345"),
    (b"Transfer-Encoding: chunked", b"5\r\n12345\r\n"),
    (b"Content-Encoding: gzip\r\nContent-Length: %d" % (len(PACKED) // 2), PACKED[: len(PACKED) // 2]),
    (b"Content-Encoding: gzip\r\nContent-Length: %d" % (len(PACKED) - 4), PACKED[:-4]),
    (b"Content-Encoding: gzip\r\nContent-Length: 2", PACKED[:2]),
    (b"Content-Encoding: deflate\r\nConnection: close", zlib.compress(b"0123456789" * 9)[:-1]),
    (b"Content-Encoding: gzip\r\nContent-Length: 5", b"plain"),
])  # fmt: skip
def test_a_body_that_ends_early_is_no_whole_body(raw: Any, headers: bytes, body: bytes) -> None:
    url = raw(b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n\r\n" + body)
    with pytest.raises(FeedError, match="also after 1 retries"):
        get(url, Http(pause=0, retries=1), {})


@pytest.mark.parametrize(("encoding", "packed"), [
    ("gzip", PACKED),
    ("x-gzip", gzip.compress(b"0123456789" * 500, mtime=0) * 2),
    ("GZIP", PACKED + b"\0" * 40),
    ("deflate", zlib.compress(b"0123456789" * 1000)),
    ("deflate", zlib.compress(b"0123456789" * 1000, wbits=-15)),
    ("identity", b"0123456789" * 1000),
])  # fmt: skip
def test_what_is_packed_is_unpacked(server: Any, answer: Any, encoding: str, packed: bytes) -> None:
    url = server.tell("/a", answer(packed, headers={"Content-Encoding": encoding}))
    found = get(url, QUICK, {})
    assert found is not None and found.body == b"0123456789" * 1000


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip"])
def test_a_packing_that_was_not_asked_for_is_refused(server: Any, answer: Any, encoding: str) -> None:
    url = server.tell("/a", answer(gzip.compress(PACKED), headers={"Content-Encoding": encoding}))
    with pytest.raises(FeedError, match="was not asked for"):
        get(url, QUICK, {})


@pytest.mark.parametrize(("status", "reason"), [
    (304, "asked for the whole; it cannot be relied on"),
    (202, "answers 202 Accepted; which brings no records"),
    (204, "brings no records"),
    (206, "brings no records"),
    (300, "check the address"),
])  # fmt: skip
def test_a_status_that_brings_not_the_whole_is_a_failed_poll(
    server: Any, answer: Any, status: int, reason: str
) -> None:
    url = server.tell("/a", answer(b"", status=status))
    with pytest.raises(StatusError, match=reason) as caught:
        get(url, QUICK, {})
    assert caught.value.status == status


@pytest.mark.parametrize(("told", "known"), [
    ("Sun, 08 Mar 2026 07:00:00 GMT", True), ("Sun, 08 Mar 2099 07:00:00 GMT", False), ("yesterday", False),
])  # fmt: skip
def test_an_answer_says_when_it_changed_last(server: Any, answer: Any, told: str, known: bool) -> None:
    found = get(server.tell("/a", answer(b"x", headers={"Last-Modified": told})), QUICK, {})
    assert found is not None
    assert found.changed_at == (datetime(2026, 3, 8, 7, tzinfo=UTC) if known else None)


def test_a_header_that_cannot_be_sent_is_not_told(server: Any, answer: Any) -> None:
    url = server.tell("/a", answer(b"x"))
    for value in ("sec\nret", "sec\u2028ret"):
        with pytest.raises(FeedError, match="check the headers") as caught:
            get(url, Http(headers={"X-Key": value}), {})
        assert "ret" not in str(caught.value).replace("retries", "")


def test_an_address_is_shown_without_what_may_be_secret() -> None:
    assert shown("https://me:pass@example.org:8443/feed?token=abc") == "https://example.org:8443/feed"
    assert shown("https://example.org/" + "a" * 60_000) == "https://example.org/(not shown)"
