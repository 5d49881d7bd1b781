"""The ladder: every rung's tests on one series, three-valued, and the traces of single cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.detect import JUDGED
from engine.detect.discoveries import discoveries
from engine.detect.given import Given
from engine.detect.series import Floats, Helds, Model, Past, Series, Untold
from engine.model.finding import Held, RungTrace, Signal, counted
from engine.model.rule import Rung, Test, Window


def params(test: Test) -> Any:
    """The test's parameters as its module's own `Params`."""
    return JUDGED[test.name].Params(**dict(test.params))


def pasts(rungs: Sequence[Rung], window: Window) -> tuple[Past, ...]:
    """The different pasts the tests of a ladder need, the longest first."""
    found = {JUDGED[test.name].past(params(test), window) for rung in rungs for test in rung.every}
    return tuple(sorted(found, key=_length, reverse=True))


def _length(past: Past) -> tuple[float, ...]:
    return past.blocks, past.gap, past.year_ago, past.years, past.whole


@dataclass(frozen=True)
class Ladder:
    """Every rung's outcome at every cut in every area.

    held: (R, C, A) of `Held`, lowest rung first; a rung holds where a higher one does. models, tests,
    pvalues: of every test of a rung, those of alternatives last.
    """

    rungs: tuple[Rung, ...]
    series: Series
    models: tuple[tuple[Model, ...], ...]
    tests: tuple[tuple[Helds, ...], ...]
    pvalues: tuple[tuple[Floats | None, ...], ...]
    held: Helds

    def unknown(self, cut: int, area: int) -> str:
        """Why nobody can tell of one cell; empty where all is known, or the past is too short to say."""
        why = {_unknown(model, cut, area): None for rung in self.models for model in rung
               if not model.known[cut, area]}  # fmt: skip
        return "; ".join(filter(None, why))

    def traces(self, cut: int, area: int) -> tuple[RungTrace, ...]:
        """Why each rung came out as it did in one cell, and what is missing to it."""
        return tuple(self._trace(rung, cut, area) for rung in range(len(self.rungs)))

    def _trace(self, rung: int, cut: int, area: int) -> RungTrace:
        observed = float(self.series.observed[cut, area])
        signals = tuple(
            _signal(test, model, Held(int(held[cut, area])), observed, pvalues, (cut, area))
            for test, model, held, pvalues in zip(
                self.rungs[rung].every, self.models[rung], self.tests[rung], self.pvalues[rung],
                strict=True,
            )
        )  # fmt: skip
        held = Held(int(self.held[rung, cut, area]))
        musts, ways = self.rungs[rung].parted(signals)
        found = RungTrace(self.rungs[rung].grade, held, musts, any=ways)
        return replace(found, missing=_missing(found, observed))


def _missing(rung: RungTrace, observed: float) -> float | None:
    """How many more would make it hold: by all tests that must, and by the nearest alternative."""
    if rung.held is Held.HELD or rung.needed is None or not counted(rung.signals):
        return None
    if rung.any and not any(counted(way) for way in rung.any):
        return None
    more = rung.needed - observed
    return more if more > 0 else None  # a test of too few has no "more" that would help


def _signal(
    test: Test, model: Model, held: Held, observed: float, pvalues: Floats | None,
    cell: tuple[int, int],
) -> Signal:  # fmt: skip
    if not model.known[cell]:
        if isinstance(model, Given):
            return Signal(test.name, held, observed, facts=model.doubtful(*cell))
        note = _unknown(model, *cell) or "the past is too short to say"
        return Signal(test.name, held, observed, facts={"note": note})
    expected = float(model.expected[cell])
    return Signal(
        test=test.name, held=held, observed=observed,
        expected=None if np.isnan(expected) else expected,
        needed=model.needed(*cell),
        pvalue=None if pvalues is None else float(pvalues[cell]),
        facts=dict(model.facts(*cell)),
    )  # fmt: skip


def _unknown(model: Model, cut: int, area: int) -> str:
    if isinstance(model, Given):
        return model.unknown_at(cut, area)
    return model.untold(cut, area) if isinstance(model, Untold) else ""


def climb(
    rungs: Sequence[Rung], window: Window, measured: Callable[[Past], Series], *, fdr: float = 0.0
) -> Ladder:
    """Judge every rung of one ladder; `measured` gives the series with the past a test asks for.

    A count that is a lower bound can make a test hold, never fail; where nobody was looking, where what is
    added up is told in another scale, and where the past is too short, the outcome is unknown. What is given
    around the counts knows by itself.
    """
    longest, series = _measured(pasts(rungs, window), measured)
    models = tuple(tuple(_model(test, window, series) for test in rung.every) for rung in rungs)
    tests = tuple(tuple(_three_valued(model, longest) for model in of) for of in models)
    pvalues = tuple(tuple(model.pvalue(longest.observed) for model in of) for of in models)
    ordered = [tuple(_order(one) for one in of) for of in tests]
    held = np.stack([_held(rung, of) for rung, of in zip(rungs, ordered, strict=True)])
    if fdr:
        given = zip(rungs, held, models, ordered, pvalues, strict=True)
        held = np.stack([discoveries(*one, rate=fdr, judged=longest.judged) for one in given])
    if longest.judged is not None:
        held[:, :, ~longest.judged] = 0
    for rung in range(len(rungs) - 2, -1, -1):
        held[rung] = np.where(held[rung + 1] == 2, 2, held[rung])
    return Ladder(tuple(rungs), longest, models, tests, pvalues, _unorder(held))


def _measured(
    of: Sequence[Past], measured: Callable[[Past], Series]
) -> tuple[Series, dict[Past, Series]]:
    """The series with the longest past, and with each: what needs none has the judged block of the first."""
    longest = measured(of[0])
    series = {past: longest.alone() if past == Past(0) else measured(past) for past in of[1:]}
    return longest, {of[0]: longest, **series}


def _model(test: Test, window: Window, series: Mapping[Past, Series]) -> Model:
    """The test fitted on the past it asks for, which rungs share."""
    module, given = JUDGED[test.name], params(test)
    model: Model = module.model(series[module.past(given, window)], given)
    return model


def _three_valued(model: Model, series: Series) -> Helds:
    if isinstance(model, Given):
        return model.held
    holds = model.holds(series.observed)
    sure = model.known & (series.whole | holds)
    for nobody_knows in (series.unmonitored, series.rescaled):
        if nobody_knows is not None:
            sure &= ~nobody_knows
    return np.where(sure, holds, int(Held.UNKNOWN)).astype(np.int8)


def _held(rung: Rung, ordered: Sequence[Helds]) -> Helds:
    """All that must hold, and one of the alternatives: the least, and of these the most (Kleene)."""
    musts, ways = rung.parted(ordered)
    one_of = [np.maximum.reduce([np.minimum.reduce(way) for way in ways])] if ways else []
    held: Helds = np.minimum.reduce([*musts, *one_of])
    return held


def _order(held: Helds) -> Helds:
    """NOT 0 < UNKNOWN 1 < HELD 2, so that AND is the minimum (Kleene)."""
    return np.where(held == Held.HELD, 2, np.where(held == Held.UNKNOWN, 1, 0)).astype(np.int8)


def _unorder(order: Helds) -> Helds:
    return np.array([Held.NOT, Held.UNKNOWN, Held.HELD], np.int8)[order]
