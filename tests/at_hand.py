"""Exchanges in this very process: no other one is started for each, and nothing can end what hangs."""

from __future__ import annotations

from typing import Any

import pytest

from engine.cycle.loops import worker
from engine.cycle.loops.outfit import Outfit
from engine.errors import EngineError, unexpected


class AtHand:
    """As `worker.Worker`, for peers that are sure to answer."""

    running = True

    def __init__(self, memory: int) -> None:
        """memory: a process that is shared cannot be bounded."""

    def ask(self, outfit: Outfit, step: worker.Step, argument: Any, seconds: float) -> Any:
        try:
            with outfit.world() as world:
                return step(world, argument)
        except EngineError as error:
            raise EngineError(str(error)) from error
        except Exception as error:
            raise EngineError(unexpected(error)) from error

    def kill(self) -> None:
        """There is nothing to end."""


@pytest.fixture
def at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is asked during the test is asked here."""
    monkeypatch.setattr(worker, "Worker", AtHand)
