"""How values are written in the configuration: texts, durations, grades, codes, secrets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import quote

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
    model_validator,
)

from engine.model.period import duration
from engine.model.text import Text

GradeWord = Literal["blue", "yellow", "orange", "red"]

#: How many seconds each unit of a duration has.
_SIZES = (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1))

#: A name that stands for what the environment holds.
VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_ADDRESS = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*://)(?P<user>[^/?#]*@)?(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?P<end>.*)"
)


class Strict(BaseModel):
    """An unknown key is a mistake, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(Strict):
    """`{en: ..., zh: ...}`, or one plain text for both."""

    en: Annotated[str, Field(min_length=1)]
    zh: str = ""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: Any) -> Any:
        if isinstance(value, dict):
            for key in value:
                if key not in cls.model_fields and value[key] is None:
                    raise ValueError(f"'{key}' is no language; a text with a comma in it needs quotes")
        return {"en": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [{"type": "string"}, handler(core)]}

    @property
    def text(self) -> Text:
        return Text(self.en, self.zh)


def _duration(value: Any) -> timedelta:
    length = duration(str(value))
    if not length:
        raise ValueError("a duration of nothing makes no sense here")
    return length


def short(length: timedelta) -> str:
    """A duration as it is written: in the largest unit that it is a whole number of."""
    seconds = int(length.total_seconds())
    unit, size = next((unit, size) for unit, size in _SIZES if seconds % size == 0)
    return f"{seconds // size}{unit}"


def _code(value: Any) -> Any:
    """YAML reads the bare code 1440 as a number; who wrote it meant the code."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


def _hours(value: Any) -> tuple[time, time]:
    found = _HOURS.fullmatch(str(value))
    if found is None or (found[3] == "24" and found[4] != "00"):
        raise ValueError("write hours as 08:00-20:00")
    return time(int(found[1]), int(found[2])), time(int(found[3]) % 24, int(found[4]))


def _clock(value: Any) -> time:
    found = _CLOCK.fullmatch(str(value))
    if found is None:
        raise ValueError('write a time of day as "08:00", in quotes')
    return time(int(found[1]), int(found[2]))


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    return value


Duration = Annotated[
    timedelta, BeforeValidator(_duration),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,6}[dhms]$", "description": "3d, 12h, 30m, 45s"}),
]
#: From when to when; what ends when or before it begins ends the day after.
Hours = Annotated[
    tuple[time, time], BeforeValidator(_hours),
    WithJsonSchema({
        "type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$",
        "description": "08:00-20:00",
    }),
]
Clock = Annotated[
    time, BeforeValidator(_clock),
    WithJsonSchema({"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$", "description": '"08:00"'}),
]
Code = Annotated[
    str, BeforeValidator(_code), Field(min_length=1), WithJsonSchema({"type": ["string", "integer"]})
]
Pattern = Annotated[str, Field(min_length=1), BeforeValidator(_pattern)]
#: Names that stand in keys of messages and on the command line.
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")]


def expand(value: Any, values: Mapping[str, str]) -> Any:
    """`value` with every `${NAME}` replaced, by nothing where `values` has no such name."""
    if isinstance(value, str):
        return _filled(value, values)
    if isinstance(value, dict):
        return {key: expand(item, values) for key, item in value.items()}
    if isinstance(value, list):
        return [expand(item, values) for item in value]
    return value


def _filled(text: str, values: Mapping[str, str]) -> str:
    """In an address a user, a password and a query are encoded: what is filled in moves none of its parts."""
    address = _ADDRESS.fullmatch(text)
    if address is None:
        return _replaced(text, values)
    encoded = {name: quote(value, safe="") for name, value in values.items()}
    return "".join(
        _replaced(part or "", encoded if place in ("user", "query") else values)
        for place, part in address.groupdict().items()
    )


def _replaced(text: str, values: Mapping[str, str]) -> str:
    return VARIABLE.sub(lambda found: values.get(found[1], ""), text)
