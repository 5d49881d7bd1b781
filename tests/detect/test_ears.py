"""EARS against the reference's own output, its stated properties, and its behaviour on bad input."""

from __future__ import annotations

import csv
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom, norm
from scipy.stats import t as student

from engine.detect import ears
from engine.detect.series import Series
from engine.model.rule import Window

GOLDEN = Path(__file__).parents[1] / "data" / "golden"
counts = st.lists(st.one_of(st.integers(0, 40).map(float), st.just(np.nan)), min_size=16, max_size=40)


def number(text: str) -> float:
    return np.nan if text == "NA" else float(text)


def weekly() -> np.ndarray:
    with (GOLDEN / "series.csv").open() as file:
        return np.array([float(row["y"]) for row in csv.DictReader(file)])


def golden() -> list:
    with (GOLDEN / "ears_golden.csv").open() as file:
        rows = list(csv.DictReader(file))
    key = ("method", "baseline", "minSigma", "alpha")
    found = [(setting, list(rows)) for setting, rows in groupby(rows, lambda row: tuple(row[k] for k in key))]
    assert len(found) == 12
    return [pytest.param(*one, id="-".join(one[0])) for one in found]


@pytest.mark.parametrize(("setting", "rows"), golden())
def test_compat_form_equals_the_reference(setting, rows):
    method, baseline, least, alpha = setting
    found = ears.detect(
        weekly(), method=method, baseline=int(baseline), min_sigma=float(least), alpha=float(alpha),
        compat="surveillance",
    )  # fmt: skip
    assert (found.times + 1).tolist() == [int(row["t"]) for row in rows]
    np.testing.assert_allclose(found.upper[0], [number(row["upper"]) for row in rows], rtol=1e-9)
    alarms = np.where(found.known[0], found.alarm[0].astype(float), np.nan)
    np.testing.assert_array_equal(alarms, [number(row["alarm"]) for row in rows])


def test_compat_defaults_are_the_references():
    with (GOLDEN / "ears_golden.csv").open() as file:
        published = [row for row in csv.DictReader(file) if row["method"] == "C2" and row["minSigma"] == "0"]
    first = ears.detect(weekly(), method="C2", compat="surveillance")
    assert first.upper[0, 0] == pytest.approx(float(published[0]["upper"]), rel=1e-9)


def spike() -> np.ndarray:
    return np.array([[5, 4, 6, 5, 7, 4, 5, 6, 5, 4, 6, 5, 5, 6, 4, 60, 5, 5, 5, 5]], float)


def test_the_references_c3_misses_the_day_of_a_spike_and_the_corrected_one_does_not():
    compat = ears.detect(spike(), method="C3", compat="surveillance")
    default = ears.detect(spike(), method="C3")
    assert (compat.times[compat.alarm[0]] + 1).tolist() == [17, 18]
    assert (default.times[default.alarm[0]] + 1).tolist() == [16, 17, 18]


def test_c2_is_the_prediction_limit_of_a_normal_sample():
    values = spike()
    found = ears.detect(values, [15], method="C2", alpha=0.01, dispersion="none")
    window = values[0, 6:13]
    # Student's t with 6 degrees of freedom: 3.142668 is exceeded with probability 0.01.
    sigma = max(window.std(ddof=1), 1.0) * np.sqrt(1 + 1 / 7)
    assert found.upper[0, 0] == pytest.approx(window.mean() + 3.142668403 * sigma, rel=1e-8)
    assert found.score[0, 0] == pytest.approx((60 - window.mean()) / sigma)


def test_c3_sums_what_three_points_have_in_excess():
    values = np.random.default_rng(5).poisson(8, (4, 60)).astype(float)
    c2 = ears.detect(values, method="C2", dispersion="none").score
    excess = np.maximum(c2 - 1, 0)
    found = ears.detect(values, method="C3", alpha=0.05, dispersion="none")
    sums = excess[:, :-2] + excess[:, 1:-1] + excess[:, 2:]
    np.testing.assert_allclose(found.score, sums)
    np.testing.assert_array_equal(found.alarm, sums >= 2.7490569129415525)
    assert found.alarm.any()


