"""The wire to a source: connections only to addresses that were checked, within its deadline."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

from connectors.reading.address import Allowed
from connectors.reading.deadline import Deadline, addresses

Options = Iterable[httpcore.SOCKET_OPTION]


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
