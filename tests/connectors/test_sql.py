"""Rows of databases that are really there, SQLite and PostgreSQL, and what neither may be asked."""

from __future__ import annotations

import csv
import socket
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pydantic import ValidationError

from connectors import sql
from engine.errors import FeedError
from engine.model.feed import Record

CALLS = Path(__file__).parents[1] / "data/guess/montgomery_911.csv"
NEWS = "SELECT * FROM calls WHERE number >= :since ORDER BY number"


def calls() -> tuple[list[str], list[list[Any]]]:
    """The emergency calls of the sample, numbered."""
    with CALLS.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return ["number", *header], [[number, *row] for number, row in enumerate(rows, start=1)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    columns, rows = calls()
    path = tmp_path / "calls.db"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(f"CREATE TABLE calls ({', '.join(columns)})")
        database.executemany(f"INSERT INTO calls VALUES ({', '.join('?' * len(columns))})", rows)
    return path


@pytest.fixture
def url(postgres_url: str) -> str:
    columns, rows = calls()
    with psycopg.connect(postgres_url) as database:
        typed = ", ".join(f"{name} {'integer' if name == 'number' else 'text'}" for name in columns)
        database.execute(f"CREATE TABLE calls ({typed}, noted timestamptz, units numeric)")
        fields = ", ".join(["%s"] * len(columns))
        for row in rows:
            database.execute(f"INSERT INTO calls VALUES ({fields}, '2016-01-22T10:00:00Z', 2.50)", row)
    return postgres_url


def read(given: Any, cursor: dict[str, str] | None = None) -> tuple[list[Record], dict[str, str]]:
    fetch = sql.fetch(sql.Options.model_validate(given), cursor or {})
    records = [one for one in fetch.records if isinstance(one, Record)]
    return records, dict(fetch.cursor)


def test_every_row_of_a_file_is_a_record(file: Path) -> None:
    columns, rows = calls()
    records, _ = read({"path": file, "query": "SELECT * FROM calls"})
    assert len(rows) == 25
    assert [list(one.fields.values()) for one in records] == rows
    assert (list(records[0].fields), records[0].place) == (columns, "row 1")


def test_every_row_of_a_server_is_a_record(url: str) -> None:
    _, rows = calls()
    records, _ = read({"url": url, "query": "SELECT * FROM calls ORDER BY number"})
    assert [list(one.fields.values())[:-2] for one in records] == rows
    assert records[0].fields["units"] == "2.50"
    assert datetime.fromisoformat(records[0].fields["noted"]) == datetime(2016, 1, 22, 10, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["file", "url"])
def test_only_what_is_new_is_asked_for(kind: str, request: pytest.FixtureRequest) -> None:
    where = {"path" if kind == "file" else "url": request.getfixturevalue(kind)}
    given = {**where, "query": NEWS, "since": "number", "begin": 20}
    records, cursor = read(given)
    assert [one.fields["number"] for one in records] == list(range(20, 26))
    records, cursor = read(given, cursor)
    assert [one.fields["number"] for one in records] == [25]
    fetch = sql.fetch(sql.Options.model_validate(given), cursor)
    assert fetch.unchanged and dict(fetch.cursor) == cursor
    assert [one.fields["number"] for one in read({**given, "query": NEWS + ", twp"}, cursor)[0]][:1] == [
        20
    ], "another query begins anew"


def test_moments_and_decimals_are_gone_on_from(url: str) -> None:
    for column, begin in (("noted", "2016-01-01"), ("units", 1)):
        given = {
            "url": url, "query": f"SELECT number, {column} FROM calls WHERE {column} >= :since",
            "since": column, "begin": begin,
        }  # fmt: skip
        first, cursor = read(given)
        fetch = sql.fetch(sql.Options.model_validate(given), cursor)
        again = sql.fetch(sql.Options.model_validate(given), dict(fetch.cursor))
        assert (len(first), fetch.unchanged, again.unchanged) == (25, True, True)


def test_nothing_new_moves_nothing(file: Path) -> None:
    given = {"path": file, "query": NEWS.replace(">=", ">"), "since": "number", "begin": 25}
    records, cursor = read(given)
    assert (records, cursor["since"]) == ([], "")
    with pytest.raises(FeedError, match="no row where there always is one"):
        read({**given, "not_empty": True})


@pytest.mark.parametrize("statement", [
    "WITH gone AS (SELECT 1) DELETE FROM calls",
    "SELECT 1; DELETE FROM calls",
])  # fmt: skip
@pytest.mark.parametrize("kind", ["file", "url"])
def test_nothing_is_written(statement: str, kind: str, request: pytest.FixtureRequest) -> None:
    where = {"path" if kind == "file" else "url": request.getfixturevalue(kind)}
    with pytest.raises(FeedError, match="check the query and the account"):
        read({**where, "query": statement})
    assert len(read({**where, "query": "SELECT * FROM calls"})[0]) == 25


def test_a_function_that_writes_is_refused_by_the_transaction(url: str) -> None:
    with psycopg.connect(url) as database:
        database.execute(
            "CREATE FUNCTION sly() RETURNS int LANGUAGE sql AS 'DELETE FROM calls RETURNING number'"
        )
    with pytest.raises(FeedError, match="ReadOnlySqlTransaction 25006"):
        read({"url": url, "query": "SELECT sly()"})


ENDLESS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000)"
    " SELECT max(i) FROM n"
)


