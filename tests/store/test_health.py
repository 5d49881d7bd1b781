"""When feeds were heard, and what that says about days and areas."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from engine.model.panel import DataState, FeedWatch, Watch
from engine.model.period import Calendar
from engine.store import health
from engine.store.database import Store

CALENDAR = Calendar(ZoneInfo("Europe/Stockholm"))
SINCE = date(2025, 3, 1)
FIRST = SINCE.toordinal()
LIMIT = timedelta(hours=12)


def local(day: int, hour: float = 0) -> datetime:
    """That hour of 2025-03-`day` by the wall clock."""
    return datetime(2025, 3, day, tzinfo=CALENDAR.zone) + timedelta(hours=hour)


def hourly(begin: datetime, end: datetime) -> list[datetime]:
    return [begin + timedelta(hours=hour) for hour in range(int((end - begin) / timedelta(hours=1)))]


def record(store: Store, polls: list[datetime], **how: object) -> None:
    with store.begin() as tx:
        health.record(tx, "police", polls, known_at=polls[-1], **how)  # type: ignore[arg-type]


def watch(store: Store, cut: int, first: int = FIRST, seq: int | None = None) -> Watch:
    """Over A and B, of which the feed covers the first."""
    with store.read() as tx:
        answers = health.polls(tx, "police", CALENDAR.midnight(date.fromordinal(first)), seq)
        silences = health.silences(answers, SINCE, LIMIT, CALENDAR, first, cut)
    feed = FeedWatch("police", np.array([True, False]), FIRST, LIMIT / timedelta(days=1), silences)
    return Watch((feed,), wait=CALENDAR.wait / timedelta(days=1))


def failed(store: Store, cut: int, first: int = FIRST, as_of: int | None = None) -> list[int]:
    """The days of March found failed in area A, as of a cut."""
    (found, other) = watch(store, cut, first).failed(first, cut - 1, as_of or cut)
    assert not other.any()
    return [date.fromordinal(first + int(place)).day for place in np.flatnonzero(found)]


def test_last_tells_the_last_poll_and_the_last_good_one(store: Store) -> None:
    record(store, [local(1, 1), local(1, 2)])
    record(store, [local(1, 3)], ok=False, detail="timed out")
    with store.begin() as tx:
        health.record(tx, "customs", [local(2)], ok=False, detail="404", known_at=local(2))
    with store.read() as tx:
        assert health.last(tx) == {
            "police": health.Heard(local(1, 3), False, "timed out", local(1, 2)),
            "customs": health.Heard(local(2), False, "404", None),
        }
        assert health.last_good(tx, "police") == local(1, 2)
        assert health.last_good(tx, "customs") is None
        assert health.last_good(tx, "nobody") is None


def test_good_polls_are_those_answered_since_a_moment(store: Store) -> None:
    record(store, [local(1, hour) for hour in (3, 1, 2)])
    record(store, [local(1, 4)], ok=False)
    with store.read() as tx:
        assert health.good_polls(tx, "police", local(1, 2)) == [local(1, 2), local(1, 3)]
        assert health.good_polls(tx, "customs", local(1)) == []


def test_the_same_poll_twice_is_one(store: Store) -> None:
    record(store, [local(1, 1), local(1, 1)])
    record(store, [local(1, 1)], ok=False)
    with store.read() as tx:
        assert health.last(tx)["police"].ok


def test_a_feed_heard_every_hour_has_not_failed(store: Store) -> None:
    record(store, hourly(local(1), local(8, 9)))
    assert failed(store, FIRST + 7) == []
    states = watch(store, FIRST + 7).states(FIRST, FIRST + 7, np.array([[1.0] + [0.0] * 6] * 2))
    assert states[0].tolist() == [DataState.OBSERVED] + [DataState.OBSERVED_ZERO] * 6
    assert set(states[1].tolist()) == {DataState.UNMONITORED}


def test_the_days_of_a_long_silence_have_failed(store: Store) -> None:
    record(store, hourly(local(1), local(3, 6)) + hourly(local(5, 18), local(9)))
    assert failed(store, FIRST + 8) == [3, 4, 5]


def test_a_silence_shows_when_it_has_lasted_and_not_before(store: Store) -> None:
    """As of the cut on the third at 8 o'clock the feed has been silent for two hours."""
    record(store, hourly(local(1), local(3, 7)) + hourly(local(5, 18), local(9)))
    assert failed(store, FIRST + 8, as_of=FIRST + 2) == []
    assert failed(store, FIRST + 8, as_of=FIRST + 3) == [3]
    assert failed(store, FIRST + 8, as_of=FIRST + 4) == [3, 4]
    assert failed(store, FIRST + 8, as_of=FIRST + 6) == failed(store, FIRST + 8) == [3, 4, 5]


