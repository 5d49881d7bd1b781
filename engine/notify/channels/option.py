"""How channels read what an operator writes."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from engine.model.period import duration


def _length(value: Any) -> timedelta:
    return value if isinstance(value, timedelta) else duration(str(value))


def _plain(address: str) -> str:
    if not address.isascii() or not address.isprintable() or any(mark in address for mark in ' ,;<>"()'):
        raise ValueError("one plain address, as in duty@example.org")
    return address


Length = Annotated[timedelta, BeforeValidator(_length), Field(gt=timedelta(0))]
#: One mailbox, with nothing in it that could end a header or add a second one.
Address = Annotated[str, Field(pattern=r"^[^@]+@[^@]+$", max_length=254), AfterValidator(_plain)]
