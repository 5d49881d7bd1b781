"""Opening, transactions, and what a broken database tells people."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from engine.errors import StoreError
from engine.store import database, sqlite
from engine.store.database import Store
from engine.store.tables import meta


def test_numbers_follow_the_order_of_commit(store: Store) -> None:
    with store.begin() as tx:
        assert (tx.seq(), tx.seq()) == (1, 1)
    with store.begin() as tx:
        pass
    with store.begin() as tx:
        assert tx.seq() == 2
    with store.read() as tx:
        assert tx.horizon() == 2


def test_an_exception_undoes_everything(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.begin() as tx:
        tx.seq()
        tx.conn.execute(insert(meta).values(key="a", value="1"))
        raise ZeroDivisionError
    with store.read() as tx:
        assert tx.horizon() == 0
        assert tx.conn.execute(select(meta)).all() == []


def test_a_reader_sees_one_moment(store: Store) -> None:
    with store.read() as reading:
        assert reading.horizon() == 0
        with store.begin() as writing:
            writing.seq()
        assert reading.horizon() == 0


def test_concurrent_writers_get_every_number_once(store: Store) -> None:
    numbers: list[int] = []

    def write() -> None:
        for _ in range(10):
            with store.begin() as tx:
                numbers.append(tx.seq())

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers == list(range(1, 41))


def test_a_database_in_memory_is_the_tests_store() -> None:
    store = Store.open("sqlite://")
    with store.begin() as tx:
        assert tx.seq() == 1
    with store.read() as tx:
        assert tx.horizon() == 1
    store.close()


def test_sqlite_writes_ahead_and_keeps_foreign_keys(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/new/folder/forewarn.db")
    with store.read() as tx:
        pragmas = {
            name: tx.conn.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    store.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 1, "foreign_keys": 1}


@pytest.mark.parametrize(
    "url",
    [
        "forewarn.db", "mysql://host/db", "postgresql//x", "postgresql://u:secret@h:port/db",
        "sqlite:////tmp/a\0b", "sqlite:////tmp/a\nb",
    ],
)  # fmt: skip
def test_an_address_of_no_database_says_what_one_looks_like(url: str) -> None:
    said = r"sqlite:///data/forewarn\.db or postgresql://user@host/name"
    with pytest.raises(StoreError, match=said) as caught:
        Store.open(url)
    assert "secret" not in str(caught.value)


def test_a_locked_file_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0)
    store = Store.open(f"sqlite:///{tmp_path}/forewarn.db")
    other = Store.open(store.url)
    with store.begin() as tx:
        tx.seq()
        with pytest.raises(StoreError, match="another process kept the database locked"), other.begin():
            pass
    store.close()
    other.close()


def test_a_locked_row_says_so(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PATIENCE", 1)
    store = Store.open(postgres_url)
    with store.begin() as tx:
        tx.seq()
        with pytest.raises(StoreError, match="kept the database locked"), store.begin() as second:
            second.seq()
    store.close()


def test_a_server_that_is_down_says_so_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not answer; start it") as caught:
        Store.open(f"postgresql://user:secret@/name?host={tmp_path}")
    assert "secret" not in str(caught.value)


def test_a_connection_lost_midway_says_so(postgres_url: str) -> None:
    store = Store.open(postgres_url)
    with pytest.raises(StoreError, match="does not answer"), store.read() as tx:
        tx.conn.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
    with store.begin() as tx:
        assert tx.seq() == 1
    store.close()


def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    path = tmp_path / "forewarn.db"
    path.write_bytes(b"not a database at all, but long enough to be read" * 40)
    with pytest.raises(StoreError, match="no intact database"):
        Store.open(f"sqlite:///{path}")


def test_a_path_that_cannot_be_opened_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened; check that its folder exists"):
        Store.open(f"sqlite:///{tmp_path}")


def test_missing_tables_say_so(store: Store) -> None:
    with store.begin() as tx:
        meta.drop(tx.conn)
    with pytest.raises(StoreError, match="run `forewarn db upgrade`"), store.read() as tx:
        tx.conn.execute(select(meta))


def test_a_full_disk_says_so(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/forewarn.db")
    with pytest.raises(StoreError, match="the disk is full; make room"), store.begin() as tx:
        tx.conn.exec_driver_sql("PRAGMA max_page_count = 1")
        tx.conn.execute(insert(meta), [{"key": str(n), "value": "x" * 4000} for n in range(100)])
    store.close()


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StoreError, match=r"folder .* cannot be made"):
        Store.open(f"sqlite:///{tmp_path}/data/forewarn.db")


def test_a_reader_cannot_write(postgres_url: str) -> None:
    store = Store.open(postgres_url)
    with pytest.raises(StoreError, match="read-only"), store.read() as tx:
        tx.conn.execute(update(meta).values(value=""))
    store.close()


def test_threads_take_turns_on_a_database_in_memory() -> None:
    store = Store.open("sqlite://")
    numbers: list[int] = []

    def work() -> None:
        for _ in range(20):
            with store.begin() as tx:
                numbers.append(tx.seq())
            with store.read() as tx:
                tx.horizon()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()
    assert sorted(numbers) == list(range(1, 61))


def test_opening_waits_for_no_writer(store: Store) -> None:
    with store.begin() as tx:
        tx.seq()
        Store.open(store.url).close()


def test_whoever_waits_for_another_writer_looks_often(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/forewarn.db")
    other = Store.open(store.url)
    waits: list[float] = []
    with ExitStack() as writing:
        writing.enter_context(store.begin()).seq()

        def look(seconds: float) -> None:
            waits.append(seconds)
            if len(waits) == 3:
                writing.close()

        monkeypatch.setattr(sqlite, "sleep", look)
        with other.begin() as tx:
            assert tx.seq() == 2
            assert tx.conn.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 1000 * database.PATIENCE
    assert waits == [sqlite.LOOK] * 3
    store.close()
    other.close()
