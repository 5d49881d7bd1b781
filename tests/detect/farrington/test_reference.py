"""Farrington's algorithm against the outputs of the reference, in both forms."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from engine.detect.detection import Detection
from engine.detect.farrington.rung import Params, detect

GOLDEN = Path(__file__).parents[2] / "data" / "golden"
NOUFAILY = {"b": 4, "no_periods": 10, "past_weeks_not_included": 26, "p_threshold_trend": 1, "alpha": 0.01}
SETTINGS = {
    "default": {},
    "delta_b4": NOUFAILY,
    "nb": NOUFAILY | {"threshold_method": "nbPlugin"},
    "muan": NOUFAILY | {"threshold_method": "muan"},
    "orig": {"b": 4, "weights_threshold": 1},
}
EPOCH = date(1970, 1, 1).toordinal()


def rows(path: str) -> list[dict[str, float | str]]:
    with (GOLDEN / path).open() as file:
        return [{name: number(value) for name, value in row.items()} for row in csv.DictReader(file)]


def number(text: str) -> float | str:
    if text == "NA":
        return float("nan")
    try:
        return float(text)
    except ValueError:
        return text


def column(of: list[dict[str, float | str]], name: str) -> np.ndarray:
    return np.array([row[name] for row in of], float)


def assert_meets(found: Detection, golden: list[dict[str, float | str]], names: tuple[str, ...]) -> None:
    extra = found.extra
    ours = {
        "upper": found.upper, "expected": found.expected, "score": found.score, "pvalue": found.pvalue,
        "phi": extra["phi"], "trend": extra["trend"], "slope": extra["slope"], "alarm": found.alarm,
    }  # fmt: skip
    for name in names:
        wanted = column(golden, "trendcoef" if name == "slope" and "trendcoef" in golden[0] else name)
        np.testing.assert_allclose(ours[name][0], wanted, rtol=1e-9, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("setting", SETTINGS)
def test_compat_form_meets_every_row_of_the_reference(setting: str) -> None:
    golden = [row for row in rows("farrington_golden.csv") if row["cfg"] == setting]
    counts = column(rows("series.csv"), "y")
    found = detect(counts, range(269, 416), Params(compat="surveillance", **SETTINGS[setting]))
    assert len(golden) == 147
    names = ("upper", "expected", "score", "pvalue", "phi", "trend", "slope", "alarm")
    assert_meets(found, golden, names)


@pytest.mark.parametrize("setting", ["default", "delta_b4", "orig"])
def test_default_form_meets_every_row_of_the_corrected_reference(setting: str) -> None:
    golden = [row for row in rows("farrington_corrected.csv") if row["cfg"] == setting]
    chosen = Params(**SETTINGS[setting] | {"threshold_method": "delta"})
    found = detect(column(rows("series.csv"), "y"), range(269, 416), chosen)
    assert len(golden) == 147
    assert_meets(found, golden, ("upper", "alarm", "trend"))


CASES = rows("farrington/cases.csv")


def params(case: dict[str, float | str], compat: str) -> Params:
    return Params(
        frequency=int(case["freq"]), b=int(case["b"]), w=int(case["w"]), no_periods=int(case["noPeriods"]),
        past_weeks_not_included=int(case["past"]), p_threshold_trend=case["pThresholdTrend"],
        weights_threshold=case["weightsThreshold"], alpha=case["alpha"],
        threshold_method=case["method"], power_transform=case["power"] if case["power"] != 1 else "none",
        limit54=(int(case["limitCases"]), int(case["limitPoints"])),
        population_offset=bool(case["offset"]), reweight=bool(case["reweight"]), trend=bool(case["trend"]),
        weekday=False, compat=compat,
    )  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"case{case['case']:.0f}")
@pytest.mark.parametrize("form", ["compat", "corrected"])
def test_other_frequencies_offsets_dates_and_gaps_meet_the_reference(
    case: dict[str, float | str], form: str
) -> None:
    results = rows("farrington/results.csv")
    golden = [row for row in results if row["form"] == form and row["case"] == case["case"]]
    series = [row for row in rows("farrington/series.csv") if row["case"] == case["case"]]
    days = column(series, "t").astype(int) + EPOCH if case["dates"] else None
    found = detect(
        column(series, "y"), column(golden, "t").astype(int) - 1,
        params(case, "surveillance" if form == "compat" else ""),
        population=column(series, "pop"), days=days,
    )  # fmt: skip
    assert len(golden) >= 4
    # The default form also says what it expects where limit54 forbids an alarm, and has scores of its own.
    same = ("score", "expected") if form == "compat" else ()
    assert_meets(found, golden, ("upper", "pvalue", "phi", "trend", "slope", "alarm", *same))
