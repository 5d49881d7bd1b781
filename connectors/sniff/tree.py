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


def unread(document: Any) -> str:
    """Why records that are there cannot be read: they are lists, or stand under keys of their own; empty
    where there are none such."""
    every = list(_every(document, 0))
    rows = max((len(held) for held in every if isinstance(held, list) and _are(held, list)), default=0)
    keyed = max((len(held) for held in every if isinstance(held, dict) and _alike(held)), default=0)
    if max(rows, keyed) <= max((many for many, _ in _lists(document, (), 0)), default=0):
        return ""
    if rows > keyed:
        return "its records are lists without names of their fields: ask the source for CSV, or for objects"
    return "its records stand under keys of their own and in no list: ask the source for a list, or for CSV"


def _every(value: Any, depth: int) -> Iterator[Any]:
    yield value
    if isinstance(value, dict) and depth < _DEEPEST:
        for below in value.values():
            yield from _every(below, depth + 1)


def _are(held: list[Any], kind: type) -> bool:
    return bool(held) and all(isinstance(one, kind) for one in held)


def _alike(held: dict[str, Any]) -> bool:
    """Whether several values of an object are objects of the same fields."""
    below = list(held.values())
    return len(below) > 2 and _are(below, dict) and all(one.keys() == below[0].keys() for one in below)


def _lists(value: Any, path: tuple[str, ...], depth: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    if isinstance(value, list):
        objects = sum(isinstance(one, dict) for one in value)
        if objects and objects >= len(value) / 2:
            yield objects, path
    elif isinstance(value, dict) and depth < _DEEPEST:
        for key, below in value.items():
            if "." not in key:
                yield from _lists(below, (*path, key), depth + 1)
