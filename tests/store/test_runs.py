"""Every period is judged once, whoever tries and whoever dies."""

from __future__ import annotations

import multiprocessing
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.errors import LeaseLost
from engine.model.period import Calendar, Cycle, Period
from engine.model.run import Claim, RunState
from engine.store import runs
from engine.store.database import Store

NOW = datetime(2025, 3, 2, 9, tzinfo=UTC)
LEASE = timedelta(minutes=10)
CALENDAR = Calendar()
PERIOD = CALENDAR.period(Cycle.DAILY, date(2025, 3, 1))


def claim(
    store: Store, owner: str = "a", now: datetime = NOW, period: Period = PERIOD, attempts: int = 3
) -> Claim | None:
    with store.begin() as tx:
        return runs.claim(tx, period, owner, now, LEASE, max_attempts=attempts)


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


def test_a_failed_run_is_tried_again_until_it_is_given_up(store: Store) -> None:
    for attempt in (1, 2, 3):
        mine = held(store)
        assert mine.attempt == attempt
        with store.begin() as tx:
            assert runs.ended(tx, Cycle.DAILY, PERIOD.due_at - timedelta(days=1)) == set()
            runs.fail(tx, mine, NOW, f"reason {attempt}")
    assert claim(store) is None
    with store.read() as tx:
        (run,) = runs.listing(tx, 10)
        assert runs.ended(tx, Cycle.DAILY, PERIOD.due_at - timedelta(days=1)) == {PERIOD.start}
        assert not runs.is_done(tx, PERIOD)
        assert runs.last_due(tx) is None
    assert (run.state, run.attempt, run.detail) == (RunState.FAILED, 3, "reason 3")
    again = claim(store, attempts=9)
    assert again is not None
    finish(store, again)


def test_a_run_that_kills_its_process_each_time_is_given_up_too(store: Store) -> None:
    for attempt in range(3):
        held(store, now=NOW + LEASE * attempt)
    assert claim(store, now=NOW + LEASE * 2.5) is None
    with store.read() as tx:
        assert runs.ended(tx, Cycle.DAILY, NOW - timedelta(days=9)) == set()
    assert claim(store, now=NOW + LEASE * 3) is None
    with store.read() as tx:
        assert runs.ended(tx, Cycle.DAILY, NOW - timedelta(days=9)) == {PERIOD.start}


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
            mine = runs.claim(tx, period, owner, NOW, LEASE, max_attempts=3)
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
