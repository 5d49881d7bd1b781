"""What is stored about a warning, looked up only where somebody hears of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from engine.model.demand import Demand
from engine.model.finding import Finding
from engine.model.incident import Incident
from engine.model.warning import Change


def nothing(of: Any) -> tuple[()]:
    """Nothing is looked up."""
    return ()


def unknown(of: Any) -> None:
    """Nobody knows."""
    return


@dataclass(frozen=True)
class Records:
    """counted: the incidents that a finding counted; of a warning, by its id: its changes, oldest first, and
    the demands that were made (None: it is no recorded one)."""

    counted: Callable[[Finding], Sequence[Incident]] = nothing
    changes: Callable[[str], Sequence[Change]] = nothing
    demands: Callable[[str], Sequence[Demand] | None] = unknown
