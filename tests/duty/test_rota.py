"""Who is on duty, row by row: turns, overrides, gaps, and the nights on which the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.duty.rota import current, gaps, on_duty, present, stretches
from engine.model.message import Channel, Receiver
from engine.model.rota import Rota, Shift, Stretch

ZONE = ZoneInfo("Europe/Stockholm")
MONDAY = date(2026, 1, 5)
WEEKDAYS = frozenset(range(5))


def local(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE, fold=fold)


def stretch(begins: str, ends: str, *team: str) -> Stretch:
    return Stretch(local(begins).astimezone(UTC), local(ends).astimezone(UTC), team, "swap")


DAY = Shift("day", time(8), time(20), MONDAY, (("lin",), ("berg",)))
NIGHT = Shift("night", time(20), time(8), MONDAY, (("wang",), ("lin", "sund")))
SHIFTS = Rota("desk", "The desk", ZONE, (DAY, NIGHT))
SWAP = stretch("2026-01-06T18:00", "2026-01-06T22:00", "sund")
OVERRIDDEN = Rota("desk", "The desk", ZONE, (DAY, NIGHT), (SWAP,))
HOURS = Shift("office", time(9), time(17), MONDAY, (("lin",),), 7, WEEKDAYS)
OFFICE = Rota("office", "The office", ZONE, (HOURS,))
TURNS = Rota("turns", "Turns", ZONE, (Shift("turn", time(8), time(8), MONDAY, (("a",), ("b",), ("c",))),))
DAILY = Rota("daily", "Daily", ZONE, (Shift("turn", time(8), time(8), MONDAY, (("a",), ("b",)), 1),))


@pytest.mark.parametrize(
    ("rota", "at", "team"),
    [
        # the day before anything begins
        (SHIFTS, "2026-01-05T07:59", ()),
        (SHIFTS, "2026-01-05T08:00", ("lin",)),
        (SHIFTS, "2026-01-05T19:59:59", ("lin",)),
        (SHIFTS, "2026-01-05T20:00", ("wang",)),
        # a night belongs to the day on which it began
        (SHIFTS, "2026-01-06T07:59", ("wang",)),
        (SHIFTS, "2026-01-12T07:59", ("wang",)),
        (SHIFTS, "2026-01-12T08:00", ("berg",)),
        (SHIFTS, "2026-01-12T20:00", ("lin", "sund")),
        (SHIFTS, "2026-01-19T08:00", ("lin",)),
        # three turns of a week, handed over on Monday at eight
        (TURNS, "2026-01-12T07:59", ("a",)),
        (TURNS, "2026-01-12T08:00", ("b",)),
        (TURNS, "2026-01-25T23:00", ("c",)),
        (TURNS, "2026-01-26T08:00", ("a",)),
        # turns of a day
        (DAILY, "2026-01-06T07:00", ("a",)),
        (DAILY, "2026-01-06T09:00", ("b",)),
        # an override stands alone, whatever shift it cuts
        (OVERRIDDEN, "2026-01-06T17:59", ("lin",)),
        (OVERRIDDEN, "2026-01-06T18:00", ("sund",)),
        (OVERRIDDEN, "2026-01-06T21:59", ("sund",)),
        (OVERRIDDEN, "2026-01-06T22:00", ("wang",)),
        # weekends off
        (OFFICE, "2026-01-09T16:59", ("lin",)),
        (OFFICE, "2026-01-09T17:00", ()),
        (OFFICE, "2026-01-10T12:00", ()),
    ],
)
def test_who_is_on_duty(rota: Rota, at: str, team: tuple[str, ...]):
    assert on_duty(rota, local(at)) == team


#: 2026-03-29 the clocks go from 2 to 3, 2026-10-25 from 3 back to 2.
AT_HALF_PAST = Rota(
    "half", "Handed over at half past two", ZONE,
    (Shift("late", time(20), time(2, 30), MONDAY, (("late",),)),
     Shift("early", time(2, 30), time(20), MONDAY, (("early",),))),
)  # fmt: skip


@pytest.mark.parametrize(
    ("rota", "night", "hours", "handed_over"),
    [
        (SHIFTS, "2026-03-28T20:00", 11, datetime(2026, 3, 29, 6, tzinfo=UTC)),
        (SHIFTS, "2026-10-24T20:00", 13, datetime(2026, 10, 25, 7, tzinfo=UTC)),
        (SHIFTS, "2026-01-10T20:00", 12, datetime(2026, 1, 11, 7, tzinfo=UTC)),
        # the time of the handing over does not exist: it is read as if the clocks had not moved
        (AT_HALF_PAST, "2026-03-28T20:00", 6.5, datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        # it comes twice: the first is meant
        (AT_HALF_PAST, "2026-10-24T20:00", 6.5, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
def test_a_night_on_which_the_clocks_change(rota: Rota, night: str, hours: float, handed_over: datetime):
    begins = local(night)
    found = current(rota, begins)
    assert found.begins == begins
    assert (found.ends - found.begins).total_seconds() / 3600 == hours
    assert found.ends == handed_over
    assert gaps(rota, begins - timedelta(days=1), begins + timedelta(days=2)) == []


def test_both_comings_of_an_hour_are_of_one_shift():
    first, second = local("2026-10-25T02:45"), local("2026-10-25T02:45", fold=1)
    assert on_duty(SHIFTS, first) == on_duty(SHIFTS, second) == ("lin", "sund")
    assert on_duty(AT_HALF_PAST, first) == on_duty(AT_HALF_PAST, second) == ("early",)


def test_gaps_are_told_from_moment_to_moment():
    found = gaps(OFFICE, local("2026-01-09T09:00"), local("2026-01-13T09:00"))
    assert [(one.begins.astimezone(ZONE), one.ends.astimezone(ZONE)) for one in found] == [
        (local("2026-01-09T17:00"), local("2026-01-12T09:00")),
        (local("2026-01-12T17:00"), local("2026-01-13T09:00")),
    ]


def test_a_calendar_adds_to_the_shifts_and_yields_to_an_override():
    planned = [stretch("2026-01-06T10:00", "2026-01-06T23:00", "kay")]
    assert on_duty(OVERRIDDEN, local("2026-01-06T12:00"), planned) == ("kay", "lin")
    assert on_duty(OVERRIDDEN, local("2026-01-06T19:00"), planned) == ("sund",)


@given(
    st.datetimes(datetime(2026, 1, 6), datetime(2027, 1, 1)), st.integers(1, 400),
    st.sampled_from([SHIFTS, OVERRIDDEN, TURNS, DAILY, OFFICE, AT_HALF_PAST]),
)  # fmt: skip
def test_stretches_cover_the_time_and_say_what_is_said_of_each_moment(at: datetime, hours: int, rota: Rota):
    begins = at.replace(tzinfo=UTC, microsecond=0)
    ends = begins + timedelta(hours=hours)
    found = stretches(rota, begins, ends)
    assert (found[0].begins, found[-1].ends) == (begins, ends)
    assert all(one.ends == after.begins for one, after in pairwise(found))
    for one in found:
        last = one.ends - timedelta(seconds=1)
        assert on_duty(rota, one.begins) == on_duty(rota, last) == one.team


def reached(*names: str) -> tuple[Channel, ...]:
    return tuple(Channel(kind="file", options={"name": name}) for name in names)


def test_a_rota_is_reached_by_who_is_on_duty_and_in_a_gap_by_all():
    desk = Receiver(id="desk", title="Desk", rota="desk", channels=reached("lin/sms", "lin/mail", "berg/sms"))
    centre = Receiver(id="centre", title="Centre", channels=reached("sms"))
    receivers = {"desk": desk, "centre": centre}
    found = present(receivers, {"desk": ("berg",)})
    assert [channel.name for channel in found["desk"].channels] == ["berg/sms"]
    assert found["centre"] == centre
    assert present(receivers, {"desk": ()}) == receivers
