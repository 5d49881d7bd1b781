"""One threshold rule's rungs, at every cut and in every area of its level."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from engine.detect import nowcast
from engine.detect.evaluate import Ladder, climb
from engine.detect.measure import measure, reach, spans_of
from engine.detect.series import Floats, Past, Series
from engine.judge.chance import likely
from engine.judge.context import context
from engine.judge.near_repeat import repeats
from engine.judge.panels import Panels
from engine.judge.placement import Counts, placement
from engine.judge.reading import read
from engine.judge.stock import stocked
from engine.model.indicator import Indicator
from engine.model.rule import Rule, Rung


def ladder(
    rule: Rule, panels: Panels, cuts: Sequence[date], rungs: Sequence[Rung] | None = None
) -> Ladder:
    """One threshold rule's rungs (or others in their place) at every cut in every area of its level."""
    rungs = rule.rungs if rungs is None else rungs
    return climb(rungs, rule.window, pasts_of(rule, panels, cuts, rungs), fdr=rule.fdr)


def pasts_of(
    rule: Rule, panels: Panels, cuts: Sequence[date], rungs: Sequence[Rung]
) -> Callable[[Past], Series]:
    """What gives a threshold rule's series with the past that a test asks for, and with all that these rungs
    ask of what holds around the counts."""
    assert rule.indicator is not None
    days, indicator = np.array([cut.toordinal() for cut in cuts], np.int64), rule.indicator
    around = {
        **context(rungs, panels, rule.level, cuts), **likely(rule, rungs, panels, cuts),
        **repeats(rule, rungs, panels, cuts),
    }  # fmt: skip
    judged = None
    if rule.areas is not None:
        judged = np.array([rule.judges(area) for area in panels.tree.at(rule.level)], bool)

    def series(past: Past) -> Series:
        return replace(measured(rule, indicator, panels, days, past), context=around, judged=judged)

    return series


def measured(
    rule: Rule, indicator: Indicator, panels: Panels, cuts: NDArray[np.int64], past: Past
) -> Series:
    """An indicator in the rule's blocks, with all that its tests may ask of the areas."""
    make = _counted if indicator.adds else read if indicator.take.reads else stocked
    series = make(rule, indicator, panels, cuts, past)
    of = panels.tree.columns(rule.level)
    series = replace(series, population=of.population, parents=of.parents, places=of.places)
    if rule.share_of is None:
        return series
    whole = _counted(rule, rule.share_of, panels, cuts, past if past.whole else Past(0))
    rescaled = [one for one in (series.rescaled, whole.rescaled) if one is not None]
    return replace(
        series, whole_of=whole.observed, whole=series.whole & whole.whole,
        whole_past=_as_reported(whole) if past.whole else None,
        rescaled=np.logical_or.reduce(rescaled) if rescaled else None,
    )  # fmt: skip


def _as_reported(series: Series) -> Floats:
    """(C, A, B + 1) the earlier blocks and the judged one, whatever is still expected to be told of it."""
    judged = series.observed if series.reported is None else series.reported
    return np.concatenate([series.baseline, judged[:, :, None]], axis=2)


def _counted(
    rule: Rule, indicator: Indicator, panels: Panels, cuts: NDArray[np.int64], past: Past
) -> Series:
    """What was counted or added up in the rule's blocks, completed where the rule asks for it."""
    first, last = int(cuts[0]) - reach(rule.window, past), int(cuts[-1])
    deltas = panels.deltas(indicator, rule.level, first, last)
    watch = panels.watch(indicator, rule.level, first, last)
    totals = indicator.measure != "incidents"
    starts, lengths = spans_of(cuts, rule.window, past)
    counts = Counts(panels, indicator, rule.level, cuts, starts, lengths)
    placed = placement(counts, watch, past.blocks)
    series = measure(deltas, watch, cuts, rule.window, past, totals=totals, placed=placed)
    series = replace(series, codes=deltas.areas)
    return _completed(rule, indicator, panels, series) if rule.nowcast else series


def _completed(rule: Rule, indicator: Indicator, panels: Panels, series: Series) -> Series:
    """The judged blocks as they will be once all reports are in, from the ledger's own delays; where
    that cannot be told they stay as reported."""
    first = int(series.cuts[0]) - nowcast.Params().history - rule.window.days
    deltas = panels.deltas(indicator, rule.level, first, int(series.cuts[-1]))
    found = nowcast.blocks(deltas, series.cuts, rule.window.days)
    better = found.known & series.whole & (found.reported > 0)
    # A sum grows as its count does.
    growth = np.where(better, np.maximum(found.estimate / np.where(better, found.reported, 1), 1.0), 1.0)
    return replace(series, observed=series.observed * growth, reported=series.observed)
