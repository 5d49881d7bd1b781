"""Libraries that take long to import, and that few commands use: imported where something of them is first
asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Later:
    """A module that is imported with the first of its names that is asked for, by whichever thread."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        found = getattr(import_module(self._name), name)
        setattr(self, name, found)
        return found
