"""Messages are planned once, held by one process at a time, and every attempt is kept."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from engine.model.grade import Confidence, Domain, Grade
from engine.model.message import Delivery, Notification, Receipt
from engine.model.warning import RiskWarning
from engine.store import judgement, outbox
from engine.store.database import Store

NOW = datetime(2025, 3, 2, 8, tzinfo=UTC)
HOLD = timedelta(minutes=5)


def note(key: str, minute: int = 0, **changed: object) -> Notification:
    facts: dict[str, object] = {
        "key": key, "change": f"{key}/issued", "warning": "w1", "receiver": "duty", "channel": "file",
        "step": "first", "planned_at": NOW + timedelta(minutes=minute), "grade": Grade.ORANGE,
        "subject": "Orange: 爆炸", "body": "text", "payload": "{}",
    }  # fmt: skip
    return Notification(**facts | changed)  # type: ignore[arg-type]


def enqueue(store: Store, *notes: Notification) -> int:
    with store.begin() as tx:
        return outbox.enqueue(tx, notes)


def take(store: Store, now: datetime = NOW, owner: str = "a", limit: int = 10) -> list[str]:
    with store.begin() as tx:
        return [one.key for one in outbox.take(tx, now, owner, HOLD, limit)]


def settle(
    store: Store, one: Notification, state: Delivery, at: datetime = NOW, next_at: datetime | None = None
) -> None:
    receipt = Receipt(key=one.key, at=at, state=state, detail="said the server", next_at=next_at)
    with store.begin() as tx:
        outbox.settle(tx, one, receipt, next_at)


def states(store: Store) -> dict[str, tuple[Delivery, int, str]]:
    with store.read() as tx:
        return {one.key: (one.state, one.attempts, one.error) for one in outbox.listing(tx)}


def test_the_same_plan_twice_is_the_same_messages(store: Store) -> None:
    first, second = note("1"), note("2")
    assert enqueue(store) == 0
    assert enqueue(store, first) == 1
    assert enqueue(store, replace(first, body="another text"), second) == 1
    with store.read() as tx:
        assert outbox.listing(tx) == [first, second]


def test_the_oldest_are_taken_first_and_by_one_only(store: Store) -> None:
    enqueue(store, note("late", 2), note("early"), note("middle", 1))
    assert take(store, limit=2) == ["early", "middle"]
    assert take(store, owner="b") == ["late"]
    assert take(store, owner="b") == []
    assert take(store, NOW + HOLD) == ["early", "middle", "late"]


def test_what_is_delivered_is_over(store: Store) -> None:
    one = note("1")
    enqueue(store, one)
    take(store)
    settle(store, one, Delivery.DELIVERED)
    assert take(store, NOW + timedelta(days=9)) == []
    assert states(store) == {"1": (Delivery.DELIVERED, 1, "")}


def test_a_retry_is_due_when_it_is_due(store: Store) -> None:
    one = note("1")
    enqueue(store, one)
    take(store)
    settle(store, one, Delivery.RETRY, next_at=NOW + timedelta(minutes=1))
    assert take(store, NOW + timedelta(seconds=59)) == []
    assert take(store, NOW + timedelta(minutes=1)) == ["1"]
    settle(store, one, Delivery.FAILED)
    assert take(store, NOW + timedelta(days=9)) == []
    assert states(store) == {"1": (Delivery.FAILED, 2, "said the server")}
    with store.read() as tx:
        kept = outbox.receipts(tx, "1")
    assert [(one.state, one.next_at) for one in kept] == [
        (Delivery.RETRY, NOW + timedelta(minutes=1)), (Delivery.FAILED, None),
    ]  # fmt: skip


def test_a_slow_process_cannot_undo_a_delivery(store: Store) -> None:
    """Its lease lapsed, another delivered; its own failure is recorded and changes nothing."""
    one = note("1")
    enqueue(store, one)
    take(store, owner="slow")
    take(store, NOW + HOLD, owner="quick")
    settle(store, one, Delivery.DELIVERED, NOW + HOLD)
    settle(store, one, Delivery.RETRY, NOW + HOLD, next_at=NOW + HOLD)
    assert take(store, NOW + timedelta(days=1)) == []
    with store.read() as tx:
        assert len(outbox.receipts(tx, "1")) == 2


def test_listing_and_hearers(store: Store) -> None:
    enqueue(store, note("1"), note("2", receiver="police"), note("3", warning="w2", state=Delivery.FAILED))
    with store.read() as tx:
        assert [one.key for one in outbox.listing(tx, state="failed")] == ["3"]
        assert len(outbox.listing(tx, limit=2)) == 2
        assert outbox.heard(tx, ["w1", "w3"]) == {"w1": {"duty", "police"}, "w3": set()}


def test_processes_side_by_side_never_hold_the_same(store: Store) -> None:
    enqueue(store, *(note(str(number)) for number in range(60)))
    taken: list[str] = []

    def work(owner: str) -> None:
        while some := take(store, owner=owner, limit=7):
            taken.extend(some)

    threads = [threading.Thread(target=work, args=(owner,)) for owner in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(str(number) for number in range(60))


def test_a_message_about_what_is_open_tells_when_it_arrived_and_of_which_changes(store: Store) -> None:
    first, asked, bundle = (
        note(f"c1/duty/file{mark}", change="c1") for mark in ("", "/remind-1", "/situation")
    )
    bundle = replace(bundle, step="situation", payload='{"new": ["c1", "c2"]}')
    open_ = RiskWarning(
        id="w1", area="A", topic="t", domain=Domain.SAFETY, grade=Grade.BLUE, score=0.0,
        confidence=Confidence.HIGH, title_en="", since=NOW, judged_at=NOW,
    )  # fmt: skip
    over = replace(open_, id="w2", lifted_at=NOW)
    enqueue(store, first, asked, bundle, note("c3/duty/file", change="c3", warning="w2"))
    settle(store, first, Delivery.RETRY, NOW + HOLD)
    settle(store, first, Delivery.DELIVERED, NOW + 2 * HOLD)
    with store.begin() as tx:
        judgement.save_warnings(tx, [open_, over])
        told = outbox.addressed(tx)
        late = outbox.addressed(tx, since=NOW)
    assert {(one.ask, one.at, one.changes) for one in told} == {
        ("", NOW + 2 * HOLD, ("c1",)), ("remind-1", NOW, ("c1",)), ("situation", NOW, ("c1", "c2")),
    }  # fmt: skip
    assert {one.warning for one in told} == {"w1"} and {one.warning for one in late} == {"w1", "w2"}
