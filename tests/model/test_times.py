"""Hours and weekdays against a plain reading of the clock, over midnight and where clocks are changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.incident import Precision
from engine.model.indicator import Indicator
from engine.model.times import Times

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NIGHT = Times("Europe/Stockholm", 22 * 60, 6 * 60, frozenset({4, 5}))


@given(
    since=st.integers(0, 1439), until=st.integers(0, 1439), days=st.frozensets(st.integers(0, 6), min_size=1),
    at=st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
)  # fmt: skip
def test_a_moment_is_among_them_where_a_stretch_that_began_holds_it(
    since: int, until: int, days: frozenset[int], at: datetime
) -> None:
    if since == until:
        return
    local = at.astimezone(STOCKHOLM).replace(tzinfo=None)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    spans = (
        (begin + timedelta(minutes=since), begin + timedelta(days=until < since, minutes=until))
        for begin in (midnight - timedelta(days=1), midnight) if begin.weekday() in days
    )  # fmt: skip
    expected = any(begin <= local < end for begin, end in spans)
    assert Times("Europe/Stockholm", since, until, days).holds(at) is expected


def test_the_hour_that_is_left_out_and_the_one_that_comes_twice() -> None:
    small = Times("Europe/Stockholm", 2 * 60, 3 * 60)
    spring = [datetime(2026, 3, 29, tzinfo=UTC) + timedelta(minutes=10 * n) for n in range(36)]
    autumn = [datetime(2026, 10, 24, 22, tzinfo=UTC) + timedelta(minutes=10 * n) for n in range(36)]
    assert sum(map(small.holds, spring)) == 0
    assert sum(map(small.holds, autumn)) == 12


@pytest.mark.parametrize(
    ("day", "precision", "counts", "may"),
    [
        ("2026-03-06T23:00", Precision.MINUTE, True, True),
        ("2026-03-06T12:00", Precision.MINUTE, False, False),
        ("2026-03-06T00:00", Precision.DAY, False, True), ("2026-03-08T00:00", Precision.DAY, False, True),
        ("2026-03-09T00:00", Precision.DAY, False, False), ("2026-03-05T00:00", Precision.DAY, False, False),
        ("2026-03-04T12:00", Precision.REPORTED, False, True),
    ],
)  # fmt: skip
def test_what_does_not_say_its_hour_may_be_among_them(
    day: str, precision: str, counts: bool, may: bool
) -> None:
    at = datetime.fromisoformat(day).replace(tzinfo=STOCKHOLM)
    assert (NIGHT.counts(at, precision), NIGHT.may(at, precision)) == (counts, may)


def test_weekdays_alone_need_no_hour() -> None:
    friday = Times("Europe/Stockholm", weekdays=frozenset({4}))
    at = datetime(2026, 3, 6, tzinfo=STOCKHOLM)
    assert friday.counts(at, Precision.DAY)
    assert not friday.counts(at, Precision.REPORTED)
    assert friday.may(at, Precision.REPORTED)


@pytest.mark.parametrize(
    ("severity", "when", "precision", "lacks"),
    [
        (3, 23, Precision.MINUTE, ""), (3, 12, Precision.MINUTE, ""), (3, 0, Precision.DAY, "hour"),
        (1, 0, Precision.DAY, ""), (-1, 12, Precision.MINUTE, ""), (-1, 23, Precision.MINUTE, "severity"),
        (-1, 0, Precision.DAY, "severity"),
    ],
)
def test_what_an_incident_does_not_say(severity: int, when: int, precision: str, lacks: str) -> None:
    grave = Indicator(frozenset({"fire"}), min_severity=2, times=NIGHT)
    at = datetime(2026, 3, 6, when, tzinfo=STOCKHOLM)
    assert grave.misses(severity, (), at, precision) == lacks


def test_a_filter_without_hours_keeps_its_name() -> None:
    plain = Indicator(frozenset({"fire"}))
    assert plain.key == "5d6bfcb5a1ddfa89"
    assert Indicator(frozenset({"fire"}), times=NIGHT).key != plain.key
