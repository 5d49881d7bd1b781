"""Which version of the tables a database holds. Only changing it takes Alembic (`engine.store.migrate`),
whose import would be a sixth of the start of every command."""

from __future__ import annotations

from sqlalchemy import Connection, column, inspect, select, table

#: The migration that makes the tables this program speaks.
HEAD = "0027"

#: Alembic's own table.
_VERSIONS = table("alembic_version", column("version_num"))


def current(conn: Connection) -> str | None:
    """The schema version of a database; None where nothing has been made yet."""
    if not inspect(conn).has_table(_VERSIONS.name):
        return None
    found: str | None = conn.scalar(select(_VERSIONS.c.version_num))
    return found
