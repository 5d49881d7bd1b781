"""Long lists by cursor, and answers that are not sent twice."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

import orjson
from fastapi import Query, Request, Response

from engine.console.api.problem import Problem

T = TypeVar("T")

Limit = Annotated[int, Query(ge=1, le=1000, description="So many at most.")]
Cursor = Annotated[str, Query(max_length=600, description="`next` of the answer before.")]


def page(
    request: Request, rows: Sequence[T], key: Callable[[T], str], shape: Callable[[T], dict[str, Any]],
    limit: int, cursor: str,
) -> Response:  # fmt: skip
    """The rows after the one that the cursor names, and the cursor to go on with. Where that one has gone,
    the list has changed under whoever reads it: they begin again."""
    start = 0
    if cursor:
        after = _decoded(cursor)
        places = [place for place, row in enumerate(rows) if key(row) == after]
        if not places:
            raise Problem(400, "the list has changed since this cursor was given; begin again without one")
        start = places[0] + 1
    chosen = rows[start : start + limit]
    more = start + limit < len(rows)
    return answer(request, {
        "items": [shape(row) for row in chosen], "total": len(rows),
        "next": encoded(key(chosen[-1])) if more and chosen else None,
    })  # fmt: skip


def answer(request: Request, told: Any) -> Response:
    """As JSON, with an ETag of its content; nothing where whoever asks has it already."""
    body = orjson.dumps(told, option=orjson.OPT_UTC_Z)
    tag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if tag in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def encoded(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _decoded(cursor: str) -> str:
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError):
        raise Problem(400, "this is no cursor of ours") from None
