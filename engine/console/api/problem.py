"""Every refusal of the API in one form: RFC 9457's problem+json."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import Response

#: Where the API is: what is wrong there is told so.
PREFIX = "/v1"
_TITLES = {
    400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 408: "Request Timeout", 409: "Conflict",
    413: "Content Too Large", 415: "Unsupported Media Type", 422: "Unprocessable Content",
    500: "Internal Server Error", 503: "Service Unavailable",
}  # fmt: skip
#: What the API's description says of everything that it refuses.
REFUSED: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "Refused: why, and what to do (RFC 9457)",
        "content": {"application/problem+json": {"schema": {
            "title": "Problem", "type": "object", "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
                "detail": {"type": "string"},
            },
        }}},
    },
}  # fmt: skip


class Problem(Exception):
    """What is wrong with a request, and what to do about it."""

    def __init__(self, status: int, detail: str) -> None:
        self.status, self.detail = status, detail
        super().__init__(detail)


def problem(status: int, detail: str) -> Response:
    told: dict[str, Any] = {
        "type": "about:blank", "title": _TITLES.get(status, "Refused"), "status": status, "detail": detail,
    }  # fmt: skip
    return Response(orjson.dumps(told), status, media_type="application/problem+json")


#: A page of the API that is not there, or not for whoever asks.
ABSENT = "there is no such thing, or it is not yours to see"