def test_missing_points_are_passed_over_and_a_missing_point_is_not_judged():
    values = spike()
    values[0, [8, 10]] = np.nan
    found = ears.detect(values, [15], method="C1", dispersion="none")
    known = values[0, [9, 11, 12, 13, 14]]
    sigma = max(known.std(ddof=1), 1.0) * np.sqrt(1 + 1 / 5)
    assert found.expected[0, 0] == pytest.approx(known.mean())
    assert found.upper[0, 0] == pytest.approx(known.mean() + 7.173182219 * sigma, rel=1e-8)
    values[0, 15] = np.nan
    assert not ears.detect(values, [15], method="C1").known[0, 0]


@given(values=counts, method=st.sampled_from(ears.METHODS), compat=st.sampled_from(["", "surveillance"]))
@settings(max_examples=150)
def test_nothing_unknown_reads_as_no_alarm(values, method, compat):
    found = ears.detect(values, method=method, compat=compat)
    assert not np.isnan(found.upper[found.known]).any()
    assert not found.known[0][np.isnan(np.array(values)[found.times])].any()
    assert not (found.alarm & ~found.known).any()


@given(values=counts, chosen=st.sets(st.integers(11, 15), min_size=1))
@settings(max_examples=50)
def test_a_range_only_selects(values, chosen):
    every = ears.detect(values, method="C3")
    some = ears.detect(values, sorted(chosen), method="C3")
    picked = np.isin(every.times, list(chosen))
    np.testing.assert_array_equal(some.upper, every.upper[:, picked])
    np.testing.assert_array_equal(some.alarm, every.alarm[:, picked])


def test_all_zeros_is_known_and_quiet():
    found = ears.detect(np.zeros((2, 30)), method="C2", dispersion="none")
    assert found.known.all() and not found.alarm.any()


@pytest.mark.parametrize(
    ("values", "options", "message"),
    [
        (np.ones(7), {}, "at least 8 time points"),
        (np.ones(20), {"baseline": 2}, "baseline must lie"),
        (np.ones(20), {"method": "C4"}, "one of C1, C2, C3"),
        (np.ones(20), {"alpha": 0.0}, "alpha must lie"),
        (np.ones(20), {"min_sigma": -1.0, "dispersion": "none"}, "min_sigma must lie"),
        (np.ones(20), {"min_sigma": 0.5}, "add dispersion: none"),
        (np.ones(20), {"dispersion": "some"}, "one of own, none"),
        (np.ones(20), {"compat": "ears"}, "compat must be one of"),
        (-np.ones(20), {}, "a count is negative"),
        (np.full(20, np.inf), {}, "a count is above"),
        (np.empty((0, 20)), {}, "not empty"),
        (np.ones(20), {"times": [3]}, "can judge the time points 8 to 20"),
    ],
)
def test_bad_input_is_refused_in_words(values, options, message):
    with pytest.raises(ValueError, match=message):
        ears.detect(values, **options)


def series(baseline: np.ndarray, observed: float) -> Series:
    shape = (1, 1)
    return Series(
        cuts=np.array([739000]), window=7, gap=0, observed=np.full(shape, observed),
        whole=np.ones(shape, bool), baseline=baseline.reshape(1, 1, -1),
    )  # fmt: skip


@pytest.mark.parametrize("dispersion", ["own", "none"])
@pytest.mark.parametrize("method", ears.METHODS)
def test_a_rung_judges_as_the_command_line_does(method, dispersion):
    values = np.random.default_rng(8).poisson(9, 46).astype(float)
    params = ears.Params(method=method, alpha=0.01, dispersion=dispersion)
    baseline = 26 if dispersion == "own" else 7
    asked = ears.past(params, Window(days=7, baseline=baseline))
    last = ears.detect(values, [45], method=method, alpha=0.01, dispersion=dispersion)
    fitted = ears.model(series(values[45 - asked.blocks : 45], values[45]), params)
    needed = fitted.needed(0, 0)
    assert needed is not None and last.known[0, 0]
    assert needed - 1 == np.floor(last.upper[0, 0])
    assert fitted.holds(np.array([[needed]]))[0, 0] and not fitted.holds(np.array([[needed - 1]]))[0, 0]


