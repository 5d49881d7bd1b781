"""STIX bundles, and collections of a TAXII 2.1 server that is polled page by page."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from connectors import stix
from engine.errors import FeedError
from engine.model.feed import Record

BUNDLE = Path(__file__).parents[1] / "data/presets/stix.json"
OBJECTS = json.loads(BUNDLE.read_text())["objects"]
TYPE = {"Content-Type": "application/taxii+json;version=2.1"}
FIRST, LAST = "2026-03-01T00:00:00.000000Z", "2026-03-02T00:00:00.000000Z"


def records(fetch: Any) -> list[Record]:
    return [one for one in fetch.records if isinstance(one, Record)]


def test_every_object_of_a_bundle_but_ties_is_a_record() -> None:
    found = records(stix.fetch(stix.Options(path=BUNDLE), {}))
    assert Counter(one.fields["type"] for one in found) == {"indicator": 10, "report": 4, "campaign": 3}
    assert len(OBJECTS) == 22
    only = stix.Options(path=BUNDLE, types=("relationship",))
    assert [one.place for one in records(stix.fetch(only, {}))][:1] == ["object 18"]


@pytest.fixture
def page(answer: Any) -> Any:
    """Makes the answer with one page of a collection."""

    def make(objects: Any, added: str = "", **more: Any) -> Any:
        headers = {**TYPE, "X-TAXII-Date-Added-Last": added} if added else TYPE
        return answer(json.dumps({"objects": objects, **more}).encode(), headers=headers)

    return make


def test_a_collection_is_read_to_its_last_page_and_gone_on_from(server: Any, page: Any) -> None:
    asked = "/api/collections/1/objects/?limit=6"
    server.tell(asked, page(OBJECTS[:6], FIRST, more=True, next="p 2"))
    server.tell(f"{asked}&next=p+2", page(OBJECTS[6:12], LAST))
    server.tell(f"{asked}&added_after=2026-03-02T00%3A00%3A00.000000Z", page([]), page(OBJECTS[12:13], LAST))
    options = stix.Options(url=server.url("/api/collections/1/"), taxii=True, limit=6)
    first = stix.fetch(options, {})
    second = stix.fetch(options, first.cursor)
    third = stix.fetch(options, second.cursor)
    assert [len(records(one)) for one in (first, second, third)] == [12, 0, 1]
    assert [one.unchanged for one in (first, second, third)] == [False, True, False]
    assert all(headers["accept"] == TYPE["Content-Type"] for _, headers in server.asked)


def test_an_empty_answer_is_an_empty_page(server: Any, answer: Any) -> None:
    server.tell("/1/objects/?limit=500", answer(b"", headers=TYPE))
    options = stix.Options(url=server.url("/1"), taxii=True)
    assert records(stix.fetch(options, {})) == []
    with pytest.raises(FeedError, match="not_empty"):
        stix.fetch(options.model_copy(update={"not_empty": True}), {})


def test_half_a_collection_is_a_failed_poll(server: Any, page: Any, answer: Any) -> None:
    more = page(OBJECTS[:1], FIRST, more=True, next="n")
    server.tell("/1/objects/?limit=500", more)
    on = page(OBJECTS[1:], FIRST, more=True, next="m")
    server.tell("/1/objects/?limit=500&next=n", on, more, answer(status=500), page(1))
    options = stix.Options(url=server.url("/1/"), taxii=True, retries=0, pages=2)
    for sentence in (
        "more pages than 2", "says there is more, and not by which", "answers 500",
        "no TAXII envelope, found an object with objects",
    ):  # fmt: skip
        with pytest.raises(FeedError, match=sentence):
            stix.fetch(options, {})


@pytest.mark.parametrize(("body", "headers", "sentence"), [
    (b'{"objects": []}', {"Content-Type": "application/json"}, "no TAXII 2.1 server"),
    (b"<html>", {"Content-Type": "text/html"}, "no TAXII 2.1 server"),
    (b"[]", TYPE, "no TAXII envelope, found a list of 0"),
    (b'{"more": true, "objects": []}', TYPE, "says there is more, and not by which 'next'"),
    (b'{"objects": [', TYPE, "it ends early"),
])  # fmt: skip
def test_what_is_no_collection_is_said(
    server: Any, answer: Any, body: bytes, headers: dict[str, str], sentence: str
) -> None:
    server.tell("/1/objects/?limit=500", answer(body, headers=headers))
    with pytest.raises(FeedError, match=sentence.replace(".", r"\.")):
        stix.fetch(stix.Options(url=server.url("/1/"), taxii=True), {})


def test_what_is_no_bundle_is_said_and_a_piece_of_one_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    for text in ('{"type": "campaign", "id": "x"}', "[]"):
        path.write_text(text)
        with pytest.raises(FeedError, match="no STIX bundle"):
            list(stix.fetch(stix.Options(path=path), {}).records)
    path.write_text('{"type": "bundle", "objects": [7, {"id": "x"}, {"type": "note"}]}')
    assert len(records(stix.fetch(stix.Options(path=path), {}))) == 1
    path.write_text('{"type": "bundle"}')
    assert list(stix.fetch(stix.Options(path=path), {}).records) == []


@pytest.mark.parametrize("objects", [b'"none"', b"{}", b"null", b"3"])
def test_a_bundle_whose_objects_are_no_list_is_not_quiet(tmp_path: Path, objects: bytes) -> None:
    file = tmp_path / "bundle.json"
    file.write_bytes(b'{"type": "bundle", "id": "bundle--1", "objects": ' + objects + b"}")
    with pytest.raises(FeedError, match="no STIX bundle, found "):
        list(stix.fetch(stix.Options(path=file), {}).records)


@pytest.mark.parametrize("given", [{"path": "a", "taxii": True}, {"url": "https://x.org", "limit": 3}])
def test_impossible_options_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        stix.Options.model_validate(given)
