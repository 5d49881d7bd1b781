"""Which columns hold moments, in which format, and which of them says what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

from engine.errors import RecordError
from engine.ingest.guess import spans
from engine.ingest.guess.column import Column
from engine.ingest.guess.headings import headings
from engine.ingest.guess.part import Part, share
from engine.ingest.mapping import Moment
from engine.ingest.moment import reader

_CLOCKS = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%Hh%M", "%H%M")
#: With a dot, as in the North; numbers are written so too, unless their heading speaks of a time.
_DOTS, _DOTTED = "%H.%M", re.compile("[0-2]?[0-9][.][0-5][0-9]")
#: Times of day alone, as `zh` reads them behind a day.
_SPOKEN = ("%H时%M分", "%H時%M分", "%H시%M분", "%H시 %M분")
_DAYS = (
    "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d", "%Y.%m.%d", "%d-%b-%y",
    "%d-%b-%Y", "%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d, %Y", "%b %d, %Y", "%d/%m/%y", "%m/%d/%y",
    "%d.%m.%y",
)  # fmt: skip
#: In the order in which they are tried.
_FORMATS = (
    "iso", "zh", "rfc822", *_DAYS,
    *(f"{day} {clock}" for day, clock in product(_DAYS, (*_CLOCKS, _DOTS))),
    "%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M", "%a %b %d %H:%M:%S %z %Y",
)  # fmt: skip
#: A bare number is a moment only where its column's name speaks of one.
_NUMERIC = {"%Y%m%d": (8, 8), "%Y%m%d%H%M": (12, 12), "%Y%m%d%H%M%S": (14, 14), "epoch": (9, 10),
            "epoch_ms": (12, 13), "excel": (5, 5)}  # fmt: skip
_HAPPENED, _KNOWN, ENDED, _TIMELY, _YEAR, _MONTH, _DAY = (
    headings()[name] for name in ("happened", "known", "ended", "timely", "year", "month", "day")
)
#: What lies ahead, or is about somebody.
_NOT = headings()["ahead"]
#: So many values are tried with every format, and so many must be read.
_TRIED, _MOST = 60, 0.95
#: A day that is written as its midnight, where so many days are written so.
_MIDNIGHT = re.compile(r"(?<=[0-9])[T ](?:00:00(?::00(?:\.0+)?)?|12:00(?::00)? AM)$")
_DAYS_APART = 5
_EARLIEST = datetime(1960, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Timed:
    """A moment among the columns: how it is read, and what each record's is."""

    asked: Moment
    column: Column
    at: tuple[datetime | None, ...]
    bare: bool

    @property
    def written(self) -> Any:
        """As a mapping says it, shortly."""
        said: dict[str, Any] = (
            {"field": self.asked.field} if self.asked.field else {"fields": list(self.asked.fields)}
        )
        if self.asked.format != ("iso",):
            said["format"] = self.asked.format[0]
        return said["field"] if list(said) == ["field"] else said

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that it is read from."""
        return (self.asked.field,) if self.asked.field else self.asked.fields

    @property
    def offset(self) -> bool:
        """Whether its values say their zone themselves."""
        form, first = self.asked.format[0], self.column.filled[0]
        return form in ("epoch", "epoch_ms") or "%z" in form or first[-1:] == "Z" or _has_offset(first)

    def named(self, words: frozenset[str]) -> bool:
        return self.column.named(words)


def _has_offset(text: str) -> bool:
    tail = text[10:]
    return "GMT" in tail or "UTC" in tail or "+" in tail or "-" in tail


def moments(columns: Sequence[Column], zone: ZoneInfo, now: datetime) -> list[Timed]:
    """Every column that holds moments, dates joined with the times of day that stand beside them."""
    found = []
    for column in columns:
        if column.filled and not column.named(_NOT):
            one = _timed(Moment(field=column.path, format=("iso",)), column, column, zone, now)
            found += [one] if one else []
    clocks = [column for column in columns if column.share > 0.5 and _is_clock(column)]
    joined = (_joined(one, clock, zone, now) for one in found if one.bare for clock in clocks)
    found = [*filter(None, joined), *found]
    return found or list(filter(None, [_parts(columns, zone, now)]))


def _is_clock(column: Column) -> bool:
    return bool(_clock(column))


def _clock(column: Column) -> str:
    """The format of a column of times of day; empty where it is none. Bare numbers may be anything else,
    unless their heading speaks of a time."""
    sample = list(column.counts)[:_TRIED]
    # `930` without its zero would be read as half past nine in the evening, less a digit.
    bare = column.named(_TIMELY) and all(len(text) == 4 for text in sample)
    forms = _CLOCKS if bare else (*_CLOCKS[:-1], *_SPOKEN)
    if column.named(_TIMELY) and all(_DOTTED.fullmatch(text) for text in sample):
        forms = (_DOTS, *forms)
    return next((form for form in forms if _reads(sample, form)), "")


def _reads(texts: Sequence[str], form: str) -> bool:
    def fits(text: str) -> bool:
        try:
            return bool(datetime.strptime(text, form))
        except ValueError:
            return False

    return any(map(fits, texts[:2])) and sum(map(fits, texts)) >= _MOST * len(texts)


def _joined(one: Timed, clock: Column, zone: ZoneInfo, now: datetime) -> Timed | None:
    pairs = [f"{day} {at}".strip() for day, at in zip(one.column.values, clock.values, strict=True)]
    both = Column(f"{one.column.path} {clock.path}", pairs)
    return _timed(Moment(fields=(one.column.path, clock.path)), both, one.column, zone, now)


def _parts(columns: Sequence[Column], zone: ZoneInfo, now: datetime) -> Timed | None:
    """A year, a month and a day in three columns, with the time of day where one stands beside them."""
    by = [
        next((one for one in columns if one.named(words) and one.numeric), None)
        for words in (_YEAR, _MONTH, _DAY)
    ]
    clock = next((one for one in columns if one.share > 0.5 and _is_clock(one)), None)
    parts = [one for one in (*by, clock) if one is not None]
    if None in by:
        return None
    form = "%Y %m %d" if clock is None else f"%Y %m %d {_clock(clock)}"
    texts = [" ".join(filter(None, row)) for row in zip(*(one.values for one in parts), strict=True)]
    asked = Moment(fields=tuple(one.path for one in parts), format=(form,))
    return _as(asked, Column(f"{parts[0].path} day", texts), zone, now)


def _timed(asked: Moment, column: Column, of: Column, zone: ZoneInfo, now: datetime) -> Timed | None:
    """The column read by the first format that fits nearly all of it; where the day and the month may change
    places, by that in which its moments lie closer together: those of a source nearly always do."""
    sample = list(column.counts)[:_TRIED]
    for form in _formats(of, sample):
        tried = asked.model_copy(update={"format": (form,)})
        if _fits(tried, sample, zone, now):
            read = _as(tried, Column(of.path, column.values), zone, now)
            turned = _turned(form)
            other = asked.model_copy(update={"format": (turned,)})
            if turned == form or not _fits(other, sample, zone, now):
                return read
            found = (read, _as(other, Column(of.path, column.values), zone, now))
            return min(filter(None, found), key=_spread, default=None)
    return None


def _turned(form: str) -> str:
    """The format with day and month in each other's place, where sources write both ways."""
    for day, month in (("%d/%m/", "%m/%d/"), ("%d-%m-", "%m-%d-")):
        if day in form:
            return form.replace(day, month)
    return form


