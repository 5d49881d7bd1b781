"""Every period is judged once, whoever tries and whoever dies."""

from __future__ import annotations

import multiprocessing
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.errors import LeaseLost
from engine.model.period import Calendar, Cycle, Period
from engine.model.run import PATIENCE, Claim, Patience, RunState
from engine.store import runs
from engine.store.database import Store

NOW = datetime(2025, 3, 2, 9, tzinfo=UTC)
LEASE = timedelta(minutes=10)
CALENDAR = Calendar()
PERIOD = CALENDAR.period(Cycle.DAILY, date(2025, 3, 1))
HOUR = timedelta(hours=1)
THRICE = Patience(quick=3, pauses=(HOUR, 4 * HOUR), aside=timedelta(days=1))


def claim(store: Store, owner: str = "a", now: datetime = NOW, period: Period = PERIOD) -> Claim | None:
    with store.begin() as tx:
        return runs.claim(tx, period, owner, now, LEASE, THRICE)


def held(store: Store, owner: str = "a", now: datetime = NOW, period: Period = PERIOD) -> Claim:
    found = claim(store, owner, now, period)
    assert found is not None
    return found


def finish(store: Store, of: Claim, now: datetime = NOW, **values: object) -> None:
    with store.begin() as tx:
        runs.guard(tx, of, now)
        runs.finish(tx, of, now=now, **values)  # type: ignore[arg-type]


def test_a_claim_is_the_only_one(store: Store) -> None:
    mine = held(store)
    assert (mine.period, mine.owner, mine.fence, mine.attempt) == (PERIOD, "a", 1, 1)
    assert mine.lease_until == NOW + LEASE
    assert claim(store, "b", NOW + LEASE - timedelta(seconds=1)) is None


def test_a_lapsed_claim_is_taken_over_and_the_first_holder_may_not_write(store: Store) -> None:
    mine = held(store)
    theirs = held(store, "b", NOW + LEASE)
    assert (theirs.run, theirs.fence, theirs.attempt) == (mine.run, 2, 2)
    with pytest.raises(LeaseLost, match=r"the daily run of 2025-03-01 is no longer a's .* attempt 2 by b"):
        finish(store, mine, NOW + LEASE)
    with pytest.raises(LeaseLost), store.begin() as tx:
        runs.extend(tx, mine, NOW, LEASE)
    with pytest.raises(LeaseLost), store.begin() as tx:
        runs.fail(tx, mine, NOW, "too late")
    finish(store, theirs, NOW + LEASE)


def test_an_extended_claim_is_not_taken_over(store: Store) -> None:
    mine = held(store)
    with store.begin() as tx:
        longer = runs.extend(tx, mine, NOW + LEASE / 2, LEASE)
    assert longer.lease_until == NOW + LEASE * 1.5
    assert claim(store, "b", NOW + LEASE) is None
    finish(store, mine, NOW + LEASE)


def test_what_is_done_is_done(store: Store) -> None:
    finish(store, held(store))
    with store.read() as tx:
        assert runs.is_done(tx, PERIOD)
    assert claim(store, "b", NOW + timedelta(days=400)) is None
    with store.read() as tx:
        (run,) = runs.listing(tx, 10)
    assert (run.state, run.owner, run.attempt) == (RunState.DONE, "a", 1)


def over(store: Store, now: datetime = NOW) -> bool:
    """Whether it is not to be tried now."""
    with store.read() as tx:
        rests = runs.resting(tx, Cycle.DAILY, now)
        return PERIOD.start in rests | runs.ended(tx, Cycle.DAILY, PERIOD.due_at - timedelta(days=1))


def failing(store: Store, now: datetime, detail: str = "") -> int:
    """One more attempt that fails; how many there were."""
    mine = held(store, now=now)
    with store.begin() as tx:
        runs.fail(tx, mine, now, detail, THRICE)
    return mine.attempt


def test_a_failed_run_is_tried_again_at_once_then_with_pauses(store: Store) -> None:
    for attempt in (1, 2, 3):
        assert not over(store)
        assert failing(store, NOW, f"reason {attempt}") == attempt
    assert over(store) and claim(store) is None
    with store.read() as tx:
        (run,) = runs.listing(tx, 10)
        assert not runs.is_done(tx, PERIOD) and not runs.given_up(tx, PERIOD)
        assert runs.last_due(tx) is None
    assert (run.state, run.attempt, run.detail) == (RunState.FAILED, 3, "reason 3")
    assert (run.kills, run.next_at) == (0, NOW + HOUR)
    assert not over(store, NOW + HOUR), "its rest is over"
    finish(store, held(store, now=NOW + HOUR))


def test_what_fails_for_a_day_is_set_aside_until_somebody_says_so(store: Store) -> None:
    now, attempts, given_up = NOW, 0, False
    while not given_up:
        attempts = failing(store, now)
        with store.read() as tx:
            (run,) = runs.listing(tx, 10)
            given_up = runs.given_up(tx, PERIOD)
        now = run.next_at or now
    assert (attempts, now) == (9, NOW + 21 * HOUR), "three at once, then pauses of 1 h and 4 h within the day"
    later = NOW + timedelta(days=400)
    assert over(store, later) and claim(store, now=later) is None
    with store.begin() as tx:
        runs.reopen(tx, PERIOD, later)
    assert not over(store, later)
    finish(store, held(store, now=later))


