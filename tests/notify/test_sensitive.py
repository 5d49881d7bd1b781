"""Small counts of sensitive categories reach nobody: not as words, not as JSON, not by subtraction."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from engine.model.message import Notification, Route
from engine.model.warning import Step
from engine.notify.plan import plan

SENSITIVE = ["home-violence", "over-topics", "over-rules"]


def told(make: SimpleNamespace, rule: str, observed: float, **trace: object) -> Notification:
    warning = make.warning(rules=("burglary-surge", rule))
    finding = make.finding(rule=rule, observed=observed, trace=trace)
    (note,) = plan(
        [make.change(Step.ISSUED, "none", reason="Surge: 3 in 7 days where 2.1 would be usual")],
        {warning.id: warning}, [Route(id="r", receivers=("duty",))], {"duty": make.receiver("duty")},
        make.reference, at=make.at, heard={}, findings=[finding],
    )  # fmt: skip
    return note


@pytest.mark.parametrize("rule", SENSITIVE)
@pytest.mark.parametrize("observed", [0.0, 3.0, 4.0])
def test_a_small_count_shows_as_less_than_five(
    make: SimpleNamespace, rule: str, observed: float
) -> None:
    note = told(make, rule, observed)
    assert "Evidence: <5 incidents, 2026-03-01 to 2026-03-07\n" in note.body
    assert "Why:" not in note.body
    assert "14%" not in note.body
    payload = json.loads(note.payload)
    (evidence,) = payload["evidence"]
    assert evidence["observed"] == "<5"
    assert {evidence[key] for key in ("expected", "needed", "missing", "next_grade")} == {None}
    assert (payload["change"]["reason"], payload["warning"]["confidence_cause"]) == ("", "")


def test_a_larger_count_shows_without_what_would_give_others_away(make: SimpleNamespace) -> None:
    note = told(make, "home-violence", 5.0)
    assert "Evidence: 5 incidents, 2026-03-01 to 2026-03-07\n" in note.body


def test_the_places_of_a_sensitive_correlation_are_not_named(make: SimpleNamespace) -> None:
    note = told(make, "over-topics", 2.0, matches=(make.matched("home", "0380"),))
    assert "Uppsala\n" not in note.body
    assert json.loads(note.payload)["evidence"] == []


def test_other_small_counts_are_a_warnings_own_evidence(make: SimpleNamespace) -> None:
    note = told(make, "burglary-surge", 3.0)
    assert "Evidence: 3 incidents" in note.body
    assert json.loads(note.payload)["evidence"][0]["observed"] == 3
