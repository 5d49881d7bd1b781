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

from connectors import geojson, json
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
    with pytest.raises(FeedError, match=r"there is no list of records at 'a\.c', .*; set 'records'"):
        read(tmp_path / "t.json", b'{"a": {"b": []}}', records="a.c")


EVENTS = {"response": [
    {"Event": {"info": "one", "Attribute": [{"value": "a"}, {"value": "b", "Event": "own"}]}},
    {"Event": {"info": "none", "Attribute": []}},
    {"Event": {"info": "lacks it"}},
    {"Event": {"info": "two", "Attribute": [7]}},
]}  # fmt: skip
ADVISORY = {"document": {"id": "A"}, "vulns": [
    {"cve": "C-1", "scores": [{"base": 9.8}, {"base": 5}]}, {"cve": "C-2", "scores": []},
]}  # fmt: skip


@pytest.mark.parametrize(("document", "path", "found"), [
    (EVENTS, "response.*.Event.Attribute[]", [
        {"Event": {"info": "one"}, "value": "a"}, {"Event": "own", "value": "b"}, None,
    ]),
    (ADVISORY, "vulns[]", [
        {"document": {"id": "A"}, **vuln} for vuln in ADVISORY["vulns"]
    ]),
    (ADVISORY, "vulns[].scores[]", [
        {"document": {"id": "A"}, "vulns": {"cve": "C-1"}, "base": base} for base in (9.8, 5)
    ]),
    ({"by": {"x": {"n": 1}, "y": {"n": 2}}, "at": 3}, "by.*", [{"at": 3, "n": 1}, {"at": 3, "n": 2}]),
    ({"vulns": []}, "vulns[]", []),
    ([{"of": [{"n": 1}]}, {"of": [{"n": 2}]}], "*.of[]", [{"n": 1}, {"n": 2}]),
])  # fmt: skip
def test_lists_within_lists_are_read_through(tmp_path: Path, document: Any, path: str, found: Any) -> None:
    """Each record with the objects it lies in; what is no object is broken, and the rest goes on."""
    read_ = read(tmp_path / "t.json", stdlib.dumps(document).encode(), records=path)
    assert [one.fields if isinstance(one, Record) else None for one in read_] == found


@pytest.mark.parametrize("path", ["events[]", "document.events.*", "vulnerabilities[].scores[]"])
def test_a_path_through_lists_that_leads_nowhere_is_a_failed_poll(tmp_path: Path, path: str) -> None:
    with pytest.raises(FeedError, match="there is no list of records at"):
        read(tmp_path / "t.json", stdlib.dumps(ADVISORY).encode(), records=path)


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


def test_packed_lines_over_http(server: Any, answer: Any) -> None:
    url = server.tell("/feed.jsonl", answer(gzip.compress(b'{"id": 1}\n{"id": 2}\n')))
    assert len(list(json.fetch(json.Options(url=url), {}).records)) == 2


@pytest.mark.parametrize(("body", "found"), [
    (b'{"error": "Access denied", "code": 403}', "found an object with code, error"),
    (b'{"data": {"id": 1}}', "found an object with data"),
    (b"{}", "found an empty object"),
    (b'"maintenance"', "found str"),
    (b"null", "found NoneType"),
])  # fmt: skip
def test_a_document_without_the_list_is_a_failed_poll_that_says_what_was_found(
    tmp_path: Path, body: bytes, found: str
) -> None:
    with pytest.raises(FeedError, match=f"there is no list of records at 'data', {found}"):
        read(tmp_path / "t.json", body, records="data")


OK = {"field": "meta.success", "equals": True}