def test_a_rung_with_too_little_known_past_is_unknown():
    baseline = np.full(28, np.nan)
    baseline[:2] = 4
    fitted = ears.model(series(baseline, 50.0), ears.Params(method="C2"))
    assert not fitted.known[0, 0]
    assert not ears.model(series(np.ones(4), 50.0), ears.Params(method="C2")).known[0, 0]


def test_a_rung_refuses_the_c3_that_does_not_look_at_the_judged_block():
    with pytest.raises(ValueError, match="does not look at the block it judges"):
        ears.past(ears.Params(method="C3", compat="surveillance"), Window(days=7, baseline=7))


def own_tail(past: np.ndarray, points: int, count: float) -> float:
    """The same by SciPy's distributions, for a series alone whose `past` tells its noise."""
    mean, total = past.mean(), past[-points:].sum()
    pearson = ((past - mean) ** 2 / mean).sum() / (past.size - 1)
    spread = max(pearson, 1.0)
    told = (past.size - 1) * 2 / (2 + 6 * (spread - 1) / mean + 1 / (mean * spread))
    phi = max((told * pearson + 2) / (told + 2), 1.0)
    freedom = max(1 / (1 / (told + 2) + (phi - 1) / (mean + 2) / (3 + 7 / 30)), 2.5) if phi > 1 else np.inf
    evidence = 0.5 + total / phi
    level = evidence * phi / points
    size = 1 / (1 / evidence + (phi - 1) / level)
    return float(student(freedom).cdf(norm.ppf(nbinom(size, size / (size + level)).sf(count - 1))))


def test_the_noise_is_that_of_the_longer_past_and_the_level_that_of_the_last_points():
    values = np.random.default_rng(3).negative_binomial(3, 0.3, 40).astype(float)
    found = ears.detect(values, [39], method="C2", alpha=0.01)
    expected = own_tail(values[11:37], 7, values[39])
    assert found.extra["dispersion"][0, 0] > 1.5
    assert found.pvalue[0, 0] == pytest.approx(expected, rel=1e-9)


def test_c3_holds_the_sum_of_three_normal_scores_against_its_own_chance():
    values = np.random.default_rng(3).poisson(6, 50).astype(float)
    values[47:] = [12, 13, 12]
    found = ears.detect(values, [49], method="C3", alpha=0.01)
    tails = [own_tail(values[at - 28 : at - 2], 7, values[at]) for at in (47, 48, 49)]
    reached = sum(max(-norm.ppf(tail) - 1, 0) for tail in tails)
    scores = np.maximum(np.random.default_rng(1).normal(size=(3, 1_000_000)) - 1, 0).sum(axis=0)
    assert found.pvalue[0, 0] == pytest.approx(1.6 * (scores >= reached).mean(), rel=0.1)
    assert found.alarm[0, 0] and not ears.detect(values, [49], method="C2", alpha=0.01).alarm[0, 0]


def test_alone_and_with_few_incidents_only_many_more_are_beyond_chance():
    quiet = np.zeros((1, 60))
    quiet[0, ::20] = 1
    few, many = quiet.copy(), quiet.copy()
    few[0, 59], many[0, 59] = 5, 20
    assert ears.detect(few, [59], alpha=0.01).alarm.all() and ears.detect(many, [59], alpha=0.001).alarm.all()
    found = ears.detect(few, [59], alpha=0.001)
    assert found.known.all() and not found.alarm.any()
    assert not ears.detect(quiet[:, :15], [14], alpha=0.01, baseline=7, history=8).known.any()
    assert ears.detect(np.resize(quiet, (12, 60)), [59], alpha=0.001).known.all()
    fitted = ears.model(series(quiet[0, :11], 9.0), ears.Params(alpha=0.001))
    assert fitted.untold(0, 0).startswith("too short a past")
