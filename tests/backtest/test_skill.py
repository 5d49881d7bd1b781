"""Every measure against scikit-learn or by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, confusion_matrix, jaccard_score, precision_score, recall_score

from engine.backtest import skill
from engine.backtest.match import Marks, Matched, Track
from engine.model.grade import RUNGS, Grade

POINTS = {Grade.BLUE: 10.0, Grade.YELLOW: 25.0, Grade.ORANGE: 50.0, Grade.RED: 80.0}
CLAIMS = skill.claimed(POINTS)


@pytest.fixture(scope="module")
def track() -> Track:
    """Twenty places, a year, warned at random."""
    grades = np.random.default_rng(1).choice(5, (20, 365), p=[0.9, 0.05, 0.03, 0.015, 0.005]).astype(np.int8)
    return Track(tuple((f"T{n}", "t") for n in range(20)), (), grades, np.ones(20, int))


@pytest.fixture(scope="module")
def marks(track: Track) -> Marks:
    """Events more often where something was warned of; some days prove nothing."""
    random = np.random.default_rng(2)
    event = random.random((20, 366)) < 0.04
    event[:, 1:] |= (track.grades > 0) & (random.random((20, 365)) < 0.4)
    counts = random.random((20, 365)) < 0.95
    return Marks(event[:, 1:], event[:, :-1], counts, counts)


def flat(track: Track, marks: Marks) -> tuple[np.ndarray, np.ndarray]:
    return marks.event[marks.counts], track.grades[marks.counts]


def test_the_table_and_its_ratios_are_scikit_learns(track: Track, marks: Marks):
    event, grades = flat(track, marks)
    row = skill.by_days(track, marks, CLAIMS)
    table = [row["correct_quiet"], row["false_alarms"], row["misses"], row["hits"]]
    assert table == confusion_matrix(event, grades > 0).ravel().tolist()
    assert row["days"] == event.size and row["base_rate"] == pytest.approx(event.mean())
    assert row["pod"] == pytest.approx(recall_score(event, grades > 0))
    assert row["far"] == pytest.approx(1 - precision_score(event, grades > 0))
    assert row["csi"] == pytest.approx(jaccard_score(event, grades > 0))


def test_the_brier_score_and_its_skill_are_scikit_learns(track: Track, marks: Marks):
    event, grades = flat(track, marks)
    row = skill.by_days(track, marks, CLAIMS)
    brier = brier_score_loss(event, CLAIMS[grades])
    climatology = brier_score_loss(event, np.full(event.size, event.mean()))
    persistence = brier_score_loss(event, marks.before[marks.counts].astype(float))
    assert row["brier"] == pytest.approx(brier)
    assert row["skill_climatology"] == pytest.approx(1 - brier / climatology)
    assert row["skill_persistence"] == pytest.approx(1 - brier / persistence)


def test_a_grade_is_judged_with_those_above_it(track: Track, marks: Marks):
    event, grades = flat(track, marks)
    claims = np.full(5, 0.5)
    row = skill.by_days(track, marks, claims, track.grades >= 3)
    assert [row["misses"], row["hits"]] == confusion_matrix(event, grades >= 3)[1].tolist()
    assert row["brier"] == pytest.approx(brier_score_loss(event, np.where(grades >= 3, 0.5, 0)))


def test_fitted_claims_are_the_frequencies_that_came_true(track: Track, marks: Marks):
    event, grades = flat(track, marks)
    fitted = np.array([event[grades == grade].mean() for grade in Grade])
    climatology = brier_score_loss(event, np.full(event.size, event.mean()))
    row = skill.by_days(track, marks, CLAIMS)
    assert row["skill_fitted"] == pytest.approx(1 - brier_score_loss(event, fitted[grades]) / climatology)
    assert row["skill_fitted_low"] < row["skill_fitted"] < row["skill_fitted_high"]
    grave = np.where(grades >= 3, event[grades >= 3].mean(), event[grades < 3].mean())
    row = skill.by_days(track, marks, CLAIMS, track.grades >= 3)
    assert row["skill_fitted"] == pytest.approx(1 - brier_score_loss(event, grave) / climatology)


def test_calibration_is_the_frequency_on_the_days_of_each_grade(track: Track, marks: Marks):
    event, grades = flat(track, marks)
    row = skill.calibration(track, marks)
    for grade in RUNGS:
        assert row[f"frequency_{grade.word}"] == pytest.approx(event[grades == grade].mean())


def test_every_interval_holds_its_figure(track: Track, marks: Marks):
    row = skill.by_days(track, marks, CLAIMS)
    for name in ("pod", "far", "csi", "brier", "skill_climatology", "skill_persistence"):
        assert row[f"{name}_low"] < row[name] < row[f"{name}_high"]


def test_what_cannot_be_divided_is_empty():
    quiet = Track((("T1", "t"),), (), np.zeros((1, 10), np.int8), np.ones(1, int))
    nothing = np.zeros((1, 10), bool)
    row = skill.by_days(quiet, Marks(nothing, nothing, ~nothing, ~nothing), CLAIMS)
    empty = {"pod", "far", "csi", "skill_climatology", "skill_persistence", "skill_fitted"}
    assert {name for name in empty if row[name] is None} == empty
    assert (row["brier"], row["correct_quiet"], row["base_rate"]) == (0, 10, 0)


def test_events_and_warnings_worked_by_hand():
    nan = float("nan")
    row = skill.by_events(
        Matched(
            warned=np.array([True, True, False, True]), in_time=np.array([1.0, 0.0, 0.0, nan]),
            lead=np.array([2.0, -1.0, nan, 5.0]),
            onset=np.array([True, False, True, False]), right=np.array([1.0, 1.0, 0.0, nan, 1.0]),
            late=np.zeros(5, bool),
        )
    )  # fmt: skip
    worked = {
        "events": 4, "events_warned": 3, "events_missed": 1, "event_pod": 0.75, "events_in_time": 1,
        "event_pod_in_time": 1 / 3, "onset_in_time": 1, "false_warnings": 1,
        "false_warning_share": 0.25, "lead_median": 2.0, "lead_q1": 0.5, "lead_q3": 3.5, "onset_events": 2,
        "onset_warned": 1, "onset_pod": 0.5, "onset_lead_median": 2.0, "onset_lead_q1": 2.0,
        "onset_lead_q3": 2.0,
    }  # fmt: skip
    assert {name: row[name] for name in worked} == worked
    assert row["event_pod_low"] <= 0.75 <= row["event_pod_high"]


def test_without_events_and_warnings_there_is_nothing_to_tell():
    none = np.empty(0)
    row = skill.by_events(Matched(none.astype(bool), none, none, none.astype(bool), none, none.astype(bool)))
    assert (row["events"], row["false_warnings"]) == (0, 0)
    assert row["event_pod"] is row["lead_median"] is row["false_warning_share"] is row["onset_pod"] is None


def test_a_grade_claims_its_points_of_a_hundred():
    assert CLAIMS.tolist() == [0, 0.1, 0.25, 0.5, 0.8]
    assert len(set(skill.names())) == len(skill.names()) and "pod_high" in skill.names()
