"""How a table of lines is laid out, where it ends, and how much of one is read."""

from __future__ import annotations

import csv as writer
import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from connectors import csv, geojson, json
from connectors.reading import lines, tree
from engine.errors import FeedError
from engine.model.feed import Fetch, Record


@pytest.fixture
def fetch(tmp_path: Path) -> Callable[..., Fetch]:
    def read(content: str, **options: Any) -> Fetch:
        (tmp_path / "t.csv").write_text(content, encoding="utf-8", newline="")
        return csv.fetch(csv.Options.model_validate({"path": tmp_path / "t.csv", **options}), {})

    return read


@pytest.fixture
def fields(fetch: Any) -> Callable[..., list[dict[str, Any]]]:
    def read(content: str, **options: Any) -> list[dict[str, Any]]:
        return [dict(one.fields) for one in fetch(content, **options).records if isinstance(one, Record)]

    return read


REPORT = '"Report, with\nits title"\n\nid,n\n1,"a\nb"\n,2\n,,\n \u3000,\u00a0\n3,\nprinted 2026-03-08,\n\x1a'


def test_titles_blank_rows_and_a_footer(fetch: Any, fields: Any) -> None:
    rows = fields(REPORT, header=4, footer=1)
    assert rows == [{"id": "1", "n": "a\nb"}, {"id": "", "n": "2"}, {"id": "3", "n": ""}]
    assert fields(REPORT, header=4, footer=1, fill_down=["id"])[1] == {"id": "1", "n": "2"}
    assert fetch(REPORT).first_lines[4] == ("id", "n")


def test_what_a_table_has_is_known_before_it_has_a_row(fetch: Any) -> None:
    assert fetch("ID,Zeit\n").columns == ("ID", "Zeit")
    assert fetch(' id ,"two\u00a0\nwords"\n').columns == ("id", "two words")
    assert fetch("1,x,y\n", columns=["id", "-", "n"]).columns == ("id", "n")


