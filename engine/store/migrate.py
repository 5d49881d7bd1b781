"""Bringing the tables to this version, and refusing those of another."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from engine.errors import StoreError
from engine.store.version import HEAD, current

#: Any fixed number: one process at a time migrates one PostgreSQL database.
_LOCK = 7_204_620_317


def upgrade(conn: Connection) -> None:
    """Run every migration the database lacks, within the caller's transaction."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    found = current(conn)
    if found == HEAD:
        return
    _refuse_newer(found)
    command.upgrade(_config(conn), "head")


def refuse(found: str | None) -> NoReturn:
    """StoreError for tables of another version, where nothing may be changed."""
    _refuse_newer(found)
    raise StoreError(
        f"the database has schema {found or 'none'}, this forewarn needs {HEAD}: run `forewarn db upgrade`"
    )


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
