"""Why one rule judged one area as it did: the trace, its data state and its confidence."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from engine.detect.evaluate import Ladder
from engine.detect.series import Series
from engine.judge.corroborated import corroborated
from engine.judge.doubt import Doubts
from engine.judge.ladder import ladder
from engine.judge.panels import Panels
from engine.model.finding import Trace
from engine.model.grade import Confidence
from engine.model.rule import Rule


def trace_of(rule: Rule, panels: Panels, cut: date, area: str) -> Trace:
    """Why one threshold rule judged one area as it did, whether or not anything fired."""
    judged = ladder(rule, panels, [cut])
    cell = (0, panels.tree.at(rule.level).index(area))
    why = trace(rule, judged, cut, cell, area, Doubts(rule, panels, judged.series))
    return corroborated(rule, panels, why, cut)


def trace(
    rule: Rule, judged: Ladder, cut: date, cell: tuple[int, int], area: str,
    doubts: Doubts | None = None,
) -> Trace:  # fmt: skip
    """The tree behind one cell of a ladder; doubts: why its count may be a lower bound."""
    series = judged.series
    confidence, cause = _confidence(series, cell, doubts)
    return Trace(
        rule=rule.id, rule_hash=rule.hash, area=area,
        window=((cut - timedelta(days=series.length(cell[0]))).isoformat(), cut.isoformat()),
        observed=float(series.observed[cell]),
        baseline=tuple(float(value) for value in series.baseline[cell]),
        data_state=_state(series, cell),
        partly=tuple(float(share) for share in np.sort(series.watched[cell]) if 0 < share < 1),
        reported=None if series.reported is None else float(series.reported[cell]),
        rungs=judged.traces(*cell),
        confidence=confidence, confidence_cause=cause,
    )  # fmt: skip


def _state(series: Series, cell: tuple[int, int]) -> str:
    if series.unmonitored is not None and series.unmonitored[cell]:
        return "unmonitored"
    if np.isnan(series.observed[cell]):
        return "no reading"
    if series.rescaled is not None and series.rescaled[cell]:
        return "another scale"
    if not series.whole[cell]:
        return "lower bound"
    return "observed zero" if series.observed[cell] == 0 else "observed"


def _confidence(series: Series, cell: tuple[int, int], doubts: Doubts | None) -> tuple[Confidence, str]:
    """The least of coverage, placed share and baseline completeness, in a word with its cause."""
    blocks = series.baseline.shape[2]
    complete = float(series.watched[cell].sum()) / blocks if blocks else 1.0
    placed = 1.0 if series.placed is None else float(series.placed[cell])
    if not series.whole[cell]:
        return Confidence.LOW, (doubts.of(*cell) if doubts else "") or "the count is a lower bound"
    if complete < 0.75:
        return Confidence.LOW, f"only {complete:.0%} of the baseline is known"
    if placed < 0.9:
        return Confidence.MEDIUM, f"{1 - placed:.0%} of the reports could not be placed this exactly"
    return Confidence.HIGH, ""
