"""Opening a database, and its two kinds of transaction: one that writes, one that only reads."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import RLock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, select, update
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import StaticPool

from engine.errors import StoreError
from engine.guard import private
from engine.model.address import shown, torn
from engine.store import sqlite, version
from engine.store.tables import counter

#: How long a transaction waits for another writer before it gives up (seconds).
PATIENCE = 30


class Tx:
    """One transaction: its connection, and its place in the order of commit."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn
        self._seq: int | None = None

    @property
    def dialect(self) -> str:
        return self.conn.dialect.name

    def seq(self) -> int:
        """This transaction's place in the order of commit.

        The first call raises the counter and keeps its row locked until the end, so transactions
        that took a number commit one after the other, in the order of their numbers.
        """
        if self._seq is None:
            self.conn.execute(update(counter).values(seq=counter.c.seq + 1))
            self._seq = self.horizon()
        return self._seq

    def horizon(self) -> int:
        """The number of the last transaction this one can see: what a run records as its `seq`."""
        return int(self.conn.execute(select(counter.c.seq)).scalar_one())


class Store:
    """A database with the engine's tables in it."""

    def __init__(self, engine: Engine, url: str) -> None:
        self.url = url
        #: The address as messages name it.
        self.name = shown(url)
        self._file = _file(engine.url)
        self._was = _identity(self._file)
        self._writer = engine.execution_options(writes=True)
        self._keeper = engine.execution_options(writes=True, lasts=True)
        self._reader = engine
        if engine.dialect.name == "postgresql":
            self._reader = engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        self._engine = engine
        #: A database in memory has one connection, which the threads of a process take in turns.
        self._turn = RLock() if isinstance(engine.pool, StaticPool) else nullcontext()

    @classmethod
    def open(cls, url: str, *, migrate: bool = True, create: bool = True) -> Store:
        """Connect to `url` (`sqlite:///data/forewarn.db`, `postgresql://user@host/name`) and bring
        the tables to this version, or, with `migrate=False`, only check that they are. A SQLite file that
        is not there is made, or not (`create=False`).

        Raises StoreError when the address cannot be read, nobody answers, or the tables are of
        another version.
        """
        address = _address(url)
        file = _file(address)
        if file is not None and not file.exists():
            _make(file, create)
        store = cls(_engine(address), url)
        try:
            store._check(migrate)
        except StoreError:
            store.close()
            raise
        return store

    def _check(self, migrate: bool) -> None:
        with self.read() as tx:
            found = version.current(tx.conn)
        if found != version.HEAD:
            self._bring_up(found, migrate)

    def replaced(self) -> bool:
        """Whether another database lies now where this one was opened: it is open then instead.

        Raises StoreError where there is none any more.
        """
        if self._file is None:
            return False
        now = _identity(self._file)
        if now is None:
            raise StoreError(
                f"{self._file} is not there any more: put it back, or `forewarn db restore` a backup; until"
                " then nothing is polled, judged or delivered"
            )
        if now == self._was:
            return False
        self.close()
        self._check(migrate=True)
        self._was = now
        return True

    def _bring_up(self, found: str | None, migrate: bool) -> None:
        from engine.store import migrate as migration

        if not migrate:
            migration.refuse(found)
        with self.begin() as tx:
            migration.upgrade(tx.conn)

    @contextmanager
    def begin(self) -> Iterator[Tx]:
        """One writing transaction: committed at the end, undone by any exception."""
        with self._turn, self._explained(), self._writer.begin() as conn:
            yield Tx(conn)

    @contextmanager
    def lasting(self) -> Iterator[Tx]:
        """The same, for what somebody is told was taken: once committed it is on the disk, and the power may
        go. What can be judged or polled again does without, and is quicker."""
        with self._turn, self._explained(), self._keeper.begin() as conn:
            yield Tx(conn)

    @contextmanager
    def trial(self) -> Iterator[Tx]:
        """One writing transaction that is undone at its end: what would come of it."""
        with self._turn, self._explained(), self._writer.connect() as conn, conn.begin() as transaction:
            yield Tx(conn)
            transaction.rollback()

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """One reading transaction: everything in it is seen as of one moment."""
        with self._turn, self._explained(), self._reader.connect() as conn, conn.begin() as transaction:
            yield Tx(conn)
            transaction.rollback()

    @property
    def file(self) -> Path | None:
        """Where SQLite keeps it on this machine."""
        return self._file

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise StoreError(_explain(self._engine.url, error)) from error


