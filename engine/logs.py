"""Logging for people: one line an event, on standard error."""

from __future__ import annotations

import sys

from loguru import logger


def configure(level: str) -> None:
    """Say what is at least this grave; times are local, with their offset."""
    logger.remove()
    logger.add(
        sys.stderr, level=level.upper(), backtrace=False, diagnose=False,
        format="<dim>{time:YYYY-MM-DDTHH:mm:ssZZ}</dim> <level>{level: <7}</level> {message}",
    )  # fmt: skip
