"""The small values of the rule language: durations, days, moments, severities, rates per day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema

from engine.model.distance import metres, rounded
from engine.model.period import duration
from engine.model.severity import at_least as parse_severity
from engine.model.times import WEEK

_DURATION = r"^[0-9]{1,6}[dhms]$"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_PACE = re.compile(r"\s*(\d{1,6})\s+per\s+(\S+)\s*")
_YEAR_FIRST = re.compile(r"(\d{4})(?:[-/.年]?)(\d{1,2})(?:[-/.月]?)(\d{1,2})日?")
_IN_WORDS = re.compile(r"(\d{1,5})\s*(w|weeks?|d|days?|h|hours?|m|min|minutes?|s|seconds?)")
_HOURS = re.compile(r"(\d{1,2})[:：.](\d{2})\s*(?:-|–|to|至)\s*(\d{1,2})[:：.](\d{2})")
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
#: How weekdays are called where our files are read.
_WEEKDAYS = {
    f"{name}{day}": WEEK[at] for name in ("周", "星期", "礼拜") for at, day in enumerate("一二三四五六日")
} | {f"{name}天": "sun" for name in ("周", "星期", "礼拜")} | {
    "tues": "tue", "wednes": "wed", "thurs": "thu", "satur": "sat", **{day: day for day in WEEK},
}
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


class CalendarMonth(timedelta):
    """A window of whole calendar months, of which no two need be equally long."""


MONTH = CalendarMonth(days=30)
_MONTHS = ("1 month", "1 calendar month", "calendar month", "1mo", "a month", "自然月", "1个月")


def parse_window(written: Any) -> timedelta:
    """A duration, or `month`."""
    if written == "month":
        return MONTH
    if isinstance(written, str) and written.strip().lower() in _MONTHS:
        raise Miswritten("a window of calendar months is written as month", "month")
    return parse_duration(written)


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


def parse_hours(written: Any) -> tuple[int, int]:
    """`22:00-06:00`: the minutes of the day at which they begin and end, over midnight where the end is
    earlier."""
    match = _HOURS.fullmatch(written.strip()) if isinstance(written, str) else None
    if match is None:
        raise ValueError("hours are written as 22:00-06:00, from and up to")
    begin, end = (f"{int(hour):02}:{minute}" for hour, minute in (match.group(1, 2), match.group(3, 4)))
    right = f"{begin}-{end}"
    if not _TIME.fullmatch(begin) or not (_TIME.fullmatch(end) or end == "24:00"):
        raise ValueError("hours go from 00:00 to 24:00, as in 22:00-06:00")
    if right != written:
        raise Miswritten("hours are written as 22:00-06:00, from and up to", right)
    since, until = minute_of(begin), minute_of(end)
    if until in (since, since + 24 * 60):
        raise ValueError("these are all hours, or none: take 'hours' out, or name fewer")
    return since, until


def minute_of(written: str) -> int:
    """The minute of the day of a time such as 22:30."""
    hour, _, minute = written.partition(":")
    return int(hour) * 60 + int(minute)


def parse_time(written: Any) -> int:
    """The minute of the day of `23:30`."""
    if isinstance(written, str) and _TIME.fullmatch(written):
        return minute_of(written)
    raise ValueError('a time of the day is written as "23:30", in quotes')


def parse_weekdays(written: Any) -> frozenset[int]:
    """`fri`, `fri-sun`, or a list of such: Monday is 0."""
    words = [written] if isinstance(written, str) else written
    if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
        raise ValueError("weekdays are written as fri-sun, or as a list, [mon, wed]")
    try:
        found = frozenset(day for word in words for day in _weekdays(word))
    except Miswritten as error:
        raise (error if words[0] is written else ValueError(f"{error}: write {error.right}")) from None
    if len(found) == len(WEEK):
        raise ValueError("these are all weekdays: take 'weekdays' out, or name fewer")
    return found


def _weekdays(word: str) -> list[int]:
    ends = [part.strip().lower() for part in re.split(r"-|–|\.\.", word)]
    short = [_WEEKDAYS.get(end.removesuffix("day"), end) for end in ends]
    if len(ends) > 2 or not all(end in WEEK for end in short):
        known = ", ".join(WEEK)
        raise ValueError(f"'{word}' is no weekday: they are {known}, or from one to another, fri-sun")
    if (right := "-".join(short)) != word:
        raise Miswritten("a weekday is written in three small letters, as in fri", right)
    first, last = WEEK.index(short[0]), WEEK.index(short[-1])
    return [(first + n) % 7 for n in range((last - first) % 7 + 1)]


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


def parse_chances(written: Any) -> tuple[float | None, ...]:
    """`0.3` at every judgement; `0.1x3 0.3`: one for each judgement, the last at the test's own; `_`: there
    is no model."""
    if isinstance(written, int | float) and not isinstance(written, bool):
        values: tuple[float | None, ...] = (float(written),)
    else:
        values = parse_blocks_series(written)
    if any(value is not None and not 0 <= value <= 1 for value in values):
        raise ValueError("a chance lies between 0 and 1, as in 0.25 or 0.1x3 0.25")
    return values


def parse_point(written: Any) -> tuple[float, float]:
    """`[59.334, 18.063]`, as exactly as points are kept."""
    there = isinstance(written, list) and len(written) == 2 and all(
        isinstance(one, int | float) and not isinstance(one, bool) for one in written
    )  # fmt: skip
    if not there or abs(written[0]) > 90 or abs(written[1]) > 180:
        raise ValueError("a point is written as latitude and longitude in degrees, as in [59.334, 18.063]")
    return rounded((written[0], written[1]))


def parse_distance(written: Any) -> float:
    """Metres, of `400m` or `1.5km`."""
    if not isinstance(written, str):
        raise ValueError("a distance is written as a number and m or km, as in 400m or 1.5km")
    return metres(written)


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
    if isinstance(span, CalendarMonth):
        return "month"
    seconds = int(span.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


Duration = Annotated[
    timedelta, PlainValidator(parse_duration),
    WithJsonSchema({"type": "string", "pattern": _DURATION, "description": "3d, 12h, 30m, 45s"}),
]
WindowSpan = Annotated[
    timedelta, PlainValidator(parse_window),
    WithJsonSchema({
        "type": "string", "pattern": "^([0-9]{1,6}[dhms]|month)$", "description": "7d, 12h; or month",
    }),
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
Hours = Annotated[
    tuple[int, int], PlainValidator(parse_hours),
    WithJsonSchema({
        "type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$",
        "description": "22:00-06:00",
    }),
]
Time = Annotated[
    int, PlainValidator(parse_time),
    WithJsonSchema({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "description": "23:30"}),
]
_ONE_WEEKDAY = f"({'|'.join(WEEK)})"
_ONE_OR_SPAN = {"type": "string", "pattern": f"^{_ONE_WEEKDAY}(-{_ONE_WEEKDAY})?$"}
Weekdays = Annotated[
    frozenset[int], PlainValidator(parse_weekdays),
    WithJsonSchema({
        "anyOf": [_ONE_OR_SPAN, {"type": "array", "items": _ONE_OR_SPAN, "minItems": 1}],
        "description": "fri-sun, or [mon, wed]",
    }),
]
PerDays = Annotated[
    Pace, PlainValidator(parse_pace),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]+ per [0-9]+d$", "description": "2 per 7d"}),
]
Point = Annotated[
    tuple[float, float], PlainValidator(parse_point),
    WithJsonSchema({
        "type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2,
        "description": "latitude and longitude in degrees: [59.334, 18.063]",
    }),
]
Far = Annotated[
    float, PlainValidator(parse_distance),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,6}(\.[0-9]{1,3})? ?(m|km)$",
                    "description": "400m, 1.5km"}),
]
ChanceSeries = Annotated[
    tuple[float | None, ...], PlainValidator(parse_chances),
    WithJsonSchema({
        "anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "string"}],
        "description": "0.3, or one for each judgement: 0.1x3 0.3",
    }),
]
BlockSeries = Annotated[
    tuple[float | None, ...], PlainValidator(parse_blocks_series),
    WithJsonSchema({"type": "string", "description": "0x26 3 5"}),
]
