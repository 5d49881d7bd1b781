"""When a feed was listened to, and what that says about days and areas."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from engine.model.panel import DataState, FeedWatch, Watch
from engine.model.period import Calendar
from engine.store import health, listening
from engine.store.database import Store
from engine.store.listening import Patience

CALENDAR = Calendar(ZoneInfo("Europe/Stockholm"))
SINCE = date(2025, 3, 1)
FIRST = SINCE.toordinal()
LIMIT = timedelta(hours=12)
PATIENCE = Patience(LIMIT, timedelta(days=3))


def local(day: int, hour: float = 0) -> datetime:
    """That hour of 2025-03-`day` by the wall clock."""
    return datetime(2025, 3, day, tzinfo=CALENDAR.zone) + timedelta(hours=hour)


def hourly(begin: datetime, end: datetime) -> list[datetime]:
    return [begin + timedelta(hours=hour) for hour in range(int((end - begin) / timedelta(hours=1)))]


def record(store: Store, polls: list[datetime], **how: object) -> None:
    with store.begin() as tx:
        health.record(tx, "police", polls, known_at=polls[-1], **how)  # type: ignore[arg-type]


def watch(
    store: Store, cut: int, first: int = FIRST, seq: int | None = None, patience: Patience = PATIENCE
) -> Watch:
    """Over A and B, of which the feed covers the first."""
    with store.read() as tx:
        answers = listening.answers(tx, "police", CALENDAR.midnight(date.fromordinal(first)), seq)
    feed = FeedWatch(
        "police", np.array([True, False]), FIRST, LIMIT / timedelta(days=1),
        silences=listening.silences(answers, SINCE, patience, CALENDAR, first, cut),
        heard=listening.heard(answers, patience, CALENDAR, first, cut), begins=first,
    )  # fmt: skip
    return Watch((feed,), wait=CALENDAR.wait / timedelta(days=1))


def lost(
    store: Store, cut: int, first: int = FIRST, as_of: int | None = None, patience: Patience = PATIENCE
) -> list[int]:
    """The days of March lost in area A, as of a cut."""
    seen_from = as_of or cut
    (found, other) = watch(store, cut, first, patience=patience).lost(first, seen_from - 1, seen_from)
    assert not other.any()
    return [date.fromordinal(first + int(place)).day for place in np.flatnonzero(found)]


def test_a_feed_heard_every_hour_has_not_failed(store: Store) -> None:
    record(store, hourly(local(1), local(8, 9)))
    assert lost(store, FIRST + 7) == []
    states = watch(store, FIRST + 7).states(FIRST, FIRST + 7, np.array([[1.0] + [0.0] * 6] * 2))
    assert states[0].tolist() == [DataState.OBSERVED] + [DataState.OBSERVED_ZERO] * 6
    assert set(states[1].tolist()) == {DataState.UNMONITORED}


def test_the_days_of_a_long_silence_are_lost(store: Store) -> None:
    record(store, hourly(local(1), local(3, 6)) + hourly(local(5, 18), local(9, 9)))
    assert lost(store, FIRST + 8) == [3, 4, 5]


def test_a_silence_shows_when_it_has_lasted_and_not_before(store: Store) -> None:
    """Half a day that ends at the cut's own moment is none yet; that nobody listened is another matter."""
    record(store, hourly(local(1), local(2, 21)) + hourly(local(5, 18), local(9, 9)))
    (feed,) = watch(store, FIRST + 8).feeds
    silence, _ = feed.silences
    assert (silence.start, silence.known) == pytest.approx((FIRST + 1 + 20 / 24, FIRST + 2 + 8 / 24))
    assert lost(store, FIRST + 8, as_of=FIRST + 1) == []
    assert lost(store, FIRST + 8, as_of=FIRST + 2) == [2], "nobody listened after it"
    assert lost(store, FIRST + 8, as_of=FIRST + 3) == [2, 3], "nor is the second known to be over"
    assert lost(store, FIRST + 8) == [3, 4, 5]


