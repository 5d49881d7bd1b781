"""What a mapping needs of its source: a document without it is no answer, however good it looks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from engine.errors import FeedError
from engine.guard.guard import Guard
from engine.ingest.mapping import Category, Moment, Place
from engine.ingest.mapping import Mapping as FieldMapping
from engine.model.feed import Broken, Feed, Fetch
from engine.model.text import numbered

#: Fields of which each attempt needs all.
Attempt = frozenset[str]

#: Without these no record becomes an incident.
_NEEDED = ("source_id", "occurred_at", "place", "category")
#: So many of the columns found are named, each cut to so many characters.
_NAMED, _LONGEST = 12, 30
#: What else than the delimiter in use parts the values of a table.
_DELIMITERS = {",": ",", ";": ";", "\t": "\\t", "|": "|"}


def needed(mapping: FieldMapping) -> dict[str, list[Attempt]]:
    """For each thing that an incident must have, the attempts at it; an empty one needs no field."""
    found = {
        "source_id": [frozenset(mapping.source_id)],
        "occurred_at": [_of_moment(attempt) for attempt in mapping.occurred_at],
        "place": [one for attempt in mapping.place for one in _of_place(attempt)],
        "category": [one for attempt in mapping.category for one in _of_category(attempt)],
    }
    return {
        what: [one for attempt in attempts for one in _made(mapping, attempt)]
        for what, attempts in found.items()
    }


def _made(mapping: FieldMapping, attempt: Attempt) -> Iterator[Attempt]:
    """The attempt by the record's own fields: one for each way to make a field that is made."""
    name = next((name for name in sorted(attempt) if name in mapping.derive), None)
    if name is None:
        yield attempt
        return
    made, rest = mapping.derive[name], attempt - {name}
    for ways in ((one,) for one in made.reads()) if made.any else (made.reads(),):
        yield from _made(mapping, rest | (set(ways) - {name}))


def check_columns(fetch: Fetch, feed: Feed, guard: Guard) -> list[str]:
    """What operators should know of a table's columns: those that the mapping reads in vain.

    Raises FeedError, with what was expected and found, where no row can become an incident.
    """
    if fetch.columns is None:
        return []
    lacking = _lacking(feed.mapping, fetch.columns)
    if lacking:
        raise FeedError(
            f"the table lacks {_sentence(lacking)}; it has {_found(fetch.columns, guard)}"
            f"{_hint(feed.mapping, fetch.first_lines)}"
        )
    read = {path: key for (key, *_), path in feed.mapping.reads() if key not in _NEEDED}
    return [
        f"the mapping's {key} reads '{path}', and the table has no such column"
        for path, key in read.items() if path not in fetch.columns
    ]  # fmt: skip


def half(fetch: Fetch, torn: Sequence[Broken], feed: Feed, guard: Guard) -> str:
    """What of several documents is as good as not there, once all have been gone through; empty where all
    could be read, and every table has the columns without which none of its rows becomes an incident.

    torn: those that could not be read.
    """
    said = [str(one.reason) for one in torn]
    for name, columns in fetch.tables.items() if fetch.columns is None else ():
        if lacking := _lacking(feed.mapping, columns):
            said.append(f"{name}: the table lacks {_sentence(lacking)}; it has {_found(columns, guard)}")
    more = f"; {len(said) - 1} more cannot be read" if said[1:] else ""
    return f"{said[0]}{more}; what else there is is taken" if said else ""


def check_records(records: Sequence[Mapping[str, Any]], feed: Feed, guard: Guard) -> None:
    """Raises FeedError where records none of which became anything hold no field that could have
    made them one."""
    needs = needed(feed.mapping)
    missing = {
        what: attempts for what, attempts in needs.items()
        if records and not any(not attempt or _held(attempt, records) for attempt in attempts)
    }  # fmt: skip
    if missing:
        keys = dict.fromkeys(key for record in records for key in record)
        raise FeedError(
            f"not one of {numbered(len(records), 'record')} has {_sentence(missing)}; they have "
            f"{_found(keys, guard)}"
        )


def _of_moment(moment: Moment) -> Attempt:
    return frozenset(moment.reads())


def _of_place(place: Place) -> Iterator[Attempt]:
    if place.shape:
        yield from (frozenset({field}) for field in place.shape)
    else:
        yield frozenset(name for name in (place.code, place.name, *place.point) if name)


def _of_category(category: Category) -> Iterator[Attempt]:
    yield from (frozenset({field}) for field in category.reads()) if category.reads() else [frozenset()]


def _lacking(mapping: FieldMapping, columns: Iterable[str]) -> dict[str, list[Attempt]]:
    """What the columns have no attempt for. A table holds texts: a path leads nowhere in them, unless
    a column is called so."""
    has = frozenset(columns)
    return {
        what: [attempt - has for attempt in attempts]
        for what, attempts in needed(mapping).items() if not any(attempt <= has for attempt in attempts)
    }


def _held(attempt: Attempt, records: Sequence[Mapping[str, Any]]) -> bool:
    return any(_is_in(record, path) for record in records for path in attempt)


def _is_in(value: Any, path: str) -> bool:
    """Whether a record has a field, if only as null; below null or a list it may have."""
    if isinstance(value, Mapping):
        key, _, rest = path.partition(".")
        return path in value or (key in value and (not rest or _is_in(value[key], rest)))
    return value is None or isinstance(value, list)


def _sentence(lacking: Mapping[str, list[Attempt]]) -> str:
    """`id (source_id), onset or sent (occurred_at)`."""
    return ", ".join(
        f"{' or '.join(dict.fromkeys(' and '.join(sorted(attempt)) for attempt in attempts))} ({what})"
        for what, attempts in lacking.items()
    )


def _found(columns: Iterable[str], guard: Guard) -> str:
    shown = [guard.mask(column)[:_LONGEST] for column in columns if column.strip()]
    more = f" and {len(shown) - _NAMED} more" if len(shown) > _NAMED else ""
    return (", ".join(shown[:_NAMED]) or "none at all") + more


def _hint(mapping: FieldMapping, lines: Mapping[int, tuple[str, ...]]) -> str:
    """Where the header really stands, if that can be seen."""
    for number, line in lines.items():
        if not _lacking(mapping, line):
            return f"; line {number} names them: set header: {number}"
    for number, line in lines.items():
        for mark, written in _DELIMITERS.items():
            if any(mark in cell for cell in line) and not _lacking(mapping, _parted(line, mark)):
                return f"; line {number} parts them by '{written}': set delimiter: \"{written}\""
    return ""


def _parted(line: tuple[str, ...], mark: str) -> list[str]:
    return [name.strip().strip('"') for name in ",".join(line).split(mark)]
