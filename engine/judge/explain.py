"""Why one rule judged one area as it did: the trace, its data state and its confidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from engine.detect.evaluate import Ladder
from engine.detect.measure import measure
from engine.detect.series import Floats, Past, Series
from engine.judge.ladder import ladder
from engine.judge.panels import Panels
from engine.model.finding import Trace
from engine.model.grade import Confidence
from engine.model.panel import Watch
from engine.model.rule import Rule


def trace_of(rule: Rule, panels: Panels, cut: date, area: str) -> Trace:
    """Why one threshold rule judged one area as it did, whether or not anything fired."""
    judged = ladder(rule, panels, [cut])
    cell = (0, panels.tree.at(rule.level).index(area))
    return trace(rule, judged, cut, cell, area, placed_share(rule, panels, [cut]))


def trace(
    rule: Rule, judged: Ladder, cut: date, cell: tuple[int, int], area: str,
    placed: Floats | None,
) -> Trace:  # fmt: skip
    """The tree behind one cell of a ladder; placed: the share of reports placed so exactly, (C, A)."""
    series = judged.series
    share = 1.0 if placed is None else float(placed[cell])
    confidence, cause = _confidence(series, cell, share)
    return Trace(
        rule=rule.id, rule_hash=rule.hash, area=area,
        window=((cut - timedelta(days=series.window)).isoformat(), cut.isoformat()),
        observed=float(series.observed[cell]),
        baseline=tuple(float(value) for value in series.baseline[cell]),
        data_state=_state(series, cell),
        aside=0.0 if series.aside is None else float(series.aside[cell]),
        reported=None if series.reported is None else float(series.reported[cell]),
        rungs=judged.traces(*cell),
        confidence=confidence, confidence_cause=cause,
    )  # fmt: skip


def _state(series: Series, cell: tuple[int, int]) -> str:
    if series.unmonitored is not None and series.unmonitored[cell]:
        return "unmonitored"
    if not series.whole[cell]:
        return "source failure"
    return "observed" if series.observed[cell] > 0 else "observed zero"


def _confidence(series: Series, cell: tuple[int, int], placed: float) -> tuple[Confidence, str]:
    """The least of coverage, placed share and baseline completeness, in a word with its cause."""
    blocks = series.baseline.shape[2]
    complete = float(series.valid[cell]) / blocks if blocks else 1.0
    if not series.whole[cell]:
        return Confidence.LOW, "a feed was silent within the window: the count is a lower bound"
    if complete < 0.75:
        return Confidence.LOW, f"only {complete:.0%} of the baseline is known"
    if placed < 0.9:
        return Confidence.MEDIUM, f"{1 - placed:.0%} of the reports could not be placed this exactly"
    return Confidence.HIGH, ""


def placed_share(rule: Rule, panels: Panels, cuts: Sequence[date]) -> Floats | None:
    """(C, A) share of the reports in the area above that were placed at this level or below."""
    tree, indicator = panels.tree, rule.indicator
    position = tree.levels.index(rule.level)
    if position == 0 or indicator is None:
        return None
    days = np.array([cut.toordinal() for cut in cuts], np.int64)
    first, last = int(days[0]) - rule.window.days, int(days[-1])
    above = tree.levels[position - 1]
    counts = {}
    for level in (rule.level, above):
        deltas = panels.deltas(indicator, level, first, last)
        watch = Watch.always(len(deltas.areas))
        counts[level] = measure(deltas, watch, days, rule.window, Past(0)).observed
    places = {code: place for place, code in enumerate(tree.at(above))}
    parent = np.array([places.get(tree.ancestor_at(code, above) or "", -1) for code in tree.at(rule.level)])
    under = parent >= 0
    located, whole = np.zeros_like(counts[above]), counts[above]
    np.add.at(located.T, parent[under], counts[rule.level].T[under])
    placed = np.divide(located, whole, out=np.ones_like(whole), where=whole > 0)
    share = np.ones_like(counts[rule.level])
    share[:, under] = placed[:, parent[under]]
    return share
