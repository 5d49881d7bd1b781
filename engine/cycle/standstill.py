"""Of several files under a pattern those that are written no more, while the others go on, and of the
members of an archive and the sheets of a workbook those that are gone: nobody knows whether nothing happened
there, or nothing of it is told.

What counts is when each file was seen to be written, and each *row* of files whose names differ by their
numbers alone (`south-2026-03-05.csv`): who delivers a new name every day writes a row, and none of its files
is missed once there is a later one.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from pathlib import Path

from engine.cycle import news
from engine.cycle.world import World
from engine.model.feed import Feed, Fetch, Listing
from engine.model.text import numbered
from engine.store import meta
from engine.store.database import Tx

#: Where it is noted, by feed.
_NOTED = "files/{}"
#: So many gaps are remembered of each, and so many files and rows, the latest written.
_GAPS, _FILES = 20, 1000
#: So many gaps are needed of a file and of a row before it is expected to go on.
_FILE, _ROW = 1, 3
#: So many are named.
_NAMED = 3
#: What stands before the name of a part of a file: of these it is only noted whether they are there.
_PART = "part:"
#: Marks that are no number.
_LETTERS = str.maketrans("0123456789", "ghijklmnop")
_NUMBERED = re.compile(r"[^\W_]*\d[^\W_]*")
_AT = itemgetter(0)


@dataclass(frozen=True, slots=True)
class Written:
    """A file, or a row of files, as it was seen to be written; all in epoch seconds.

    last: the latest name; first: when it was first written as far as is known; at: when last; gaps: between
    the latest times, as polls saw them; begun: of a row, when its latest new name was first written.
    """

    last: str
    first: int
    at: int
    gaps: tuple[int, ...] = ()
    begun: int = 0

    def again(self, at: int, last: str = "", begun: int = 0) -> Written:
        """As it is after it was written once more."""
        gaps = (*self.gaps, at - self.at)[-_GAPS:]
        return Written(last or self.last, self.first, at, gaps, max(begun, self.begun))

    def expected(self, fresh_for: timedelta, least: int) -> bool:
        """Whether it was written so often, for so long, that it should not be older than the feed's news may
        be."""
        most = fresh_for.total_seconds()
        return (
            len(self.gaps) >= least and sum(self.gaps) >= most / 2
            and sorted(self.gaps)[len(self.gaps) // 2] <= most
        )  # fmt: skip

    @property
    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)


@dataclass(frozen=True)
class Files:
    """What is known of the files of a feed: by their paths, and of rows by what their paths have in common;
    present: those that are there; once: whether each is read once and may then go."""

    files: Mapping[str, Written]
    rows: Mapping[str, Written]
    present: frozenset[str] = frozenset()
    once: bool = False


NONE = Files({}, {})


@dataclass(frozen=True)
class Still:
    """One that is written no more, and when it was last; row: its pattern is the name; gone: it is there no
    longer."""

    name: str
    since: datetime
    row: bool = False
    gone: bool = False


def noted(world: World, feed: Feed, fetch: Fetch, now: datetime, *, anew: bool) -> Files:
    """What is known of the files after a poll, which is noted whatever becomes of the poll."""
    key = _NOTED.format(feed.id)
    with world.store.read() as tx:
        before = NONE if anew else _read(meta.get(tx, key))
    listing = fetch.listing or Listing({})
    # What is a part of a file is written when that is read anew.
    parts = {f"{_PART}{name}": now for name in fetch.parts}
    if fetch.unchanged:
        parts = {name: before.files[name].moment for name in before.present if name.startswith(_PART)}
    mask = world.context.guard.mask
    told = {_told(name, mask, before.files): at for name, at in {**listing.files, **parts}.items()}
    after = seen(before, replace(listing, files=told), now)
    if (after.files, after.rows) != (before.files, before.rows):
        with world.store.begin() as tx:
            meta.put(tx, key, _said(after))
    return after


def _told(name: str, mask: Callable[[str], str], known: Container[str]) -> str:
    """What a file is called here: nothing that identifies anybody is kept, and no two are called the same."""
    if name in known or (masked := mask(name)) == name:
        return name
    mark = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return f"{masked}~{mark.translate(_LETTERS)}"


def forget(tx: Tx, feed: Feed) -> None:
    """What is there when it is polled next is all that there is."""
    meta.drop(tx, _NOTED.format(feed.id))


def kept(tx: Tx, feed: Feed) -> Files:
    """What is known of a feed's files, as of its last poll."""
    return _read(meta.get(tx, _NOTED.format(feed.id)))


def _said(known: Files) -> str:
    told = ({name: astuple(one) for name, one in of.items()} for of in (known.files, known.rows))
    return json.dumps([*told, sorted(known.present), known.once], ensure_ascii=False)


def _read(told: str | None) -> Files:
    if told is None:
        return NONE
    files, rows, present, once = json.loads(told)
    return Files(_listed(files), _listed(rows), frozenset(present), once)


def _listed(told: Mapping[str, tuple[str, int, int, list[int], int]]) -> dict[str, Written]:
    return {
        name: Written(last, first, at, tuple(gaps), begun)
        for name, (last, first, at, gaps, begun) in told.items()
    }  # fmt: skip