def test_a_run_that_kills_its_process_each_time_rests_too_and_is_told_apart(store: Store) -> None:
    for attempt in range(3):
        held(store, now=NOW + LEASE * attempt)
    assert claim(store, now=NOW + LEASE * 2.5) is None and not over(store, NOW + LEASE * 2.5)
    now = NOW + LEASE * 3
    assert claim(store, now=now) is None and over(store, now)
    with store.read() as tx:
        (run,) = runs.listing(tx, 10)
    assert (run.state, run.kills, run.next_at) == (RunState.FAILED, 3, now + HOUR)
    assert "killed, 3 times" in run.detail
    last = held(store, now=now + HOUR)
    assert last.attempt == 4
    finish(store, last, now + HOUR)


def test_pauses_grow_from_minutes_to_hours_and_end_within_the_day() -> None:
    now, pauses = NOW, []
    for attempt in range(PATIENCE.quick, 100):
        until = PATIENCE.rest(attempt, NOW, now)
        if until is None:
            break
        pauses.append(until - now)
        now = until
    assert pauses == sorted(pauses) and pauses[0] == timedelta(minutes=1) and pauses[-1] == 3 * HOUR
    assert NOW + 20 * HOUR < now <= NOW + timedelta(days=1)


def test_a_period_is_overtaken_when_a_later_one_of_its_cycle_is_done(store: Store) -> None:
    later = CALENDAR.period(Cycle.DAILY, date(2025, 3, 2))
    for period, expected in ((CALENDAR.period(Cycle.WEEKLY, date(2025, 3, 2)), False), (later, True)):
        finish(store, held(store, period=period))
        with store.read() as tx:
            assert runs.overtaken(tx, PERIOD) is expected


def test_a_dead_process_lets_go_at_once(store: Store) -> None:
    mine = held(store)
    with store.begin() as tx:
        assert runs.claimants(tx) == {"a"}
        runs.release(tx, "a", NOW)
    theirs = held(store, "b", NOW)
    finish(store, theirs)
    with pytest.raises(LeaseLost):
        finish(store, mine)
    with store.read() as tx:
        assert runs.claimants(tx) == set()


def test_a_listing_tells_how_each_run_went(store: Store) -> None:
    mine = held(store)
    finish(
        store, mine, NOW + timedelta(seconds=3), late=True, degraded="timed out", disputed=["x.a", "x.b"],
        rules_hash="r", config_hash="c", findings=4, changes=2, detail="caught up", seq=17,
    )  # fmt: skip
    later = CALENDAR.period(Cycle.WEEKLY, date(2025, 3, 1))
    held(store, period=later)
    with store.read() as tx:
        weekly, daily = runs.listing(tx, 10)
        assert runs.listing(tx, 1) == [weekly]
        assert runs.seq_of(tx, Cycle.DAILY, "2025-03-01") == 17
        assert runs.seq_of(tx, Cycle.WEEKLY, later.key) is None
        assert runs.last_due(tx) == PERIOD.due_at
    assert (weekly.cycle, weekly.period, weekly.state) == ("weekly", "2025-02-24", RunState.CLAIMED)
    assert (daily.late, daily.degraded, daily.disputed, daily.seq) == (True, True, True, 17)
    assert daily.detail == "caught up; degraded: timed out; disputed: x.a, x.b"
    assert (daily.started_at, daily.finished_at) == (NOW, NOW + timedelta(seconds=3))


def test_a_run_without_a_horizon_records_its_own_transaction(store: Store) -> None:
    finish(store, held(store))
    with store.read() as tx:
        assert runs.seq_of(tx, Cycle.DAILY, PERIOD.key) == tx.horizon() == 1


def test_ended_counts_from_when_a_period_was_due(store: Store) -> None:
    finish(store, held(store))
    with store.read() as tx:
        assert runs.ended(tx, Cycle.DAILY, PERIOD.due_at - timedelta(seconds=1)) == {PERIOD.start}
        assert runs.ended(tx, Cycle.DAILY, PERIOD.due_at) == set()
        assert runs.ended(tx, Cycle.WEEKLY, NOW - timedelta(days=9)) == set()


def test_periods_of_two_cycles_that_begin_together_are_two(store: Store) -> None:
    monday = date(2025, 3, 3)
    for cycle in (Cycle.DAILY, Cycle.WEEKLY):
        finish(store, held(store, period=CALENDAR.period(cycle, monday)))
    with store.read() as tx:
        assert len(runs.listing(tx, 10)) == 2


def _judge_everything(url: str, owner: str, results: multiprocessing.Queue[str]) -> None:
    """What a service process does with thirty periods."""
    store = Store.open(url)
    for number in range(30):
        period = CALENDAR.period(Cycle.DAILY, date(2025, 1, 1) + timedelta(days=number))
        with store.begin() as tx:
            mine = runs.claim(tx, period, owner, NOW, LEASE)
        if mine is not None:
            with store.begin() as tx:
                runs.guard(tx, mine, NOW)
                runs.finish(tx, mine, now=NOW)
            results.put(period.key)
    store.close()


def test_processes_side_by_side_judge_every_period_once(database_url: str) -> None:
    Store.open(database_url).close()
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    processes = [
        context.Process(target=_judge_everything, args=(database_url, name, results)) for name in "abc"
    ]
    for process in processes:
        process.start()
    judged = sorted(results.get(timeout=1800) for _ in range(30))
    for process in processes:
        process.join()
    assert judged == sorted(f"2025-01-{day:02}" for day in range(1, 31))
    assert results.empty()
    assert [process.exitcode for process in processes] == [0, 0, 0]
