"""The small values of the rule language: durations, days, moments, severities, rates per day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema

from engine.model.period import duration
from engine.model.severity import at_least as parse_severity

_DURATION = r"^[0-9]{1,6}[dhms]$"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_PACE = re.compile(r"\s*(\d{1,6})\s+per\s+(\S+)\s*")
_YEAR_FIRST = re.compile(r"(\d{4})(?:[-/.年]?)(\d{1,2})(?:[-/.月]?)(\d{1,2})日?")
_IN_WORDS = re.compile(r"(\d{1,5})\s*(w|weeks?|d|days?|h|hours?|m|min|minutes?|s|seconds?)")
_ROUND = re.compile(r"(_|\d{1,6}(?:\.\d{1,3})?)(?:x(\d{1,4}))?")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days `first`..`last`, both included; `moment` where one exact moment was written."""

    first: date
    last: date
    moment: datetime | None = None

    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


@dataclass(frozen=True, slots=True)
class Pace:
    """`count` incidents in every `days` days, spread evenly."""

    count: int
    days: int


class Miswritten(ValueError):
    """A value that is certainly meant, in a form that is not ours; `right` is the form that is."""

    def __init__(self, sentence: str, right: str) -> None:
        super().__init__(sentence)
        self.right = right


def parse_duration(written: Any) -> timedelta:
    if not isinstance(written, str):
        raise ValueError("a duration is written as a number and d, h, m or s, as in 3d or 12h")
    try:
        return duration(written)
    except ValueError as error:
        raise Miswritten(str(error), _as_duration(written)) from None


def parse_horizon(written: Any) -> timedelta:
    """How far ahead a rule speaks: whole days, because events are told by days."""
    span = parse_duration(written)
    if span % timedelta(days=1) or not timedelta(days=1) <= span <= timedelta(days=366):
        raise ValueError("a horizon is 1 to 366 whole days, as in 7d")
    return span


def parse_blocks(written: Any) -> int | timedelta:
    """A number of blocks as it is, a duration as a duration: the window says how many blocks it holds."""
    if isinstance(written, int) and not isinstance(written, bool):
        if not 0 <= written <= 1000:
            raise ValueError("a baseline has 0 to 1000 blocks")
        return written
    if not isinstance(written, str):
        raise ValueError("a baseline is a number of blocks (26) or a duration (182d)")
    return parse_duration(written)


def parse_day(written: Any) -> date:
    if isinstance(written, str) and re.fullmatch(_DAY, written):
        return date.fromisoformat(written)
    raise Miswritten("a day is written as 2026-03-31", _as_day(str(written)))


def parse_stretch(written: Any) -> Stretch:
    """`2026-03-01`, `2026-03-01..2026-03-07` or a local moment `2026-03-01T14:30`."""
    if not isinstance(written, str):
        raise ValueError("a day (2026-03-01), a stretch (2026-03-01..2026-03-07) or a moment is needed")
    if re.fullmatch(_DAY + r"[T ]\d{2}:\d{2}", written):
        moment = datetime.fromisoformat(written.replace(" ", "T"))
        return Stretch(moment.date(), moment.date(), moment)
    first, dots, last = (part.strip() for part in written.partition(".."))
    try:
        stretch = Stretch(parse_day(first), parse_day(last if dots else first))
    except Miswritten as error:
        days = [_as_day(day) for day in ((first, last) if dots else (first,))]
        raise Miswritten(str(error), dots.join(days) if all(days) else "") from None
    if stretch.last < stretch.first:
        raise ValueError("the stretch ends before it begins")
    if (stretch.last - stretch.first).days > 3660:
        raise ValueError("the stretch is longer than ten years")
    return stretch


def parse_pace(written: Any) -> Pace:
    """`2 per 7d`: two incidents in every seven days, spread evenly."""
    match = _PACE.fullmatch(written) if isinstance(written, str) else None
    if match is None:
        raise ValueError("a pace is written as a number per days, as in 2 per 7d")
    span = duration(match[2])
    if span < timedelta(days=1) or span % timedelta(days=1):
        raise ValueError("a pace counts whole days, as in 2 per 7d")
    return Pace(int(match[1]), span.days)


def parse_blocks_series(written: Any) -> tuple[float | None, ...]:
    """`0x26 3 5`: 26 blocks of 0, then 3, then 5, the last one ending at the cut; `_`: nobody looked."""
    values: list[float | None] = []
    for word in str(written).split():
        match = _ROUND.fullmatch(word)
        if match is None:
            raise ValueError("a series is written as values and repetitions, as in 0x26 3 5 or _x4 2")
        values += [None if match[1] == "_" else float(match[1])] * int(match[2] or 1)
    if not 1 <= len(values) <= 500:
        raise ValueError("a series has 1 to 500 blocks")
    return tuple(values)


def _as_day(written: str) -> str:
    """A day written year first in another way, such as 2026/3/31 or 20260331, in ours; else nothing."""
    match = _YEAR_FIRST.fullmatch(written.strip())
    if match is None:
        return ""
    year, month, day = (int(part) for part in match.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _as_duration(written: str) -> str:
    """A duration in words, such as 7 days or 2 weeks, in ours; else nothing."""
    match = _IN_WORDS.fullmatch(written.strip().lower())
    if match is None:
        return ""
    number, unit = int(match[1]), match[2][0]
    return f"{number * 7}d" if unit == "w" else f"{number}{unit}"


def written_duration(span: timedelta) -> str:
    """A duration as files write it."""
    seconds = int(span.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


Duration = Annotated[
    timedelta, PlainValidator(parse_duration),
    WithJsonSchema({"type": "string", "pattern": _DURATION, "description": "3d, 12h, 30m, 45s"}),
]
Horizon = Annotated[
    timedelta, PlainValidator(parse_horizon),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,3}d$", "description": "7d"}),
]
Blocks = Annotated[
    int | timedelta, PlainValidator(parse_blocks),
    WithJsonSchema({
        "anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": _DURATION}],
        "description": "a number of blocks, or a duration",
    }),
]
Day = Annotated[
    date, PlainValidator(parse_day),
    WithJsonSchema({"type": "string", "pattern": f"^{_DAY}$", "description": "2026-03-31"}),
]
When = Annotated[
    Stretch, PlainValidator(parse_stretch),
    WithJsonSchema({
        "type": "string", "pattern": rf"^{_DAY}(\.\.{_DAY}|[T ][0-9]{{2}}:[0-9]{{2}})?$",
        "description": "a day, a stretch of days a..b, or a local moment 2026-03-01T14:30",
    }),
]
Severity = Annotated[
    int, PlainValidator(parse_severity),
    WithJsonSchema({"type": "string", "pattern": "^>= ?([1-4]|minor|moderate|severe|extreme)$"}),
]
PerDays = Annotated[
    Pace, PlainValidator(parse_pace),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]+ per [0-9]+d$", "description": "2 per 7d"}),
]
BlockSeries = Annotated[
    tuple[float | None, ...], PlainValidator(parse_blocks_series),
    WithJsonSchema({"type": "string", "description": "0x26 3 5"}),
]
