"""config/rota.yaml: who is on duty when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from engine.cycle.config.reading import Reading
from engine.cycle.config.written import Duration, Hours, Name, Strict
from engine.duty import calendar
from engine.duty.rota import joined, moment
from engine.model.message import Receiver
from engine.model.problem import Level
from engine.model.regular import regular
from engine.model.rota import Rota, Shift, Source, Stretch, Team
from engine.yamlfile import Document, Path_

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = timedelta(days=1)


def _turn(value: Any) -> int:
    days = re.fullmatch(r"([1-9]\d{0,2})d", str(value))
    if days is None:
        raise ValueError("a turn lasts whole days, as in 7d")
    return int(days[1])


def _zone(value: Any) -> ZoneInfo:
    try:
        return ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"there is no time zone {value!r}; write one as Europe/Stockholm") from None


def _team(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _text(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "description": example})


Turn = Annotated[int, BeforeValidator(_turn), _text("^[1-9][0-9]{0,2}d$", "7d")]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone), _text("^[A-Za-z_+/0-9-]+$", "Europe/Stockholm")]
Together = Annotated[
    tuple[Name, ...],
    BeforeValidator(_team),
    Field(min_length=1),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


class ShiftEntry(Strict):
    """One shift as written."""

    name: Name
    hours: Hours = (time(), time())
    days: tuple[Weekday, ...] = _WEEK
    since: date
    every: Turn = 7
    teams: Annotated[tuple[Together, ...], Field(min_length=1)]


class OverrideEntry(Strict):
    """Who is on duty instead, from one moment to another."""

    from_: Annotated[datetime, Field(alias="from")]
    to: datetime
    team: Together
    why: str = ""


class CalendarEntry(Strict):
    """A calendar in iCalendar form: a file below the root folder, or an address."""

    path: Path | None = None
    url: str = ""
    headers: dict[str, str] = Field(default_factory=dict)
    poll: Duration = timedelta(hours=1)
    names: Annotated[dict[str, Name], Field(min_length=1)]

    @model_validator(mode="after")
    def _one(self) -> CalendarEntry:
        if (self.path is None) == (not self.url):
            raise ValueError("a calendar has either a path or a url")
        return self


class RotaEntry(Strict):
    """One rota as written."""

    id: Name
    title: str
    zone: Zone | None = None
    always: bool = True
    shifts: tuple[ShiftEntry, ...] = ()
    overrides: tuple[OverrideEntry, ...] = ()
    calendar: CalendarEntry | None = None


class RotaFile(Strict):
    """The whole file."""

    rotas: tuple[RotaEntry, ...] = ()


class Written(NamedTuple):
    """The file as it was read; an empty one where it cannot be."""

    document: Document
    file: RotaFile


def read(reading: Reading) -> Written:
    """What the file says, before the receivers are known."""
    found = reading.file("rota.yaml", RotaFile, required=False)
    return Written(*found) if found else Written(Document("config/rota.yaml", {}, {}), RotaFile())


def load(
    reading: Reading, written: Written, zone: ZoneInfo | None, receivers: Mapping[str, Receiver] | None
) -> tuple[Mapping[str, Rota], Mapping[str, Receiver]]:
    """The rotas by id, and the receivers, those that are a rota with the channels of its members.

    receivers: None where they are not known.
    """
    document, file = written
    if receivers is None:
        return {}, {}
    if file.rotas:
        reading.unique(document, "rota", "id", "rotas")
    rotas: dict[str, Rota] = {}
    for index, entry in enumerate(file.rotas):
        where: Path_ = ("rotas", index)
        _check(reading, document, where, entry, receivers, zone or ZoneInfo("UTC"))
        source = _source(reading, document, (*where, "calendar"), entry, receivers)
        rotas[entry.id] = _rota(entry, zone or ZoneInfo("UTC"), source, document, where)
    return rotas, {id_: _member(one, rotas, receivers) for id_, one in receivers.items()}


def _member(one: Receiver, rotas: Mapping[str, Rota], receivers: Mapping[str, Receiver]) -> Receiver:
    if one.rota not in rotas:
        return one
    return joined(one, [receivers[id_] for id_ in rotas[one.rota].members if id_ in receivers])


def _rota(entry: RotaEntry, zone: ZoneInfo, source: Source | None, document: Document, where: Path_) -> Rota:
    zone = entry.zone or zone
    return Rota(
        id=entry.id, title=entry.title, zone=zone, calendar=source, always=entry.always,
        shifts=tuple(_shift(shift) for shift in entry.shifts),
        overrides=tuple(
            Stretch(_at(one.from_, zone), _at(one.to, zone), one.team, one.why or "override")
            for one in entry.overrides
        ),
        path=document.path, line=document.line(*where),
    )  # fmt: skip


def _shift(entry: ShiftEntry) -> Shift:
    days = frozenset(_WEEK.index(day) for day in entry.days)
    return Shift(entry.name, *entry.hours, entry.since, entry.teams, entry.every, days)


def _at(written: datetime, zone: ZoneInfo) -> datetime:
    return written.astimezone(UTC) if written.tzinfo else moment(written.date(), written.time(), zone)


def _check(
    reading: Reading, document: Document, where: Path_, entry: RotaEntry, receivers: Mapping[str, Receiver],
    zone: ZoneInfo,
) -> None:  # fmt: skip
    if not (entry.shifts or entry.calendar):
        sentence = f"'{entry.id}' has neither shifts nor a calendar: nobody is ever on duty"
        reading.note(document, where, sentence, "rota-empty")
    for place, team in _teams(where, entry):
        for member in team:
            _known(reading, document, place, member, receivers)
    for index, shift in enumerate(entry.shifts):
        if shift.since.weekday() not in {_WEEK.index(day) for day in shift.days} and shift.every % 7 == 0:
            sentence = f"'{shift.name}' has turns of weeks, which begin on the weekday of {shift.since}"
            place = (*where, "shifts", index, "since")
            reading.note(document, place, f"{sentence}, on which there is no shift", "rota-turn", Level.HINT)
    _apart(reading, document, where, entry, entry.zone or zone)
    if entry.id not in {one.rota for one in receivers.values()}:
        sentence = f"no receiver of config/routes.yaml is the rota '{entry.id}': nobody is told by it"
        reading.note(document, where, sentence, "rota-unused", Level.HINT)


def _teams(where: Path_, entry: RotaEntry) -> Iterable[tuple[Path_, Team]]:
    for index, shift in enumerate(entry.shifts):
        yield from (((*where, "shifts", index, "teams", at), team) for at, team in enumerate(shift.teams))
    yield from (((*where, "overrides", index, "team"), one.team) for index, one in enumerate(entry.overrides))


def _known(
    reading: Reading, document: Document, where: Path_, member: str, receivers: Mapping[str, Receiver]
) -> None:
    if reading.known(document, where, "receiver", member, receivers) and receivers[member].rota:
        sentence = f"'{member}' is a rota itself; name the receivers who are on duty"
        reading.note(document, where, sentence, "rota-of-rotas")


def _apart(reading: Reading, document: Document, where: Path_, entry: RotaEntry, zone: ZoneInfo) -> None:
    """An override ends after it begins, and two of one moment contradict each other; each in its own zone."""
    spans = [(_at(one.from_, zone), _at(one.to, zone)) for one in entry.overrides]
    for index, (begins, ends) in enumerate(spans):
        if ends <= begins:
            place = (*where, "overrides", index)
            reading.note(document, place, "an override ends after it begins", "rota-override")
        for other, (since, until) in zip(entry.overrides[:index], spans[:index], strict=True):
            if begins < until and since < ends:
                begun = f"{other.from_:%Y-%m-%dT%H:%M}"
                sentence = f"overlaps the override from {begun}; end one before the other begins"
                reading.note(document, (*where, "overrides", index), sentence, "rota-overlap")


def _source(
    reading: Reading, document: Document, where: Path_, entry: RotaEntry, receivers: Mapping[str, Receiver]
) -> Source | None:
    written = entry.calendar
    if written is None:
        return None
    for title, member in written.names.items():
        _known(reading, document, (*where, "names", title), member, receivers)
    if written.url:
        raw = document.data["rotas"][where[1]]["calendar"]
        found = reading.options(document, where, raw, CalendarEntry, "rota")
        if found is None:
            return None
        return Source(written.names, url=found.url, headers=found.headers, poll=found.poll)
    return _file(reading, document, where, written)


def _file(reading: Reading, document: Document, where: Path_, written: CalendarEntry) -> Source | None:
    assert written.path is not None
    if not reading.inside(document, (*where, "path"), written.path):
        return None
    try:
        content = regular(reading.root / written.path).read_bytes()
        for title in calendar.strangers(content, written.names):
            sentence = f"the calendar has entries of '{title}', which names nobody here: they are no duty"
            reading.note(document, (*where, "names"), sentence, "rota-stranger", Level.WARNING)
    except OSError as error:
        sentence = f"{written.path} cannot be read: {error.strerror}"
        reading.note(document, (*where, "path"), sentence, "rota-calendar")
        return None
    except calendar.CalendarError as error:
        reading.note(document, (*where, "path"), f"{written.path}: {error}", "rota-calendar")
        return None
    reading.bytes(str(written.path))
    return Source(written.names, content)
