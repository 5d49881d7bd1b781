"""Bringing the tables to this version, and refusing those of another."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from engine.errors import StoreError

#: Any fixed number: one process at a time migrates one PostgreSQL database.
_LOCK = 7_204_620_317


@cache
def head() -> str:
    """The schema version this program speaks."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def current(conn: Connection) -> str | None:
    """The schema version of a database; None where nothing has been made yet."""
    return MigrationContext.configure(conn).get_current_revision()


def upgrade(conn: Connection) -> None:
    """Run every migration the database lacks, within the caller's transaction."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    found = current(conn)
    if found == head():
        return
    _refuse_newer(found)
    command.upgrade(_config(conn), "head")


def is_current(conn: Connection, *, refuse: bool) -> bool:
    """Whether the tables are exactly of this version; StoreError for newer ones, and with `refuse` for
    older ones too."""
    found = current(conn)
    if found == head():
        return True
    _refuse_newer(found)
    if refuse:
        raise StoreError(
            f"the database has schema {found or 'none'}, this forewarn needs {head()}:"
            " run `forewarn db upgrade`"
        )
    return False


def _refuse_newer(found: str | None) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if found is not None and found not in known:
        raise StoreError(
            f"the database has schema {found}, which this forewarn does not know: it was written by a newer"
            " one; upgrade forewarn, or go back to a backup made before"
        )


def _config(conn: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = conn
    return config
