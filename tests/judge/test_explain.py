"""How sure a finding is, and why not."""

from __future__ import annotations

from dataclasses import replace
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
    ("twice", "linked", "confidence"),
    [(3, True, Confidence.HIGH), (2, True, Confidence.HIGH), (1, True, Confidence.MEDIUM),
     (3, False, Confidence.MEDIUM)],
)  # fmt: skip
def test_two_feeds_that_tell_the_same_are_surer(twice: int, linked: bool, confidence: Confidence) -> None:
    there = reports([("A1", 1, 3)])
    told = [replace(one, also=(("other", "1"),)) if n < twice else one for n, one in enumerate(there)]
    of = panels([*told, *reports([("A", 1, 1)])], linked=frozenset({"log"} if linked else ()))
    why = trace_of(TWO, of, CUT, "A1")
    assert why.confidence == confidence
    assert ("two feeds tell" in why.confidence_cause) == (confidence is Confidence.HIGH)


def test_what_was_told_twice_raises_no_lower_bound() -> None:
    away = ("fires", CUT - timedelta(days=3), CUT - timedelta(days=1))
    told = [replace(one, also=(("other", "1"),)) for one in reports([("A1", 1, 3)])]
    why = trace_of(TWO, panels(told, down=[away], linked=frozenset({"log"})), CUT, "A1")
    assert why.confidence is Confidence.LOW


@pytest.mark.parametrize(
    "first, last, cause",
    [(3, 1, "fires: silent from 2026-02-27 00:00 to 2026-03-02 00:00"),
     (33, 16, "only 70% of the baseline is known")],
)  # fmt: skip
def test_silence_makes_a_finding_doubtful(first: int, last: int, cause: str) -> None:
    away = ("fires", CUT - timedelta(days=first), CUT - timedelta(days=last))
    why = trace_of(RARE, panels(reports([("A1", 1, 3), ("A", 1, 1)]), down=[away]), CUT, "A1")
    assert (why.confidence, why.confidence_cause) == (Confidence.LOW, cause)
