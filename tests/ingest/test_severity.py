"""Severity from a table, from bounds, or fixed."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import RecordError
from engine.ingest.mapping import Mapping, SeveritySource
from engine.ingest.severity import graded_by, grader
from engine.model.incident import UNGRADED

CAP = {"field": "s", "table": {"Extreme": 4, "Severe": 3, "Moderate": 2, "Minor": 1}}
QUAKE = {"field": "s", "bounds": [3, 4.5, 6, 7]}


@pytest.mark.parametrize(("source", "value", "severity"), [
    (None, "x", 0), ({"fixed": 3}, "x", 3), (CAP, "severe", 3), (CAP, None, UNGRADED),
    (CAP, "", UNGRADED), (CAP, ["Minor", "?"], 1), (CAP, ["Minor", "Extreme"], 4),
    ({**CAP, "otherwise": 1}, "?", 1), ({**CAP, "otherwise": 1}, "", 1),
    ({"field": "s", "table": {1: 4}}, 1.0, 4),
    (QUAKE, 2.99, 0), (QUAKE, "3", 1), (QUAKE, 4.5, 2), (QUAKE, 9, 4), (QUAKE, -1, 0),
    (QUAKE, None, UNGRADED),
])  # fmt: skip
def test_what_a_value_means(source: dict[str, Any] | None, value: Any, severity: int) -> None:
    grade = grader(SeveritySource.model_validate(source) if source else None)
    assert grade({"s": value}) == severity


@pytest.mark.parametrize(("value", "number"), [
    ("3", 3.0), (["2", "?", "5.5"], 5.5), ("strong", None), (None, None), ("", None), (0, 0.0),
])  # fmt: skip
def test_by_which_number_it_is_reckoned(value: Any, number: float | None) -> None:
    source = SeveritySource.model_validate(QUAKE)
    assert graded_by(source)({"s": value}) == number
    half = SeveritySource.model_validate(QUAKE | {"times": 0.5})
    assert graded_by(half)({"s": value}) == (None if number is None else number / 2)
    if number is not None:
        assert grader(half)({"s": value}) == grader(source)({"s": number / 2})


@pytest.mark.parametrize(("measures", "grading"), [
    ({}, "severity"), ({"magnitude": "s"}, "magnitude"), ({"magnitude": "m"}, "severity"),
    ({"magnitude": {"field": "s", "times": 10}}, "severity"), ({"severity": "m"}, ""),
])  # fmt: skip
def test_under_which_measure_it_is_kept(measures: dict[str, Any], grading: str) -> None:
    mapping = Mapping.model_validate({
        "source_id": "id", "occurred_at": "at", "place": {"code": "a"}, "category": {"fixed": "quake"},
        "severity": QUAKE, "measures": measures,
    })  # fmt: skip
    assert mapping.grading == grading
    assert not mapping.model_copy(update={"severity": None}).grading


@pytest.mark.parametrize("value", ["strong", "nan", {"a": 1}, True])
def test_what_is_no_number_has_no_severity_by_bounds(value: Any) -> None:
    grade = grader(SeveritySource.model_validate(QUAKE))
    if isinstance(value, dict):
        assert grade({"s": value}) == UNGRADED
        return
    with pytest.raises(RecordError, match="which is no number"):
        grade({"s": value})


def test_a_word_that_stands_in_no_table_is_told() -> None:
    with pytest.raises(RecordError, match="'Grave', which stands in no table"):
        grader(SeveritySource.model_validate(CAP))({"s": "Grave"})


@pytest.mark.parametrize(
    ("fields", "severity"), [({"s": None}, 1), ({}, UNGRADED), ({"t": {"s": ""}}, UNGRADED)]
)
def test_what_stands_for_an_empty_field_stands_for_none_that_is_not_there(
    fields: dict[str, Any], severity: int
) -> None:
    """Else a column that is renamed would make everything as grave as an empty one."""
    assert grader(SeveritySource.model_validate({**CAP, "otherwise": 1}))(fields) == severity
