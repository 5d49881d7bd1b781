"""Check digits, left to python-stdnum: a kind of number is imported when one is first looked at."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module


@cache
def _module(name: str) -> Callable[[str], bool]:
    found: Callable[[str], bool] = import_module(f"stdnum.{name}").is_valid
    return found


def valid(name: str) -> Callable[[str], bool]:
    """Whether a number is valid as stdnum's module `name` (`fi.hetu`) says."""
    return lambda number: _module(name)(number)
