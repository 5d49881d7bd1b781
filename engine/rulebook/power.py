"""How likely a rung is to hold at a given rise, in every area, from what the ledger has counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import cache

import numpy as np

from engine.detect.evaluate import Ladder, climb
from engine.detect.series import Floats, Model, Past
from engine.judge import ladder
from engine.judge.ladder import measured, pasts_of
from engine.model.finding import Held
from engine.model.grade import Grade
from engine.model.later import Later
from engine.model.rule import Rule, Rung
from engine.rulebook.context import Ledger
from engine.rulebook.language.strictness import alpha, promised

special = Later("scipy.special")

#: A grade stands for a rise: blue should notice a doubling, red a rise to sixteen times the usual.
RISES = {Grade.BLUE: 2, Grade.YELLOW: 4, Grade.ORANGE: 8, Grade.RED: 16}
#: Tests that judge a block by its own count. Others look at many blocks or areas together, or at a
#: fall, so that a rise of one block in one area says nothing of them.
BY_COUNT = frozenset({"at_least", "rate_at_least", "change", "ears", "rare", "farrington", "forecast"})
#: Judged on as many days, four weeks apart, so that no single baseline decides.
_CUTS, _APART = 6, timedelta(days=28)
#: The usual is the mean of the whole windows of so many days.
_USUAL_DAYS = 182
_YEAR_DAYS = 364


def judgeable(rule: Rule) -> bool:
    """Whether a chance can be told: a calendar rule that counts, by tests of the count alone."""
    indicator = rule.indicator
    return (
        indicator is not None and indicator.measure == "incidents" and indicator.adds
        and not rule.window.hours
        and all(test.name in BY_COUNT for rung in rule.rungs for test in rung.every)
    )  # fmt: skip


def usual(rule: Rule, ledger: Ledger) -> Floats:
    """(A,) the mean count of a window in each area over the last half-year; NaN where nobody looked."""
    assert rule.indicator is not None
    past = Past(max(1, _USUAL_DAYS // rule.window.days))
    cut = np.array([ledger.cut.toordinal()], np.int64)
    blocks = measured(rule, rule.indicator, ledger.panels, cut, past).baseline[0]
    seen = np.isfinite(blocks).sum(axis=1)
    return np.where(seen > 0, np.nansum(blocks, axis=1) / np.maximum(seen, 1), np.nan)


def chances(rule: Rule, ledger: Ledger, expected: Floats) -> dict[Grade, Floats]:
    """(A,) per rung: how likely it holds where the window's count is Poisson with the mean usual for
    the area (`expected`) times the rise that the rung's grade stands for."""
    cuts = [ledger.cut - n * _APART for n in reversed(range(_CUTS))]
    judged = ladder(rule, ledger.panels, cuts)
    found = {}
    for position, rung in enumerate(rule.rungs):
        needed = _needed(judged, position)
        # special.gammainc(k, mean) is the chance of at least k > 0 where the count is Poisson.
        chance = np.where(needed > 0, special.gammainc(needed, RISES[rung.grade] * expected), 1.0)
        found[rung.grade] = chance.mean(axis=0)
    return found


def realised(rule: Rule, ledger: Ledger) -> dict[Grade, tuple[int, int, float]]:
    """Of each rung whose tests have an alpha: at how many of the last year's judgements these held, of how
    many that could be judged, and the alpha that they promise."""
    rungs = [rung for rung in map(_by_chance, rule.rungs) if rung.every]
    if not rungs:
        return {}
    step = max(rule.window.days, 1)
    cuts = [ledger.cut - timedelta(days=step * n) for n in reversed(range(max(_YEAR_DAYS // step, 1)))]
    assert rule.indicator is not None, "only a rule that counts has rungs"
    # One past for all rungs; a ladder each, for in one a rung holds where a higher one does.
    series = cache(pasts_of(rule, ledger.panels, cuts, rungs))
    areas = np.array([rule.judges(code) for code in ledger.panels.tree.at(rule.level)], bool)
    found = {}
    for rung in rungs:
        held = climb([rung], rule.window, series, fdr=rule.fdr).held[0][:, areas]
        judged = int((held != Held.UNKNOWN).sum())
        if judged:
            found[rung.grade] = (int((held == Held.HELD).sum()), judged, promised(rung))
    return found


def _by_chance(rung: Rung) -> Rung:
    """A rung with those of its tests alone that promise a chance. Beside such that must hold, alternatives
    without any are taken to hold: they promise nothing."""
    musts = tuple(test for test in rung.tests if alpha(test))
    ways = tuple(tuple(test for test in way if alpha(test)) for way in rung.any)
    return Rung(rung.grade, musts, any=() if musts and not all(ways) else tuple(filter(None, ways)))


def _needed(judged: Ladder, rung: int) -> Floats:
    """(C, A) the smallest count at which a rung holds; infinite where none does."""
    cuts, areas = judged.series.observed.shape
    musts, ways = judged.rungs[rung].parted(judged.models[rung])

    def needed(models: Sequence[Model], cut: int, area: int) -> float:
        found = (model.needed(cut, area) for model in models)
        return max((np.inf if value is None else value for value in found), default=0.0)

    def of(cut: int, area: int) -> float:
        nearest = min((needed(way, cut, area) for way in ways), default=0.0)
        return max(needed(musts, cut, area), nearest)

    return np.array([[of(cut, area) for area in range(areas)] for cut in range(cuts)])
