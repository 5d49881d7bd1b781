"""Writing many rows at once: the statement is compiled once and handed to the driver with plain tuples.

Rows given as tuples bypass column types: moments must already be epoch seconds; words are guarded here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Table, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

from engine.store.database import Tx
from engine.store.words import guarded_rows

Row = tuple[Any, ...]
Insert = SqliteInsert | PostgresInsert


def insert_for(tx: Tx, table: Table) -> Insert:
    """This database's own INSERT, which knows ON CONFLICT."""
    return _insert_for(tx.dialect, table)


def append(tx: Tx, table: Table, rows: Sequence[Row]) -> None:
    """Add rows, each a tuple in the order of the table's columns."""
    if rows:
        tx.conn.exec_driver_sql(_appending(tx.conn.dialect, table), guarded_rows(table, rows))


def accumulate(tx: Tx, table: Table, rows: Sequence[Row], *sums: str) -> None:
    """Add such rows; where the key is there already, the columns `sums` are added up."""
    if rows:
        tx.conn.exec_driver_sql(_accumulating(tx.conn.dialect, table, sums), list(rows))


def insert_new(tx: Tx, table: Table, rows: Sequence[Mapping[str, Any]], *key: str) -> int:
    """Add the rows whose `key` is not there yet; how many were new."""
    if not rows:
        return 0
    statement = insert_for(tx, table).on_conflict_do_nothing(index_elements=list(key))
    # Without the option, the count of an INSERT is lost on PostgreSQL.
    return tx.conn.execute(statement, list(rows), execution_options={"preserve_rowcount": True}).rowcount


def upsert(tx: Tx, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add or replace rows by primary key, in its order: two writers then never wait in a circle."""
    if not rows:
        return
    key = [column.name for column in table.primary_key]
    ordered = sorted(rows, key=lambda row: tuple(row[name] for name in key))
    tx.conn.execute(replacing(tx, table, rows[0], key), ordered)


def replacing(tx: Tx, table: Table, names: Iterable[str], key: Sequence[str]) -> Insert:
    """An INSERT that replaces these columns where the key is there already."""
    statement = insert_for(tx, table)
    kept = {name: statement.excluded[name] for name in names if name not in key}
    return statement.on_conflict_do_update(index_elements=list(key), set_=kept)


def _insert_for(dialect: str, table: Table) -> Insert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


@lru_cache(maxsize=64)
def _appending(dialect: Dialect, table: Table) -> str:
    return str(insert(table).compile(dialect=dialect))


@lru_cache(maxsize=64)
def _accumulating(dialect: Dialect, table: Table, sums: tuple[str, ...]) -> str:
    statement = _insert_for(dialect.name, table)
    added = {name: table.c[name] + statement.excluded[name] for name in sums}
    key = list(table.primary_key)
    return str(statement.on_conflict_do_update(index_elements=key, set_=added).compile(dialect=dialect))
