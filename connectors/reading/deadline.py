"""Before a source is asked: which addresses of its name may be connected to, and one deadline for it all."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from connectors.reading.address import Allowed
from engine.errors import FeedError
from engine.model.later import Later
from engine.model.network import address

if TYPE_CHECKING:
    import httpcore
else:
    httpcore = Later("httpcore")

T = TypeVar("T")


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
