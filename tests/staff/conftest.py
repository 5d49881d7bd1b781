"""An empty store, and a moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from engine.store.database import Store

AT = datetime(2026, 3, 11, 9, tzinfo=UTC)


@pytest.fixture
def store() -> Iterator[Store]:
    opened = Store.open("sqlite://")
    yield opened
    opened.close()
