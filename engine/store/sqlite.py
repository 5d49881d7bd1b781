"""How a connection to SQLite is set up, and how its transactions begin. patience: how long each of them waits
for another writer (seconds)."""

from __future__ import annotations

import sqlite3
from time import monotonic, sleep

from sqlalchemy import Connection

#: Whoever waits for another looks so often whether it is done (seconds).
LOOK = 0.002
#: What a connection remembers of itself.
_SAFETY = "synchronous"


def prepare(connection: sqlite3.Connection, patience: float) -> None:
    """Settings of every connection; the driver's own transactions are off, `begin` starts ours."""
    connection.isolation_level = None
    for pragma in (_waiting(patience), "synchronous=NORMAL", "foreign_keys=ON",
                   "temp_store=MEMORY", "cache_size=-65536"):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}")
    _write_ahead(connection, patience)


def _waiting(seconds: float) -> str:
    return f"busy_timeout={seconds * 1000:.0f}"


def _write_ahead(connection: sqlite3.Connection, patience: float) -> None:
    """Switch to WAL. SQLite's own patience does not hold here: while another process switches the same
    new file, it refuses at once."""
    deadline = monotonic() + patience
    while True:
        try:
            if connection.execute("PRAGMA journal_mode").fetchone()[0] == "delete":
                connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if monotonic() > deadline:
                raise
            sleep(0.02)


def begin(conn: Connection, patience: float) -> None:
    """A writer takes the lock at once: a later upgrade from reading to writing could only fail. Whether its
    commit waits for the disk must be said before."""
    options = conn.get_execution_options()
    safety = "FULL" if options.get("lasts") else "NORMAL"
    if conn.info.get(_SAFETY, "NORMAL") != safety:
        conn.exec_driver_sql(f"PRAGMA synchronous={safety}")
        conn.info[_SAFETY] = safety
    if options.get("writes"):
        _begin_writing(conn, patience)
    else:
        conn.exec_driver_sql("BEGIN")


def _begin_writing(conn: Connection, patience: float) -> None:
    """SQLite itself looks every tenth of a second in the end, and others who write often are always there
    when it does."""
    raw = conn.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    deadline = monotonic() + patience
    raw.execute(f"PRAGMA {_waiting(0)}")
    try:
        while not _begun(raw) and monotonic() < deadline:
            sleep(LOOK)
        if not raw.in_transaction:
            conn.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        raw.execute(f"PRAGMA {_waiting(patience)}")


def _begun(raw: sqlite3.Connection) -> bool:
    """False where another is writing; whatever else stands in the way is for the caller to hear."""
    try:
        raw.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:  # the rest says why it is
            return False
    return True
