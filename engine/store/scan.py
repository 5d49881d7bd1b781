"""Every text that a database holds, whatever tables it has, to be looked through."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import MetaData, Text, create_engine, select

from engine.errors import UsageError
from engine.store.database import Store, Tx

#: What an operator wrote, kept as it was: receivers' addresses stand in it.
OWN = frozenset({("configuration", "text")})
_MAGIC = b"SQLite format 3\0"


def is_database(path: Path) -> bool:
    """Whether a file is a SQLite database."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def opened(path: Path) -> Store:
    """The database in a file, of whatever version, to be read only."""
    if not is_database(path):
        raise UsageError(f"{path} is no SQLite database")
    return Store(create_engine(f"sqlite:///file:{path.resolve()}?mode=ro&uri=true"), f"sqlite:///{path}")


def texts(tx: Tx) -> Iterator[tuple[str, str, str]]:
    """(table, column, text) of everything but the configurations as they were written."""
    metadata = MetaData()
    metadata.reflect(tx.conn)
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Text) and (table.name, column.name) not in OWN:
                for text in tx.conn.execute(select(column).where(column != "")).scalars():
                    yield table.name, column.name, text