@pytest.mark.parametrize("kind", ["file", "url"])
def test_a_query_without_end_is_ended(kind: str, request: pytest.FixtureRequest) -> None:
    where = {"path" if kind == "file" else "url": request.getfixturevalue(kind)}
    with pytest.raises(FeedError, match=r"still not whole after \d s; raise timeout"):
        read({**where, "query": ENDLESS, "timeout": 0.05})


@pytest.mark.parametrize(("more", "sentence"), [
    ({"query": "SELECT * FROM cals"}, "no such table: cals; check the query"),
    ({"query": "SELECT lat, lng AS lat FROM calls"}, "gives 'lat' twice; name each column"),
    ({"query": "SELECT twp FROM calls WHERE number > :since", "since": "number", "begin": 0},
     "no column 'number', which 'since' names"),
    ({"query": "SELECT * FROM calls", "rows": 24}, "more than 24 rows; ask for less, or raise rows"),
    ({"query": "SELECT printf('%.*c', 2000000, 'x') AS long FROM calls", "max_mb": 1}, "more than 1 MB"),
    ({"query": "SELECT iif(number = 3, 'a', number) AS n FROM calls WHERE :since = 0", "since": "n",
      "begin": 0},
     "'n' holds what cannot be put in order"),
])  # fmt: skip
def test_what_cannot_be_had_is_said(file: Path, more: dict[str, Any], sentence: str) -> None:
    with pytest.raises(FeedError, match=sentence.replace(".", r"\.")):
        read({"path": file, **more})


def test_a_file_that_is_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match="there is no such file"):
        read({"path": tmp_path / "none.db", "query": "SELECT 1"})
    assert not (tmp_path / "none.db").exists()
    (tmp_path / "text.db").write_text("0701234567, a list of telephones and no database" * 100)
    with pytest.raises(FeedError, match=r"text\.db: DatabaseError; check") as caught:
        read({"path": tmp_path / "text.db", "query": "SELECT 1 FROM calls"})
    assert "0701234567" not in str(caught.value)


def test_a_value_that_cannot_be_read_is_not_quoted(url: str, file: Path) -> None:
    with pytest.raises(FeedError, match="InvalidTextRepresentation 22P02; check") as caught:
        read({"url": url, "query": "SELECT twp::int FROM calls"})
    assert "NEW HANOVER" not in str(caught.value)
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE calls SET twp = CAST(x'ff41' AS TEXT) WHERE number = 1")
    records, _ = read({"path": file, "query": "SELECT twp, x'00' AS picture FROM calls WHERE number = 1"})
    assert records[0].fields == {"twp": "\ufffdA", "picture": None}


@pytest.mark.parametrize(("given", "sentence"), [
    ({"query": "SELECT 1"}, "exactly one of path, url"),
    ({"path": "a.db", "url": "postgresql://h/d", "query": "SELECT 1"}, "exactly one of path, url"),
    ({"path": "a.db", "query": "DELETE FROM calls"}, "begins with SELECT or WITH"),
    ({"path": "a.db", "query": "SELECT 1", "since": "number", "begin": 0}, "the query says ':since'"),
    ({"path": "a.db", "query": "SELECT :since"}, "the query says ':since'"),
    ({"path": "a.db", "query": "SELECT :since", "since": "n"}, "'begin' says what :since is at first"),
    ({"url": "sqlite:///a.db", "query": "SELECT 1"}, "for an SQLite file give its path"),
    ({"url": "postgres", "query": "SELECT 1"}, "the url is as in postgresql://"),
    ({"url": "oddbase://u:s3cret-word@h/d", "query": "SELECT 1"}, "the url is as in postgresql://"),
    ({"url": "mysql://u:s3cret-word@h/d", "query": "SELECT 1"}, "no driver for mysql is installed"),
])  # fmt: skip
def test_impossible_options_are_refused(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError) as caught:
        sql.Options.model_validate(given)
    (error,) = caught.value.errors(include_input=False)
    assert sentence in error["msg"] and "s3cret" not in error["msg"]


@pytest.mark.parametrize(("host", "sentence"), [
    ("inward.test", "inward.test lies at 127.0.0.1, a loopback address; if that is right, add it"),
    ("nowhere.invalid", "cannot be reached"),
    ("127.0.0.1", "onnection"),
])  # fmt: skip
def test_a_name_that_leads_inward_must_be_named(
    monkeypatch: pytest.MonkeyPatch, host: str, sentence: str
) -> None:

    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo",
        lambda name, *rest, **more: real("127.0.0.1" if name == "inward.test" else name, *rest, **more),
    )  # fmt: skip
    with pytest.raises(FeedError, match=sentence.replace(".", r"\.")) as caught:
        read({"url": f"postgresql://u:s3cret-word@{host}:1/d", "query": "SELECT 1", "timeout": 2})
    assert "s3cret" not in str(caught.value)


def test_a_network_of_ones_own_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:

    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda name, *rest, **more: real("127.0.0.1", *rest, **more))
    with pytest.raises(FeedError, match=r"connection to server at .*127\.0\.0\.1.*port 1 failed"):
        read({"url": "postgresql://inward.test:1/d", "query": "SELECT 1", "networks": ["127.0.0.0/8"]})
