"""A folder of a mailbox over IMAP, opened: where feeds come attached, and where replies come to."""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Door:
    """Where the mailbox is, whose, and which folder of it.

    host: the name by which the server proves to be the one; address: what is connected to, looked up and
    checked before ("": whatever the name leads to); timeout: seconds for each step.
    """

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    trust: ssl.SSLContext
    #: Whether TLS begins with the first byte, or is asked for before anything is said; never in clear.
    from_the_start: bool
    timeout: float
    address: str = ""


@contextmanager
def opened(door: Door, *, readonly: bool) -> Iterator[imaplib.IMAP4]:
    """The folder, logged in; whoever refuses is hung up on. Raises imaplib.IMAP4.error and OSError."""
    server = _Tls(door) if door.from_the_start else _Plain(door)
    with ExitStack() as stack:
        stack.callback(server.shutdown)
        if not door.from_the_start:
            server.starttls(door.trust)
        server.login(door.user, door.password)
        folder = re.sub(r'(["\\])', r"\\\1", door.folder)
        state, said = server.select(f'"{folder}"', readonly=readonly)
        if state != "OK":
            raise imaplib.IMAP4.error(f"no folder {door.folder}: {said}")
        yield server


class _Plain(imaplib.IMAP4):
    """Connected to the address that was checked."""

    def __init__(self, door: Door) -> None:
        self._door = door
        super().__init__(door.host, door.port, timeout=door.timeout)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return socket.create_connection((self._door.address or self._door.host, self._door.port), timeout)


class _Tls(_Plain):
    """The same over TLS from the start."""

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = super()._create_socket(timeout)
        return self._door.trust.wrap_socket(plain, server_hostname=self._door.host)
