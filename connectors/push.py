"""What a source brings of itself: JSON (one record, a list, or an object that holds one) or one CAP alert."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from connectors.alert import read as told
from connectors.paging.statement import at, described
from connectors.reading.element import local, parse
from connectors.reading.tree import load
from engine.errors import FeedError
from engine.model.alert import Alert
from engine.model.feed import Broken, Fetch, Record

ID = "push"

#: Nothing that happens is told in boxes within more boxes.
DEEPEST = 32
#: So many records at once; whoever has more brings them in several pieces.
MOST = 10_000
_MEGABYTE = 1 << 20
_NAME = "what was pushed"


class Form(StrEnum):
    """In which of the two forms something is brought."""

    JSON = "json"
    CAP = "cap"


class Options(BaseModel):
    """See docs/feeds.md."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: The dotted path to the list of records, where the document is neither one nor the list.
    records: str = ""
    #: Only these fields of a record are looked at, where the source cannot leave the others out.
    fields: tuple[str, ...] = ()
    #: How much may be brought at once.
    max_mb: int = Field(default=1, ge=1, le=16)
    #: Of CAP alerts, the language that is read.
    language: str = ""
    #: Of CAP alerts, which count.
    status: tuple[str, ...] = ("Actual",)

    @property
    def max_bytes(self) -> int:
        return self.max_mb * _MEGABYTE


def fetch(options: Options, cursor: Mapping[str, str]) -> Fetch:
    """Nobody asks a source that pushes; raises FeedError."""
    raise FeedError("this feed is pushed: its source brings what it knows to POST /v1/incidents")


def take(options: Options, form: str, body: bytes) -> Fetch:
    """What the source brought. Raises FeedError where it cannot be read, or is larger than may be."""
    if len(body) > options.max_bytes:
        raise FeedError(f"{_NAME}: more than {options.max_mb} MB; bring it in pieces, or raise max_mb")
    return _alert(options, body) if form == Form.CAP else _records(options, body)


def _records(options: Options, body: bytes) -> Fetch:
    document = load(body, _NAME)
    _shallow(document)
    found = at(document, options.records) if options.records else document
    if options.records and not isinstance(found, list):
        raise FeedError(f"{_NAME}: there is no list at '{options.records}', {described(document)}")
    items = found if isinstance(found, list) else [found]
    if len(items) > MOST:
        raise FeedError(f"{_NAME}: {len(items)} records where {MOST} may be; bring them in pieces")
    return Fetch([_record(item, number, options.fields) for number, item in enumerate(items, start=1)])


def _record(item: Any, number: int, only: Sequence[str]) -> Record | Broken:
    place = f"record {number}"
    if isinstance(item, dict):
        kept = {name: item[name] for name in only if name in item} if only else item
        return Record(kept, place)
    return Broken(place, f"not an object with fields but {type(item).__name__}")


def _shallow(document: Any) -> None:
    """Raises FeedError where lists and objects lie in one another deeper than anything that is told."""
    level = [document]
    for _ in range(DEEPEST):
        level = [
            inner for one in level if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]  # fmt: skip
        if not level:
            return
    raise FeedError(f"{_NAME}: lists and objects lie in one another more than {DEEPEST} deep")


def _alert(options: Options, body: bytes) -> Fetch:
    root = parse(body, _NAME)
    if local(root) != "alert":
        raise FeedError(f"{_NAME}: <{local(root)}> is no CAP alert")
    brought = list(told(root, _NAME, options.language, options.status))
    broken = [one for one in brought if isinstance(one, Broken)]
    alerts = tuple(one for one in brought if isinstance(one, Alert))
    return Fetch(broken, alerts=alerts, passed=int(not brought))
