"""How long one poll may take, how much it may bring and where it may ask: the same for every source."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from engine.model.network import Network, network

#: A whole exchange may take so many times as long as a piece of it.
PIECES = 10
_MEGABYTE = 1 << 20


class Bounded(BaseModel):
    """The options of every connector that asks somebody else."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    #: The networks of one's own that names may lead to; others are refused.
    networks: tuple[Annotated[Network, BeforeValidator(network)], ...] = ()
    #: Seconds to connect and for each piece of an answer; a whole answer may take ten times as long.
    timeout: float = Field(default=30, gt=0, le=600)
    #: No answer, and nothing unpacked from one, may be larger.
    max_mb: int = Field(default=200, ge=1, le=10_000)

    @property
    def max_bytes(self) -> int:
        return self.max_mb * _MEGABYTE

    @property
    def longest(self) -> timedelta:
        """How long one whole answer may take."""
        return timedelta(seconds=PIECES * self.timeout)