def test_polls_after_the_cut_change_nothing(store: Store) -> None:
    record(store, hourly(local(1), local(3, 6)))
    before = failed(store, FIRST + 4)
    record(store, hourly(local(6), local(7)))
    assert failed(store, FIRST + 4) == before == [3, 4]


def test_a_silence_that_began_before_the_first_day_is_seen(store: Store) -> None:
    record(store, hourly(local(1), local(3)) + hourly(local(6, 18), local(9)))
    assert failed(store, FIRST + 8, first=FIRST + 4) == failed(store, FIRST + 8)[2:] == [5, 6]


@pytest.mark.parametrize("seed", range(20))
def test_polls_of_years_ago_change_nothing_about_the_days_asked_for(store: Store, seed: int) -> None:
    random = Random(seed)
    heard = [local(1, random.randrange(-240, 480)) for _ in range(random.choice((1, 5, 40)))]
    record(store, heard)
    first, days = FIRST + random.randrange(19), random.randint(1, 10)
    begin = CALENDAR.midnight(date.fromordinal(first))
    with store.read() as tx:
        bounded, every = (health.polls(tx, "police", since) for since in (begin, min(heard)))
    assert (bounded[1:] >= begin.timestamp()).all(), "one poll before, and no more"
    found, expected = (
        health.silences(answers, SINCE, LIMIT, CALENDAR, first, first + days) for answers in (bounded, every)
    )
    np.testing.assert_array_equal(found, expected)


def test_until_the_first_poll_nobody_was_looking(store: Store) -> None:
    record(store, hourly(local(3, 6), local(6)))
    assert failed(store, FIRST + 5) == [1, 2]


def test_a_feed_never_heard_has_failed_since_it_was_to_report(store: Store) -> None:
    assert failed(store, FIRST + 3) == [1, 2, 3]


def test_polls_before_the_feed_covers_anything_tell_of_its_first_day(store: Store) -> None:
    record(store, [local(1) - timedelta(hours=2), *hourly(local(1, 9), local(4))])
    assert failed(store, FIRST + 2) == []


def test_a_failed_poll_is_silence(store: Store) -> None:
    record(store, hourly(local(1), local(2)) + hourly(local(4), local(6)))
    record(store, hourly(local(2), local(4)), ok=False, detail="down")
    assert failed(store, FIRST + 5) == [2, 3]


def test_an_old_silence_that_is_filled_in_late_still_shows_in_a_replay(store: Store) -> None:
    record(store, hourly(local(1), local(2)) + hourly(local(4), local(6)))
    record(store, hourly(local(2), local(4)))
    assert failed(store, FIRST + 5) == []
    found = watch(store, FIRST + 5, seq=1).failed(FIRST, FIRST + 4, FIRST + 5)
    assert np.flatnonzero(found[0]).tolist() == [1, 2]


@pytest.mark.parametrize("day", [date(2025, 3, 30), date(2025, 10, 26), date(2025, 7, 1)])
def test_moments_are_wall_clock_times_also_where_the_clock_changes(day: date) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=CALENDAR.zone).astimezone(UTC)
    moments = [midnight + timedelta(hours=hour) for hour in range(24)]
    seconds = np.array([int(moment.timestamp()) for moment in moments])
    expected = []
    for moment in moments:
        wall = moment.astimezone(CALENDAR.zone)
        expected.append(wall.toordinal() + (wall.hour + wall.minute / 60) / 24)
    np.testing.assert_allclose(health._local_days(seconds, CALENDAR.zone), expected, atol=1e-9)
