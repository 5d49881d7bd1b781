"""Logging for people: one line an event, on standard error, past the guard."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from loguru import logger

from engine.guard.exit import guarded

if TYPE_CHECKING:
    from loguru import Message


#: What was configured last.
_level = "warning"


def configure(level: str) -> None:
    """Say what is at least this grave; times are local, with their offset."""
    global _level
    _level = level
    logger.remove()
    logger.add(
        _say, level=level.upper(), backtrace=False, diagnose=False, colorize=sys.stderr.isatty(),
        format="<dim>{time:YYYY-MM-DDTHH:mm:ssZZ}</dim> <level>{level: <7}</level> {message}",
    )  # fmt: skip


def configured() -> str:
    """How grave a thing must be to be said: the processes that we start say as much."""
    return _level


def _say(message: Message) -> None:
    """The whole line, whatever exception hangs on it."""
    sys.stderr.write(guarded(message))
