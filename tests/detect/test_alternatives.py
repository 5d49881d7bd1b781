"""A rung of alternatives: what must hold and one of them, in three values; what is missing; discoveries."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from engine.detect.evaluate import climb
from engine.detect.series import Series
from engine.model.finding import Held
from engine.model.grade import Grade
from engine.model.rule import Rung, Test, Window

_AT_LEAST = {count: Test.of("at_least", count=float(count)) for count in (1, 2, 3, 4, 5, 20)}
_RARE = Test.of("rare", alpha=0.01, dispersion="none")


def series(observed, *, whole=True, past=None, people=None):
    """One cut; so many areas as values observed. past: each area's blocks."""
    seen = np.array([observed], float)
    blocks = np.zeros((1, seen.shape[1], 0)) if past is None else np.array([past], float)
    return Series(
        cuts=np.array([700_000]), window=7, gap=0, observed=seen, whole=np.full(seen.shape, whole),
        baseline=blocks, population=None if people is None else np.array(people, float),
    )  # fmt: skip


def judged(rung, of, fdr=0.0):
    return climb([rung], Window(days=7, baseline=of.baseline.shape[2]), lambda past: of, fdr=fdr)


@pytest.mark.parametrize(
    ("observed", "whole", "held", "missing"),
    [
        (1, True, Held.NOT, 2), (3, True, Held.HELD, None), (2, True, Held.NOT, 1),
        (2, False, Held.UNKNOWN, 1), (3, False, Held.HELD, None),
    ],
)  # fmt: skip
def test_a_lower_bound_may_make_it_hold_and_never_fail(observed, whole, held, missing):
    rung = Rung(Grade.BLUE, (_AT_LEAST[2],), any=((_AT_LEAST[5],), (_AT_LEAST[3], _AT_LEAST[1])))
    (trace,) = judged(rung, series([observed], whole=whole)).traces(0, 0)
    assert (trace.held, trace.missing, trace.needed) == (held, missing, 3)
    assert [signal.test for signal in trace.signals] == ["at_least"]
    assert [len(way) for way in trace.any] == [1, 2]


#: A rate is unknown where nobody counted the people: of 0 people, it holds; of a million, it does not.
_RATES = {Held.UNKNOWN: np.nan, Held.HELD: 1.0, Held.NOT: 1e6}


@pytest.mark.parametrize(("must", "rate", "plain"), list(product((1, 5), _RATES, (2, 4))))
def test_three_values_are_those_of_kleene(must, rate, plain):
    """Three incidents: a must that holds or not, one alternative of three values, one that holds or not."""
    rung = Rung(
        Grade.BLUE, (_AT_LEAST[must],), any=((Test.of("rate_at_least", rate=2.0),), (_AT_LEAST[plain],))
    )
    (trace,) = judged(rung, series([3], people=[_RATES[rate]])).traces(0, 0)
    assert trace.any[0][0].held is rate
    if must == 5:
        assert trace.held is Held.NOT
    elif plain == 2:
        assert trace.held is Held.HELD
    else:
        assert trace.held is rate


def test_what_no_count_decides_says_from_no_count():
    rung = Rung(Grade.BLUE, (), any=((_RARE,), (_AT_LEAST[20],)))
    (short,) = judged(rung, series([7], past=[[0.0]])).traces(0, 0)
    assert (short.held, short.needed, short.missing) == (Held.UNKNOWN, 20, 13)
    unknown = series([7], people=[np.nan])
    (blind,) = judged(Rung(Grade.BLUE, (Test.of("rate_at_least", rate=1.0),)), unknown).traces(0, 0)
    assert (blind.held, blind.needed, blind.missing) == (Held.UNKNOWN, None, None)


def test_what_it_rests_on_leaves_out_alternatives_that_do_not_hold():
    rung = Rung(Grade.BLUE, (_AT_LEAST[1],), any=((_AT_LEAST[2],), (_AT_LEAST[3], _AT_LEAST[20])))
    (trace,) = judged(rung, series([4])).traces(0, 0)
    assert [signal.needed for signal in trace.behind] == [1, 2]


_PAST = [[1.0] * 26] * 8


def test_under_fdr_an_alternative_without_a_chance_stays():
    counts = [6, 20, 0, 0, 0, 1, 1, 1]
    rung = Rung(Grade.BLUE, (), any=((_RARE,), (_AT_LEAST[20],)))
    by_chance = judged(Rung(Grade.BLUE, (_RARE,)), series(counts, past=_PAST), fdr=1e-4).held[0, 0]
    assert not (by_chance[:1] == Held.HELD).any(), "too strict for six"
    assert judged(rung, series(counts, past=_PAST), fdr=1e-4).held[0, 0].tolist()[:3] == [0, 1, 0]
    assert judged(rung, series(counts, past=_PAST)).held[0, 0].tolist()[:3] == [1, 1, 0]


@pytest.mark.parametrize("alternatives", [1, 2, 3])
def test_chances_of_alternatives_are_multiplied_by_their_number(alternatives):
    """A single area: its p-value must be below the rate, times the number of alternatives."""
    of = series([5], past=_PAST[:1])
    same = tuple((Test.of("rare", alpha=0.4, dispersion="none", season=s, weekday=w),)
                 for s, w in (("auto", "auto"), ("off", "auto"), ("off", "off")))[:alternatives]  # fmt: skip
    rung = Rung(Grade.BLUE, (), any=(*same, (_AT_LEAST[20],)))
    chance = judged(rung, of).pvalues[0][0][0, 0]
    just, short = alternatives * chance * 1.0001, alternatives * chance * 0.9999
    assert judged(rung, of, fdr=just).held[0, 0, 0] == Held.HELD
    assert judged(rung, of, fdr=short).held[0, 0, 0] == Held.NOT


def test_what_must_hold_by_chance_must_be_a_discovery_whatever_alternative_holds():
    of = series([5], past=_PAST[:1])
    rung = Rung(Grade.BLUE, (_RARE,), any=((_AT_LEAST[4],), (_AT_LEAST[20],)))
    chance = judged(rung, of).pvalues[0][0][0, 0]
    assert judged(rung, of, fdr=chance * 1.0001).held[0, 0, 0] == Held.HELD
    assert judged(rung, of, fdr=chance * 0.9999).held[0, 0, 0] == Held.NOT
