"""A database of somebody else's, asked one query that only reads and ends with its time."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from connectors.reading.address import Allowed
from connectors.reading.deadline import addresses
from engine.errors import FeedError
from engine.model.address import shown
from engine.model.later import Later
from engine.model.network import Network

if TYPE_CHECKING:
    import httpcore
    from sqlalchemy import URL, Connection, Engine
else:
    httpcore = Later("httpcore")

_PORTS = {"postgresql": 5432, "mysql": 3306, "mariadb": 3306, "mssql": 1433, "oracle": 1521}
#: How many rows the driver is asked for at a time; and after how many steps SQLite looks at the clock.
_AT_ONCE, _STEPS = 1_000, 10_000


def address(url: str) -> URL:
    """The address; ValueError, which quotes nothing of it, for one that no driver here reads."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import SQLAlchemyError

    try:
        found = make_url(url)
        if found.drivername == "postgresql":
            found = found.set(drivername="postgresql+psycopg")
        found.get_dialect().import_dbapi()
    except SQLAlchemyError as error:
        raise ValueError("the url is as in postgresql://user:${PASSWORD}@host/database") from error
    except ModuleNotFoundError as error:
        raise ValueError(f"no driver for {found.drivername} is installed: pip install {error.name}") from None
    if found.get_backend_name() == "sqlite":
        raise ValueError("for an SQLite file give its path")
    return found


@dataclass(frozen=True)
class Database:
    """A server's address or an SQLite file, and the bounds of what it may be asked for."""

    where: str | Path
    networks: tuple[Network, ...]
    #: Seconds to connect, and how long a whole answer may take.
    timeout: float
    longest: timedelta
    max_bytes: int
    max_rows: int

    @property
    def name(self) -> str:
        """The database as messages name it."""
        return str(self.where) if isinstance(self.where, Path) else shown(self.where)

    def ask(self, query: str, **values: Any) -> tuple[tuple[str, ...], list[Sequence[Any]]]:
        """The columns and the rows; raises FeedError where they cannot be had, or are too many."""
        from sqlalchemy import bindparam, text
        from sqlalchemy.exc import SQLAlchemyError
        from sqlalchemy.types import NullType

        until = time.monotonic() + self.longest.total_seconds()
        # Of no type, so that the database reads '2026-03-01' as the moment it is compared with.
        bound = [bindparam(name, value, type_=NullType()) for name, value in values.items()]
        try:
            with self._connected(until) as connection:
                found = connection.execute(text(query).bindparams(*bound))
                return tuple(found.keys()), list(self._bounded(map(tuple, found), until))
        except SQLAlchemyError as error:
            if time.monotonic() >= until:
                raise self._late() from error
            raise FeedError(f"{self.name}: {_said(error)}; check the query and the account") from error

    @contextmanager
    def _connected(self, until: float) -> Iterator[Connection]:
        """A connection that can only read, and is rolled back in the end whatever was done on it."""
        engine = self._engine()
        try:
            with engine.connect() as connection:
                if engine.dialect.name == "sqlite":
                    _only_read(connection, until)
                elif engine.dialect.name == "postgresql":
                    connection = connection.execution_options(postgresql_readonly=True)
                    left = max(1, int(1000 * (until - time.monotonic())))
                    connection.exec_driver_sql(f"SET LOCAL statement_timeout = {left}")
                yield connection.execution_options(stream_results=True, max_row_buffer=_AT_ONCE)
        finally:
            engine.dispose()

    def _engine(self) -> Engine:
        from sqlalchemy import create_engine
        from sqlalchemy.pool import NullPool

        if not isinstance(self.where, Path):
            url = address(self.where)
            return create_engine(url, poolclass=NullPool, connect_args=self._reached(url))
        if not self.where.is_file():
            raise FeedError(f"{self.where}: there is no such file; check the feed's path")
        file = f"file:{quote(str(self.where.absolute()))}?mode=ro"
        opened = partial(sqlite3.connect, file, uri=True, timeout=self.timeout)
        return create_engine("sqlite://", poolclass=NullPool, creator=opened)

    def _reached(self, url: URL) -> dict[str, Any]:
        """What the driver is told besides the address. PostgreSQL's connects to what was looked up and
        checked here; others look the name up once more."""
        dialect = url.get_backend_name()
        postgres = dialect == "postgresql"
        told: dict[str, Any] = {"connect_timeout": max(2, int(self.timeout))} if postgres else {}
        if not url.host:
            return told
        port = url.port or _PORTS.get(dialect, 0)
        host = f"[{url.host}]" if ":" in url.host else url.host
        try:
            found = addresses(Allowed(f"{dialect}://{host}:{port}", networks=self.networks), url.host, port)
        except httpcore.ConnectError as error:
            raise FeedError(f"{self.name}: cannot be reached: {error}") from error
        if postgres:
            told |= {"host": ",".join([url.host] * len(found)), "hostaddr": ",".join(found)}
        return told

    def _bounded(self, rows: Iterator[Sequence[Any]], until: float) -> Iterator[Sequence[Any]]:
        """The rows, as many and as large as they may be, for as long as they may take."""
        room = self.max_bytes
        for number, row in enumerate(rows, start=1):
            room -= sum(len(value) if isinstance(value, str | bytes) else 16 for value in row)
            if room < 0:
                said = f"more than {self.max_bytes >> 20} MB; ask for less, or raise max_mb"
                raise FeedError(f"{self.name}: {said} if that is right")
            if number > self.max_rows:
                said = f"more than {self.max_rows} rows; ask for less, or raise rows"
                raise FeedError(f"{self.name}: {said} if that is right")
            if number % _AT_ONCE == 0 and time.monotonic() >= until:
                raise self._late()
            yield row

    def _late(self) -> FeedError:
        said = f"still not whole after {self.longest.total_seconds():.0f} s"
        return FeedError(f"{self.name}: {said}; raise timeout if that is right")


def _only_read(connection: Connection, until: float) -> None:
    """An SQLite file has no server that would see to it."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    # What is no UTF-8 would else be quoted by the error that says so.
    driver.text_factory = lambda found: found.decode("utf-8", "replace")
    driver.set_progress_handler(lambda: time.monotonic() >= until, _STEPS)
    connection.exec_driver_sql("PRAGMA query_only = ON")


def _said(error: Exception) -> str:
    """What the database says of the query or the account. Of a value that it cannot read it says nothing
    here: nobody has looked whose it is."""
    from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

    origin = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(error, OperationalError | ProgrammingError):
        return str(origin).strip().partition("\n")[0] or type(origin).__name__
    return f"{type(origin).__name__} {getattr(origin, 'sqlstate', '') or ''}".strip()
