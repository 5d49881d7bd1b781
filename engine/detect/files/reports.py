"""Reports from a CSV: a row per event, `date,known` and, where one row counts several, `n`."""

from __future__ import annotations

from collections.abc import Iterable

from engine.detect.files.rows import day, number, rows
from engine.model.panel import Deltas


def read(lines: Iterable[str]) -> Deltas:
    """When events happened and when they became known, by the file's column `series` where it has one.

    A report is seen from the morning after it came; one with a negative `n` takes others back. Raises
    ValueError, with the line, for a missing column, a date or number that cannot be read, or an event known
    before it happened.
    """
    _, found = rows(lines, ("date", "known"), ("n", "series"))
    names: dict[str, int] = {}
    reports = []
    for line, (happened, known, n, series) in found:
        at, seen = day(happened, "date", line), day(known, "known", line)
        if seen < at:
            raise ValueError(f"line {line}: known on {known.strip()}, happened on {happened.strip()}")
        count = number(n.strip() or "1", "n", line)
        if not count.is_integer():
            raise ValueError(f"line {line}: n must be a whole number, found {n[:40]!r}")
        reports.append((names.setdefault(series.strip(), len(names)), at, seen + 1, int(count), count))
    if not reports:
        raise ValueError("the file holds no report")
    return Deltas.of(tuple(names), reports)