def _spread(timed: Timed) -> timedelta:
    """Within which time nine in ten of its moments lie."""
    at = sorted(filter(None, timed.at))
    return at[int(0.95 * (len(at) - 1))] - at[int(0.05 * (len(at) - 1))]


def _formats(column: Column, sample: Sequence[str]) -> Iterator[str]:
    if midnight := _midnight(column):
        # Days, written as moments: as moments they would be of an hour that nobody told.
        yield from (f"{day}{midnight}" for day in _DAYS)
        yield from (f"{day}{midnight} {clock}" for day, clock in product(_DAYS, _CLOCKS))
    if not all(text.replace(".", "", 1).isdigit() for text in sample):
        yield from _FORMATS
    elif column.named(_TIMELY) or any(word.endswith(("date", "time")) for word in column.words):
        whole = {len(text.partition(".")[0]) for text in sample}
        yield from (
            form for form, (least, most) in _NUMERIC.items() if all(least <= n <= most for n in whole)
        )


def _midnight(column: Column) -> str:
    """What stands behind the day in every value, where that is midnight in all of several."""
    sample = list(column.counts)[:_TRIED]
    tails = {one and one[0] for one in map(_MIDNIGHT.search, sample)}
    tail = tails.pop() if len(tails) == 1 and len(column.counts) >= _DAYS_APART else None
    return tail or ""