@pytest.mark.parametrize(("ok", "body", "good"), [
    (OK, b'{"meta": {"success": true}, "data": []}', True),
    (OK, b'{"meta": {"success": false}, "data": []}', False),
    (OK, b'{"meta": {"success": false}, "data": [{"id": 1}]}', False),
    (OK, b'{"meta": {}, "data": [{"id": 1}]}', False),
    (OK, b'{"data": [{"id": 1}]}', False),
    (OK, b'{"meta": {"success": [true]}, "data": [{"id": 1}]}', False),
    ({"field": "success"}, b'{"success": true, "data": []}', True),
    ({"field": "status", "equals": 200}, b'{"status": "200", "data": []}', True),
    ({"field": "status", "equals": 200}, b'{"status": 403, "data": []}', False),
    ({"field": "status", "equals": ["OK", "no data"]}, b'{"status": "No Data", "data": []}', True),
    (None, b'{"success": false, "status": 403, "error": "Access denied", "count": 0, "data": []}', False),
    (None, b'{"errors": [{"message": "quota"}], "data": []}', False),
    (None, b'{"status": "error", "data": []}', False),
    (None, '{"code": 500, "msg": "服务异常", "data": []}'.encode(), False),
    (None, b'{"status_code": "403", "data": []}', False),
    (None, b'{"errcode": 40001, "errmsg": "invalid credential", "data": []}', False),
    (None, b'{"errno": -1, "data": []}', False),
    (None, b'{"message": "API rate limit exceeded", "data": []}', False),
    (None, '{"code": 10001, "msg": "登录已过期", "data": []}'.encode(), False),
    (None, b'{"detail": "Invalid token.", "data": []}', False),
    (None, b'{"message": "no error", "msg": "success", "title": "Fires of the limits", "data": []}', True),
    (None, b'{"success": 0, "data": []}', False),
    (None, b'{"ok": "No", "data": []}', False),
    (None, b'{"result": "error", "data": []}', False),
    (None, b'{"result": 0, "success": 1, "data": []}', True),
    (None, b'{"code": 200, "errcode": 0, "errno": "0", "status": "200", "data": []}', True),
    (None, b'{"code": "A1", "status": [403], "error_code": null, "statusCode": 404.5, "data": []}', True),
    (None, b'{"code": 500, "data": [{"id": 1}]}', True),
    (None, b'{"success": true, "error": null, "errors": [], "status": "ok", "data": []}', True),
    (None, b'{"errors": ["one area is late"], "data": [{"id": 1}]}', True),
])  # fmt: skip
def test_an_answer_that_says_it_is_none_is_a_failed_poll(
    tmp_path: Path, ok: Any, body: bytes, good: bool
) -> None:
    if good:
        read(tmp_path / "t.json", body, records="data", ok=ok)
        return
    with pytest.raises(FeedError, match="no good answer") as caught:
        read(tmp_path / "t.json", body, records="data", ok=ok)
    assert "Access denied" not in str(caught.value)


@pytest.mark.parametrize(("total", "reason"), [
    ("2", ""), ('"2"', ""), ("1", ""), ("3", "2 records of the 3 that 'total' says"),
    ("null", "there is no 'total'"),
    ('"many"', "holds no number"), ("[2]", "holds no number"),
    ("2.0", ""), ('" 2 "', ""), ("1.5", "holds no number"), ("true", "holds no number"),
    ("-1", "holds no number"), ('"-1"', "holds no number"),
])  # fmt: skip
def test_fewer_records_than_the_document_says_there_are_is_a_failed_poll(
    tmp_path: Path, total: str, reason: str
) -> None:
    body = b'{"total": %s, "data": [{"id": 1}, {"id": 2}]}' % total.encode()
    if not reason:
        assert len(read(tmp_path / "t.json", body, records="data", total="total")) == 2
        return
    with pytest.raises(FeedError, match=reason):
        read(tmp_path / "t.json", body, records="data", total="total")


def test_nothing_stands_above_one_object_a_line() -> None:
    with pytest.raises(ValidationError, match="do not go with lines"):
        json.Options(path=Path("a"), lines=True, total="n")


@pytest.mark.parametrize(("above", "field"), [
    ({"total": 3}, "total"), ({"meta": {"totalCount": "3"}}, "meta.totalCount"),
    ({"has_more": True}, "has_more"), ({"next": "/items?page=2"}, "next"),
    ({"paging": {"next": "t1"}}, "paging.next"),
    ({"truncated": "false"}, ""),
    ({"total": 2, "has_more": False, "next": None, "page": 1}, ""),
])  # fmt: skip
def test_a_part_of_a_list_is_told_where_nobody_says_so(
    tmp_path: Path, above: dict[str, Any], field: str
) -> None:
    path = tmp_path / "t.json"
    path.write_text(stdlib.dumps({"items": [{"id": 1}, {"id": 2}], **above}))
    found = json.fetch(json.Options(path=path, records="items"), {})
    assert len(list(found.records)) == len(list(found.records)) == 2
    said = [f"t.json: by '{field}' it is a part of a list; see 'Pages' in docs/feeds.md"]
    assert list(found.notices) == (said if field else [])


