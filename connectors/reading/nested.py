"""Lists within lists: `response.*.Event.Attribute[]` is every attribute of every event, each a record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

EACH, LIST = "*", "[]"


def nests(path: str) -> bool:
    """Whether a path goes through lists."""
    return path.endswith(LIST) or any(part == EACH or part.endswith(LIST) for part in path.split("."))


def records(document: Any, path: str) -> list[Any] | None:
    """What stands at the end of a path through lists, each object with those it lies in, by their names and
    without the list; the fields of one that has no name, as the document itself, stand beside its own.

    None where the path leads nowhere: a list that some objects lack, or that is empty, is no list at all.
    """
    found = list(_walk(document, _steps(path), "", {}))
    return found if found or _leads(document, _steps(path)) else None


def _steps(path: str) -> list[str]:
    """`a.*.b[]` as a, *, b, *."""
    return [step for part in path.split(".") for step in _parts(part)]


def _parts(part: str) -> list[str]:
    return [part.removesuffix(LIST), EACH] if part.endswith(LIST) else [part]


def _walk(value: Any, steps: list[str], name: str, above: dict[str, Any]) -> Iterator[Any]:
    if not steps:
        yield {**above, **value} if isinstance(value, dict) else value
    elif steps[0] == EACH:
        for item in _items(value):
            yield from _walk(item, steps[1:], name, above)
    elif isinstance(value, dict) and steps[0] in value:
        rest = {key: own for key, own in value.items() if key != steps[0]}
        around = {**above, name: rest} if name and rest else {**rest, **above}
        yield from _walk(value[steps[0]], steps[1:], steps[0], around)


def _items(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        yield from value
    elif isinstance(value, dict):
        yield from value.values()


def _leads(value: Any, steps: list[str]) -> bool:
    """Whether the first names of the path are there: what lies in the first list may be empty."""
    for step in steps:
        if step == EACH:
            return isinstance(value, list | dict)
        if not isinstance(value, dict) or step not in value:
            return False
        value = value[step]
    return False
