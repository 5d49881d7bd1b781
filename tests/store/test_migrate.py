"""The migrations make exactly the tables of `tables.py`, and other versions are refused."""

from __future__ import annotations

import multiprocessing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine, text

from engine.errors import StoreError
from engine.store import migrate, version
from engine.store.database import Store
from engine.store.tables import metadata

pytestmark = pytest.mark.usefixtures("empty")

_POSTGRES_SCHEMA = """
SELECT 'column', c.table_name, c.column_name, c.data_type, c.is_nullable, c.column_default
  FROM information_schema.columns c WHERE c.table_schema = 'public'
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', ''
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'index', tablename, indexname, indexdef, '', '' FROM pg_indexes WHERE schemaname = 'public'
"""


#: A column added later stands at the end of SQLite's own text: what it means is compared, not the text.
_SQLITE_SCHEMA = """
SELECT 'column', t.name, c.name, c.type, c."notnull", c.dflt_value, c.pk, l.wr
  FROM sqlite_master t JOIN pragma_table_info(t.name) c JOIN pragma_table_list(t.name) l
 WHERE t.type = 'table'
UNION ALL
SELECT 'index', t.name, i.name, x.name, i."unique", i.origin, x.seqno, x."desc"
  FROM sqlite_master t JOIN pragma_index_list(t.name) i JOIN pragma_index_xinfo(i.name) x
 WHERE t.type = 'table'
UNION ALL
SELECT 'constraint', t.name, f."table", f."from", f."to", f.on_delete, f.seq, ''
  FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table'
"""


def _schema(conn: Connection) -> set[tuple[object, ...]]:
    """Everything the database itself says of its tables, constraints and indexes."""
    if conn.dialect.name == "postgresql":
        rows = {tuple(row) for row in conn.execute(text(_POSTGRES_SCHEMA))}
    else:
        rows = {tuple(row) for row in conn.execute(text(_SQLITE_SCHEMA))}
    return {row for row in rows if not any("alembic_version" in str(value) for value in row)}


def test_the_migrated_schema_is_the_one_of_the_tables(store: Store) -> None:
    with store.read() as tx:
        assert compare_metadata(MigrationContext.configure(tx.conn), metadata) == []
        migrated = _schema(tx.conn)
    with store.begin() as tx:
        metadata.drop_all(tx.conn)
        assert len(_schema(tx.conn)) == 0
        metadata.create_all(tx.conn)
        assert _schema(tx.conn) == migrated
    assert len(migrated) > len(metadata.tables)


def test_opening_again_changes_nothing(store: Store) -> None:
    with store.begin() as tx:
        tx.seq()
    Store.open(store.url).close()
    again = Store.open(store.url, migrate=False)
    with again.read() as tx:
        assert tx.horizon() == 1
    again.close()


def test_an_empty_database_is_refused_where_nothing_may_be_made(database_url: str) -> None:
    said = f"schema none, this forewarn needs {version.HEAD}: run `forewarn db upgrade`"
    with pytest.raises(StoreError, match=said):
        Store.open(database_url, migrate=False)


@pytest.mark.parametrize("may_migrate", [True, False])
def test_a_newer_database_is_refused(store: Store, may_migrate: bool) -> None:
    with store.begin() as tx:
        tx.conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"schema 9999, .* written by a newer one"):
        Store.open(store.url, migrate=may_migrate)


def test_every_version_is_reached_from_nothing() -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as conn:
        assert version.current(conn) is None
        migrate.upgrade(conn)
        found = MigrationContext.configure(conn).get_current_revision()
        assert version.current(conn) == version.HEAD == found
    engine.dispose()


def _open(url: str) -> None:
    Store.open(url).close()


def test_processes_that_start_together_migrate_once(database_url: str) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_open, args=(database_url,)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
