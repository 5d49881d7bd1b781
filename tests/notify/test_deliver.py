"""One delivery: dispatch, retries with growing pauses, and giving up."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from engine.errors import DeliveryError
from engine.model.message import Channel, Delivery, Receiver
from engine.notify.channels import CHANNELS
from engine.notify.deliver import PAUSES, deliver, next_attempt


def test_a_message_is_delivered(tmp_path: Path, make: SimpleNamespace) -> None:
    path = tmp_path / "duty.jsonl"
    channel = Channel(kind="file", options={"path": path, "form": "lines", "name": "file"})
    duty = Receiver(id="duty", title="Duty", channels=(channel,))
    note = make.notification()
    receipt = deliver(note, {"duty": duty}, make.at)
    assert (receipt.key, receipt.at, receipt.state) == (note.key, make.at, Delivery.DELIVERED)
    assert receipt.next_at is None
    assert json.loads(path.read_text())["key"] == note.key


def test_the_channel_is_found_by_its_name(tmp_path: Path, make: SimpleNamespace) -> None:
    channels = tuple(
        Channel(kind="file", options={"path": tmp_path / name, "name": name}) for name in ("one", "two")
    )
    duty = Receiver(id="duty", title="Duty", channels=channels)
    deliver(make.notification(channel="two"), {"duty": duty}, make.at)
    assert [path.name for path in tmp_path.iterdir()] == ["two"]


def test_a_receiver_or_channel_that_is_gone_is_permanent(make: SimpleNamespace) -> None:
    receipt = deliver(make.notification(), {}, make.at)
    assert (receipt.state, receipt.detail) == (Delivery.FAILED, "no receiver 'duty' is configured any more")
    receipt = deliver(make.notification(channel="fax"), {"duty": make.receiver("duty")}, make.at)
    assert (receipt.state, receipt.detail) == (Delivery.FAILED, "'duty' has no channel 'fax' any more")


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch, make: SimpleNamespace) -> SimpleNamespace:
    """A channel registered for the test, which raises `error`, and a receiver that has it."""
    state = SimpleNamespace(error=None, receivers={"duty": make.receiver("duty", "broken")})

    def send(options: object, notification: object, now: object) -> None:
        raise state.error

    module = ModuleType("broken")
    module.Options, module.send = CHANNELS["file"].Options, send  # type: ignore[attr-defined]
    monkeypatch.setitem(CHANNELS, "broken", module)
    return state


def test_a_passing_failure_is_tried_again(failing: SimpleNamespace, make: SimpleNamespace) -> None:
    failing.error = DeliveryError("mailbox full", permanent=False)
    receipt = deliver(make.notification(channel="broken"), failing.receivers, make.at)
    assert (receipt.state, receipt.detail) == (Delivery.RETRY, "mailbox full")
    assert receipt.next_at == make.at + timedelta(seconds=30)


def test_a_permanent_failure_is_recorded(failing: SimpleNamespace, make: SimpleNamespace) -> None:
    failing.error = DeliveryError("no such mailbox", permanent=True)
    receipt = deliver(make.notification(channel="broken"), failing.receivers, make.at)
    assert (receipt.state, receipt.detail, receipt.next_at) == (Delivery.FAILED, "no such mailbox", None)


def test_a_fault_of_a_channel_stops_nobody_else(failing: SimpleNamespace, make: SimpleNamespace) -> None:
    failing.error = ZeroDivisionError("division by zero")
    receipt = deliver(make.notification(channel="broken"), failing.receivers, make.at)
    assert (receipt.state, receipt.detail) == (Delivery.RETRY, "ZeroDivisionError: division by zero")


def test_the_last_attempt_gives_up(failing: SimpleNamespace, make: SimpleNamespace) -> None:
    failing.error = DeliveryError("mailbox full", permanent=False)
    note = make.notification(channel="broken", attempts=len(PAUSES))
    receipt = deliver(note, failing.receivers, make.at)
    assert (receipt.state, receipt.next_at) == (Delivery.FAILED, None)
    assert receipt.detail == "given up after 10 attempts: mailbox full"


def test_what_may_have_been_taken_is_unknown_and_not_failed(
    failing: SimpleNamespace, make: SimpleNamespace
) -> None:
    failing.error = DeliveryError("no answer in time", permanent=False, unknown=True)
    first = deliver(make.notification(channel="broken"), failing.receivers, make.at)
    assert first.state is Delivery.RETRY and first.next_at is not None
    assert first.detail == "no answer in time; unknown whether it was taken"
    last = make.notification(channel="broken", attempts=len(PAUSES))
    assert deliver(last, failing.receivers, make.at).state is Delivery.UNKNOWN


def test_the_other_side_may_ask_for_a_longer_pause(failing: SimpleNamespace, make: SimpleNamespace) -> None:
    failing.error = DeliveryError("slow down", permanent=False, retry_after=timedelta(minutes=7))
    receipt = deliver(make.notification(channel="broken"), failing.receivers, make.at)
    assert receipt.next_at == make.at + timedelta(minutes=7)


def test_pauses_grow_until_the_last_attempt(make: SimpleNamespace) -> None:
    moments = [next_attempt(attempt, make.at) for attempt in range(1, len(PAUSES) + 2)]
    assert moments[-1] is None
    pauses = [moment - make.at for moment in moments[:-1] if moment is not None]
    assert pauses == sorted(set(pauses))
    assert timedelta(days=1) < sum(pauses, timedelta()) < timedelta(days=2)


def test_nobody_may_ask_for_more_than_the_longest_pause(make: SimpleNamespace) -> None:
    assert next_attempt(1, make.at, timedelta(days=400)) == make.at + PAUSES[-1]
    assert next_attempt(9, make.at, timedelta(seconds=1)) == make.at + PAUSES[-1]
