"""Whoever asks nothing, or for ever, keeps nobody else out and takes no file from the service."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
from fastapi import FastAPI, Request

from engine.console import patience
from engine.console.serving import listening, served

BEGUN = b"POST /echo HTTP/1.1\r\nHost: here\r\nContent-Length: 100000\r\n\r\n"


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Pages that wait a second, for twenty at once."""
    monkeypatch.setattr(patience, "WITHIN", 1.0)
    monkeypatch.setattr(patience, "MOST", 20)
    app = FastAPI()

    @app.post("/echo")
    async def echo(request: Request) -> int:
        return len(await request.body())

    with served(app, listening("127.0.0.1", 0), "patience", proxied=False) as found:
        yield found


def opened(port: int, said: bytes = b"") -> socket.socket:
    one = socket.create_connection(("127.0.0.1", port), timeout=10)
    one.sendall(said)
    return one


def ended(one: socket.socket) -> bool:
    """Whether the other side ends it, whatever it says before."""
    try:
        while one.recv(4096):
            pass
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize("said", [b"", b"GET / HT", BEGUN, BEGUN + b"x" * 500])
def test_what_is_not_asked_in_time_is_ended(port: int, said: bytes) -> None:
    with opened(port, said) as one:
        begun = time.monotonic()
        assert ended(one)
        assert 0.5 < time.monotonic() - begun < 6


@pytest.mark.parametrize("whole", [b"X-Slow: a\r\n", b"x"])
def test_no_drip_keeps_it_open(port: int, whole: bytes) -> None:
    head = BEGUN if whole == b"x" else b"GET / HTTP/1.1\r\nHost: here\r\n"
    with opened(port, head) as one:
        begun = time.monotonic()
        with pytest.raises(OSError):
            while time.monotonic() - begun < 10:
                one.sendall(whole)
                time.sleep(0.05)
        assert time.monotonic() - begun < 6


def test_the_next_request_on_a_connection_has_its_own_time(port: int) -> None:
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        for _ in range(4):
            assert client.post("/echo", content=b"x" * 70_000).json() == 70_000
            time.sleep(0.6)


def test_many_that_say_nothing_keep_nobody_out(port: int) -> None:
    with ExitStack() as held:
        idle = [held.enter_context(opened(port)) for _ in range(60)]
        for _ in range(3):
            assert httpx.post(f"http://127.0.0.1:{port}/echo", content=b"abc", trust_env=False).json() == 3
        assert all(ended(one) for one in idle[:40]), "those who came first gave way"