def seen(before: Files, listing: Listing, now: datetime) -> Files:
    """Pure. What is known after these files were seen. What one poll sees of a row is one delivery."""
    written = {name: int(at.timestamp()) for name, at in listing.files.items() if at <= now}
    rows, files = dict(before.rows), dict(before.files)
    delivered = defaultdict[str, list[tuple[int, str]]](list)
    for name, at in written.items():
        delivered[_row(name)].append((at, name))
    for row, own in delivered.items():
        (first, earliest), (at, last) = min(own, key=_AT), max(own, key=_AT)
        known = rows.setdefault(row, Written(earliest, first, first, begun=first))
        if at > known.at:
            begun = max((one for one, name in own if name not in files and one > known.at), default=0)
            rows[row] = known.again(at, last, begun)
    if listing.once:
        return Files({}, _latest(rows), frozenset(), once=True)
    for name, at in written.items():
        one = files.get(name)
        if one is None or at < one.at:
            files[name] = Written(name, at, at)
        elif at > one.at:
            files[name] = one.again(at)
    files = _replaced(files, rows, frozenset(listing.files))
    files, of = _latest(files), _latest(rows)
    of |= {row: rows[row] for row in map(_row, files)}
    return Files(files, of, frozenset(listing.files))


def _latest(of: Mapping[str, Written]) -> dict[str, Written]:
    """Those written last: a folder is delivered to for years."""
    return {name: of[name] for name in sorted(of, key=lambda name: -of[name].at)[:_FILES]}


def _replaced(
    files: dict[str, Written], rows: Mapping[str, Written], present: frozenset[str]
) -> dict[str, Written]:
    """The files without those that have gone and are not missed: never written anew, followed by another of
    their row, or with another in their place, which goes on as they did."""
    new = [name for name, one in files.items() if name in present and not one.gaps]
    for name in sorted(files.keys() - present, key=lambda name: files[name].at):
        gone = files[name]
        if not gone.gaps or _followed(gone, rows):
            del files[name]
            continue
        heir = next((one for one in new if rows[_row(one)].first > gone.at), None)
        if heir is not None:
            new.remove(heir)
            files[heir] = replace(gone.again(files[heir].at), last=heir)
            del files[name]
    return files


def _row(name: str) -> str:
    """What the names of a row have in common: all but words with digits in them."""
    return _NUMBERED.sub("#", name)


def _followed(one: Written, rows: Mapping[str, Written]) -> bool:
    """Whether another of its row came after it, or about as it was written last."""
    row = rows.get(_row(one.last))
    return row is not None and row.begun > one.at - max(one.gaps, default=0)


def _expected(known: Files, fresh_for: timedelta) -> dict[str, tuple[Written, bool]]:
    """The files, and the rows of several, that should go on, each with whether it is a row."""
    many = Counter(map(_row, known.files))
    several = [name for name in known.rows if known.once or many[name] > 1]
    return {
        **{name: (one, False) for name, one in known.files.items()
           if not _followed(one, known.rows) and one.expected(fresh_for, _FILE)
           and not (name.startswith(_PART) and name in known.present)},
        **{name: (known.rows[name], True) for name in several
           if known.rows[name].expected(fresh_for, _ROW) and not name.startswith(_PART)},
    }  # fmt: skip


def oldest(known: Files, feed: Feed) -> datetime | None:
    """When the one of those that should go on was written which was written longest ago: so old are the news
    of a feed, whatever the others bring. None where nothing is expected of any."""
    expected = _expected(known, feed.fresh_for).items()
    return min((one.moment for name, (one, _) in expected if not name.startswith(_PART)), default=None)


def still(known: Files, feed: Feed, now: datetime) -> list[Still]:
    """Those that are gone, or written no more: for longer than the feed's news may be old, or for far longer
    than is the habit of one that is written more seldom. The longest ago first."""
    found = {
        name: _still(name, one, row, known)
        for name, (one, row) in _expected(known, feed.fresh_for).items()
        if now - one.moment > feed.fresh_for or (not row and name not in known.present)
    }
    for name, one in known.files.items():
        usual = news.usual_gap([timedelta(seconds=gap) for gap in one.gaps])
        if usual is not None and not name.startswith(_PART) and not _followed(one, known.rows) and (
            now - one.moment > max(news.FAR * usual, 2 * feed.poll)
        ):  # fmt: skip
            found.setdefault(name, _still(name, one, False, known))
    rows = {_row(name) for name, one in found.items() if not one.row}
    alone = (one for name, one in found.items() if not (one.row and name in rows))
    return sorted(alone, key=lambda one: one.since)


def _still(name: str, one: Written, row: bool, known: Files) -> Still:
    return Still(_shown(one.last, row), one.moment, row, not row and name not in known.present)


def _shown(name: str, row: bool) -> str:
    path = Path(name.removeprefix(_PART))
    shown = path.name if not _NUMBERED.search(path.parent.name) else f"{path.parent.name}/{path.name}"
    return _NUMBERED.sub("*", shown) if row else shown


def gone(known: Files, feed: Feed, now: datetime) -> str:
    """What to say of files that are gone; empty where none is missed."""
    missed = [one for one in still(known, feed, now) if one.gone]
    if not missed:
        return ""
    are, its, it = ("is", "its", "it") if len(missed) == 1 else ("are", "their", "them")
    files = numbered(len(missed), "file")
    return (
        f"{files} {are} gone, with none in {its} place, written last: {_names(missed)}; what"
        f" else there is is taken; put {it} back, or if that is right `forewarn feeds reread {feed.id}`"
    )


def said(found: Sequence[Still], feed: Feed) -> str:
    """What to say of those that are written no more."""
    are, it = ("is", "it") if len(found) == 1 else ("are", "them")
    files = numbered(len(found), "file")
    return (
        f"{files} {are} written no more, while others are, when last: {_names(found)}; ask"
        f" who writes {it}, and if that is right `forewarn feeds reread {feed.id}`"
    )


def _names(found: Sequence[Still]) -> str:
    told = [f"{one.name} ({one.since.isoformat(timespec='minutes')})" for one in found[:_NAMED]]
    return ", ".join(told) + (f", +{len(found) - _NAMED}" if found[_NAMED:] else "")
