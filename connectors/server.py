"""A server that is spoken to in a protocol of its own: where it is, who asks, how it proves to be it."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field, SecretStr, model_validator

from connectors.bounds import Bounded
from connectors.reading.address import Allowed
from connectors.reading.deadline import addresses
from engine.errors import FeedError
from engine.model.later import Later

if TYPE_CHECKING:
    import httpcore
else:
    httpcore = Later("httpcore")


class Server(Bounded):
    """A server by its name, and the account to ask it by; never a password in clear."""

    #: By `security`, the port where none is named.
    PORTS: ClassVar[Mapping[str, int]] = {}

    #: The server's name or address.
    host: str = Field(min_length=1)
    #: Its port, where it is not the usual one.
    port: int | None = Field(default=None, ge=1, le=65_535)
    #: Who asks.
    user: str = ""
    #: The password, as `${NAME}`.
    password: SecretStr = SecretStr("")
    #: A file with the certificates to trust; the system's without it.
    ca: Path | None = None

    @model_validator(mode="after")
    def _together(self) -> Server:
        if bool(self.user) != bool(self.password.get_secret_value()):
            raise ValueError("user and password go together")
        return self

    def reached(self, security: str) -> tuple[str, int]:
        """An address of the server that may be connected to, and the port; raises FeedError for others."""
        port = self.port or self.PORTS[security]
        host = f"[{self.host}]" if ":" in self.host else self.host
        try:
            found = addresses(Allowed(f"server://{host}:{port}", networks=self.networks), self.host, port)
        except httpcore.ConnectError as error:
            raise FeedError(f"{self.host}: cannot be reached: {error}") from error
        return found[0], port

    def trust(self) -> ssl.SSLContext:
        """How the server proves to be the one; raises FeedError where certificates cannot be read."""
        try:
            return ssl.create_default_context(cafile=str(self.ca) if self.ca else None)
        except OSError as error:
            raise FeedError(f"the certificates in {self.ca} cannot be read: {error}") from error