def _file(address: URL) -> Path | None:
    """Where SQLite keeps it; None for a server's, and for one in memory."""
    if address.get_backend_name() != "sqlite" or address.database in (None, "", ":memory:"):
        return None
    return Path(str(address.database))


def _identity(file: Path | None) -> tuple[int, int] | None:
    """What tells a file from another of the same name; None where there is none."""
    try:
        found = file.stat() if file is not None else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found is not None else None


def _make(file: Path, create: bool) -> None:
    """An empty database for its owner only, as SQLite makes those beside it, so that opening one never makes
    one: a file that vanishes must be missed."""
    if not create:
        raise StoreError(f"there is no database {file} yet; `forewarn run` makes it, `forewarn demo` too")
    try:
        private.folder(file.parent)
        private.made(file)
    except OSError as error:
        raise StoreError(f"{file.name} in the folder {file.parent} cannot be made: {error}") from error


def _engine(address: URL) -> Engine:
    if address.get_backend_name() == "postgresql":
        return create_engine(
            address, paramstyle="format", pool_pre_ping=True,
            connect_args={"connect_timeout": 10, "options": f"-c lock_timeout={PATIENCE}s"},
        )  # fmt: skip
    patient: dict[str, Any] = {"timeout": PATIENCE, "check_same_thread": False}
    file = _file(address)
    if file is None:
        engine = create_engine(address, connect_args=patient, poolclass=StaticPool)
    else:
        there = f"{file.absolute().as_uri()}?mode=rw"
        engine = create_engine(address, creator=lambda: sqlite3.connect(there, uri=True, **patient))
    event.listen(engine, "connect", lambda connection, _: sqlite.prepare(connection, PATIENCE))
    event.listen(engine, "begin", lambda conn: sqlite.begin(conn, PATIENCE))
    return engine


def _address(url: str) -> URL:
    """The URL with our driver in it; StoreError where it names no database we speak to."""
    advice = "`database` in config/engine.yaml is sqlite:///data/forewarn.db or postgresql://user@host/name"
    if torn(url):
        raise StoreError(
            f"the database address {shown(url)} cannot be told apart: "
            "write %40 for @, %2F for /, %3F for ? and %23 for # in its password"
        )
    try:
        address = make_url(url)
        if not url.isprintable():
            raise ValueError("no file and no server is called so")
    except (ArgumentError, ValueError):  # not in its own words, which may quote a part of a password
        raise StoreError(f"the database address {shown(url)} cannot be read: {advice}") from None
    backend = address.get_backend_name()
    if backend in ("postgresql", "postgres"):
        return address.set(drivername="postgresql+psycopg")
    if backend == "sqlite":
        return address.set(drivername="sqlite")
    raise StoreError(f"the database address names {backend!r}, which is not one of ours: {advice}")


def _explain(url: URL, error: DBAPIError) -> str:
    """What happened and what to do, in one sentence, with the driver's own words at the end."""
    where = shown(url.render_as_string(hide_password=True))
    words = str(error.orig).strip()
    if url.password:
        words = words.replace(str(url.password), "(the password)")
    state = getattr(error.orig, "sqlstate", None)
    if "database is locked" in words or state in ("55P03", "40P01"):
        advice = (
            f"another process kept the database locked for {PATIENCE} s;"
            " see `forewarn status` for who is running, then try again"
        )
    elif error.connection_invalidated or (state is None and url.get_backend_name() == "postgresql"):
        advice = "the database does not answer; start it, or correct `database` in config/engine.yaml"
    elif "unable to open database file" in words:
        advice = "the database file cannot be opened; check that its folder exists and may be written"
    elif "file is not a database" in words or "malformed" in words:
        advice = "the file is no intact database; move it away and restore a backup"
    elif "no such table" in words or state == "42P01":
        advice = "the tables are not there; run `forewarn db upgrade`"
    elif "disk is full" in words or state == "53100":
        advice = "the disk is full; make room and try again"
    elif "readonly database" in words or state == "25006":
        advice = "the database may only be read; give its file and folder to who runs this, then try again"
    elif "disk I/O error" in words:
        advice = "the disk does not do what it should; look at it, then try again"
    else:
        advice = "the database refused"
    return f"{where}: {advice} ({words})"
