"""The wire to a source: connections only to addresses that were checked, and one deadline for it all."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

from connectors.reading.address import Allowed
from engine.errors import FeedError
from engine.model.network import address

T = TypeVar("T")
Options = Iterable[httpcore.SOCKET_OPTION]


def addresses(allowed: Allowed, host: str, port: int) -> list[str]:
    """The addresses of a name that may be connected to; FeedError where there are none but others."""
    try:
        looked_up = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(str(error)) from error
    named = list(dict.fromkeys(str(one[4][0]) for one in looked_up))
    refused = {text: allowed.refuses(host, found) for text in named if (found := address(text))}
    fine = [text for text, reason in refused.items() if not reason]
    if refused and not fine:
        raise FeedError(next(iter(refused.values())))
    return fine


class Deadline:
    """The moment by which an exchange must be over, from the first name looked up to the last byte.

    Without it a source that sends a byte now and then, of a header or of a body, is never late.
    """

    def __init__(self, seconds: float, where: str) -> None:
        self._seconds = seconds
        self._until = time.monotonic() + seconds
        self._where = where

    def within(self, step: Callable[[float], T], timeout: float | None) -> T:
        """One step of the exchange, given as long as it may take; FeedError once the time is over."""
        left = self.left()
        try:
            return step(left if timeout is None else min(left, timeout))
        except httpcore.TimeoutException:
            self.left()
            raise

    def left(self) -> float:
        """The seconds that are left; FeedError where none are."""
        left = self._until - time.monotonic()
        if left <= 0:
            # Another try would take as long again, and everything due would wait for it.
            said = f"{self._where}: still not whole after {self._seconds:.0f} s"
            raise FeedError(f"{said}; raise timeout if that is right")
        return left


class Transport(httpx.BaseTransport):
    """Asks over connections of our own making, or over the proxy that the feed names; those of the
    environment have no say in it."""

    def __init__(self, allowed: Allowed, deadline: Deadline, trust: ssl.SSLContext) -> None:
        self._pool = _pool(allowed, ssl_context=trust, network_backend=_Backend(allowed, deadline))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        answer = self._pool.handle_request(httpcore.Request(
            request.method,
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw, content=request.stream, extensions=request.extensions,
        ))  # fmt: skip
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Stream(answer), extensions=answer.extensions
        )

    def close(self) -> None:
        self._pool.close()


def _pool(allowed: Allowed, **wired: Any) -> httpcore.ConnectionPool:
    if not allowed.proxy:
        return httpcore.ConnectionPool(**wired)
    parts = urlsplit(allowed.proxy)
    secret = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    plain = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    return httpcore.HTTPProxy(plain, proxy_auth=secret, **wired)


class _Stream(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class _Backend(httpcore.NetworkBackend):
    """Looks a name up once and connects to what was checked, so that a name which answers otherwise the
    second time leads nowhere else."""

    def __init__(self, allowed: Allowed, deadline: Deadline) -> None:
        self._allowed = allowed
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Options | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        failed: Exception = httpcore.ConnectError(f"there is no address for {host}")
        for found in addresses(self._allowed, host, port):
            connect = partial(
                self._sockets.connect_tcp, found, port,
                local_address=local_address, socket_options=socket_options,
            )  # fmt: skip
            try:
                return _Wire(self._deadline.within(connect, timeout), self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed


class _Wire(httpcore.NetworkStream):
    """A connection whose every step ends with the exchange's deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._deadline.within(lambda left: self._stream.read(max_bytes, left), timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._deadline.within(lambda left: self._stream.write(buffer, left), timeout)

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        started = self._deadline.within(
            lambda left: self._stream.start_tls(ssl_context, server_hostname, left), timeout
        )
        return _Wire(started, self._deadline)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
