"""Workbooks as offices, report servers and libraries write them, and what only looks like one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from connectors import csv
from engine.errors import FeedError
from engine.model.feed import Broken, Fetch, Record

Build = Callable[..., bytes]


def cell(place: str, text: Any, kind: str = "n", style: str = "") -> str:
    shown = f' s="{style}"' if style else ""
    return f'<c r="{place}" t="{kind}"{shown}><v>{text}</v></c>'


def inline(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


HEAD = row(1, inline("A1", "id"), inline("B1", "n"))


@pytest.fixture
def fetch(tmp_path: Path) -> Callable[..., Fetch]:
    def read(content: bytes, **options: Any) -> Fetch:
        path = tmp_path / "t.xlsx"
        path.write_bytes(content)
        return csv.fetch(csv.Options.model_validate({"path": path, **options}), {})

    return read


@pytest.fixture
def read(fetch: Callable[..., Fetch]) -> Callable[..., list[dict[str, Any]]]:
    def fields(content: bytes, **options: Any) -> list[dict[str, Any]]:
        records = list(fetch(content, **options).records)
        assert all(isinstance(one, Record) for one in records), records
        return [dict(one.fields) for one in records if isinstance(one, Record)]

    return fields


def saved(tmp_path: Path, fill: Callable[[Workbook], None]) -> bytes:
    book = Workbook()
    fill(book)
    book.save(tmp_path / "made.xlsx")
    return (tmp_path / "made.xlsx").read_bytes()


@pytest.mark.parametrize("claim", [
    "", '<dimension ref="A1"/>', '<dimension ref="A1:XFD1048576"/>', '<dimension ref="nonsense"/>',
])  # fmt: skip
def test_what_a_sheet_says_of_its_own_size_is_not_believed(workbook: Build, read: Any, claim: str) -> None:
    rows = HEAD + "".join(row(n, cell(f"A{n}", n), cell(f"B{n}", n * 2)) for n in range(2, 5))
    assert read(workbook(rows, before=claim)) == [{"id": str(n), "n": str(n * 2)} for n in range(2, 5)]


def test_a_cell_at_the_far_end_costs_nothing(workbook: Build, fetch: Any) -> None:
    rows = HEAD + row(2, cell("A2", 1), cell("XFD2", 9)) + row(1048576, cell("A1048576", 2))
    found = list(fetch(workbook(rows)).records)
    assert [(one.fields, one.place) for one in found] == [
        ({"id": "1", "n": ""}, "line 2"), ({"id": "2", "n": ""}, "line 1048576"),
    ]  # fmt: skip


def test_cells_and_rows_that_do_not_say_where_they_stand(workbook: Build, read: Any) -> None:
    rows = "<row><c t='inlineStr'><is><t>id</t></is></c><c t='inlineStr'><is><t>n</t></is></c></row>"
    assert read(workbook(rows + "<row><c><v>1</v></c><c><v>2</v></c></row>")) == [{"id": "1", "n": "2"}]


def test_texts_inline_shared_and_in_runs_without_their_reading_aids(workbook: Build, read: Any) -> None:
    strings = (
        "<sst><si><t>id</t></si><si><r><t>Up</t></r><r><t>psala</t></r></si>"
        "<si><t>東京</t><rPh><t>トウキョウ</t></rPh></si><si><t>a_x000D_b</t></si></sst>"
    )
    rows = row(1, cell("A1", 0, "s")) + "".join(row(n + 1, cell(f"A{n + 1}", n, "s")) for n in (1, 2, 3))
    assert [one["id"] for one in read(workbook(rows, strings=strings))] == ["Uppsala", "東京", "a\rb"]


def test_a_book_without_styles_or_relations_is_read(workbook: Build, read: Any) -> None:
    rows = HEAD + row(2, cell("A2", 1, style="7"), cell("B2", "1.5"))
    for parts in ({}, {"styles": None}, {"root": None}, {"rels": None}):
        assert read(workbook(rows, **parts)) == [{"id": "1", "n": "1.5"}]


def test_other_programs_prefixes_slashes_and_cases(packed: Any, read: Any) -> None:
    sheet = (
        '<x:worksheet xmlns:x="x"><x:sheetData><x:row r="1"><x:c r="A1" t="str"><x:v>id</x:v></x:c></x:row>'
        '<x:row r="2"><x:c r="A2"><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    rels = '<Relationships><Relationship Id="a" Type="x/worksheet" Target="/XL/S/One.xml"/></Relationships>'
    book = '<workbook xmlns:r="r"><sheets><sheet name="S" r:id="a"/></sheets></workbook>'
    parts = {
        "[Content_Types].xml": "<Types/>", "xl\\workbook.xml": book, "xl\\_rels\\workbook.xml.rels": rels,
        "xl\\s\\one.xml": sheet,
    }  # fmt: skip
    assert read(packed(parts)) == [{"id": "7"}]


@pytest.mark.parametrize(("written", "expected"), [
    (cell("A2", 1, "b"), "TRUE"), (cell("A2", 0, "b"), "FALSE"), (cell("A2", "#N/A", "e"), "#N/A"),
    (cell("A2", "110101.0"), "110101"), (cell("A2", "1.10101E5"), "110101"), (cell("A2", "12.50"), "12.5"),
    (cell("A2", "0.30000000000000004"), "0.3"), (cell("A2", "1e999"), "1e999"),
    (cell("A2", "2026-03-08T07:00:00", "d"), "2026-03-08T07:00:00"),
    (inline("A2", "\u00a0\u3000 x \ufeff\u00a0"), "x"),
])  # fmt: skip
def test_values_are_the_texts_a_csv_would_hold(
    workbook: Build, read: Any, written: str, expected: str
) -> None:
    assert read(workbook(row(1, inline("A1", "id")) + row(2, written))) == [{"id": expected}]


def test_a_formula_that_was_never_worked_out_is_told(workbook: Build, fetch: Any) -> None:
    never = '<c r="B2"><f>A2+1</f></c>'
    blank = '<c r="B3" t="str"><f>T(A3)</f><v></v></c>'
    done = '<c r="B4"><f>A4+1</f><v>5</v></c>'
    rows = HEAD + row(2, cell("A2", 1), never) + row(3, cell("A3", 2), blank) + row(4, cell("A4", 4), done)
    found = fetch(workbook(rows))
    assert [one.fields["n"] for one in found.records] == ["#UNCALCULATED!", "", "5"]
    assert found.notices == [
        "t.xlsx: 1 formulas of 'S' have no value; open the book in a spreadsheet program and save it"
    ]


STYLES = (
    '<styleSheet><numFmts>'
    '<numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/>'
    '<numFmt numFmtId="165" formatCode="[h]:mm"/><numFmt numFmtId="166" formatCode="0.0&quot; days&quot;"/>'
    '<numFmt numFmtId="167" formatCode="[$-804]上午/下午h&quot;时&quot;mm&quot;分&quot;;@"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>'
    + "".join(f'<xf numFmtId="{number}"/>' for number in (0, 14, 164, 31, 165, 166, 167, 22))
    + "</cellXfs></styleSheet>"
)


@pytest.mark.parametrize(("style", "serial", "expected"), [
    ("0", "46082", "46082"),  # a plain number stays one
    ("1", "46082", "2026-03-01"),
    ("2", "46082", "2026-03-01"),
    ("3", "46082", "2026-03-01"),  # a built-in format of Chinese programs
    ("4", "1.25", "1.25"),  # a length of time is no moment
    ("5", "46082", "46082"),
    ("6", "0.5", "12:00:00"),
    ("7", "46082.41666666666", "2026-03-01T10:00:00"),
    ("1", "59", "1900-02-28"),
    ("1", "60", "60"),  # 1900-02-29 never was
    ("1", "61", "1900-03-01"),
    ("1", "-1", "-1"),
    ("99", "46082", "46082"),
])  # fmt: skip
def test_dates_by_the_style_of_their_cell(
    workbook: Build, read: Any, style: str, serial: str, expected: str
) -> None:
    rows = row(1, inline("A1", "when")) + row(2, cell("A2", serial, style=style))
    assert read(workbook(rows, styles=STYLES)) == [{"when": expected}]


def test_dates_that_count_from_1904(workbook: Build, read: Any) -> None:
    sheets = '<sheets><sheet name="S" r:id="a"/></sheets>'
    book = f'<workbook xmlns:r="r"><workbookPr date1904="1"/>{sheets}</workbook>'
    rows = row(1, inline("A1", "when")) + row(2, cell("A2", 44620, style="1"))
    assert read(workbook(rows, styles=STYLES, book=book)) == [{"when": "2026-03-01"}]


def test_what_openpyxl_writes(tmp_path: Path, read: Any) -> None:
    def fill(book: Workbook) -> None:
        book.worksheets[0].append(["when", "day", "x"])
        book.worksheets[0].append([datetime(2026, 3, 8, 7, 30), date(2026, 3, 8), "=1+1"])

    assert read(saved(tmp_path, fill)) == [
        {"when": "2026-03-08T07:30:00", "day": "2026-03-08", "x": "#UNCALCULATED!"}
    ]


def merged(tmp_path: Path) -> bytes:
    def fill(book: Workbook) -> None:
        rows = ["area", "id", "note"], ["01", 1, "a"], [None, 2, None], [None, 3, "c"], ["02", 4, "d"]
        for values in rows:
            book.worksheets[0].append(values)
        book.worksheets[0].merge_cells("A2:A4")

    return saved(tmp_path, fill)


def test_merged_cells_repeat_their_value_where_the_options_say_so(tmp_path: Path, read: Any) -> None:
    rows = read(merged(tmp_path), fill_down=["area"])
    assert [(one["area"], one["note"]) for one in rows] == [("01", "a"), ("01", ""), ("01", "c"), ("02", "d")]
    assert [one["note"] for one in read(merged(tmp_path), fill_down=True)] == ["a", "a", "c", "d"]


def test_merged_cells_that_nobody_fills_are_told(tmp_path: Path, fetch: Any) -> None:
    found = fetch(merged(tmp_path))
    assert [one.fields["area"] for one in found.records] == ["01", "", "", "02"]
    said = "t.xlsx: 1 merged cells of 'Sheet' span several rows and only the first has their value"
    assert found.notices == [f"{said}; say which columns repeat it: fill_down: [...]"]
    with pytest.raises(FeedError, match="fill_down names 'Area', which is no column"):
        list(fetch(merged(tmp_path), fill_down=["Area"]).records)


def report(book: Workbook) -> None:
    for values in (["Report of March"], [], ["id", "n"], [1, 2], [], [None, None], ["Total", 2]):
        book.worksheets[0].append(values)


def test_titles_above_the_header_and_totals_below(tmp_path: Path, read: Any, fetch: Any) -> None:
    content = saved(tmp_path, report)
    assert read(content, header=3, footer=1) == [{"id": "1", "n": "2"}]
    assert read(content, header=3)[-1] == {"id": "Total", "n": "2"}
    looked_at = fetch(content)
    assert looked_at.columns == ("Report of March",)
    assert looked_at.first_lines[3] == ("id", "n")
    with pytest.raises(FeedError, match="line 2, which should name the columns, is blank"):
        fetch(content, header=2)


def sheets(book: Workbook) -> None:
    book.create_sheet("March").append(["id"])
    book["March"].append([1])
    book.create_sheet("April").append(["id"])
    book["April"].append([2])
    book.create_sheet("Codes").append(["id"])
    book["Codes"].append([3])
    book["Codes"].sheet_state = "hidden"


def test_of_several_sheets_the_first_that_holds_something_and_what_is_left_is_told(
    tmp_path: Path, fetch: Any
) -> None:
    found = fetch(saved(tmp_path, sheets))
    assert [one.fields["id"] for one in found.records] == ["1"]
    assert found.notices == [
        "t.xlsx: only the sheet 'March' is read, not 'April'; say sheet: all, or name it"
    ]


@pytest.mark.parametrize(("sheet", "places"), [
    ("April", ["line 2"]), ("all", ["March line 2", "April line 2"]), ("Codes", ["line 2"]),
    (["Codes", "March"], ["Codes line 2", "March line 2"]),
])  # fmt: skip
def test_sheets_are_named_or_all_that_are_shown(
    tmp_path: Path, fetch: Any, sheet: Any, places: list[str]
) -> None:
    found = fetch(saved(tmp_path, sheets), sheet=sheet)
    assert [one.place for one in found.records] == places
    assert list(found.notices) == []


def test_a_sheet_that_is_not_there(tmp_path: Path, fetch: Any) -> None:
    with pytest.raises(FeedError, match="there is no sheet 'May'; the sheets are Sheet, March, April, Codes"):
        fetch(saved(tmp_path, sheets), sheet="May")


OLE2 = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)


@pytest.mark.parametrize(("content", "reason"), [
    (OLE2, r"an old \.xls file .*; open it in a spreadsheet program and save it as \.xlsx or CSV"),
    (OLE2 + "EncryptedPackage".encode("utf-16-le"), "a spreadsheet with a password .*; save it without one"),
    (b"\n<html><head><title>Log in</title>", "an HTML page titled 'Log in' where a table was expected"),
    (b"\xef\xbb\xbf<!-- x --><!DOCTYPE html><table>", "an HTML page where a table was expected"),
    (b"<!DOCTYPE html><title>Mail a@b.se or 070-123 45 67 now</title>", "titled 'Mail or now'"),
    (b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>",
     r"a spreadsheet as XML \(2003\)"),
    (b"<?xml version='1.0'?><alert/>", "an XML document"),
    (b"%PDF-1.7", "a PDF where a table was expected"),
    ("id,n\n1,2\n".encode("utf-16"), "encoding: utf-16"),
])  # fmt: skip
def test_what_is_called_a_table_and_is_none_is_named(fetch: Any, content: bytes, reason: str) -> None:
    with pytest.raises(FeedError, match=reason):
        fetch(content)


@pytest.mark.parametrize(("parts", "reason"), [
    ({"[Content_Types].xml": "", "xl/workbook.bin": "x"}, r"a binary workbook \(\.xlsb\)"),
    ({"mimetype": "application/vnd.oasis", "content.xml": "<x/>"}, r"an OpenDocument file \(\.ods\)"),
    ({"[Content_Types].xml": "", "word/document.xml": "<x/>"}, r"a text document \(\.docx\)"),
    ({"[Content_Types].xml": "", "x.txt": "x"}, r"no \.xlsx workbook"),
])  # fmt: skip
def test_other_office_documents_are_named(
    packed: Any, fetch: Any, parts: dict[str, str], reason: str
) -> None:
    with pytest.raises(FeedError, match=reason):
        fetch(packed(parts))


@pytest.mark.parametrize(("rows", "parts", "reason"), [
    (HEAD + row(2, cell("A2", 5, "s")), {}, "no shared text '5'"),
    (HEAD + "<row><c>", {}, "damaged: mismatched tag"),
    (HEAD + '<row r="2"><c r="?2"><v>1</v></c></row>', {}, "no place of a cell"),
    (HEAD, {"book": '<workbook xmlns:r="r"><sheets/></workbook>'}, "shows no sheet"),
    (HEAD, {"book": '<!DOCTYPE x [<!ENTITY a "b">]><workbook/>'}, "declares a document type"),
    (HEAD, {"book": '<workbook xmlns:r="r"><sheets><sheet name="S" r:id="z"/></sheets></workbook>',
            "rels": '<R><Relationship Id="z" Type="w/worksheet" Target="gone.xml"/></R>'},
     "the part xl/gone.xml is missing"),
])  # fmt: skip
def test_a_damaged_book_says_what_is_wrong(
    workbook: Build, fetch: Any, rows: str, parts: dict[str, str], reason: str
) -> None:
    with pytest.raises(FeedError, match=reason):
        list(fetch(workbook(rows, **parts)).records)


def test_a_text_that_is_repeated_beyond_the_bound_is_refused(workbook: Build, fetch: Any) -> None:
    strings = f"<sst><si><t>id</t></si><si><t>{'x' * 100_000}</t></si></sst>"
    rows = row(1, cell("A1", 0, "s")) + "".join(row(n, cell(f"A{n}", 1, "s")) for n in range(2, 100))
    with pytest.raises(FeedError, match="larger than 1 MB"):
        list(fetch(workbook(rows, strings=strings), max_mb=1).records)


def test_parts_that_unpack_beyond_the_bound_are_refused(workbook: Build, fetch: Any) -> None:
    with pytest.raises(FeedError, match="larger than 1 MB"):
        fetch(workbook(HEAD + " " * (2 << 20)), max_mb=1)


def test_more_columns_than_a_table_may_have(workbook: Build, fetch: Any) -> None:
    cells = "".join(f"<c t='inlineStr'><is><t>c{n}</t></is></c>" for n in range(5000))
    with pytest.raises(FeedError, match="5000 columns where 4096 may be"):
        fetch(workbook(f"<row>{cells}</row>"))


def test_a_remark_beside_the_table_costs_no_record(workbook: Build, fetch: Any) -> None:
    found = list(fetch(workbook(HEAD + row(2, cell("A2", 1), inline("D2", "see file")))).records)
    assert not any(isinstance(one, Broken) for one in found) and found[0].fields == {"id": "1", "n": ""}
