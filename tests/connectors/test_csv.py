"""Tables from files, patterns and HTTP: whatever is broken is one line, and the rest goes on."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from pydantic import ValidationError

from connectors import csv
from engine.errors import FeedError
from engine.model.feed import Broken, Record


def read(path: Path, content: bytes | str, **options: Any) -> list[Record | Broken]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(csv.fetch(csv.Options(path=path, **options), {}).records)


def fields(records: list[Record | Broken]) -> list[dict[str, Any]]:
    return [dict(record.fields) for record in records if isinstance(record, Record)]


SPECTRUM = json.loads((Path(__file__).parents[1] / "data/connectors/csv_spectrum.json").read_text())


@pytest.mark.parametrize("name", sorted(SPECTRUM))
def test_the_spectrum_of_valid_tables(tmp_path: Path, name: str) -> None:
    records = read(tmp_path / "t.csv", SPECTRUM[name]["csv"])
    assert all(isinstance(record, Record) for record in records)
    assert fields(records) == SPECTRUM[name]["rows"]


def test_a_broken_line_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    records = read(tmp_path / "t.csv", 'a,b\n1,2\n3\n4,5,6\n7,"8"x\n\n9,10,,\n11,12\n')
    assert fields(records) == [{"a": "1", "b": "2"}, {"a": "9", "b": "10"}, {"a": "11", "b": "12"}]
    broken = [(record.place, record.reason) for record in records if isinstance(record, Broken)]
    assert broken == [
        ("line 3", "1 values where there are 2 columns"),
        ("line 4", "3 values where there are 2 columns"),
        ("line 5", "',' expected after '\"'"),
    ]


SWALLOWED = {
    "one row": '2,"b,x,m\n3,c"",y,n\n',
    "in the last column": '2,b,x,"m\n3,c,y,n\n4,d,z,o"\n',
    "in the first": '"2,b,x,m\n3,c,y,n\n4",d,z,o\n',
    "in one between": '2,b,"x,m\n3,c,y,n\n4,d",z,o\n',
}  # fmt: skip


@pytest.mark.parametrize("case", SWALLOWED)
def test_a_quote_that_is_closed_rows_further_down_swallows_none_of_them(tmp_path: Path, case: str) -> None:
    found = read(tmp_path / "t.csv", f"i,j,k,l\n1,a,w,k\n{SWALLOWED[case]}5,e,v,p\n".encode())
    kept = [one.fields["i"] for one in found if isinstance(one, Record)]
    assert kept[0] == "1" and kept[-1] == "5"
    assert len(found) >= len(SWALLOWED[case].splitlines()) + 2, "every line is a record, or told"
    assert ("3" in kept) or case == "one row"


@pytest.mark.parametrize("text", [
    "several\nlines of a text", "a list:\n- one, and two, or three\n- four", "with, a, b\n\nand, c, d",
    "rain, wind,\nsnow", "\n", "one\n",
])  # fmt: skip
def test_a_text_of_several_lines_is_one_value(tmp_path: Path, text: str) -> None:
    for at in range(4):
        cells = ["1", "b", "c", "d"]
        cells[at] = f'"{text}"'
        (one,) = read(tmp_path / "t.csv", f"i,j,k,l\n{','.join(cells)}\n".encode())
        assert isinstance(one, Record) and one.fields["ijkl"[at]] == text


def test_a_quote_that_is_never_closed_swallows_one_line_only(tmp_path: Path) -> None:
    lines = [f"{number},x" for number in range(1, 2001)]
    lines[9] = '10,"x'
    records = read(tmp_path / "t.csv", "id,text\n" + "\n".join(lines) + "\n")
    assert [record.place for record in records if isinstance(record, Broken)] == ["line 11"]
    assert len(fields(records)) == 1999


def test_a_value_may_hold_line_breaks_and_lines_are_counted_right(tmp_path: Path) -> None:
    records = read(tmp_path / "t.csv", 'a,b\n1,"two\nlines"\n3,4\n')
    assert fields(records)[0]["b"] == "two\nlines"
    assert [record.place for record in records] == ["line 2", "line 4"]


def test_bytes_that_the_encoding_does_not_know_break_their_line_only(tmp_path: Path) -> None:
    content = "id,place\n1,Malmö\n2,Lund\n".encode("latin-1")
    first, second = read(tmp_path / "t.csv", content)
    assert isinstance(first, Broken) and "name the file's encoding" in first.reason
    assert isinstance(second, Record)
    assert fields(read(tmp_path / "t.csv", content, encoding="latin-1"))[0]["place"] == "Malmö"


def test_chinese_encoding_byte_order_mark_and_tabs(tmp_path: Path) -> None:
    chinese = "编号,地点\n1,东城区\n".encode("gb18030")
    assert fields(read(tmp_path / "a.csv", chinese, encoding="gb18030")) == [{"编号": "1", "地点": "东城区"}]
    assert fields(read(tmp_path / "b.csv", b"\xef\xbb\xbfid\tplace\n1\tx\n", delimiter="\t")) == [
        {"id": "1", "place": "x"}
    ]


def test_columns_are_named_and_some_are_not_read(tmp_path: Path) -> None:
    named = read(tmp_path / "t.csv", "1,secret,x\n", columns=("id", "-", "place"))
    assert fields(named) == [{"id": "1", "place": "x"}]
    replaced = read(tmp_path / "t.csv", "a,b\n1,2\n", columns=("id", "-"), header=True)
    assert fields(replaced) == [{"id": "1"}]


@pytest.mark.parametrize(("content", "reason"), [
    ("", "empty"),
    ("id,place,id\n1,2,3\n", "'id' stands twice"),
    ('"id\n1\n', "the first line cannot be read"),
])  # fmt: skip
def test_a_table_without_a_proper_first_line_is_a_failed_poll(
    tmp_path: Path, content: str, reason: str
) -> None:
    with pytest.raises(FeedError, match=reason):
        read(tmp_path / "t.csv", content)


def test_gzip_is_recognised_by_its_bytes_and_damage_is_a_failed_poll(tmp_path: Path) -> None:
    packed = gzip.compress(b"id\n" + b"1\n" * 5000)
    assert len(fields(read(tmp_path / "t.csv", packed))) == 5000
    with pytest.raises(FeedError, match="damaged"):
        read(tmp_path / "t.csv", packed[:40])


def test_a_file_that_unpacks_beyond_the_bound_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match="larger than 1 MB"):
        read(tmp_path / "t.csv", gzip.compress(b"id\n" + b"0" * (2 << 20)), max_mb=1)


def test_a_spreadsheet_gives_the_texts_a_csv_would(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["code", "when", "day", "size", "place"])
    sheet.append([110101.0, datetime(2026, 3, 8, 7, 30), datetime(2026, 3, 8), 1.5, None])
    sheet.append([None] * 5)
    book.create_sheet("second").append(["only"])
    book.save(tmp_path / "t.xlsx")
    found = list(csv.fetch(csv.Options(path=tmp_path / "t.xlsx"), {}).records)
    assert fields(found) == [
        {"code": "110101", "when": "2026-03-08T07:30:00", "day": "2026-03-08", "size": "1.5", "place": ""}
    ]
    with pytest.raises(FeedError, match="the sheets are Sheet, second"):
        list(csv.fetch(csv.Options(path=tmp_path / "t.xlsx", sheet="third"), {}).records)


def test_what_only_looks_like_a_spreadsheet_is_a_failed_poll(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match="a damaged archive or spreadsheet"):
        read(tmp_path / "t.xlsx", b"PK\x03\x04 and nothing more")


def test_a_pattern_reads_every_file_and_names_it(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("id\n2\nx,y\n")
    (tmp_path / "a.csv").write_text("id\n1\n")
    records = list(csv.fetch(csv.Options(path=tmp_path / "*.csv"), {}).records)
    assert [record.place for record in records] == ["a.csv line 2", "b.csv line 2", "b.csv line 3"]
    assert list(csv.fetch(csv.Options(path=tmp_path / "*.txt"), {}).records) == []


def test_an_unchanged_file_is_not_read_again_and_a_changed_one_is(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id\n1\n")
    first = csv.fetch(csv.Options(path=path), {})
    assert csv.fetch(csv.Options(path=path), first.cursor).unchanged
    path.write_text("id\n1\n2\n")
    assert len(list(csv.fetch(csv.Options(path=path), first.cursor).records)) == 2
    other = tmp_path / "other.csv"
    other.write_text("id\n1\n")
    assert not csv.fetch(csv.Options(path=other), first.cursor).unchanged


def test_over_http_the_same_bytes_are_unchanged_even_without_an_etag(server: Any, answer: Any) -> None:
    options = csv.Options(url=server.tell("/t.csv", answer(b"id\n1\n")))
    first = csv.fetch(options, {})
    assert fields(list(first.records)) == [{"id": "1"}]
    assert csv.fetch(options, first.cursor).unchanged


def test_a_missing_file_says_which(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match=r"gone\.csv: there is no such file"):
        csv.fetch(csv.Options(path=tmp_path / "gone.csv"), {})


def test_polls_come_from_a_companion_or_from_a_column(tmp_path: Path) -> None:
    path, polls = tmp_path / "t.csv", tmp_path / "polls.csv.gz"
    path.write_text("id,seen\n1,2026-03-08T07:00:00Z\n2,2026-03-08T07:00:00Z\n3,2026-03-07T08:00:00+01:00\n")
    polls.write_bytes(gzip.compress(b"polled_at\n2026-03-08T07:00:00Z\n2026-03-07T07:00:00Z\n"))
    expected = (datetime(2026, 3, 7, 7, tzinfo=UTC), datetime(2026, 3, 8, 7, tzinfo=UTC))
    companion = csv.Options.model_validate({"path": path, "polls": polls})
    column = csv.Options.model_validate({"path": path, "polls": {"column": "seen"}})
    for options in (companion, column):
        fetched = csv.fetch(options, {})
        assert fetched.polls == expected
        assert len(list(fetched.records)) == 3


def test_a_poll_moment_without_its_offset_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("id,seen\n1,2026-03-08\n")
    with pytest.raises(FeedError, match="'2026-03-08' is no poll moment"):
        csv.fetch(csv.Options.model_validate({"path": path, "polls": {"column": "seen"}}), {})


@pytest.mark.parametrize(("options", "reason"), [
    ({}, "exactly one of path, url"),
    ({"path": "a", "url": "http://x"}, "exactly one of path, url"),
    ({"url": "ftp://x"}, "begins with http"),
    ({"path": "a", "encoding": "utf-9"}, "there is no encoding 'utf-9'"),
    ({"path": "a", "header": False}, "the columns must be named"),
    ({"path": "a", "delimeter": ";"}, "Extra inputs"),
])  # fmt: skip
def test_options_that_make_no_sense_are_refused(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        csv.Options.model_validate(options)


def test_a_damaged_file_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(gzip.compress(b"id\n" + b"1\n" * 9000)[:-9])
    (tmp_path / "b.csv").write_text("")
    (tmp_path / "c.csv").write_text("id\n7\n")
    found = list(csv.fetch(csv.Options(path=tmp_path / "*.csv"), {}).records)
    assert [(one.place, one.reason[:14]) for one in found if isinstance(one, Broken)] == [
        ("a.csv", "a.csv: damaged"), ("b.csv", "b.csv: empty; "),
    ]  # fmt: skip
    assert isinstance(found[-1], Record) and found[-1].fields == {"id": "7"}
