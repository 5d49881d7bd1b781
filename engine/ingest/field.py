"""Reading one field of a raw record: by key, or by a dotted path into nested records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Get = Callable[[Mapping[str, Any]], Any]


def getter(path: str) -> Get:
    """A function from a record's fields to the value at `path`; None where there is none, or only
    blanks. A key that itself holds dots goes before a path."""
    parts = path.split(".")

    def get(fields: Mapping[str, Any]) -> Any:
        value = fields.get(path)
        if type(value) is str:
            return value if value and not value.isspace() else None
        return value

    def get_within(fields: Mapping[str, Any]) -> Any:
        value = get(fields)
        if value is None:
            value = _walk(fields, parts)
        return None if isinstance(value, str) and not value.strip() else value

    return get if len(parts) == 1 else get_within


def held(fields: Mapping[str, Any], path: str) -> bool:
    """Whether a record has a field, if only empty."""
    above, _, last = path.rpartition(".")
    inner = _walk(fields, above.split(".")) if above else fields
    return path in fields or (isinstance(inner, Mapping) and last in inner)


def _walk(value: Any, parts: list[str]) -> Any:
    for part in parts:
        if isinstance(value, Mapping):
            value = value.get(part)
        elif isinstance(value, list | tuple) and part.isascii() and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value


def written(value: Any) -> str:
    """A scalar as the source would have written it: 19525.0 of a spreadsheet is 19525."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()


def several(value: Any, separator: str | None = None) -> list[str]:
    """The texts in a field that may hold one, several in a list, or several parted by `separator`."""
    if type(value) is str and separator is None:
        return [value.strip()]
    if isinstance(value, list | tuple):
        return [text for item in value for text in several(item, separator)]
    if value is None or isinstance(value, Mapping):
        return []
    parts = written(value).split(separator) if separator else [written(value)]
    return [part.strip() for part in parts if part.strip()]


def storable(text: str) -> str:
    """What every database and JSON can hold: no lone surrogates, no control characters."""
    if text.isprintable():
        return text
    return "".join(mark if mark.isprintable() or mark == " " else "\ufffd" for mark in text)
