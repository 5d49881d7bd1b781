"""Values as text that is the same wherever and whenever it is written, and back."""

from __future__ import annotations

import dataclasses
import json
import math
import types
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np

T = TypeVar("T")

Decode = Callable[[Any], Any]


def canonical(value: object) -> str:
    """JSON with sorted keys and numbers of 12 significant digits; NaN is null.

    Takes dataclasses, enums, mappings with text keys, sequences, sets (sorted), numpy scalars, dates,
    and durations in seconds. TypeError for anything else.
    """
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _plain(value: object) -> Any:
    if isinstance(value, float):  # by far the most, numpy's own among them
        return _number(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, str | int):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((_plain(item) for item in value), key=json.dumps)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _number(value.total_seconds())
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    raise TypeError(f"{type(value).__name__} has no canonical form: {value!r}")


def _number(value: float) -> float | int | str | None:
    """A whole number without a point, so that 3 and 3.0 are one; infinities as words, as JSON has none."""
    if value.is_integer() and abs(value) < 1e12:  # what 12 digits hold as it is
        return int(value)
    if math.isnan(value):
        return None
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    rounded = float(f"{value:.12g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 1e15 else rounded


def restore(kind: Callable[..., T], text: str) -> T:
    """The dataclass or tuple type `kind` that `canonical` wrote; where a float is wanted, null is NaN.

    A field the dataclass has no longer is passed over, one it did not have yet takes its default: what an
    older version wrote stays readable.
    """
    restored: T = _decoder(kind)(json.loads(text))
    return restored


#: What JSON has no form of its own for.
_WRITTEN: Mapping[Any, Decode] = {
    datetime: datetime.fromisoformat, date: date.fromisoformat,
    timedelta: lambda value: timedelta(seconds=value),
}  # fmt: skip


@cache
def _decoder(kind: Any) -> Decode:
    """How JSON becomes a value of the annotated type `kind`."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _union(inner)
    if origin is tuple:
        return _tuple(inner)
    if origin is not None and issubclass(origin, Mapping):
        item = _decoder(inner[1])
        return lambda value: {key: item(one) for key, one in value.items()}
    if kind is float:
        return lambda value: math.nan if value is None else float(value)
    if kind in _WRITTEN:
        return _WRITTEN[kind]
    if origin is frozenset:
        return frozenset
    if dataclasses.is_dataclass(kind):
        return _dataclass(kind)
    return kind if issubclass(kind, Enum) else lambda value: value


def _union(inner: tuple[Any, ...]) -> Decode:
    """`X | None`, or `float | str`, where text stays text."""
    options = [option for option in inner if option is not type(None)]
    if str in options:
        (number,) = (_decoder(option) for option in options if option is not str)
        return lambda value: value if isinstance(value, str) else number(value)
    (only,) = options
    decode = _decoder(only)
    return lambda value: None if value is None else decode(value)


def _tuple(inner: tuple[Any, ...]) -> Decode:
    if inner[-1] is ...:
        item = _decoder(inner[0])
        return lambda value: tuple([item(one) for one in value])
    items = [_decoder(one) for one in inner]
    return lambda value: tuple([item(one) for item, one in zip(items, value, strict=True)])


def _dataclass(kind: Any) -> Decode:
    hints = get_type_hints(kind)
    fields = {field.name: _decoder(hints[field.name]) for field in dataclasses.fields(kind)}
    return lambda value: kind(**{name: fields[name](item) for name, item in value.items() if name in fields})
