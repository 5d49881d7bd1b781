"""Until when a message waits, row by row: by the clocks of the place, over midnight and both nights on which
they are changed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.grade import Grade
from engine.model.message import Notification
from engine.model.restraint import Restraint
from engine.notify.restraint import may_wait, midnight, struck, until

ZONES = ("Europe/Stockholm", "Asia/Shanghai", "Australia/Lord_Howe", "Asia/Kolkata", "Asia/Kathmandu")
STOCKHOLM, SHANGHAI, LORD_HOWE, KOLKATA, KATHMANDU = ZONES
NIGHT, NOON, SMALL = (time(22), time(7)), (time(12), time(14)), (time(22), time(2, 30))
#: The night on which the clocks of Stockholm go forward is that to 29 March, back that to 25 October.
QUIET = Restraint(quiet=NIGHT)
DAILY = Restraint(budget=3)
HOURLY = Restraint(hourly=2)
BOTH = Restraint(budget=3, hourly=2)
DIGEST = Restraint(digest=(time(16), time(8)))


def local(text: str, zone: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZoneInfo(zone), fold=fold)


@pytest.mark.parametrize(
    ("restraint", "zone", "at", "today", "lately", "then"),
    [
        (Restraint(), STOCKHOLM, "06-01 03:00", 99, 99, None),
        # quiet hours over midnight: both ends, to the minute
        (QUIET, STOCKHOLM, "06-01 21:59", 0, 0, None),
        (QUIET, STOCKHOLM, "06-01 22:00", 0, 0, "06-02 07:00"),
        (QUIET, STOCKHOLM, "06-01 23:59", 0, 0, "06-02 07:00"),
        (QUIET, STOCKHOLM, "06-02 00:00", 0, 0, "06-02 07:00"),
        (QUIET, STOCKHOLM, "06-02 06:59", 0, 0, "06-02 07:00"),
        (QUIET, STOCKHOLM, "06-02 07:00", 0, 0, None),
        # within a day
        (Restraint(quiet=NOON), SHANGHAI, "06-01 11:59", 0, 0, None),
        (Restraint(quiet=NOON), SHANGHAI, "06-01 12:00", 0, 0, "06-01 14:00"),
        (Restraint(quiet=NOON), SHANGHAI, "06-01 14:00", 0, 0, None),
        (Restraint(quiet=NOON), SHANGHAI, "06-01 23:00", 0, 0, None),
        # both nights of Stockholm, and none of Shanghai
        (QUIET, STOCKHOLM, "03-28 23:00", 0, 0, "03-29 07:00"),
        (QUIET, STOCKHOLM, "03-29 03:30", 0, 0, "03-29 07:00"),
        (QUIET, STOCKHOLM, "10-24 23:00", 0, 0, "10-25 07:00"),
        (QUIET, SHANGHAI, "03-28 23:00", 0, 0, "03-29 07:00"),
        (QUIET, SHANGHAI, "10-24 23:00", 0, 0, "10-25 07:00"),
        (QUIET, LORD_HOWE, "04-04 23:00", 0, 0, "04-05 07:00"),
        (QUIET, KATHMANDU, "06-01 23:10", 0, 0, "06-02 07:00"),
        # a digest: the next of its times, in whatever order they are written
        (DIGEST, STOCKHOLM, "06-01 07:59", 0, 0, "06-01 08:00"),
        (DIGEST, STOCKHOLM, "06-01 08:00", 0, 0, "06-01 16:00"),
        (DIGEST, STOCKHOLM, "06-01 16:00", 0, 0, "06-02 08:00"),
        (DIGEST, STOCKHOLM, "03-28 20:00", 0, 0, "03-29 08:00"),
        (DIGEST, STOCKHOLM, "10-24 20:00", 0, 0, "10-25 08:00"),
        # within quiet hours it comes when they are over
        (replace(DIGEST, digest=(time(23),), quiet=NIGHT), STOCKHOLM, "06-01 12:00", 0, 0, "06-02 07:00"),
        (replace(DIGEST, digest=(time(3),), quiet=NIGHT), STOCKHOLM, "06-01 12:00", 0, 0, "06-02 07:00"),
        (replace(DIGEST, digest=(time(7),), quiet=NIGHT), STOCKHOLM, "06-01 23:00", 0, 0, "06-02 07:00"),
        # a budget: the day's, the hour's, and the day's before the hour's
        (DAILY, STOCKHOLM, "06-01 09:20", 2, 9, None),
        (DAILY, STOCKHOLM, "06-01 09:20", 3, 0, "06-02 00:00"),
        (DAILY, STOCKHOLM, "03-29 01:00", 3, 0, "03-30 00:00"),
        (DAILY, STOCKHOLM, "10-25 01:00", 3, 0, "10-26 00:00"),
        (HOURLY, STOCKHOLM, "06-01 09:20", 9, 1, None),
        (HOURLY, STOCKHOLM, "06-01 09:20", 9, 2, "06-01 10:00"),
        (HOURLY, STOCKHOLM, "06-01 23:20", 9, 2, "06-02 00:00"),
        (HOURLY, KOLKATA, "06-01 09:45", 9, 2, "06-01 10:00"),
        (HOURLY, KATHMANDU, "06-01 09:10", 9, 2, "06-01 10:00"),
        (HOURLY, STOCKHOLM, "03-29 01:30", 9, 2, "03-29 03:00"),
        (BOTH, STOCKHOLM, "06-01 09:20", 2, 2, "06-01 10:00"),
        (BOTH, STOCKHOLM, "06-01 09:20", 3, 2, "06-02 00:00"),
        (replace(BOTH, quiet=NIGHT), STOCKHOLM, "06-01 21:30", 2, 2, "06-02 07:00"),
        (replace(BOTH, quiet=NIGHT), STOCKHOLM, "06-01 21:30", 3, 0, "06-02 07:00"),
        (replace(BOTH, quiet=NIGHT), STOCKHOLM, "06-01 21:30", 0, 0, None),
    ],
)  # fmt: skip
def test_until_when_it_waits(
    restraint: Restraint, zone: str, at: str, today: int, lately: int, then: str | None
) -> None:
    found = until(restraint, local(at, zone).astimezone(UTC), today, ZoneInfo(zone), lately=lately)
    assert found == (None if then is None else local(then, zone).astimezone(UTC))


@pytest.mark.parametrize(
    ("restraint", "fold", "at", "then", "fold_then"),
    [
        # the hour from two to three comes twice: each is an hour of its own
        (HOURLY, 0, "10-25 02:30", "10-25 02:00", 1),
        (HOURLY, 1, "10-25 02:30", "10-25 03:00", 0),
        (Restraint(quiet=SMALL), 0, "10-25 02:10", "10-25 02:30", 0),
        (Restraint(quiet=SMALL), 1, "10-25 02:10", "10-25 02:30", 1),
        (Restraint(quiet=SMALL), 1, "10-25 02:40", None, 0),
    ],
)
def test_in_the_hour_that_comes_twice(
    restraint: Restraint, fold: int, at: str, then: str | None, fold_then: int
) -> None:
    zone = ZoneInfo(STOCKHOLM)
    found = until(restraint, local(at, STOCKHOLM, fold).astimezone(UTC), 9, zone, lately=9)
    assert found == (None if then is None else local(then, STOCKHOLM, fold_then).astimezone(UTC))


MOMENTS = st.datetimes(datetime(2026, 3, 1), datetime(2026, 11, 30), timezones=st.just(UTC))
CLOCKS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30]))
RESTRAINTS = st.builds(
    Restraint, quiet=st.none() | st.tuples(CLOCKS, CLOCKS).filter(lambda one: one[0] != one[1]),
    digest=st.lists(CLOCKS, max_size=2).map(tuple), budget=st.none() | st.just(1),
    hourly=st.none() | st.just(1),
)  # fmt: skip


@given(RESTRAINTS, MOMENTS, st.sampled_from(ZONES), st.integers(0, 2), st.integers(0, 2))
def test_nothing_waits_for_the_past_nor_for_ever(
    restraint: Restraint, at: datetime, zone: str, today: int, lately: int
) -> None:
    found = until(restraint, at, today, ZoneInfo(zone), lately=lately)
    assert found is None or at < found <= at + timedelta(days=2, hours=2)


@given(MOMENTS, st.sampled_from(ZONES))
def test_the_hour_struck_within_the_last_one(at: datetime, zone: str) -> None:
    assert timedelta(0) <= at - struck(at, ZoneInfo(zone)) < timedelta(hours=1, minutes=30)


@pytest.mark.parametrize(
    ("step", "before", "after", "more", "waits"),
    [
        ("issued", "none", "yellow", {}, True),
        ("lifted", "blue", "none", {}, True),
        ("issued", "none", "orange", {}, False),
        ("issued", "none", "red", {}, False),
        ("downgraded", "orange", "blue", {}, False),
        ("lifted", "red", "none", {}, False),
        ("proposed", "none", "yellow", {}, False),
        ("issued", "none", "yellow", {"exercise": True}, False),
        ("issued", "none", "yellow", {"format": "forewarn.task/1"}, False),
    ],
)
def test_what_may_wait(step: str, before: str, after: str, more: dict[str, object], waits: bool) -> None:
    change = {"step": step, "before": before, "after": after}
    payload = {"format": "forewarn.notification/1", "change": change, **more}
    at = datetime(2026, 6, 1, tzinfo=UTC)
    note = Notification(
        key="k", change="c", warning="w", receiver="r", channel="f", step=step, planned_at=at,
        grade=Grade.named(after), subject="", body="", payload=json.dumps(payload),
    )  # fmt: skip
    assert may_wait(note) is waits


@pytest.mark.parametrize(
    ("zone", "at", "began"),
    [
        # the clocks of the Azores go from one back to midnight: one day, one beginning
        ("Atlantic/Azores", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 0, tzinfo=UTC)),
        ("Atlantic/Azores", datetime(2026, 10, 25, 1, 30, tzinfo=UTC), datetime(2026, 10, 25, 0, tzinfo=UTC)),
        ("Atlantic/Azores", datetime(2026, 10, 25, 9, tzinfo=UTC), datetime(2026, 10, 25, 0, tzinfo=UTC)),
        ("Europe/Stockholm", datetime(2026, 3, 29, 9, tzinfo=UTC), datetime(2026, 3, 28, 23, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 4, 5, 9, tzinfo=UTC), datetime(2026, 4, 4, 13, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2026, 6, 1, 9, tzinfo=UTC), datetime(2026, 5, 31, 18, 15, tzinfo=UTC)),
    ],
)
def test_when_the_day_began(zone: str, at: datetime, began: datetime):
    assert midnight(at, ZoneInfo(zone)) == began
