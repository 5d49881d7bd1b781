"""What really happened, as a CSV says it: area, topic, start, end, label and, optionally, onset.

A file is complete for what it names: of a topic (or domain) that stands in any row, nothing happened
wherever and whenever no row says so. What it never names is not measured.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from engine.errors import ConfigError
from engine.model.area import AreaTree
from engine.model.problem import Problem, nearest

COLUMNS = ("area", "topic", "start", "end", "label")
OPTIONAL = ("onset",)
#: A row with this label says that nothing happened: it names the topic, and no more.
NOTHING = "none"
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


@dataclass(frozen=True)
class Truth:
    """Every event of a file, and the topics and domains it speaks of."""

    events: tuple[Event, ...]
    named: frozenset[str]

    def speaks_of(self, topic: str, domain: str) -> bool:
        return topic in self.named or domain in self.named

    def about(self, subject: str, domains: Mapping[str, str]) -> Iterator[Event]:
        """The events of a topic (and of its domain), or of a domain (and of every topic in it)."""
        for event in self.events:
            if event.topic in (subject, domains.get(subject)) or domains.get(event.topic) == subject:
                yield event


def read(path: Path, tree: AreaTree, domains: Mapping[str, str]) -> Truth:
    """The truth of a file. domains: the domain of every topic.

    Raises ConfigError with every mistake: an unknown or missing column, area or topic, a date that
    cannot be read, an end before its start, a file without a row.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file, strict=True))
    except UnicodeDecodeError as error:
        sentence = "this is not UTF-8 text: save the file as UTF-8"
        raise ConfigError([Problem(str(path), 1, sentence, "file")]) from error
    except (OSError, csv.Error) as error:
        raise ConfigError([Problem(str(path), 1, f"the file cannot be read: {error}", "file")]) from error
    header = [name.strip() for name in lines[0]] if lines else []
    problems = [Problem(str(path), 1, sentence, "truth-column") for sentence in _columns(header)]
    if problems:
        raise ConfigError(problems)
    names = {*domains, *domains.values()}
    events, named = [], set()
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cells):
            continue
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        found = [_width(header, cells)] if len(header) != len(cells) else list(_mistakes(row, tree, names))
        problems += [Problem(str(path), number, sentence, "truth") for sentence in found]
        if not found:
            named.add(row["topic"])
            if row["label"].casefold() != NOTHING:
                events.append(_event(row))
    if not named and not problems:
        problems.append(Problem(str(path), 1, "the file holds no row, so it says nothing", "truth"))
    if problems:
        raise ConfigError(problems)
    return Truth(tuple(events), frozenset(named))


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
    (_, start), (_, end) = dates
    if start and end and end < start:
        yield f"it ends on {end}, before it starts on {start}"
    said = row.get("onset", "").casefold()
    onset = None if said in (*_YES, *_NO) else _day(said)
    if said not in (*_YES, *_NO) and onset is None:
        yield f"onset: '{said}' is neither yes nor no nor a date"
    if onset and start and end and not start <= onset <= end:
        yield f"the onset {onset} lies outside of {start}..{end}"


def _day(text: str) -> date | None:
    """The day of a date or of a moment, as it is written."""
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


def _event(row: Mapping[str, str]) -> Event:
    start, end = datetime.fromisoformat(row["start"]).date(), datetime.fromisoformat(row["end"]).date()
    said = row.get("onset", "").casefold()
    return Event(
        area=row["area"], topic=row["topic"], start=start, end=end, label=row["label"],
        onset=said not in _NO, began=_day(said) or start if said not in (*_YES, *_NO) else start,
    )  # fmt: skip
