"""What really happened, as a CSV says it: area, topic, start, end, label and, optionally, onset and known.

A file is complete for what it states: of a topic (or domain) that stands in any row, nothing happened where
no row says so, from the first day that its rows name to the last; before, after and where a row says
`unknown`, nobody knows. What it never names is not measured.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from engine.errors import ConfigError
from engine.model.area import AreaTree
from engine.model.problem import Problem, nearest
from engine.model.regular import regular

COLUMNS = ("area", "topic", "start", "end", "label")
OPTIONAL = ("onset", "known")
#: A row with this label says that nothing happened but what other rows say ...
NOTHING = "none"
#: ... and one with this that nobody knows, in its area and all those below it.
UNKNOWN = "unknown"
_DAY = timedelta(days=1)
#: Nobody knows of outcomes of other years; an end that means *for ever* is none.
YEARS = (1900, 2200)
_YES, _NO = ("yes", "true", "1"), ("", "no", "false", "0")


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; both days are included."""

    area: str
    topic: str
    start: date
    end: date
    label: str
    #: It began something new, where the file says so, and the day from which lead time counts.
    onset: bool
    began: date
    #: The day on which it became known; None: the day after its end.
    known: date | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days of which a row speaks; both are included.

    known: the day from which on it is known; None: each of its days from the next day on.
    """

    area: str
    topic: str
    start: date
    end: date
    known: date | None = None

    def by(self, day: date) -> Stretch | None:
        """What of it was known on the morning of `day`."""
        if self.known is not None:
            return self if self.known <= day else None
        return replace(self, end=min(self.end, day - _DAY)) if self.start < day else None


@dataclass(frozen=True)
class Truth:
    """Every event of a file, and the topics and domains it speaks of.

    stated: the days that its rows speak of (None: all there are); unknown: those of which nobody knows.
    """

    events: tuple[Event, ...]
    named: frozenset[str]
    stated: tuple[Stretch, ...] | None = None
    unknown: tuple[Stretch, ...] = ()

    def speaks_of(self, topic: str, domain: str) -> bool:
        return topic in self.named or domain in self.named

    def about(self, subject: str, domains: Mapping[str, str]) -> Iterator[Event]:
        """The events of a topic (and of its domain), or of a domain (and of every topic in it)."""
        return (event for event in self.events if _concerns(event.topic, subject, domains))

    def reach(self, subject: str, domains: Mapping[str, str]) -> tuple[date, date] | None:
        """The first and the last day of which the file speaks on a subject; None: there is no bound."""
        if self.stated is None:
            return None
        own = [one for one in self.stated if _concerns(one.topic, subject, domains)]
        first = min((one.start for one in own), default=date.max)
        return first, max((one.end for one in own), default=date.min)

    def blanks(self, subject: str, domains: Mapping[str, str]) -> Iterator[Stretch]:
        """The stretches of which nobody knows."""
        return (one for one in self.unknown if _concerns(one.topic, subject, domains))

    def by(self, day: date) -> Truth:
        """What of it was known on the morning of `day`."""
        known = tuple(event for event in self.events if (event.known or event.end + _DAY) <= day)
        stated, unknown = (
            None if of is None else tuple(part for one in of if (part := one.by(day)))
            for of in (self.stated, self.unknown)
        )
        return Truth(known, self.named, stated, unknown or ())


def _concerns(topic: str, subject: str, domains: Mapping[str, str]) -> bool:
    """Whether what is told of a topic or a domain is told of the subject, one or the other, as well."""
    return topic in (subject, domains.get(subject)) or domains.get(topic) == subject


def read(path: Path, tree: AreaTree, domains: Mapping[str, str], shown: str = "") -> Truth:
    """The truth of a file. domains: the domain of every topic; shown: what its mistakes call the file.

    Raises ConfigError with every mistake: an unknown or missing column, area or topic, a date that
    cannot be read, an end before its start, a file without a row.
    """
    shown = shown or str(path)
    try:
        with regular(path).open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file, strict=True))
    except UnicodeDecodeError as error:
        sentence = "this is not UTF-8 text: save the file as UTF-8"
        raise ConfigError([Problem(shown, 1, sentence, "file")]) from error
    except (OSError, csv.Error) as error:
        raise ConfigError([Problem(shown, 1, f"the file cannot be read: {error}", "file")]) from error
    header = [name.strip() for name in lines[0]] if lines else []
    problems = [Problem(shown, 1, sentence, "truth-column") for sentence in _columns(header)]
    if problems:
        raise ConfigError(problems)
    names = {*domains, *domains.values()}
    events: list[Event] = []
    stated: list[Stretch] = []
    unknown: list[Stretch] = []
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cells):
            continue
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        found = [_width(header, cells)] if len(header) != len(cells) else list(_mistakes(row, tree, names))
        problems += [Problem(shown, number, sentence, "truth") for sentence in found]
        if not found:
            label, stretch = row["label"].casefold(), _stretch(row)
            (unknown if label == UNKNOWN else stated).append(stretch)
            if label not in (NOTHING, UNKNOWN):
                events.append(_event(row))
    if not stated and not unknown and not problems:
        problems.append(Problem(shown, 1, "the file holds no row, so it says nothing", "truth"))
    if problems:
        raise ConfigError(problems)
    named = frozenset(one.topic for one in (*stated, *unknown))
    return Truth(tuple(events), named, tuple(stated), tuple(unknown))


def _columns(header: list[str]) -> Iterator[str]:
    known = (*COLUMNS, *OPTIONAL)
    if len(header) == 1 and (mark := next((mark for mark in ";\t|" if mark in header[0]), "")):
        yield f"the columns are separated by {mark!r}: separate them by commas"
        return
    for name in header:
        if name not in known:
            yield f"unknown column '{name}'{nearest(name, known)}; known: {', '.join(known)}"
    for name in COLUMNS:
        if name not in header:
            yield f"the column '{name}' is missing"
    for name in sorted({name for name in header if header.count(name) > 1}):
        yield f"the column '{name}' stands here twice"


def _width(header: list[str], cells: list[str]) -> str:
    return f"{len(cells)} values where the header has {len(header)} columns"


def _mistakes(row: Mapping[str, str], tree: AreaTree, names: Iterable[str]) -> Iterator[str]:
    if row["area"] not in tree:
        yield f"unknown area '{row['area']}'{nearest(row['area'], tree.areas)}"
    if row["topic"] not in names:
        yield f"unknown topic or domain '{row['topic']}'{nearest(row['topic'], names)}"
    dates = [(key, _day(row[key])) for key in ("start", "end")]
    for key, day in dates:
        if day is None:
            yield f"{key}: '{row[key]}' is no date; write 2025-01-28"
        elif not YEARS[0] <= day.year <= YEARS[1]:
            yield f"{key}: {day} is no day of {YEARS[0]} to {YEARS[1]}; write the last one that you know of"
    (_, start), (_, end) = dates
    if start and end and end < start:
        yield f"it ends on {end}, before it starts on {start}"
    said = row.get("onset", "").casefold()
    onset = None if said in (*_YES, *_NO) else _day(said)
    if said not in (*_YES, *_NO) and onset is None:
        yield f"onset: '{said}' is neither yes nor no nor a date"
    if (known := row.get("known", "")) and _day(known) is None:
        yield f"known: '{known}' is no date; write 2025-01-28"
    happened = row.get("label", "").casefold() not in (NOTHING, UNKNOWN)
    if (told := _day(known)) and start and happened and told < start:
        yield f"it was known on {told}, before it started on {start}"
    if onset and start and end and not start <= onset <= end:
        yield f"the onset {onset} lies outside of {start}..{end}"


def _day(text: str) -> date | None:
    """The day of a date or of a moment, as it is written."""
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


def _event(row: Mapping[str, str]) -> Event:
    stretch, said = _stretch(row), row.get("onset", "").casefold()
    began = _day(said) if said not in (*_YES, *_NO) else None
    return Event(
        area=stretch.area, topic=stretch.topic, start=stretch.start, end=stretch.end, label=row["label"],
        onset=said not in _NO, began=began or stretch.start, known=stretch.known,
    )  # fmt: skip


def _stretch(row: Mapping[str, str]) -> Stretch:
    start, end = datetime.fromisoformat(row["start"]).date(), datetime.fromisoformat(row["end"]).date()
    return Stretch(row["area"], row["topic"], start, end, _day(row.get("known", "")))
