"""Where the records of a JSON document stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

#: Lists of records lie no deeper.
_DEEPEST = 4


def records(document: Any) -> str | None:
    """The path to the longest list of objects, empty for the document itself; None where there is none."""
    found = sorted(_lists(document, (), 0), key=lambda one: (-one[0], len(one[1])))
    return ".".join(found[0][1]) if found else None


def _lists(value: Any, path: tuple[str, ...], depth: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    if isinstance(value, list):
        objects = sum(isinstance(one, dict) for one in value)
        if objects and objects >= len(value) / 2:
            yield objects, path
    elif isinstance(value, dict) and depth < _DEEPEST:
        for key, below in value.items():
            if "." not in key:
                yield from _lists(below, (*path, key), depth + 1)