@pytest.mark.parametrize("said", [
    {"msg": "系统繁忙，请稍后再试"}, {"message": "Server busy, try again"},
    {"warning": "Maintenance until 18:00"},
])  # fmt: skip
def test_an_empty_list_beside_an_excuse_is_no_answer(tmp_path: Path, said: dict[str, str]) -> None:
    path = tmp_path / "t.json"
    path.write_text(stdlib.dumps({"items": [], **said}))
    with pytest.raises(FeedError, match="tells of a failure"):
        list(json.fetch(json.Options(path=path, records="items"), {}).records)


ROW = {"id": 1}


@pytest.mark.parametrize(("above", "items", "field"), [
    # whatever the list holds
    ({"success": False}, [ROW], "success"), ({"isSuccess": "N"}, [], "isSuccess"),
    ({"is_success": 0}, [ROW], "is_success"), ({"Response": "False"}, [], "Response"),
    ({"state": "ERROR"}, [ROW], "state"), ({"return_code": "FAIL"}, [], "return_code"),
    ({"timed_out": True}, [ROW], "timed_out"), ({"incomplete_results": True}, [ROW], "incomplete_results"),
    ({"meta": {"status": "failed"}}, [ROW], "meta.status"), ({"result": {"ok": "no"}}, [], "result.ok"),
    # beside an empty list alone
    ({"fault": {"code": 7}}, [], "fault"), ({"retcode": -1}, [], "retcode"),
    ({"_shards": {"failed": 5}}, [], "_shards.failed"),
    ({"head": {"errCode": "1001"}}, [], "head.errCode"), ({"meta": {"status": 503}}, [], "meta.status"),
    ({"retcode": -1}, [ROW], ""), ({"error": "none that counts"}, [ROW], ""), ({"status": 503}, [ROW], ""),
    # no failure at all
    ({"success": True, "ok": 1, "status": "success", "ret": 0, "error": None}, [], ""),
    ({"timed_out": False, "partial": "no", "incomplete": ""}, [], ""), ({"code": "00000", "rc": "0"}, [], ""),
    ({"result": {"status": 200, "errors": []}}, [], ""), ({"state": "open", "result": "ok"}, [], ""),
    # of the records themselves nothing is said by this
    ({"data": {"success": False}}, [ROW], ""),
])  # fmt: skip
def test_what_a_document_plainly_says_of_itself_is_heeded(
    tmp_path: Path, above: dict[str, Any], items: list[Any], field: str
) -> None:
    path = tmp_path / "t.json"
    path.write_text(stdlib.dumps({**above, "items": items}))
    found = json.Options(path=path, records="items")
    if not field:
        assert len(list(json.fetch(found, {}).records)) == len(items)
        return
    beside = "" if items else "an empty list, and "
    with pytest.raises(FeedError, match=f"no good answer: {beside}'{field}' tells of a failure"):
        list(json.fetch(found, {}).records)
    field = next(iter(above))
    if not isinstance(above[field], dict):  # whoever knows its source may say so
        said = json.Options(path=path, records="items", ok={"field": field, "equals": above[field]})
        assert len(list(json.fetch(said, {}).records)) == len(items)


