"""Many series and time points as rows of one fit, in blocks that stay in the processor's cache."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from engine.detect.detection import Times
from engine.detect.farrington.design import Design, design, references_by_date, references_by_lag
from engine.detect.farrington.fit import Choices, Fit, fit
from engine.detect.farrington.irls import Baseline
from engine.detect.farrington.params import Params
from engine.detect.series import Floats

#: So many counts at a time: 250 rows of a weekly baseline of five years.
_BLOCK = 60_000


def designs(
    times: Times, params: Params, days: NDArray[np.int64] | None
) -> Iterator[tuple[Design, NDArray[np.int64]]]:
    """Each distinct design with the columns of the result that it serves."""
    made: dict[bytes, Design] = {}
    serves: dict[bytes, list[int]] = {}
    for column, at in enumerate(times.tolist()):
        if days is None and made:
            key = next(iter(made))
        else:
            new = design_at(at, params, days)
            key = new.key
            made.setdefault(key, new)
        serves.setdefault(key, []).append(column)
    for key, one in made.items():
        yield one, np.array(serves[key])


def design_at(at: int, params: Params, days: NDArray[np.int64] | None) -> Design:
    """The design at one position. Raises ValueError where its past is too short."""
    if days is None or not params.by_calendar:
        references = references_by_lag(at, params.b, params.yearly)
    else:
        references = references_by_date(at, params.b, days, weekly=params.yearly == 52)
    return design(
        references, params.w, params.no_periods, params.left_out,
        weekday=params.by_weekday, days=days,
    )  # fmt: skip


def first_position(params: Params, days: NDArray[np.int64] | None) -> int:
    """The first position with b years and w points before it: by the calendar a few points later than
    `Params.reach`, because its years are a little longer than `frequency` points."""
    if days is None or not params.by_calendar:
        return params.reach
    for at in range(params.reach, min(params.reach + 2 * params.b + 2, days.size)):
        try:
            design_at(at, params, days)
        except ValueError:
            continue
        return at
    return params.reach


def fit_all(
    made: Design, values: Floats, offset: Floats | None, times: Times, columns: NDArray[np.int64],
    choices: Choices, found: Fit,
) -> None:  # fmt: skip
    """Fit every series at these columns, in blocks of rows, into `found` (rows: series by columns)."""
    rows = (np.arange(values.shape[0])[:, None] * times.size + columns[None, :]).ravel()
    block = max(16, _BLOCK // made.back.size)
    for start in range(0, rows.size, block):
        part = rows[start : start + block]
        series, now = part // times.size, times[part % times.size]
        past = (series * values.shape[1] + now)[:, None] - made.back
        counts = values.take(past)
        missing = np.isnan(counts)
        counts[missing] = 0.0
        baseline = Baseline(counts, 1.0 - missing)
        if offset is not None:
            baseline = Baseline(counts, baseline.seen, offset.take(past), offset[series, now])
        found.put(part, fit(made, baseline, choices))


