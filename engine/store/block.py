"""Rows of the ledger packed by indicator and span of days, so that a panel is read in bulk.

A row of a table costs a thousand times what a row of an array does: a screening of a nation reads a million.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

#: So many days lie in one block: a day's news changes few of them, and a year is read in a dozen.
SPAN = 32

#: A row: signed counts and sums of one area (by id) and day, for the first cut that may see them.
ROW = np.dtype([("area", "<i4"), ("day", "<i4"), ("cut", "<i4"), ("n", "<i4"), ("total", "<f8")])

Rows = NDArray[np.void]


def unpacked(blocks: Iterable[bytes]) -> Rows:
    """All rows of some blocks, one block after the other."""
    return np.frombuffer(b"".join(blocks), ROW)


def rows_of(tuples: Iterable[tuple[int, int, int, int, float]]) -> Rows:
    """Rows of (area, day, cut, n, total) as a database hands them out."""
    return np.fromiter(tuples, ROW)


def merged(packed: Rows, fresh: Rows) -> Rows:
    """One span's rows with further ones: in the order of day, area and cut, equal ones added up, and without
    what cancels out."""
    rows = np.concatenate([packed, fresh])
    key = (rows["day"].astype(np.int64) % SPAN << 46) | (rows["area"].astype(np.int64) << 22) | rows["cut"]
    order = np.argsort(key, kind="stable")  # quick where most are in order already
    rows, first = rows[order], np.flatnonzero(np.diff(key[order], prepend=-1))
    found = rows[first]
    found["n"], found["total"] = (np.add.reduceat(rows[name], first) for name in ("n", "total"))
    kept: Rows = found[(found["n"] != 0) | (found["total"] != 0)]
    return kept
