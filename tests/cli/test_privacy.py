"""`forewarn privacy scan`: what kinds stand where, never what they are."""

from __future__ import annotations

import gzip
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.cli import forewarn
from engine.store.database import Store


def scan(root: Path, *words: str) -> Result:
    return CliRunner().invoke(forewarn, ["--root", str(root), "privacy", "scan", *words])


@pytest.fixture
def leaky(tmp_path: Path) -> Path:
    """A database into which somebody wrote past the guard."""
    path = tmp_path / "data/forewarn.db"
    path.parent.mkdir()
    Store.open(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path)) as connection:
        for number in range(3):
            connection.execute(
                "INSERT INTO reject (feed, seen_at, place, reason, record, digest)"
                " VALUES ('f', 0, 'line 1', ?, ?, ?)",
                (f"13912345678 and a@b{number}.se", '{"a":["139-1234-5678"],"n":13912345678}', str(number)),
            )
        connection.execute("CREATE TABLE elsewhere (words TEXT)")
        connection.execute("INSERT INTO elsewhere VALUES ('110105194912310021')")
        connection.commit()
    return path


@pytest.mark.parametrize("named", [False, True])
def test_a_store_is_looked_through_column_by_column(leaky: Path, named: bool, tmp_path: Path) -> None:
    found = scan(tmp_path, *([str(leaky)] if named else []), "--format", "json")
    assert found.exit_code == 1
    rows = {(row["place"], row["kind"]): row["count"] for row in json.loads(found.output)}
    assert rows == {
        ("elsewhere.words", "id"): 1, ("reject.reason", "email"): 3, ("reject.reason", "phone"): 3,
        ("reject.record", "phone"): 3,
    }  # fmt: skip
    assert "139" not in found.output and "b1.se" not in found.output


@pytest.mark.parametrize("name", ["export.csv", "export.csv.gz"])
def test_a_file_is_looked_through_line_by_line(tmp_path: Path, name: str) -> None:
    file, text = tmp_path / name, b"id,what\n1,fire\n2,call 13912345678\n3,call 13912345679\n"
    file.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    found = scan(tmp_path, str(file), "--format", "csv")
    assert found.exit_code == 1
    assert found.output.splitlines() == ["place,kind,count,first", f"{name},phone,2,line 3"]


def test_what_holds_nothing_is_fine(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A fire at 10:00 on 2026-03-01, 12 injured")
    found = scan(tmp_path, str(tmp_path / "a.txt"))
    assert (found.exit_code, found.output) == (0, "nothing that identifies a person or a device\n")


def test_where_no_store_is_none_is_made(tmp_path: Path) -> None:
    assert "there is no database" in str(scan(tmp_path).exception)
    assert list(tmp_path.iterdir()) == []


def test_configured_patterns_are_looked_for_too(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/privacy.yaml").write_text(r"patterns: {case: 'K\d{6}'}")
    (tmp_path / "a.txt").write_text("in K123456")
    assert "case" in scan(tmp_path, str(tmp_path / "a.txt")).output


@pytest.mark.parametrize("before", [65_520, 65_530, 65_536, 131_000])
def test_a_line_without_end_is_looked_through_in_pieces(tmp_path: Path, before: int) -> None:
    file = tmp_path / "long.gz"
    file.write_bytes(gzip.compress(b"a " * (before // 2) + b"call 139-1234-5678 now\n" + b"a" * 70_000))
    (row,) = json.loads(scan(tmp_path, str(file), "--format", "json").output)
    assert (row["kind"], row["first"]) == ("phone", "line 1")
    assert row["count"] in (1, 2), "once more where it lies in what two pieces share"


def test_half_a_packed_file_says_so(tmp_path: Path) -> None:
    file = tmp_path / "half.csv.gz"
    file.write_bytes(gzip.compress(b"id,what\n1,fire\n" * 99)[:-9])
    assert "half.csv.gz is damaged" in str(scan(tmp_path, str(file)).exception)
