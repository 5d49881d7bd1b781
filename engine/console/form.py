"""What a form says, and where one may go on to from here."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from fastapi import HTTPException, Request

#: Fields of one form.
FIELDS = 40


async def form(request: Request) -> Mapping[str, str]:
    """The fields of a form, each once; the last word of one that is said twice."""
    try:
        text = (await request.body()).decode("utf-8")
        fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS))
    except ValueError:
        raise HTTPException(400) from None
    # No database keeps the sign that ends texts in C.
    if any("\0" in word for field in fields.items() for word in field):
        raise HTTPException(400)
    return fields


def local(address: str, otherwise: str = "/") -> str:
    """An address of ours, or another that is: nobody is led away from here."""
    plain = address.isprintable() and "\\" not in address
    if not plain or not address.startswith("/") or address.startswith("//"):
        return otherwise
    parts = urlsplit(address)
    return otherwise if parts.scheme or parts.netloc else address
