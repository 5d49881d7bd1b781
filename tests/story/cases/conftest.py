"""An office whose commands run at its own time, and the server that its feed may ask."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import app
from tests.connectors.conftest import server
from tests.story.cases.office import Office

__all__ = ["server"]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_hand: None) -> Office:
    opened = Office(tmp_path / "root")
    monkeypatch.setattr(app, "system_clock", lambda: opened.now)
    return opened
