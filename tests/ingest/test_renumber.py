"""What comes again under other ids: how much of it cannot be chance, and which is which."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.ingest.renumber import comparable, pairs, telling
from engine.model.incident import Incident, Precision

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
ONE = Incident(feed="f", source_id="a0", occurred_at=BEGIN, known_at=BEGIN, areas=("01",), category="fire")


def told(many: int, name: str = "a", minutes: int = 7) -> list[Incident]:
    return [
        replace(ONE, source_id=f"{name}{n}", occurred_at=BEGIN + n * timedelta(minutes=minutes))
        for n in range(many)
    ]


def test_each_is_paired_once_whatever_was_learned_of_it_since() -> None:
    before = [*told(3), replace(ONE, source_id="a9")]
    again = (*told(3, "b"), replace(ONE, source_id="b8"), replace(ONE, source_id="b9"))
    fresh = [replace(one, title="other words", measures={"hurt": 1.0}) for one in again]
    assert pairs(fresh, before) == {"b0": "a0", "b1": "a1", "b2": "a2", "b8": "a9"}


@pytest.mark.parametrize(
    ("other", "whole"),
    [({"withdrawn": True}, False), ({"precision": Precision.REPORTED}, False), ({"areas": ()}, False),
     ({"precision": Precision.DAY}, True)],
)  # fmt: skip
def test_only_what_says_when_where_and_what_is_compared(other: dict, whole: bool) -> None:
    assert comparable(replace(ONE, **other)) is whole


def test_a_source_that_tells_equal_reports_anyway_says_nothing_by_a_few() -> None:
    apart, by_day = told(60), [*told(30, minutes=0), *told(30, "c", 0)]
    assert telling(3, 3, told(3)) and telling(2, 2, apart) and telling(5, 40, apart)
    assert not telling(2, 2, told(2)) and not telling(2, 60, apart)
    assert not telling(5, 5, by_day) and not telling(30, 30, by_day)