def test_several_tables_have_no_columns_in_common(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("id\n")
    assert csv.fetch(csv.Options(path=tmp_path / "*.csv"), {}).columns is None


@pytest.mark.parametrize("end", ["3", "3,2", '3,2,"y', '3,2,"y\nmore'])
def test_a_table_that_ends_within_a_row_is_no_whole_one(fetch: Any, end: str) -> None:
    found = iter(fetch(f"id,n,x\n1,2,x\n{end}").records)
    assert next(found).fields == {"id": "1", "n": "2", "x": "x"}
    with pytest.raises(FeedError, match=r"ends early: its last line has \d of 3 values and no line break"):
        list(found)


@pytest.mark.parametrize("content", ["id,n\n1,2", "id,n\n1,2\n3\n", "id,n\n1,2\n \x1a", "id\n1"])
def test_a_last_row_that_is_whole_or_has_its_line_break_ends_nothing_early(fetch: Any, content: str) -> None:
    assert next(iter(fetch(content).records)).fields["id"] == "1"


def test_a_quote_left_open_by_a_cut_is_not_taken_for_a_row(fetch: Any, fields: Any) -> None:
    assert fields('id,n\n1,"x\n2,y\n3,z\n') == [{"id": "2", "n": "y"}, {"id": "3", "n": "z"}]


@pytest.mark.parametrize(("options", "reason"), [
    ({"header": 0}, "the number of the line that names"), ({"header": "3"}, "header"),
    ({"footer": -1}, "footer"), ({"columns": [f"c{n}" for n in range(5000)]}, "columns"),
    ({"encoding": "base64"}, "no encoding 'base64'"),
])  # fmt: skip
def test_layouts_that_make_no_sense_are_refused(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        csv.Options.model_validate({"path": "x", **options})


def test_more_columns_and_longer_lines_than_a_table_has(fetch: Any) -> None:
    with pytest.raises(FeedError, match="20000 columns where 4096 may be"):
        fetch(",".join(f"c{n}" for n in range(20_000)) + "\n")
    with pytest.raises(FeedError, match="a line of more than 1048576 characters"):
        list(fetch("id\n" + "," * (1 << 20) + "\n").records)


def test_quotes_that_keep_each_other_open_are_no_table(fetch: Any, monkeypatch: Any) -> None:
    """Each of these lines opens a quote where it begins, and keeps one open that was open before."""
    monkeypatch.setattr(lines, "LINE", 600)
    monkeypatch.setattr(lines, "AGAIN", 6_000)
    with pytest.raises(FeedError, match="quotes are opened again and again and not closed"):
        list(fetch("id,b\n" + 'a",",\n' * 1_000).records)


def test_rows_are_looked_at_once_however_many_quotes_are_open(fetch: Any, monkeypatch: Any) -> None:
    taken = 0
    real = lines._Lines.__next__

    def counted(self: Any) -> str:
        nonlocal taken
        taken += 1
        return real(self)

    monkeypatch.setattr(lines._Lines, "__next__", counted)
    rows = "".join(f'{n},"x\n' if n % 9 == 0 else f'{n},"a"\n' for n in range(3000))
    assert len(list(fetch("id,n\n" + rows, header=True).records)) > 2000
    assert taken < 4 * 3000


def test_what_is_filled_down_is_bounded(fetch: Any) -> None:
    content = f"a,b\n{'x' * 100_000},1\n" + ",2\n" * 100
    with pytest.raises(FeedError, match="what fill_down repeats is larger than max_mb"):
        list(fetch(content, fill_down=["a"], max_mb=1).records)


def test_an_empty_answer_where_there_always_is_something(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id\n")
    (tmp_path / "t.json").write_text("[]")
    (tmp_path / "t.geojson").write_text('{"features": []}')
    for connector, name in ((csv, "t.csv"), (json, "t.json"), (geojson, "t.geojson"), (csv, "*.none")):
        path = tmp_path / name
        assert list(connector.fetch(connector.Options(path=path), {}).records) == []
        with pytest.raises(FeedError, match="an empty answer where there always is something"):
            list(connector.fetch(connector.Options(path=path, not_empty=True), {}).records)


def polls(tmp_path: Path, content: str, of: Any) -> tuple[datetime, ...]:
    (tmp_path / "p.csv").write_text(content)
    return csv.fetch(csv.Options.model_validate({"path": tmp_path / "p.csv", "polls": of}), {}).polls


def test_polls_without_an_offset_are_left_to_the_feeds_zone(tmp_path: Path) -> None:
    content = "id,seen\n1,2026-03-08 07:00\n2,2026-03-08T07:00:00+01:00\n3, 2026-03-07T07:00\n"
    assert polls(tmp_path, content, {"column": "seen"}) == (
        datetime(2026, 3, 8, 6, tzinfo=UTC), datetime(2026, 3, 7, 7), datetime(2026, 3, 8, 7),
    )  # fmt: skip


@pytest.mark.parametrize(("content", "of", "reason"), [
    ("id,seen\n1,2026-03-08T07:00Z\n", {"column": "told"}, "no record has the column 'told'; there are id"),
    ("id,seen\n1,\n", {"column": "seen"}, "seen: holds no poll moment"),
    ("id,seen\n1,soon\n", {"column": "seen"}, "'soon' is no poll moment"),
])  # fmt: skip
def test_polls_that_say_nothing_are_a_mistake(tmp_path: Path, content: str, of: Any, reason: str) -> None:
    with pytest.raises(FeedError, match=reason):
        polls(tmp_path, content, of)


def test_a_companion_without_polls_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "polls.csv").write_text("polled_at\n")
    with pytest.raises(FeedError, match=r"polls\.csv: holds no poll moment"):
        polls(tmp_path, "id\n1\n", tmp_path / "polls.csv")


@pytest.mark.parametrize(("body", "reason"), [
    ('[{"id": 1}, {"id', "ends early"), ("", "nothing at all"),
    ("<html><title>Log in</title>", "titled 'Log in'"),
    ("PK\x03\x04", "an archive or office document"), ("{]", "ask the source to mend it"),
])  # fmt: skip
def test_json_that_is_cut_off_or_something_else(body: str, reason: str) -> None:
    with pytest.raises(FeedError, match=reason):
        tree.load(body.encode(), "x")


def test_json_lines_that_are_cut_off_or_something_else(tmp_path: Path) -> None:
    cut = '{"id": 1}\n{"id'
    for content, reason in ((cut, "ends early, within line 2"), ("<!doctype html>\n", "an HTML page")):
        (tmp_path / "t.jsonl").write_text(content)
        with pytest.raises(FeedError, match=reason):
            list(json.fetch(json.Options(path=tmp_path / "t.jsonl"), {}).records)


def test_json_of_more_parts_than_it_has_bytes_to_spare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "NODES", 3)
    assert tree.load(b"[[], {}]", "x") == [[], {}]
    with pytest.raises(FeedError, match="more than 3 lists and objects"):
        tree.load(b"[[], {}, []]", "x")


def test_the_bounds_leave_room_for_what_offices_have(fetch: Any) -> None:
    """A wide register of long texts, quoted over many lines, is a table like any other."""
    content = io.StringIO()
    out = writer.writer(content)
    out.writerow([f"c{n}" for n in range(300)])
    out.writerow(["x\n" * 500 for _ in range(300)])
    [found] = fetch(content.getvalue()).records
    assert isinstance(found, Record) and len(found.fields) == 300
