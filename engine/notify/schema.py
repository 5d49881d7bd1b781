"""The JSON schema of everything that is sent, for whoever reads it by a program."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("payload.schema.json")


def text() -> str:
    """The schema as it is published."""
    return FILE.read_text(encoding="utf-8")


def schema() -> dict[str, Any]:
    """Of every format; a payload agrees with exactly one."""
    found: dict[str, Any] = json.loads(text())
    return found


def formats() -> frozenset[str]:
    """Every format that the schema knows, as payloads name it."""
    defined = schema()["$defs"].values()
    return frozenset(one["properties"]["format"]["const"] for one in defined if _is_format(one))


def _is_format(one: dict[str, Any]) -> bool:
    return "format" in one.get("properties", {})
