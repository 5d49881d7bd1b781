"""Cursors, single values and configurations; and moments that stand nowhere in time."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from engine.store import configuration, cursors, meta
from engine.store.database import Store
from engine.store.tables import incident


def test_a_cursor_is_replaced_as_a_whole(store: Store) -> None:
    with store.begin() as tx:
        assert cursors.get(tx, "police") == {}
        cursors.put(tx, "police", {"etag": "a", "page": "2"})
        cursors.put(tx, "customs", {"etag": "x"})
        cursors.put(tx, "police", {"etag": "b"})
        assert cursors.get(tx, "police") == {"etag": "b"}
        cursors.put(tx, "police", {})
        assert cursors.get(tx, "police") == {}
        assert cursors.get(tx, "customs") == {"etag": "x"}


def test_values_by_name_and_by_prefix(store: Store) -> None:
    with store.begin() as tx:
        assert meta.get(tx, "demo") is None
        for key, value in (("beat/a", "1"), ("beat/b", "2"), ("beat_c", "3"), ("beat/a", "4")):
            meta.put(tx, key, value)
        assert meta.get(tx, "beat/a") == "4"
        assert meta.like(tx, "beat/") == {"beat/a": "4", "beat/b": "2"}
        assert meta.like(tx, "beat_") == {"beat_c": "3"}


def test_a_configuration_is_kept_once_and_for_good(store: Store) -> None:
    with store.begin() as tx:
        configuration.keep(tx, "h1", {"b": 1, "a": "x"})
        configuration.keep(tx, "h1", "something else")
        configuration.keep(tx, "h2", "text as it is")
        assert configuration.get(tx, "h1") == '{"a":"x","b":1}'
        assert configuration.get(tx, "h2") == "text as it is"
        assert configuration.get(tx, "h3") is None


def test_a_naive_moment_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="has no time zone"), store.read() as tx:
        tx.conn.execute(select(incident).where(incident.c.known_at < datetime(2025, 1, 1)))
