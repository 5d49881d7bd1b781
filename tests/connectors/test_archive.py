"""Archives: the member that is meant, and every way in which one can be a trap."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connectors import csv, json
from connectors.reading import archive
from engine.errors import FeedError
from engine.model.feed import Broken, Record

Pack = Callable[[dict[str, Any]], bytes]


@pytest.fixture
def places(tmp_path: Path) -> Callable[..., list[tuple[str, str]]]:
    """(id, place) of every record."""

    def read(content: bytes, **options: Any) -> list[tuple[str, str]]:
        (tmp_path / "t.zip").write_bytes(content)
        records = csv.fetch(csv.Options(path=tmp_path / "t.zip", **options), {}).records
        return [(str(one.fields["id"]), one.place) for one in records if isinstance(one, Record)]

    return read


def test_an_archive_of_one_file_is_that_file(packed: Pack, places: Any) -> None:
    beside = {"__MACOSX/._a.csv": b"\0", ".DS_Store": b"\0", "folder/": ""}
    assert places(packed({**beside, "folder/a.csv": "id\n1\n"})) == [("1", "line 2")]
    assert places(packed({"a.csv.gz": gzip.compress(b"id\n1\n")})) == [("1", "line 2")]
    assert places(gzip.compress(packed({"a.csv": "id\n1\n"}))) == [("1", "line 2")]


def test_of_several_files_those_that_are_meant(packed: Pack, places: Any) -> None:
    files = packed({"x/b.csv": "id\n2\n", "a.csv": "id\n1\n", "readme.txt": "none"})
    assert places(files, member="*.csv") == [("1", "a.csv line 2"), ("2", "b.csv line 2")]
    assert places(files, member="a.*") == [("1", "line 2")]
    with pytest.raises(FeedError, match=r"holds 3 files \(a.csv, readme.txt, b.csv\); say which"):
        places(files)
    with pytest.raises(FeedError, match=r"no member that fits '\*.json' but a.csv"):
        places(files, member="*.json")


def test_other_connectors_read_archives_too(tmp_path: Path, packed: Pack) -> None:
    (tmp_path / "t.zip").write_bytes(packed({"a.json": '[{"id": 1}]'}))
    [found] = json.fetch(json.Options(path=tmp_path / "t.zip"), {}).records
    assert isinstance(found, Record) and found.fields == {"id": 1}


def test_a_workbook_in_an_archive(packed: Pack, workbook: Any, places: Any) -> None:
    cells = '<row><c t="str"><v>id</v></c></row><row><c><v>1</v></c></row>'
    assert places(packed({"a.xlsx": workbook(cells)})) == [("1", "line 2")]


def test_where_a_member_would_be_unpacked_does_not_matter(packed: Pack, places: Any, tmp_path: Path) -> None:
    astray = tmp_path / "astray.csv"
    for name in (str(astray), "../astray.csv", "..\\astray.csv"):
        assert places(packed({name: "id\n1\n"})) == [("1", "line 2")]
    assert [one.name for one in tmp_path.rglob("*")] == ["t.zip"]


def test_names_in_a_chinese_code_page(places: Any) -> None:
    info = zipfile.ZipInfo("placeholder.csv")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.writestr(info, "id\n1\n")
        packed.writestr("x.txt", "")
    raw = content.getvalue().replace(b"placeholder.csv", "警情三月份.csv".encode("gb18030").ljust(15, b"_"))
    assert places(raw, member="警情*") == [("1", "line 2")]


def encrypted(content: bytes) -> bytes:
    """The same archive with every member marked as encrypted."""
    raw = bytearray(content)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(mark)
        while at >= 0:
            raw[at + flags] |= 1
            at = raw.find(mark, at + 1)
    return bytes(raw)


def lzma(content: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as into:
        into.writestr("a.csv", content)
    return packed.getvalue()


MANY = "id\n" + "1\n" * 4000


@pytest.mark.parametrize(("build", "reason"), [
    (lambda pack: encrypted(pack({"a.csv": MANY})), "encrypted; pack it without a password"),
    (lambda pack: lzma(MANY), "packed by method 14"),
    (lambda pack: pack({}), "an archive without members"),
    (lambda pack: pack({"b/": ""}), "the archive holds no file"),
    (lambda pack: pack({"a.zip": pack({"a.csv": MANY})}), r"an archive, but no \.xlsx workbook"),
    (lambda pack: pack({"a.csv": MANY})[:-30], "a damaged archive or spreadsheet"),
    (lambda pack: pack({"a.csv": "0" * (2 << 20)}), "larger than 1 MB"),
    (lambda pack: pack({"a.csv": gzip.compress(b"0" * (2 << 20))}), "larger than 1 MB"),
])  # fmt: skip
def test_traps_and_damage_are_named(packed: Pack, places: Any, build: Any, reason: str) -> None:
    with pytest.raises(FeedError, match=reason):
        places(build(packed), max_mb=1)


def test_the_members_together_are_bounded(packed: Pack, places: Any) -> None:
    with pytest.raises(FeedError, match="larger than 1 MB"):
        places(packed({f"{n}.csv": "0" * (1 << 19) for n in range(3)}), max_mb=1, member="*")


def test_more_members_than_an_archive_may_have(
    packed: Pack, places: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MEMBERS", 3)
    with pytest.raises(FeedError, match="more than 3 members"):
        places(packed({str(n): "" for n in range(4)}))


def test_bytes_that_do_not_match_their_sum(packed: Pack, places: Any) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as into:
        into.writestr("a.csv", "id\n1\n")
    with pytest.raises(FeedError, match="damaged: Bad CRC-32"):
        places(content.getvalue().replace(b"id\n1\n", b"id\n2\n"))


def test_gzip_is_unpacked_once(places: Any) -> None:
    with pytest.raises(FeedError, match="gzip within gzip"):
        places(gzip.compress(gzip.compress(b"id\n1\n")))


def test_half_a_gzip_file_is_no_whole_one(tmp_path: Path) -> None:
    whole = gzip.compress(b"id\n" + b"".join(b"%d\n" % number for number in range(90_000)))
    halves = [whole[:cut] for cut in (5, 40, len(whole) // 2, len(whole) - 9, len(whole) - 1)]
    for half in (*halves, whole + b"more", whole + whole[:-1]):
        (tmp_path / "t.csv").write_bytes(half)
        with pytest.raises(FeedError, match="damaged"):
            list(csv.fetch(csv.Options(path=tmp_path / "t.csv"), {}).records)


def test_one_damaged_archive_among_several_files_stops_no_other(tmp_path: Path, packed: Pack) -> None:
    (tmp_path / "a.zip").write_bytes(packed({"a.csv": "id\n1\n"})[:-9])
    (tmp_path / "b.zip").write_bytes(packed({"a.csv": "id\n1\n"}))
    found = list(csv.fetch(csv.Options(path=tmp_path / "*.zip"), {}).records)
    assert [type(one) for one in found] == [Broken, Record]
