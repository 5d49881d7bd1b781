"""What can happen to a database: a sentence that says what to do, and nothing acknowledged is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import StoreError
from engine.store import meta
from engine.store.database import Store

MUCH = "x" * 100_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "forewarn.db"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{file}")
    with opened.begin() as tx:
        meta.put(tx, "kept", "acknowledged")
    yield opened
    opened.close()


def kept(store: Store) -> str | None:
    with store.read() as tx:
        return meta.get(tx, "kept")


def test_a_full_disk_is_a_sentence_and_undoes_only_what_did_not_fit(store: Store):
    with pytest.raises(StoreError, match="the disk is full; make room and try again"), store.begin() as tx:
        tx.conn.exec_driver_sql("PRAGMA max_page_count = 1")
        meta.put(tx, "more", "first")
        meta.put(tx, "much", MUCH)
    assert kept(store) == "acknowledged"
    with store.read() as tx:
        assert meta.get(tx, "more") is None
    store.close()  # room is made
    with store.begin() as tx:
        meta.put(tx, "much", MUCH)


def test_a_database_that_may_only_be_read_is_a_sentence(store: Store):
    with pytest.raises(StoreError, match="may only be read; give its file and folder"), store.begin() as tx:
        tx.conn.exec_driver_sql("PRAGMA query_only = 1")
        meta.put(tx, "more", "x")
    assert kept(store) == "acknowledged"


def test_a_damaged_page_is_a_sentence(file: Path, store: Store):
    store.close()
    with store.read() as tx:
        size = tx.conn.exec_driver_sql("PRAGMA page_size").scalar_one()
    store.close()
    content = bytearray(file.read_bytes())
    content[size : 40 * size] = b"\xff" * (39 * size)
    file.write_bytes(content)
    with pytest.raises(StoreError, match="no intact database; move it away and restore a backup"):
        Store.open(f"sqlite:///{file}")


def test_a_log_that_was_deleted_leaves_what_was_written_through(file: Path, store: Store):
    """What SQLite had not yet moved from its log into the file went with the log; the file is whole."""
    with store.begin() as tx:
        meta.put(tx, "kept", "written through")
    store.close()  # as a service that ends does: the log is moved into the file
    for name in ("forewarn.db-wal", "forewarn.db-shm"):
        (file.parent / name).unlink(missing_ok=True)
    assert kept(store) == "written through"
