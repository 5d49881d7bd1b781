"""What can happen to a database under a service: a sentence that says what to do, nothing acknowledged lost,
and once it is mended all goes on as if nothing had happened."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from engine.errors import StoreError
from engine.store import backup, database
from tests.story import county
from tests.story.test_crash import LATER, County, crashed, place, statements, steady

__all__ = ["place", "statements", "steady"]


@contextmanager
def every_connection(pragma: Callable[[sqlite3.Connection], str]) -> Iterator[None]:
    """Each new connection is told so."""

    def hook(connection: sqlite3.Connection, _: object) -> None:
        connection.execute(f"PRAGMA {pragma(connection)}")

    event.listen(Engine, "connect", hook)
    try:
        yield
    finally:
        event.remove(Engine, "connect", hook)


def pages(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA page_count").fetchone()[0])


def refused(place: County, said: str, now: datetime = county.END) -> None:
    with pytest.raises(StoreError, match=said):
        place.live(now)


def file_of(place: County) -> Path:
    return place.data / "forewarn.db"


def test_locked_for_longer_than_anybody_waits(place: County, steady, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(database, "PATIENCE", 0)
    place.anew()
    with closing(sqlite3.connect(file_of(place), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        refused(place, "another process kept the database locked for 0 s; see `forewarn status`")
    place.live(county.END)
    assert place.story() == steady


@pytest.mark.parametrize("room", [0, 2, 5, 12, 20], ids="{} pages of room".format)
def test_full(room: int, place: County, steady):
    """While it reads, while it judges, while it tells."""
    place.anew()
    with closing(sqlite3.connect(file_of(place))) as there:
        most = pages(there) + room
    with every_connection(lambda connection: f"max_page_count = {most}"):
        refused(place, "the disk is full; make room and try again")
    place.live(county.END + LATER)
    assert place.story() == steady


def test_it_may_only_be_read(place: County, steady):
    place.anew()
    with every_connection(lambda connection: "query_only = 1"):
        refused(place, "may only be read; give its file and folder")
    place.live(county.END)
    assert place.story() == steady


def test_pages_are_damaged_and_a_backup_is_put_back(
    place: County, steady, statements: int, tmp_path: Path
):
    """What came since the backup is read, judged and told again, once."""
    (data,) = crashed(place, [statements // 2])
    backup.copy(data / "forewarn.db", tmp_path / "backup.db")
    shutil.rmtree(data)
    content = bytearray(file_of(place).read_bytes())
    content[4096 : len(content) // 2] = b"\xff" * (len(content) // 2 - 4096)
    file_of(place).write_bytes(content)
    refused(place, "no intact database; move it away and restore a backup")
    shutil.copy(tmp_path / "backup.db", file_of(place))
    place.live(county.END + LATER)
    assert place.story() == steady


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9])
def test_its_log_is_deleted_after_a_crash(part: float, place: County, steady, statements: int):
    """What stood in it alone never happened: it is read, judged and told again, once."""
    (data,) = crashed(place, [int(part * statements)])
    for name in ("forewarn.db-wal", "forewarn.db-shm"):
        (data / name).unlink(missing_ok=True)
    place.as_left(data)
    place.live(county.END + LATER)
    assert place.story() == steady