@pytest.mark.parametrize(("above", "field"), [
    ({"_shards": {"total": 5, "failed": 2}}, "_shards.failed"),
    ({"_shards": {"total": 5, "failures": [{"shard": 1}]}}, "_shards.failures"),
    ({"errors": [{"message": "one of ten", "path": ["a"]}]}, "errors"),
    ({"meta": {"errors": ["one of ten"]}}, "meta.errors"),
    ({"error": {"code": "x"}}, "error"), ({"@odata.error": {"code": "x"}}, "@odata.error"),
    ({"exceededTransferLimit": True}, "exceededTransferLimit"), ({"IsTruncated": "true"}, "IsTruncated"),
    ({"properties": {"exceededTransferLimit": True}}, "properties.exceededTransferLimit"),
    ({"_shards": {"total": 5, "successful": 5, "failed": 0}, "errors": [], "error": None}, ""),
    ({"exceededTransferLimit": False, "truncated": 0}, ""), ({"errors": "none"}, ""),
])  # fmt: skip
@pytest.mark.parametrize("form", ["json", "geojson"])
def test_what_a_document_lacks_by_its_own_words_makes_the_rest_a_part(
    tmp_path: Path, form: str, above: dict[str, Any], field: str
) -> None:
    """What is there counts, and the poll does not."""
    path, rows = tmp_path / "t.json", [{"id": 1, "type": "Feature", "properties": {}}]
    path.write_text(stdlib.dumps({**above, "features": rows}))
    found = (
        json.fetch(json.Options(path=path, records="features"), {}) if form == "json"
        else geojson.fetch(geojson.Options(path=path), {})
    )  # fmt: skip
    record, *rest = found.records
    assert isinstance(record, Record)
    said = f"t.json: by '{field}' a part of the answer could not be had; ask the source"
    assert [one.reason for one in rest if isinstance(one, Broken) and one.whole] == ([said] if field else [])
    assert len(rest) == bool(field)


@pytest.mark.parametrize(("above", "field"), [
    ({"exceededTransferLimit": True}, "exceededTransferLimit"),
    ({"properties": {"truncated": 1}}, "truncated"), ({"total": 37}, "total"),
    ({"totalCount": "2"}, "totalCount"), ({"success": True, "total": 1}, "total"),
    ({"total": 0}, ""), ({"recordsTotal": 900, "recordsFiltered": 0}, ""), ({"truncated": False}, ""),
    ({"has_more": True}, ""),
])  # fmt: skip
def test_an_empty_list_that_says_there_is_more_is_no_quiet_day(
    tmp_path: Path, above: dict[str, Any], field: str
) -> None:
    path = tmp_path / "t.json"
    path.write_text(stdlib.dumps({**above, "features": []}))
    ok = {"field": "success"} if "success" in above else None
    for fetch in (
        lambda: json.fetch(json.Options(path=path, records="features", ok=ok), {}),
        lambda: geojson.fetch(geojson.Options(path=path, ok=ok), {}),
    ):  # fmt: skip
        if not field:
            assert list(fetch().records) == []
            continue
        with pytest.raises(FeedError, match=f"an empty list, and by '[a-z.]*{field}' there is more"):
            list(fetch().records)


def test_what_counts_the_objects_that_records_lie_in_promises_no_record(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text('{"total": 2, "events": [{"parts": []}, {"parts": []}]}')
    assert list(json.fetch(json.Options(path=path, records="events[].parts[]"), {}).records) == []


@pytest.mark.parametrize("above", [
    {"exceededTransferLimit": True}, {"truncated": True, "next": "/p2"}, {"total": 9, "is_truncated": 1},
    {"has_more": True, "errors": [{"message": "one of ten"}]},
])  # fmt: skip
@pytest.mark.parametrize("form", ["json", "geojson"])
def test_what_makes_the_poll_a_failed_one_is_no_notice_too(
    tmp_path: Path, form: str, above: dict[str, Any]
) -> None:
    path = tmp_path / "t.json"
    path.write_text(stdlib.dumps({**above, "features": [{"id": 1, "type": "Feature", "properties": {}}]}))
    found = (
        json.fetch(json.Options(path=path, records="features"), {}) if form == "json"
        else geojson.fetch(geojson.Options(path=path), {})
    )  # fmt: skip
    assert [isinstance(one, Broken) and one.whole for one in found.records] == [False, True]
    assert list(found.notices) == []


def test_what_is_asked_for_page_by_page_or_counted_is_not_cut(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text('{"truncated": true, "n": 1, "items": [{"id": 1}]}')
    assert len(list(json.fetch(json.Options(path=path, records="items", total="n"), {}).records)) == 1


def test_whoever_says_by_which_field_an_answer_is_good_is_heeded(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text('{"state": "ok", "errors": ["one of ten"], "items": [{"id": 1}]}')
    options = json.Options(path=path, records="items", ok={"field": "state", "equals": "ok"})
    assert len(list(json.fetch(options, {}).records)) == 1
