"""A sign of life to an address outside: where it stays away, somebody there knows before anybody here."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field

from engine.errors import DeliveryError
from engine.model.later import Later
from engine.notify.channels.option import Length

if TYPE_CHECKING:
    import httpx
else:
    httpx = Later("httpx")


class DeadMan(BaseModel):
    """Where the sign goes, how often, and how long it may take."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Annotated[AnyHttpUrl, Field(repr=False)]
    method: Literal["GET", "POST"] = "POST"
    every: Length = timedelta(minutes=5)
    timeout: Length = timedelta(seconds=10)


def give(switch: DeadMan) -> None:
    """One sign; raises DeliveryError where it did not arrive."""
    try:
        # The status says it all: the answer's body, however long, is not read.
        with httpx.stream(
            switch.method, str(switch.url), headers={"User-Agent": "forewarn"}, trust_env=False,
            timeout=switch.timeout.total_seconds(),
        ) as answer:  # fmt: skip
            status, arrived = answer.status_code, answer.is_success
    except httpx.HTTPError as error:
        raise DeliveryError(f"{switch.url.host} cannot be reached: {error}", permanent=False) from error
    if not arrived:
        raise DeliveryError(f"{switch.url.host} answered {status}", permanent=False)