def _fits(asked: Moment, sample: Sequence[str], zone: ZoneInfo, now: datetime) -> bool:
    form = asked.format[0]
    if "%" in form and not _reads(sample, form):
        return False
    one = Moment(field="x", format=asked.format)
    read = reader(one, zone, time())
    good = sum(_at(read, {"x": text}, now) is not None for text in sample)
    return good >= _MOST * len(sample) > 0


def _as(asked: Moment, column: Column, zone: ZoneInfo, now: datetime) -> Timed | None:
    read = reader(Moment(field="x", format=asked.format), zone, time())
    found = [_read(read, {"x": text}, now) for text in column.values]
    at = tuple(one.at if one else None for one in found)
    bare = any(one.bare for one in found if one)
    return Timed(asked, column, at, bare) if any(at) else None


def _read(read: Any, fields: dict[str, str], now: datetime) -> Any:
    try:
        return read(fields, now) if fields["x"] else None
    except RecordError:
        return None


def _at(read: Any, fields: dict[str, str], now: datetime) -> datetime | None:
    found = _read(read, fields, now)
    return found.at if found and found.at > _EARLIEST else None


def proposed(
    timed: Sequence[Timed], zone: ZoneInfo, now: datetime, columns: Sequence[Column] = ()
) -> list[Part]:
    """`occurred_at`, `ended_at`, `known_at`, `zone` and `ahead`."""
    long = None if _happened(timed) else spans.found(columns)
    if not timed:
        remark = "no column holds a moment that could be read: the moment of the poll stands for it"
        return [spans.part(long) if long else Part("occurred_at", {"reported": True}, (remark,))]
    known = _best([one for one in timed if one.named(_KNOWN) and not one.named(_HAPPENED)])
    ended = _best([one for one in timed if one.named(ENDED) and not one.named(_HAPPENED | _KNOWN)])
    happened = _happened(timed)
    parts = [spans.part(long) if long else _occurred(happened, known)]
    first = happened or known
    if ended is not None and happened is not None and _follows(ended, happened):
        parts.append(Part("ended_at", ended.written))
    if known is not None and (happened is None or _follows(known, happened, timedelta(hours=1))):
        parts.append(Part("known_at", known.written, ("when the source could first have told",)))
    if any(not one.offset for one in (happened, known) if one):
        remark = f"moments without an offset are taken for {zone.key}'s: say another zone if they are not"
        parts.append(Part("zone", zone.key, (remark,)))
    latest = max((at for at in (first.at if first else ()) if at), default=now)
    if latest > now:
        days = min((latest - now).days + 2, 3660)
        parts.append(Part("ahead", f"{days}d", ("some lie ahead: forecasts or plans",)))
    return parts


def _happened(timed: Sequence[Timed]) -> Timed | None:
    plain = [one for one in timed if not one.named(ENDED | _KNOWN)]
    meant = [one for one in timed if one.named(_HAPPENED) and one.column.share > 0.5]
    return _best(meant) or _best([one for one in plain if one.column.share > 0.5])


def _best(timed: Sequence[Timed]) -> Timed | None:
    """The one most records have; of several an exact one, then the first."""
    return max(timed, key=lambda one: (round(sum(at is not None for at in one.at) / len(one.at), 1),
                                       not one.bare), default=None)  # fmt: skip


def _follows(later: Timed, earlier: Timed, by: timedelta = timedelta(0)) -> bool:
    """Whether nearly always the one comes after the other."""
    both = [(a, b) for a, b in zip(later.at, earlier.at, strict=True) if a and b]
    day = timedelta(days=1) if later.bare else timedelta(0)
    return bool(both) and sum(a + by + day >= b for a, b in both) >= 0.98 * len(both)


def _occurred(happened: Timed | None, known: Timed | None) -> Part:
    if happened is None:
        remark = "nothing says when it happened: the moment it became known stands for it"
        return Part("occurred_at", {"reported": True}, (remark,))
    read = sum(at is not None for at in happened.at)
    remarks = [f"read in {share(read, len(happened.at))} records"]
    form = happened.asked.format[0]
    if form.startswith(("%d/%m", "%m/%d")) and not _sure(happened):
        remarks.append("no day is above 12: look whether the day or the month stands first")
    if read < len(happened.at):
        return Part("occurred_at", [happened.written, {"reported": True}], tuple(remarks))
    return Part("occurred_at", happened.written, tuple(remarks))


def _sure(timed: Timed) -> bool:
    return any(at and at.day > 12 for at in timed.at)
