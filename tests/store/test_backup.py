"""A backup is whole whatever is being written, and nothing is ever overwritten."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from engine.errors import StoreError
from engine.store import backup, meta
from engine.store.database import Store


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "forewarn.db"
    with closing(Store.open(f"sqlite:///{path}")) as store, store.begin() as tx:
        meta.put(tx, "kept", "yes")
    return path


def test_a_copy_opens_as_a_store_and_holds_the_same(database: Path, tmp_path: Path) -> None:
    backup.copy(database, tmp_path / "copy.db")
    with closing(Store.open(f"sqlite:///{tmp_path}/copy.db", migrate=False)) as store, store.read() as tx:
        assert meta.get(tx, "kept") == "yes"


def test_it_holds_one_moment_while_somebody_writes(database: Path, tmp_path: Path) -> None:
    """Two values that are always written together are never seen apart."""
    stop = threading.Event()

    def write() -> None:
        with closing(Store.open(f"sqlite:///{database}")) as store:
            while not stop.is_set():
                with store.begin() as tx:
                    number = int(meta.get(tx, "a") or 0) + 1
                    meta.put(tx, "a", str(number))
                    meta.put(tx, "b", str(number))

    writer = threading.Thread(target=write)
    writer.start()
    for number in range(10):
        backup.copy(database, tmp_path / f"{number}.db")
    stop.set()
    writer.join()
    for number in range(10):
        with closing(Store.open(f"sqlite:///{tmp_path}/{number}.db")) as store, store.read() as tx:
            assert meta.get(tx, "a") == meta.get(tx, "b")


def test_what_is_there_stays(database: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken.db"
    taken.write_text("mine")
    with pytest.raises(StoreError, match=r"taken\.db is there already"):
        backup.copy(database, taken)
    assert taken.read_text() == "mine"


@pytest.mark.parametrize("content", [b"no database at all" * 100, b""])
def test_what_is_no_database_becomes_no_backup(content: bytes, tmp_path: Path) -> None:
    source, target = tmp_path / "odd.db", tmp_path / "copy.db"
    source.write_bytes(content)
    with pytest.raises(StoreError):
        backup.copy(source, target)
    assert list(tmp_path.iterdir()) == [source]


def test_a_damaged_database_becomes_no_backup(database: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with database.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 4)
    with pytest.raises(StoreError):
        backup.copy(database, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def test_a_source_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no database"):
        backup.copy(tmp_path / "none.db", tmp_path / "copy.db")
