"""Moments as CAP writes them, and what is usually wrong with them."""

from __future__ import annotations

import re
from datetime import datetime

#: No `Z`, no fraction of a second; UTC is -00:00.
_FORM = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)([+-])(\d\d):(\d\d)", re.ASCII)


def read(text: str) -> datetime | None:
    """The moment; None where it is none, or not written as CAP writes it."""
    if not _FORM.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def amiss(text: str) -> str:
    """What is wrong with the writing of a moment; empty where nothing is."""
    if read(text) is not None:
        return ""
    if _FORM.fullmatch(text):
        return "there is no such day, hour or offset"
    if re.fullmatch(r"[^.,]*T[^.,]*Z", text, re.I):
        return "CAP writes UTC as -00:00, not as Z"
    if re.search(r":\d\d[.,]\d+", text):
        return "CAP has no fractions of a second"
    if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?", text):
        return "the offset from UTC is missing, as in +08:00"
    return "write it as in 2026-03-08T07:00:00+08:00"
