"""`console:` in config/engine.yaml: the service shows its console, and where."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from engine.cycle.config.provider import Provider
from engine.cycle.config.written import Strict

Host = Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]{1,253}$")]


class Console(Strict):
    """Where `forewarn run` shows its console."""

    port: Annotated[int, Field(ge=1, le=65_535)] = 8710
    #: Beyond this machine only behind a proxy that adds encryption.
    listen: Literal["127.0.0.1", "::1", "0.0.0.0", "::"] = "127.0.0.1"
    #: The names by which browsers ask for it, beside this machine's own.
    names: tuple[Host, ...] = ()
    #: Browsers come over https: cookies are sent over nothing else.
    https: bool = False
    #: Where people may be signed in already.
    provider: Provider | None = None

    @model_validator(mode="after")
    def _encrypted(self) -> Console:
        if self.names and not self.https:
            raise ValueError(
                "who comes from elsewhere signs in over https: let a proxy add it, and say `https: true`"
            )
        return self
