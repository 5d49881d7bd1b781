"""The design of the Farrington baseline at one time point: which past points, in which seasonal level.

The design depends on the parameters and on how far back the reference times lie, never on the counts, so
it is made once and shared by all series and, where years have the same length, by all time points.

Source: Noufaily et al., An improved algorithm for outbreak detection in multiple surveillance systems,
Statistics in Medicine 32 (2013) 1206-1222, section 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.detect.series import Floats

Ints = NDArray[np.int64]


#: Multiplications in one product of matrices below which a linear algebra library starts no threads: for
#: matrices this small they cost several times what they save, and take cores from other processes.
_ONE_THREAD = 250_000


def times(rows: Floats, matrix: Floats) -> Floats:
    """rows @ matrix, a few rows at a time, on the calling thread."""
    few = max(1, _ONE_THREAD // matrix.size)
    whole = len(rows) - len(rows) % few
    found = np.empty((len(rows), matrix.shape[1]))
    np.matmul(
        rows[:whole].reshape(-1, few, rows.shape[1]), matrix,
        out=found[:whole].reshape(-1, few, matrix.shape[1]),
    )  # fmt: skip
    np.matmul(rows[whole:], matrix, out=found[whole:])
    return found


@dataclass(frozen=True)
class Columns:
    """A model matrix in arrow form: L level indicators, whose cross products are diagonal, and a border of q
    further columns.

    matrix: (n, L + q) levels first; products: (n, L + L*q + q*q) of each point the level indicators, their
    products with the border, the border's own products; both end in a row for the judged point in `now`.
    """

    levels: int
    border: int
    matrix: Floats
    products: Floats
    matrix_now: Floats
    products_now: Floats

    @classmethod
    def of(cls, level: Ints, levels: int, now: int, border: Floats, border_now: Floats) -> Columns:
        level, border = np.append(level, now), np.vstack([border, border_now])
        indicator = (level[:, None] == np.arange(levels)).astype(float)
        mixed = (indicator[:, :, None] * border[:, None, :]).reshape(level.size, -1)
        own = (border[:, :, None] * border[:, None, :]).reshape(level.size, -1)
        matrix = np.hstack([indicator, border])
        products = np.hstack([indicator, mixed, own])
        return cls(levels, border.shape[1], matrix[:-1], products[:-1], matrix[-1], products[-1])

    def totals(self, products: Floats) -> Floats:
        """(R, L + q) weighted column sums of `matrix`, from those of `products` (R, L + L*q + q*q)."""
        size, q = self.levels, self.border
        mixed = products[:, size : size + size * q].reshape(products.shape[0], size, q)
        return np.hstack([products[:, :size], mixed.sum(axis=1)])


@dataclass(frozen=True)
class Design:
    """What every series shares at one time point.

    back: (n,) how many points before the judged one each baseline point lies, falling; level: (n,) its
    seasonal level from 0; now: the judged point's level; step: (n,) its distance in time from the judged
    point, <= 0, in steps; weekday: (n,) days of the week after the judged one's, or None for no weekdays.
    """

    back: Ints
    level: Ints
    levels: int
    now: int
    step: Floats
    weekday: Ints | None = None

    @property
    def key(self) -> bytes:
        """The same for time points that can share one design."""
        return self.back.tobytes() + self.level.tobytes() + self.step.tobytes()

    @cached_property
    def flat(self) -> Columns:
        """Seasonal level and weekday."""
        return self._columns(trend=False)

    @cached_property
    def trended(self) -> Columns:
        """The same and, as the last column, a linear trend."""
        return self._columns(trend=True)

    def _columns(self, *, trend: bool) -> Columns:
        border: list[Floats] = []
        if self.weekday is not None:
            border += [(self.weekday == day).astype(float) for day in range(1, 7)]
        now = [0.0] * len(border)
        if trend:
            # Centred, so that the level sums do not cancel each other to nothing.
            centre = float(self.step.mean())
            border, now = [*border, self.step - centre], [*now, -centre]
        columns = np.stack(border, axis=1) if border else np.empty((self.back.size, 0))
        return Columns.of(self.level, self.levels, self.now, columns, np.array(now))


def references_by_lag(at: int, b: int, frequency: int) -> Ints:
    """(b + 1,) the judged position and the same one in each of the b years before."""
    return at - frequency * np.arange(b + 1)


def references_by_date(at: int, b: int, days: Ints, *, weekly: bool) -> Ints:
    """(b + 1,) positions of the judged day and of the same calendar day in each of the b years before,
    moved to the nearest same weekday if `weekly`; 29 February is followed back to 1 March.

    days: (T,) rising ordinals. Raises ValueError where a day is not in the series.
    """
    judged = date.fromordinal(int(days[at]))
    wanted = [judged, *(_years_before(judged, years) for years in range(1, b + 1))]
    if weekly:
        wanted = [_nearest_weekday(day, judged.weekday()) for day in wanted]
    ordinals = np.array([day.toordinal() for day in wanted])
    found = np.searchsorted(days, ordinals)
    missing = [day for day, spot in zip(wanted, found, strict=True) if days[spot] != day.toordinal()]
    if missing:
        raise ValueError(f"{judged} is compared with {missing[0]}, which is not in the series; lower b")
    return found.astype(np.int64)


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def _nearest_weekday(day: date, weekday: int) -> date:
    forward = (weekday - day.weekday()) % 7
    return day + timedelta(days=forward if forward <= 3 else forward - 7)


def seasonal_levels(references: Ints, w: int, no_periods: int) -> Ints:
    """(at + 1,) the level of every position up to the judged one: `no_periods` in the windows of w points
    about the reference times, 1..no_periods - 1 in equal blocks between them, 0 outside.

    The first blocks are a point longer where the division leaves a rest. Where a year has fewer free points
    than blocks, an empty block takes the two points at its seam, as in the reference. Raises ValueError where
    the windows overlap or the blocks are too many.
    """
    at = int(references[0])
    levels = np.zeros(at + 1, np.int64)
    levels[at - w :] = no_periods
    for later, reference in pairwise(references.tolist()):
        levels[max(reference - w, 0) : reference + w + 1] = no_periods
        if no_periods == 1:
            continue
        free = later - reference - 2 * w - 1
        if free < max(0, no_periods - (2 * w + 1)):
            raise ValueError(
                f"no_periods {no_periods} are too many: {free} points a year lie outside the windows of w {w}"
            )
        length, rest = divmod(free, no_periods - 1)
        start = reference + w + 1
        for block in range(1, no_periods):
            end = start + length + (block <= rest)
            if end > start:
                levels[start:end] = block
            else:
                levels[start - 1 : start + 1] = block
            start = end
    return levels


def design(
    references: Ints, w: int, no_periods: int, left_out: int, *,
    weekday: bool = False, days: Sequence[int] | Ints | None = None,
) -> Design:  # fmt: skip
    """The design at the position references[0].

    left_out: how many points before the judged one stay out of the baseline; weekday: the points are days and
    get a factor per weekday; days: (T,) their ordinals where steps are not equally long.

    Raises ValueError where nothing is left of the baseline.
    """
    at, first = int(references[0]), int(references[-1])
    # By the calendar the oldest window may lack its first point, as in the reference.
    if first < w - 1:
        raise ValueError(f"time point {at + 1} needs {w - first} more points before the first; lower b or w")
    levels = seasonal_levels(references, w, no_periods)
    levels[max(at - left_out, 0) :] = 0
    chosen = np.flatnonzero(levels)
    if chosen.size == 0:
        raise ValueError(f"past_weeks_not_included {left_out} leaves no baseline")
    # Numbered from 0 without gaps; the judged point's level is the highest of all.
    used = np.unique(np.append(levels[chosen], no_periods))
    back = at - chosen
    return Design(
        back=back, level=np.searchsorted(used, levels[chosen]), levels=used.size, now=used.size - 1,
        step=_steps(chosen, at, days),
        weekday=_weekdays(chosen, at, days) if weekday else None,
    )  # fmt: skip


def _weekdays(chosen: Ints, at: int, days: Sequence[int] | Ints | None) -> Ints:
    ordinals = chosen if days is None else np.asarray(days)[chosen]
    now = at if days is None else int(np.asarray(days)[at])
    return np.asarray((ordinals - now) % 7)


def _steps(chosen: Ints, at: int, days: Sequence[int] | Ints | None) -> Floats:
    if days is None:
        return (chosen - at).astype(float)
    ordinals = np.asarray(days)
    return np.asarray((ordinals[chosen] - ordinals[at]) / (ordinals[1] - ordinals[0]))
