"""Whatever a file holds, it is records or a FeedError, and never more cells and characters than the bound."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook

from connectors import csv
from engine.errors import FeedError
from engine.model.feed import Record

MB = 1 << 20
pytestmark = pytest.mark.fuzz


def read(path: Path, content: bytes, **options: Any) -> None:
    """Goes through everything; what comes out is bounded whatever went in."""
    path.write_bytes(content)
    given_out = 0
    try:
        for one in csv.fetch(csv.Options(path=path, max_mb=1, **options), {}).records:
            if isinstance(one, Record):
                given_out += sum(len(value) + 1 for value in one.fields.values())
    except FeedError as error:
        assert str(error)
    assert given_out <= 2 * MB


def office() -> bytes:
    book = Workbook()
    book.worksheets[0].append(["id", "when", "n"])
    for number in range(5):
        book.worksheets[0].append([number, f"2026-03-0{number + 1}", "=1+1"])
    book.worksheets[0].merge_cells("A2:A4")
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


OFFICE = office()
ZIPPED = io.BytesIO()
with zipfile.ZipFile(ZIPPED, "w", zipfile.ZIP_DEFLATED) as into:
    into.writestr("a.csv", "id,n\n" + "1,2\n" * 50)
SEEDS = [OFFICE, ZIPPED.getvalue(), gzip.compress(b"id,n\n1,2\n" * 50), b'id,n\n1,"a\nb"\n2,\n' * 9]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A good file with some bytes changed, a piece doubled, or its end cut off."""
    content = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(0, 6))):
        content[draw(st.integers(0, len(content) - 1))] = draw(st.integers(0, 255))
    start, length = draw(st.integers(0, len(content))), draw(st.integers(0, 200))
    if draw(st.booleans()):
        content[start:start] = content[start : start + length]
    return bytes(content[: draw(st.integers(0, len(content)))]) if draw(st.booleans()) else bytes(content)


#: An archive that says its table of members lies further on than it does.
ASTRAY = ZIPPED.getvalue()[:-5] + bytes([ZIPPED.getvalue()[-5] + 1]) + ZIPPED.getvalue()[-4:]


@example(content=ASTRAY, fill=False, header=None)
@given(content=damaged(), fill=st.booleans(), header=st.sampled_from([None, 1, 3]))
def test_a_damaged_file(tmp_path: Path, content: bytes, fill: bool, header: int | None) -> None:
    read(tmp_path / "t", content, fill_down=fill, header=header, sheet=("all",))


@st.composite
def sheet(draw: st.DrawFn) -> str:
    """The XML of a sheet that follows no rule but the names of its elements."""
    piece = st.sampled_from([
        '<row r="1">', "<row>", '<row r="99999999999">', '<row r="-1">', "</row>", '<c r="A1">', "<c>",
        '<c r="XFD1" t="s">', '<c r="ZZZZZZ9" t="inlineStr">', '<c t="b">', '<c t="d" s="0">', '<c s="x">',
        '<c r="7">', "</c>", "<v>", "</v>", "1", "1e400", "nan", "46082.5", "<is><t>x</t></is>", "<rPh>",
        "</rPh>", "<f>A1</f>", '<mergeCell ref="A1:B9"/>', '<mergeCell ref=":"/>', "<t>", "</t>", "x" * 500,
    ])  # fmt: skip
    return "".join(draw(st.lists(piece, max_size=40)))


@given(rows=sheet(), strings=sheet())
def test_a_sheet_by_no_rule(tmp_path: Path, workbook: Any, rows: str, strings: str) -> None:
    read(tmp_path / "t", workbook(rows, strings=f"<sst><si><t>id</t></si>{strings}</sst>"))


@st.composite
def balanced(draw: st.DrawFn) -> str:
    """Rows of cells that are well-formed and say what they like."""
    kinds, places = st.sampled_from(["n", "s", "b", "e", "str", "d", "zz"]), st.sampled_from(
        ["A1", "B2", "XFD1048576", "", "AAAA1", "Ä1"]
    )  # fmt: skip
    texts = st.sampled_from(["", "0", "1", "-1", "9" * 400, "46082.5", "nan", "_x0041_", "_xD800_", "\u00a0"])
    cells = [
        f'<c r="{draw(places)}" t="{draw(kinds)}" s="{draw(texts)}"><v>{draw(texts)}</v></c>'
        for _ in range(draw(st.integers(0, 12)))
    ]
    return "".join(f'<row r="{draw(st.sampled_from(["", "1", "2", "0", "x"]))}">{one}</row>' for one in cells)


@given(rows=balanced(), fill=st.booleans())
def test_cells_that_say_what_they_like(tmp_path: Path, workbook: Any, rows: str, fill: bool) -> None:
    read(tmp_path / "t", workbook(rows, strings="<sst><si><t>id</t></si></sst>"), fill_down=fill)


@given(content=st.text(st.sampled_from(',;"\n\r \t\0ax\ufeff'), max_size=200), footer=st.integers(0, 3))
def test_a_text_of_marks(tmp_path: Path, content: str, footer: int) -> None:
    read(tmp_path / "t", content.encode(), footer=footer)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-7", "gb18030", "hz", "shift_jis", "cp037"])
@given(content=st.binary(max_size=60))
def test_bytes_in_any_encoding(tmp_path: Path, encoding: str, content: bytes) -> None:
    read(tmp_path / "t", content, encoding=encoding)