# --- observed means that somebody listened afterwards ---------------------------------------------


@pytest.mark.parametrize(
    "last, days", [((2, 22), [2]), ((3, 0), []), ((3, 7), []), ((2, 0), [2]), ((1, 23), [1, 2])]
)
def test_a_day_is_observed_once_somebody_listened_after_its_end(
    store: Store, last: tuple[int, int], days: list[int]
) -> None:
    """Polls up to then, and cuts at eight; whatever silence is allowed says nothing."""
    record(store, hourly(local(1), local(*last) + timedelta(hours=1)))
    patience = Patience(timedelta(days=2), timedelta(days=9))
    assert lost(store, FIRST + 2, patience=patience) == days


def test_a_poll_at_the_moment_of_the_cut_comes_too_late(store: Store) -> None:
    patience = Patience(timedelta(days=2), timedelta(days=9))
    record(store, [local(1, 1), local(2, 8)])
    assert lost(store, FIRST + 1, patience=patience) == [1]
    assert lost(store, FIRST + 2, patience=patience) == [2], "by then somebody had listened to the first"


def test_failed_polls_are_no_listening(store: Store) -> None:
    record(store, hourly(local(1), local(3, 5)))
    record(store, hourly(local(3, 5), local(5)), ok=False)
    assert lost(store, FIRST + 2) == []
    assert lost(store, FIRST + 3) == [3]


def test_an_archive_need_not_have_noted_a_poll_after_each_day(store: Store) -> None:
    """Its polls are those that brought news: their gaps are quiet, up to what is silence."""
    record(store, [local(1, 2), local(1, 20), local(2, 21)], archive=True)
    patience = Patience(timedelta(hours=12), timedelta(hours=12))
    assert lost(store, FIRST + 2, patience=patience) == [1, 2], "longer gaps take their days"
    assert lost(store, FIRST + 2, patience=Patience(timedelta(hours=36), timedelta(hours=1))) == []
    assert lost(store, FIRST + 3, patience=Patience(timedelta(hours=36), timedelta(hours=1))) == []
    assert lost(store, FIRST + 4, patience=Patience(timedelta(hours=36), timedelta(hours=1))) == [2, 3, 4]


def test_a_history_is_observed_over_the_stretch_that_it_states(store: Store) -> None:
    with store.begin() as tx:
        health.state(tx, "police", local(2), local(6), known_at=local(20))
    assert lost(store, FIRST + 4) == [1], "within it nothing else is needed"
    assert lost(store, FIRST + 8) == [1, 6, 7, 8]
    record(store, hourly(local(7), local(9, 9)))
    assert lost(store, FIRST + 8) == [1, 6], "then it went live"
    assert watch(store, FIRST + 8, seq=0).lost(FIRST, FIRST + 7, FIRST + 8)[0].all()


# --- an answer without news ------------------------------------------------------------------------


def test_a_feed_that_tells_nothing_new_for_too_long_is_silent_since_its_last_news(store: Store) -> None:
    """It answers every hour, and always the same; three days of that may be, by its configuration."""
    record(store, hourly(local(1), local(2, 10)))
    record(store, hourly(local(2, 10), local(9, 9)), news_at=local(2, 10))
    assert lost(store, FIRST + 8, as_of=FIRST + 4) == [], "not yet too old"
    assert lost(store, FIRST + 8, as_of=FIRST + 5) == [2, 3, 4, 5]
    assert lost(store, FIRST + 8) == [2, 3, 4, 5, 6, 7, 8]


def test_with_newer_news_the_silence_is_over_and_remembered(store: Store) -> None:
    record(store, hourly(local(1), local(2, 10)))
    record(store, hourly(local(2, 10), local(6, 18)), news_at=local(2, 10))
    record(store, hourly(local(6, 18), local(9, 9)), news_at=local(6, 18))
    assert lost(store, FIRST + 8) == [2, 3, 4, 5, 6]


