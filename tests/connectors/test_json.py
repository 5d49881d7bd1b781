"""JSON from files and over HTTP, strictly read."""

from __future__ import annotations

import base64
import gzip
import json as stdlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from connectors import json
from engine.errors import FeedError
from engine.model.feed import Broken, Record

SUITE = stdlib.loads((Path(__file__).parents[1] / "data/connectors/json_test_suite.json").read_text())
INVALID = {name: base64.b64decode(text) for name, text in SUITE.items() if name.startswith("n_")}
VALID = {name: base64.b64decode(text) for name, text in SUITE.items() if name.startswith("y_")}
INVALID["n_structure_100000_opening_arrays"] = b"[" * 100_000
INVALID["n_structure_open_array_object"] = b'[{"":' * 50_000
#: Python's own reader takes these, and we do not.
INVALID |= {
    "nan": b"[NaN]", "infinity": b"[-Infinity]", "lone_surrogate": rb'["\ud800"]', "utf16": b"[\x00]\x00",
}  # fmt: skip


def read(path: Path, content: bytes, **options: Any) -> list[Record | Broken]:
    path.write_bytes(content)
    return list(json.fetch(json.Options(path=path, **options), {}).records)


@pytest.mark.parametrize("name", sorted(INVALID))
def test_what_is_no_json_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(FeedError, match="not JSON"):
        read(tmp_path / "t.json", INVALID[name])


@pytest.mark.parametrize("name", sorted(VALID))
def test_what_is_json_is_read(tmp_path: Path, name: str) -> None:
    line, = read(tmp_path / "t.json", b'{"at": ' + VALID[name].replace(b"\n", b" ") + b"}", lines=True)
    assert isinstance(line, Record)
    assert "at" in line.fields


def test_a_list_or_an_object_that_holds_one(tmp_path: Path) -> None:
    assert read(tmp_path / "t.json", b'[{"id": 1}]') == [Record({"id": 1}, "record 1")]
    nested = read(tmp_path / "t.json", b'{"a": {"b": [{"id": 1}]}}', records="a.b")
    assert nested == [Record({"id": 1}, "record 1")]
    with pytest.raises(FeedError, match=r"there is no list of records at 'a\.c'; set 'records'"):
        read(tmp_path / "t.json", b'{"a": {"b": []}}', records="a.c")


def test_an_item_that_is_no_object_is_broken_and_the_rest_goes_on(tmp_path: Path) -> None:
    deep = b"[" * 900 + b"]" * 900
    found = read(tmp_path / "t.json", b'[{"id": 1}, 7, ' + deep + b', {"id": 2}]')
    assert [type(one) for one in found] == [Record, Broken, Broken, Record]


def test_a_broken_line_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    found = read(tmp_path / "t.jsonl", b'{"id": 1}\n\n{"id": NaN}\n{"id": 3}\n')
    assert [one.place for one in found] == ["line 1", "line 3", "line 4"]
    assert isinstance(found[1], Broken) and found[1].text == '{"id": NaN}\n'


def test_one_broken_file_of_several_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[{]")
    (tmp_path / "b.json").write_text('[{"id": 2}]')
    broken, record = json.fetch(json.Options(path=tmp_path / "*.json"), {}).records
    assert isinstance(broken, Broken) and broken.place == "a.json"
    assert record == Record({"id": 2}, "b.json record 1")


def test_recorded_revisions_carry_their_polls(data: Path) -> None:
    options = json.Options.model_validate(
        {"path": data / "usgs_revisions.jsonl.gz", "polls": {"column": "observed_at"}}
    )
    fetched = json.fetch(options, {})
    records = [record for record in fetched.records if isinstance(record, Record)]
    assert len(records) == 9
    assert fetched.polls == tuple(sorted({
        datetime.fromisoformat(record.fields["observed_at"]).astimezone(UTC) for record in records
    }))  # fmt: skip


def test_pages_are_followed_by_the_next_link(server: Any, answer: Any) -> None:
    server.tell("/feed?from=2", answer(b'{"items": [{"id": 2}], "links": {"next": null}}'))
    url = server.tell("/feed", answer(b'{"items": [{"id": 1}], "links": {"next": "/feed?from=2"}}'))
    options = json.Options(url=url, records="items", next="links.next")
    fetched = json.fetch(options, {})
    assert [one.place for one in fetched.records] == ["page 1 record 1", "page 2 record 1"]
    assert json.fetch(options, fetched.cursor).unchanged


def test_pages_are_counted_until_one_is_empty(server: Any, answer: Any) -> None:
    for number, body in ((0, b'[{"id": 1}]'), (1, b'[{"id": 2}]'), (2, b"[]")):
        server.tell(f"/feed?key=k&p={number}", answer(body))
    options = json.Options(url=server.url("/feed?key=k"), page="p", first_page=0)
    assert len(list(json.fetch(options, {}).records)) == 2


def test_more_pages_than_the_bound_are_reported(server: Any, answer: Any) -> None:
    pages = [answer(b'{"items": [{"id": %d}], "next": "/feed"}' % number) for number in range(9)]
    url = server.tell("/feed", *pages)
    found = list(json.fetch(json.Options(url=url, records="items", next="next", pages=3), {}).records)
    assert [type(one) for one in found] == [Record, Record, Record, Broken]
    assert isinstance(found[3], Broken) and "raise 'pages'" in found[3].reason


def test_links_that_go_round_are_reported_once_they_do(server: Any, answer: Any) -> None:
    server.tell("/feed?from=2", answer(b'{"items": [{"id": 2}], "next": "/feed"}'))
    url = server.tell("/feed", answer(b'{"items": [{"id": 1}], "next": "/feed?from=2"}'))
    found = list(json.fetch(json.Options(url=url, records="items", next="next"), {}).records)
    assert [type(one) for one in found] == [Record, Record, Broken]
    assert isinstance(found[2], Broken) and "go round" in found[2].reason
    assert len(server.asked) == 3


def test_the_last_page_again_is_the_end(server: Any, answer: Any) -> None:
    for number, body in ((1, b'[{"id": 1}]'), (2, b'[{"id": 2}]'), (3, b'[{"id": 2}]')):
        server.tell(f"/feed?p={number}", answer(body))
    found = list(json.fetch(json.Options(url=server.url("/feed"), page="p"), {}).records)
    assert [one.place for one in found] == ["page 1 record 1", "page 2 record 1"]


def test_a_page_on_another_host_is_refused(server: Any, answer: Any) -> None:
    url = server.tell("/feed", answer(b'{"items": [{"id": 1}], "next": "http://169.254.0.1/secret"}'))
    with pytest.raises(FeedError, match="lies on another host"):
        json.fetch(json.Options(url=url, records="items", next="next"), {})


def test_a_page_that_fails_fails_the_poll(server: Any, answer: Any) -> None:
    url = server.tell("/feed", answer(b'{"items": [{"id": 1}], "next": "/gone"}'))
    with pytest.raises(FeedError, match="answers 404"):
        json.fetch(json.Options(url=url, records="items", next="next"), {})


def test_packed_lines_over_http(server: Any, answer: Any) -> None:
    url = server.tell("/feed.jsonl", answer(gzip.compress(b'{"id": 1}\n{"id": 2}\n')))
    assert len(list(json.fetch(json.Options(url=url), {}).records)) == 2


@pytest.mark.parametrize(("options", "reason"), [
    ({"path": "a", "next": "n"}, "only an address has pages"),
    ({"url": "http://x", "next": "n", "page": "p"}, "either by 'next' or by 'page'"),
])  # fmt: skip
def test_options_that_make_no_sense_are_refused(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        json.Options.model_validate(options)
