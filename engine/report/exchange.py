"""A report as JSON: what is kept, what programs read, and its schema."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import TypeAdapter

from engine.report.document import Report


def dump(report: Report) -> str:
    """The same report is always the same text."""
    return _adapter().dump_json(report, indent=1).decode() + "\n"


def load(text: str) -> Report:
    """What `dump` wrote; a ValueError for anything else."""
    return _adapter().validate_json(text)


def schema() -> dict[str, Any]:
    """What the text looks like, as JSON schema."""
    return _adapter().json_schema(mode="serialization")


@cache
def _adapter() -> TypeAdapter[Report]:
    return TypeAdapter(Report)
