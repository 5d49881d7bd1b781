"""What is noted of a feed's polls, and told of the last."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from engine.model.period import Calendar
from engine.store import health
from engine.store.database import Store

CALENDAR = Calendar(ZoneInfo("Europe/Stockholm"))


def local(day: int, hour: float = 0) -> datetime:
    """That hour of 2025-03-`day` by the wall clock."""
    return datetime(2025, 3, day, tzinfo=CALENDAR.zone) + timedelta(hours=hour)


def record(store: Store, polls: list[datetime], **how: object) -> None:
    with store.begin() as tx:
        health.record(tx, "police", polls, known_at=polls[-1], **how)  # type: ignore[arg-type]


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
