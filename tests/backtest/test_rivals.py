"""Rivals against plain sheets, and verdicts on rules whose worth is known."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from engine.backtest.contest import Verdict, contest, in_chinese, in_words, lost
from engine.backtest.ground import delay, windows
from engine.backtest.match import Against, Marks, Track
from engine.backtest.rivals import Ground, anyway, best_number, ewma, forecasts, persistence, split
from engine.chance.learn import Past, learn
from engine.ingest.truth import Event, Truth
from engine.model.panel import Deltas
from tests.backtest.conftest import TREE

DAYS, PLACES = 600, 12


def made(grades: np.ndarray, event: np.ndarray, counts: np.ndarray | None = None, ahead: int = 1) -> Ground:
    """A ground on which all is known at once and every day is judged."""
    days = np.arange(grades.shape[1])[None, :]
    every = np.ones(event.shape, bool)
    track = Track(tuple((f"T{n}", "t") for n in range(len(grades))), (), grades, np.full(len(grades), ahead))
    early = np.broadcast_to(days + ahead <= split(grades.shape[1]), event.shape)
    late = np.broadcast_to(days >= split(grades.shape[1]), event.shape)
    counts = np.empty((len(grades), 0, grades.shape[1])) if counts is None else counts
    return Ground(track, Marks(event, event, every, every), early, late, event, every, 0, 0, counts)


def learned(ground: Ground):
    place, day = np.nonzero(ground.early & (ground.track.grades > 0))
    grades = ground.track.grades[place, day].astype(np.int64)
    return learn({"r": Past(grades, ground.event[place, day], day // 28)})["r"]


@pytest.fixture(scope="module")
def event() -> np.ndarray:
    return np.random.default_rng(1).random((PLACES, DAYS)) < 0.08


def verdicts(grades: np.ndarray, event: np.ndarray) -> dict[str, str]:
    ground = made(grades.astype(np.int8), event)
    return {str(row["rival"]): str(row["verdict"]) for row in contest("r", ground, learned(ground))}


def test_a_rule_that_knows_beats_and_one_that_throws_dice_does_not(event: np.ndarray):
    noise = np.random.default_rng(2).random(event.shape)
    knowing = np.where(event & (noise < 0.7), 3, 0)
    assert set(verdicts(knowing, event).values()) == {Verdict.BEATS}
    dice = verdicts((noise < 0.1) * 2, event)
    assert Verdict.BEATS not in (dice["climatology"], dice["fitted persistence"])
    assert dice["persistence"] == Verdict.BEATS, "claiming certainty without any is worse still"


def test_a_rule_that_turned_round_loses(event: np.ndarray):
    """Right on the time it learned from, wrong on the time held back."""
    turned = event.copy()
    late = turned[:, split(DAYS) :]
    turned[:, split(DAYS) :] = ~late & (np.random.default_rng(3).random(late.shape) < 0.2)
    assert verdicts(turned * 3, event)["climatology"] == Verdict.LOSES


def test_where_nothing_happens_nothing_is_told():
    ground = made(np.zeros((2, 90), np.int8), np.zeros((2, 90), bool))
    rows = list(contest("r", ground, None))
    assert {row["verdict"] for row in rows} == {Verdict.UNTOLD} and rows[0]["skill"] is None
    assert in_words(rows).startswith("cannot be told from climatology, persistence and")
    assert in_chinese(rows).startswith("无从比较：常年频率") and lost(rows) == []


def test_the_difference_is_that_of_the_scores_on_the_part_held_back(event: np.ndarray):
    grades = (np.random.default_rng(4).random(event.shape) < 0.1).astype(np.int8)
    ground = made(grades, event)
    own = learned(ground)
    row = next(row for row in contest("r", ground, own) if row["rival"] == "fitted persistence")
    before = np.pad(event, ((0, 0), (1, 0)))[:, :-1]
    early, late = slice(0, split(DAYS)), slice(split(DAYS), None)
    base = (event[:, early].sum() + 0.5) / (event[:, early].size + 1)
    share = {}
    for said in (False, True):
        at = before[:, early] == said
        share[said] = (event[:, early][at].sum() + base) / (at.sum() + 1)
    rival = np.where(before[:, late], share[True], share[False])
    assert row["brier"] == pytest.approx(((rival - event[:, late]) ** 2).mean())
    assert row["gain"] == pytest.approx(row["brier"] - row["brier_rule"])
    assert row["gain_low"] < row["gain"] < row["gain_high"]
    assert row["judgements"] == PLACES * (DAYS - split(DAYS))
    yes = grades[:, late] > 0
    hits, others = (yes & event[:, late]).sum(), (yes | event[:, late]).sum()
    assert row["csi_rule"] == pytest.approx(hits / others)


def test_the_number_chosen_is_the_best_of_all_numbers():
    random = np.random.default_rng(5)
    event = random.random((3, 120)) < 0.3
    values = random.poisson(2 + 3 * event).astype(float)
    ground = made(np.zeros((3, 120), np.int8), event)
    seen, came = values[ground.early], event[ground.early]
    csi = {number: ((seen >= number) & came).sum() / ((seen >= number) | came).sum() for number in set(seen)}
    assert csi[best_number(values, ground)] == max(csi.values())
    assert best_number(values, made(np.zeros((3, 120), np.int8), np.zeros((3, 120), bool))) == np.inf


def test_a_sheet_warns_above_the_mean_and_three_deviations():
    random = np.random.default_rng(6)
    counts = random.poisson(4.0, (2, 27, 90)).astype(float)
    counts[:, 10:, :40] = np.nan
    counts[0, 4:, :40] = np.nan  # three earlier windows are too few
    event = np.zeros((2, 90), bool)
    found = {one.name: one for one in forecasts(made(np.zeros((2, 90), np.int8), event, counts))}
    for place in range(2):
        for day in range(90):
            past = [value for value in counts[place, 1:, day] if value == value]
            limit = np.mean(past) + 3 * np.std(past, ddof=1) if len(past) >= 5 else np.inf
            assert found["mean + 3 sd"].yes[place, day] == (counts[place, 0, day] > limit)
    assert list(found)[3:] == ["mean + 3 sd", "EWMA", "one fixed number"]


def test_an_ewma_weighs_what_is_known():
    counts = np.array([[[4.0], [2.0], [np.nan], [1.0]]])
    weight = [0.3 * 0.7**n for n in (0, 1, 3)]
    expected = np.dot(weight, [4, 2, 1]) / sum(weight)
    assert ewma(counts)[0, 0] == pytest.approx(expected)


@pytest.mark.parametrize(("ahead", "late"), [(1, 0), (7, 0), (7, 3)])
def test_persistence_knows_what_was_told_by_then(ahead: int, late: int):
    event = np.random.default_rng(ahead).random((2, 80)) < 0.05
    ground = made(np.zeros((2, 80), np.int8), event, ahead=ahead)
    object.__setattr__(ground, "delay", late)
    found = persistence(ground)
    for day in range(80):
        known = event[:, max(day - late - ahead, 0) : max(day - late, 0)]
        assert found[:, day].tolist() == known.any(axis=1).tolist()


def test_what_happens_anyway_does_not_know_the_future(event: np.ndarray):
    changed = event.copy()
    changed[:, 300:] ^= True
    before, after = (anyway(made(np.zeros(event.shape, np.int8), one)) for one in (event, changed))
    assert (before[:, :301] == after[:, :301]).all() and (before[:, 301:] != after[:, 301:]).any()


def test_the_windows_of_a_sheet_are_as_known_at_their_cuts():
    random = np.random.default_rng(7)
    day = random.integers(0, 60, 400)
    rows = [(int(random.integers(0, 2)), int(d), int(d + 1 + random.geometric(0.4) - 1), 1, 2.0) for d in day]
    deltas = Deltas.of(("A", "B"), rows)
    for days in (1, 7):
        found = windows(deltas, days, 10, 55)
        for cut in range(10, 55):
            assert found[:, cut - 10] == pytest.approx(deltas.grid(cut - days, cut - 1, cut).sum(axis=1))
        assert windows(deltas, days, 10, 55, totals=True) == pytest.approx(2 * found)


def test_the_delay_is_the_longest_that_the_truth_shows():
    start = date(2026, 3, 2)
    events = tuple(
        Event("T1", "t", start, start, "x", False, start, known and start + timedelta(days=known))
        for known in (None, 1, 9)
    )
    assert delay(Against(Truth(events, frozenset({"t"})), TREE, {"t": "public-safety"})) == 8
    assert delay(Against(Truth(events[:1], frozenset({"t"})), TREE, {"t": "public-safety"})) == 0
