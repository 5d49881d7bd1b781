"""A sample's records to a whole entry of config/feeds.yaml, and how well that reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from engine.charter import columns as charter
from engine.ingest import batch
from engine.ingest.guess import amounts, ids, kinds, places, spans, times, totals
from engine.ingest.guess.column import columns
from engine.ingest.guess.part import Part
from engine.ingest.mapping import Mapping as FieldMapping
from engine.ingest.normalise import Context
from engine.model.feed import Broken, Covers, Feed, Record, Subject
from engine.model.text import Text

#: A silence is told after this, or after the longest pause that the sample has.
_SILENCE, _LONGEST = timedelta(days=3), timedelta(days=30)
#: So many moments are told of by a source that always has something.
_MANY = 20


@dataclass(frozen=True)
class Draft:
    """A first mapping, and what a feed with it would be."""

    subject: str
    parts: tuple[Part, ...]
    categories: tuple[str, ...]
    begins: date
    max_silence: timedelta
    #: It tells of so long a time that an answer without a record would be no whole one.
    always: bool

    @property
    def mapping(self) -> dict[str, Any]:
        return {part.key: part.value for part in self.parts}


def draft(records: Sequence[Record], context: Context, now: datetime, said: Sequence[str]) -> Draft:
    """Pure. said: what is known of the source beside its records."""
    whole = [dict(record.fields) for record in records]
    added_up = totals.found(whole)
    fields = [one for one in whole if not totals.among(added_up, one)]
    every = [one for one in columns(fields) if not context.guard.names(one.path)]
    usable = [one for one in every if not charter.refused([one.path])]
    timed = times.moments(usable, context.zone, now)
    when = times.proposed(timed, context.zone, now, usable)
    first = timed[0].column.path.split() if timed else []
    happened = _reads(when[0].value) or first
    tree = context.gazetteer.tree
    root = next(area.code for area in tree if area.parent is None)
    what = kinds.proposed(usable, context.taxonomy, said, lambda text: context.guard.mask(text) == text)
    long = spans.found(usable) if not timed else None
    moments = {*(path for one in timed for path in one.reads), *(long.fields if long else ())}
    logged = any(part.key == "known_at" for part in when)
    key = ids.proposed(usable, moments, happened, len(fields), logged)
    taken = moments | {key.value} if isinstance(key.value, str) else moments
    parts = (
        key, *when, *places.proposed(usable, fields, context.gazetteer, root, moments), what,
        *amounts.proposed(usable, taken), *totals.part(added_up),
    )  # fmt: skip
    named = [*kinds.named(what), *kinds.coded(what, usable, context.taxonomy)]
    covered = tuple(dict.fromkeys(code.partition(".")[0] for code in named))
    known = sorted({at for one in timed[:1] for at in one.at if at and at <= now})
    return Draft(
        subject=_subject(covered), parts=parts, categories=covered,
        begins=long.first if long else _day(known[0] if known else now, context),
        max_silence=_silence(known), always=_always(known),
    )  # fmt: skip


def _day(at: datetime, context: Context) -> date:
    """The centre's own day, not that of UTC, which may be the one before."""
    return at.astimezone(context.zone).date()


def _reads(value: Any) -> list[str]:
    first = value[0] if isinstance(value, list) else value
    if isinstance(first, str):
        return [first]
    return [*([first["field"]] if "field" in first else []), *first.get("fields", [])]


def _subject(categories: Sequence[str]) -> str:
    return Subject.ADVISORY if categories == ("vulnerability",) else Subject.INCIDENT


def _silence(moments: Sequence[datetime]) -> timedelta:
    """In whole days: longer than nearly every pause of the sample."""
    pauses = sorted(later - earlier for earlier, later in pairwise(moments))
    usual = pauses[int(0.999 * (len(pauses) - 1))] if pauses else _SILENCE
    return min(max(_SILENCE, timedelta(days=usual.days + 1)), _LONGEST)


def _always(moments: Sequence[datetime]) -> bool:
    """Whether they are a log's, which is never empty again, and not those of what is going on now."""
    return len(moments) >= _MANY and moments[-1] - moments[0] > 2 * _silence(moments)


def across(records: Sequence[Record]) -> list[str]:
    """The columns of a cross table that are months or years; none of any other table."""
    return spans.across(columns([dict(record.fields) for record in records]))


def refused(records: Sequence[Record]) -> list[str]:
    """The columns that the charter refuses, whatever a mapping reads: each that it refuses by itself, and
    what several say of a person, which alone would be harmless."""
    paths = [one.path for one in columns([dict(record.fields) for record in records])]
    traits = [path for path in paths if charter.trait(path)]
    listed = traits if len(traits) > 1 else []
    return [path for path in paths if path in listed or charter.refused([path])]


def tried(
    of: Draft, id_: str, records: Sequence[Record | Broken], context: Context, now: datetime
) -> batch.Batch:
    """What the records become by the draft."""
    feed = Feed(
        id=id_, title=Text(id_, id_), connector="", subject=Subject(of.subject), options=None,
        mapping=FieldMapping.model_validate(of.mapping),
        covers=Covers(areas=(), categories=frozenset(), since=of.begins), poll=timedelta(hours=1),
        max_silence=of.max_silence,
    )  # fmt: skip
    every = list(batch.batches(records, feed, context, now))
    return batch.Batch(
        [one for part in every for one in part.incidents], [one for part in every for one in part.rejects],
        sum(part.skipped for part in every), sum(part.repeated for part in every),
    )  # fmt: skip


def without(options: Mapping[str, Any], header: Sequence[str], left: Sequence[str]) -> dict[str, Any]:
    """The options of a table in which some of its columns are left unread."""
    shown = [name if name and name not in left else "-" for name in header]
    return {**options, "header": options.get("header", "columns" not in options), "columns": shown}