def test_a_frozen_file_was_listened_to_up_to_its_newest_record(store: Store) -> None:
    """From its first poll on it was old: what it tells ends long before."""
    record(store, hourly(local(6), local(9, 9)), news_at=local(2, 11))
    assert lost(store, FIRST + 8) == [*range(1, 9)], "before the sixth nobody had asked"
    assert lost(store, FIRST + 8, first=FIRST + 6) == [7, 8]


def test_news_that_fall_back_make_no_poll_older(store: Store) -> None:
    record(store, hourly(local(1), local(5)), news_at=local(5))
    record(store, hourly(local(5), local(6, 9)), news_at=local(1))
    assert lost(store, FIRST + 5) == []


# --- what was known when ---------------------------------------------------------------------------


def test_polls_after_the_cut_change_nothing(store: Store) -> None:
    record(store, hourly(local(1), local(3, 6)))
    before = lost(store, FIRST + 4)
    record(store, hourly(local(6), local(7)))
    assert lost(store, FIRST + 4) == before == [3, 4]


def test_a_silence_that_began_before_the_first_day_is_seen(store: Store) -> None:
    record(store, hourly(local(1), local(3)) + hourly(local(6, 18), local(9, 9)))
    assert lost(store, FIRST + 8, first=FIRST + 4) == lost(store, FIRST + 8)[2:] == [5, 6]


@pytest.mark.parametrize("seed", range(20))
def test_polls_of_years_ago_change_nothing_about_the_days_asked_for(store: Store, seed: int) -> None:
    random = Random(seed)
    heard = [local(1, random.randrange(-240, 480)) for _ in range(random.choice((1, 5, 40)))]
    for at in heard:
        news = random.choice((None, at, at - timedelta(hours=random.randrange(200))))
        record(store, [at], news_at=news, archive=random.random() < 0.2)
    first, days = FIRST + random.randrange(19), random.randint(1, 10)
    begin = CALENDAR.midnight(date.fromordinal(first))
    with store.read() as tx:
        bounded, every = (listening.answers(tx, "police", since) for since in (begin, min(heard)))
    assert (bounded.at[1:] >= begin.timestamp()).all(), "one poll before, and no more"
    found, expected = (
        FeedWatch(
            "police", np.array([True]), FIRST, 0.5, begins=first,
            silences=listening.silences(answers, SINCE, PATIENCE, CALENDAR, first, first + days),
            heard=listening.heard(answers, PATIENCE, CALENDAR, first, first + days),
        ).lost(np.arange(first + 1, first + days + 1), first, first + days - 1, 1 / 3)
        for answers in (bounded, every)
    )  # fmt: skip
    np.testing.assert_array_equal(found, expected)


def test_until_the_first_poll_nobody_was_looking(store: Store) -> None:
    record(store, hourly(local(3, 6), local(6, 3)))
    assert lost(store, FIRST + 5) == [1, 2]


def test_a_feed_never_heard_has_failed_since_it_was_to_report(store: Store) -> None:
    assert lost(store, FIRST + 3) == [1, 2, 3]


def test_polls_before_the_feed_covers_anything_tell_of_its_first_day(store: Store) -> None:
    record(store, [local(1) - timedelta(hours=2), *hourly(local(1, 9), local(4))])
    assert lost(store, FIRST + 2) == []


def test_a_failed_poll_is_silence(store: Store) -> None:
    record(store, hourly(local(1), local(2)) + hourly(local(4), local(6, 3)))
    record(store, hourly(local(2), local(4)), ok=False, detail="down")
    assert lost(store, FIRST + 5) == [2, 3]


def test_an_old_silence_that_is_filled_in_late_still_shows_in_a_replay(store: Store) -> None:
    record(store, hourly(local(1), local(2)) + hourly(local(4), local(6, 3)))
    record(store, hourly(local(2), local(4)))
    assert lost(store, FIRST + 5) == []
    found = watch(store, FIRST + 5, seq=1).lost(FIRST, FIRST + 4, FIRST + 5)
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
    np.testing.assert_allclose(listening._local_days(seconds, CALENDAR.zone), expected, atol=1e-9)
