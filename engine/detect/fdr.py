"""Many tests at once: Benjamini-Hochberg across the areas of one cycle.

Source: Benjamini and Hochberg, Controlling the false discovery rate, Journal of the Royal Statistical
Society B 57 (1995) 289-300.
"""

from __future__ import annotations

import numpy as np

from engine.detect.series import Bools, Floats


def adjust(pvalues: Floats, mask: Bools) -> Floats:
    """(C, A) adjusted p-values: at or below q exactly where the cell is among the discoveries at rate q.

    The cells of one cut (row) are one family; those outside `mask` or NaN were not tested, do not count
    in the family's size and come back as 1. Raises ValueError for a p-value outside 0 to 1.
    """
    tested = mask & ~np.isnan(pvalues)
    if ((pvalues < 0) | (pvalues > 1))[tested].any():
        raise ValueError("a p-value lies outside 0 to 1")
    cells = np.where(tested, pvalues, 2.0)
    order = np.argsort(cells, axis=1, kind="stable")
    ranked = np.take_along_axis(cells, order, axis=1)
    size = tested.sum(axis=1, keepdims=True)
    steps = np.where(ranked > 1, 1.0, ranked * size / np.arange(1, cells.shape[1] + 1))
    least = np.minimum.accumulate(steps[:, ::-1], axis=1)[:, ::-1]
    adjusted = np.empty_like(cells)
    np.put_along_axis(adjusted, order, np.minimum(least, 1.0), axis=1)
    return np.where(tested, adjusted, 1.0)
