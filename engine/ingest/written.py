"""How values are written in a feed's `map:`: fields, zones, times of day, durations, patterns, words."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from engine.model.distance import metres
from engine.model.period import duration

T = TypeVar("T")


class Strict(BaseModel):
    """An unknown key is a mistake, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def listed(value: Any) -> Any:
    """One item written without a list is a list of one."""
    return value if isinstance(value, list | tuple) else [value]


def field_only(value: Any) -> Any:
    """`occurred_at: happened` is short for `occurred_at: {field: happened}`."""
    return {"field": value} if isinstance(value, str) else value


def distance_only(value: Any) -> Any:
    """`accuracy: 100m` is short for `accuracy: {within: 100m}`."""
    return {"within": value} if isinstance(value, str) else value


def _zone(value: Any) -> Any:
    try:
        return value if isinstance(value, ZoneInfo) else ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("not a time zone; write a name such as Europe/Stockholm or Asia/Shanghai") from None


def _clock(value: Any) -> Any:
    if isinstance(value, time):
        return value
    found = re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9])", str(value))
    if not found:
        raise ValueError("not a time of day; write it as in 08:30")
    return time(int(found[1]), int(found[2]))


def _length(value: Any) -> Any:
    return value if isinstance(value, timedelta) else duration(str(value))


def _distance(value: str) -> str:
    metres(value)
    return value


def _pattern(value: Any) -> Any:
    try:
        return value if isinstance(value, re.Pattern) else re.compile(str(value))
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None


def _words(value: Any) -> Any:
    """YAML reads the bare code 1440 as a number; who wrote it meant the code."""
    return [str(item) if type(item) in (int, float) else item for item in listed(value)]


def _marks(value: Any) -> Any:
    """YAML reads the bare word null as nothing; who wrote it here meant the word."""
    return ["null" if item is None else item for item in _words(value)]


def text_keys(value: Any) -> Any:
    return {str(key): item for key, item in value.items()} if isinstance(value, dict) else value


Name = Annotated[str, Field(min_length=1)]
#: One item, or a list of at least one.
OneOrMore = Annotated[tuple[T, ...], BeforeValidator(listed), Field(min_length=1)]
Words = Annotated[tuple[Name, ...], BeforeValidator(_words), Field(min_length=1)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Clock = Annotated[time, BeforeValidator(_clock)]
Length = Annotated[timedelta, BeforeValidator(_length)]
Pattern = Annotated[re.Pattern[str], BeforeValidator(_pattern)]
Distance = Annotated[str, AfterValidator(_distance)]
Severity = Annotated[int, Field(ge=0, le=4)]


Listed = Annotated[tuple[Name, ...], BeforeValidator(listed)]
Marks = Annotated[tuple[Name, ...], BeforeValidator(_marks)]
