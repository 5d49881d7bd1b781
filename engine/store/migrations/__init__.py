"""Alembic's folder: `env.py`, and in `versions/` one module per schema version.

A new version is a new module `v0002_....py` whose `down_revision` is the version before, written out
by hand with plain column types; the store's tests hold it against `tables.py` on both databases.
"""
