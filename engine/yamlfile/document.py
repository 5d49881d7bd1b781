"""What a file says, and on which line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.model.problem import Problem

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """One parsed file: plain data, and the line (from 1) of every key and item."""

    path: str
    data: Any
    lines: Mapping[Path_, int]

    def line(self, *where: str | int) -> int:
        """The line of the value at `where`, or of the nearest enclosing value that has one."""
        for size in range(len(where), -1, -1):
            if where[:size] in self.lines:
                return self.lines[where[:size]]
        return 1

    def problem(self, where: Iterable[str | int], sentence: str, name: str) -> Problem:
        return Problem(self.path, self.line(*where), sentence, name)
