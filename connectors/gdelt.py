"""GDELT 2: events that programs code from the news, every quarter of an hour; of them the violent."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial

from pydantic import Field

from connectors.http import StatusError, get, shown
from connectors.reading.document import Document
from connectors.source import Records, Source, documents
from engine.errors import FeedError
from engine.model.feed import Broken, Fetch, Record

ID = "gdelt"

#: How many columns an export has, without a header, and where those stand that are read: none of who acted.
_WIDTH = 61
_TOLD = {
    "GLOBALEVENTID": 0, "SQLDATE": 1, "IsRootEvent": 25, "EventCode": 26, "EventBaseCode": 27,
    "EventRootCode": 28, "NumMentions": 31, "NumSources": 32, "NumArticles": 33, "ActionGeo_Type": 51,
    "place": 52, "ActionGeo_CountryCode": 53, "ActionGeo_ADM1Code": 54, "DATEADDED": 59,
}  # fmt: skip
_LAT, _LON = 56, 57
#: Places of these types are towns; of others the point is the middle of a country or a state.
_TOWNS = ("3", "4")
_LISTED = re.compile(r"^\s*\d+\s+([0-9a-f]{32})\s+(\S+?(\d{14})\.export\.CSV\.zip)\s*$", re.M | re.I)
_STAMP, _STEP = "%Y%m%d%H%M%S", timedelta(minutes=15)


class Options(Source):
    """`url` of `lastupdate.txt`, which names the newest export, or `path` of exports themselves."""

    #: Only what happened in these countries, by GDELT's two letters (FIPS 10-4); all without it.
    countries: tuple[str, ...] = ()
    #: Only events whose CAMEO root code is one of these: 18 assault, 19 fight, 20 mass violence.
    roots: tuple[str, ...] = ("18", "19", "20")
    #: At most so many exports a poll, of a quarter of an hour each; the next one goes on.
    exports: int = Field(default=96, ge=1, le=1_000)


def fetch(options: Options, cursor: Mapping[str, str]) -> Fetch:
    """The events of every export since the last poll; raises FeedError where the newest cannot be found."""
    if options.url is None:
        found = documents(options, cursor)
        if found.unchanged:
            return found.fetch()
        return found.fetch(Records(found.files, partial(_events, options), options))
    index = get(options.url, options, {})
    assert index is not None, "without validators there is always an answer"
    listed = _LISTED.search(index.body.decode("ascii", "replace"))
    if listed is None:
        raise FeedError(f"{shown(options.url)}: names no export; check the address of lastupdate.txt")
    of = str(options.url)
    last = cursor.get("up_to", "") if cursor.get("of") == of else ""
    stamps, notices, files = _stamps(last, listed[3]), list[str](), list[Document]()
    for stamp in stamps[: options.exports]:
        body = _export(options, listed[2].replace(listed[3], stamp), notices)
        if stamp == listed[3] and hashlib.md5(body, usedforsecurity=False).hexdigest() != listed[1].lower():
            raise FeedError(f"{shown(listed[2])}: another than its sum says; it is asked for again")
        if body:
            files.append(Document(f"{stamp}.export.CSV", options.max_bytes, partial(io.BytesIO, body)))
        last = stamp
    if len(stamps) > options.exports:
        notices.append("more exports wait than 'exports' allows; the next poll goes on")
    after = {"of": of, "up_to": last}
    if not files:
        return Fetch((), after, unchanged=True, notices=notices)
    return Fetch(Records(files, partial(_events, options)), after, notices=notices)


def _stamps(last: str, newest: str) -> list[str]:
    """The quarters of an hour after the last that was read; at first the newest alone."""
    end = datetime.strptime(newest, _STAMP).replace(tzinfo=UTC)
    at = datetime.strptime(last, _STAMP).replace(tzinfo=UTC) + _STEP if last else end
    found = []
    while at <= end:
        found.append(at.strftime(_STAMP))
        at += _STEP
    return found


def _export(options: Options, url: str, notices: list[str]) -> bytes:
    """What an export holds; b"" for one that GDELT has left out, as it sometimes does."""
    assert options.url is not None
    try:
        answer = get(options.allowed(options.url).joined(options.url, url), options, {})
    except StatusError as error:
        if error.status != 404:
            raise
        notices.append(f"{shown(url)}: was never published; its events are missing")
        return b""
    assert answer is not None, "without validators there is always an answer"
    return answer.body


def _events(options: Options, file: Document, where: str) -> Iterator[Record | Broken]:
    with file.open() as stream:
        for number, line in enumerate(stream, start=1):
            cells = line.decode("utf-8", "replace").rstrip("\r\n").split("\t")
            place = f"{where}line {number}"
            if len(cells) != _WIDTH:
                yield Broken(place, f"{len(cells)} columns where an export has {_WIDTH}")
            elif _asked(options, cells):
                yield Record({name: cells[at] for name, at in _TOLD.items()} | _point(cells), place)


def _asked(options: Options, cells: list[str]) -> bool:
    country = cells[_TOLD["ActionGeo_CountryCode"]]
    near = not options.countries or country in options.countries
    return near and cells[_TOLD["EventRootCode"]] in options.roots


def _point(cells: list[str]) -> dict[str, str]:
    """Where it happened, if that is known to the town."""
    exact = cells[_TOLD["ActionGeo_Type"]] in _TOWNS
    return {"lat": cells[_LAT], "lon": cells[_LON]} if exact else {}
