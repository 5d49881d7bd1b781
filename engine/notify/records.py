"""What is stored about a warning, looked up only where somebody hears of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from engine.model.finding import Finding
from engine.model.incident import Incident
from engine.model.warning import Change


def nothing(of: Any) -> tuple[()]:
    """Nothing is looked up."""
    return ()


@dataclass(frozen=True)
class Records:
    """counted: the incidents that a finding counted; changes: a warning's (by id), oldest first."""

    counted: Callable[[Finding], Sequence[Incident]] = nothing
    changes: Callable[[str], Sequence[Change]] = nothing
