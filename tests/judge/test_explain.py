"""How sure a finding is, and why not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.judge import trace_of
from engine.model.grade import Confidence
from engine.model.rule import Test, Window
from tests.judge.conftest import CUT, panels, reports, rule

TWO = rule(Test.of("at_least", count=2))
RARE = rule(Test.of("rare", alpha=0.01), window=Window(days=3, baseline=20))


def test_what_is_known_and_placed_is_sure() -> None:
    why = trace_of(TWO, panels(reports([("A1", 1, 3), ("A2", 1, 3)])), CUT, "A1")
    assert (why.confidence, why.confidence_cause) == (Confidence.HIGH, "")


def test_a_report_placed_only_in_the_county_makes_its_towns_less_sure() -> None:
    of = panels(reports([("A1", 1, 3), ("A", 1, 1), ("B1", 1, 3)]))
    for town, confidence in (("A1", Confidence.MEDIUM), ("A2", Confidence.MEDIUM), ("B1", Confidence.HIGH)):
        assert trace_of(TWO, of, CUT, town).confidence == confidence
    cause = trace_of(TWO, of, CUT, "A1").confidence_cause
    assert cause == "25% of the reports could not be placed this exactly"
    assert trace_of(rule(*TWO.rungs, level="county"), of, CUT, "A").confidence == Confidence.HIGH


def test_one_in_ten_placed_higher_is_no_reason_to_doubt() -> None:
    of = panels(reports([("A1", 1, 9), ("A", 1, 1)]))
    assert trace_of(TWO, of, CUT, "A1").confidence == Confidence.HIGH


@pytest.mark.parametrize(
    "first, last, cause",
    [(3, 1, "fires: silent from 2026-02-27 00:00 to 2026-03-02 00:00"),
     (33, 16, "only 70% of the baseline is known")],
)  # fmt: skip
def test_silence_makes_a_finding_doubtful(first: int, last: int, cause: str) -> None:
    away = ("fires", CUT - timedelta(days=first), CUT - timedelta(days=last))
    why = trace_of(RARE, panels(reports([("A1", 1, 3), ("A", 1, 1)]), down=[away]), CUT, "A1")
    assert (why.confidence, why.confidence_cause) == (Confidence.LOW, cause)
