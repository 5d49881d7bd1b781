"""A whole copy of a SQLite database, also while processes write to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from engine.errors import StoreError
from engine.guard import private
from engine.model.regular import regular


def copy(source: Path, target: Path) -> None:
    """Copy the database as of one moment; what stands at `target` is never overwritten.

    Raises StoreError where the source is no intact database, or the target is taken or cannot be
    written; then nothing is left at the target.
    """
    if not source.exists():
        raise StoreError(f"there is no database {source} to copy")
    if target.exists():
        raise StoreError(f"{target} is there already; move it away, or name another file")
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        private.folder(target.parent)
        private.made(partial)
        address = f"{regular(source).resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as old, closing(sqlite3.connect(partial)) as new:
            old.backup(new)
            new.execute("SELECT version_num FROM alembic_version")  # an empty file is no backup either
            (found,) = new.execute("PRAGMA quick_check(1)").fetchone()
    except (sqlite3.Error, OSError) as error:
        partial.unlink(missing_ok=True)
        raise StoreError(f"{source} could not be copied to {target}: {error}") from error
    if found != "ok":
        partial.unlink()
        raise StoreError(f"{source} is damaged ({found}); use another backup")
    partial.replace(target)
