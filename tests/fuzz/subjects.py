"""What is fuzzed: each subject is given a case, plain data as JSON holds it, and must end well.

Well is: a result that can be kept, or a refusal in words. A case that ended otherwise is kept in
tests/data/fuzz/SUBJECT.json for good; `make fuzz` leaves a new one in SUBJECT-found.json.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from connectors import cap
from connectors import json as json_connector
from connectors.http import Answer, StatusError
from connectors.paging import walk
from engine.errors import FeedError, RecordError
from engine.guard.guard import BuiltIn, Guard
from engine.ingest.gazetteer import Gazetteer
from engine.ingest.mapping import Mapping, Moment
from engine.ingest.moment import reader
from engine.ingest.normalise import Context, Normaliser
from engine.model.alert import Alert
from engine.model.area import AreaTree
from engine.model.feed import Broken, Record
from engine.model.incident import Incident, Reject
from engine.model.taxonomy import Taxonomy
from tests.ingest.conftest import AREAS, CATEGORIES, NOW, POLYGONS

DATA = Path(__file__).parents[1] / "data/fuzz"
#: The cases of each subject in a long run; None: the short, seeded form.
LONG = os.environ.get("FUZZ")
ZONE = ZoneInfo("Europe/Stockholm")
CONTEXT = Context(
    Taxonomy.of(CATEGORIES), Gazetteer(AreaTree.of(("country", "county", "municipality"), AREAS), POLYGONS),
    ZONE, Guard(BuiltIn(name_fields=("caller",))),
)  # fmt: skip


def mapping(case: Any) -> None:
    """A feed's `map` and a record: an incident, a reject, or nothing."""
    try:
        normaliser = Normaliser("desk", Mapping.model_validate(case["map"]), CONTEXT)
    except (ValidationError, FeedError) as refused:
        assert str(refused)
        return
    found = normaliser.normalise(Record(case["record"], "line 2"), NOW)
    assert found is None or isinstance(found, Incident | Reject)
    kept(found)


def moment(case: Any) -> None:
    """A moment as mapped and the fields it is read from: when, or why not."""
    try:
        read = reader(Moment.model_validate(case["moment"]), ZONE, time())
    except ValidationError:
        return
    try:
        found = read(case["fields"], datetime.fromisoformat(case["latest"]))
    except RecordError as refused:
        kept(str(refused))
        return
    assert found is None or 1900 <= found.at.year < 2200
    assert found is None or found.at.tzinfo is UTC


def alerts(case: Any) -> None:
    """A file that may be a CAP alert or an index of some: alerts, what is broken, or why not."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "alerts")
        path.write_bytes(case["content"].encode("latin-1"))
        try:
            found = cap.fetch(cap.Options(path=path, follow=case["follow"], max_mb=1), {})
        except FeedError as refused:
            kept(str(refused))
            return
    assert all(isinstance(one, Broken) for one in found.records)
    assert all(isinstance(one, Alert) for one in found.alerts)
    kept([*found.records, *found.alerts])


def paging(case: Any) -> None:
    """A source that answers anything, page by page: the whole list, or why not, after so many pages."""
    answers = iter(case["answers"])
    asked: list[str] = []

    def get(url: str, options: Any, validators: Any) -> Answer:
        asked.append(url)
        one = next(answers, case["answers"][-1])
        if one["status"] != 200:
            raise StatusError("refused", one["status"])
        return Answer(url, one["body"].encode("utf-8", "surrogatepass"), {}, one["following"])

    try:
        options = json_connector.Options.model_validate({"url": "https://x.example/a", **case["options"]})
    except ValidationError:
        return
    with mock.patch.object(walk, "get", get):
        try:
            found = json_connector.fetch(options, {})
        except FeedError as refused:
            kept(str(refused))
            return
    assert len(asked) <= options.pages + 1
    assert all(isinstance(one, Record | Broken) for one in found.records)


SUBJECTS: dict[str, Callable[[Any], None]] = {
    "mapping": mapping, "moment": moment, "alerts": alerts, "paging": paging,
}  # fmt: skip


def hold(name: str, case: Any) -> None:
    """One case of a subject; what does not end well is kept for whoever mends it."""
    try:
        SUBJECTS[name](case)
    except BaseException:
        if LONG:
            text = json.dumps([{"why": "found by make fuzz", "case": case}], indent=1)
            (DATA / f"{name}-found.json").write_text(text + "\n", encoding="utf-8")
        raise


def kept(found: Any) -> None:
    """What a database and a message can hold: no half of a character, no sign that ends a text."""
    for text in _texts(found):
        assert "\0" not in text, repr(text)
        text.encode("utf-8")


def _texts(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif dataclasses.is_dataclass(found) and not isinstance(found, type):
        yield from _texts([getattr(found, one.name) for one in dataclasses.fields(found)])
    elif isinstance(found, dict):
        yield from _texts([*found, *found.values()])
    elif isinstance(found, list | tuple):
        for one in found:
            yield from _texts(one)
