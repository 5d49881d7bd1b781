"""How grave an incident is, in CAP's order; 0 is less than minor."""

from __future__ import annotations

from typing import Any

SEVERITIES = {"minor": 1, "moderate": 2, "severe": 3, "extreme": 4}


def at_least(written: Any) -> int:
    """`>=2`, or `>=severe` in CAP's words; ValueError for anything else."""
    if isinstance(written, str) and written.startswith(">="):
        word = written[2:].strip()
        if word in SEVERITIES:
            return SEVERITIES[word]
        if word in {str(number) for number in SEVERITIES.values()}:
            return int(word)
    raise ValueError("a severity is written as \">=2\", from 1 to 4, or as \">=severe\"")
