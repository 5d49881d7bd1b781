"""One delivery: find the channel, send, and say what came of it and when to try again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from engine.errors import DeliveryError
from engine.model.message import Channel, Delivery, Notification, Receipt, Receiver
from engine.model.text import numbered
from engine.notify.channels import CHANNELS

#: The pause after each failed attempt: about 28 hours in all, then a person must look.
PAUSES = (
    timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30),
    timedelta(hours=1), timedelta(hours=2), timedelta(hours=4), timedelta(hours=8), timedelta(hours=12),
)  # fmt: skip

#: What is said of an attempt that the other side may have taken all the same.
UNKNOWN = "unknown whether it was taken"


def next_attempt(attempts: int, now: datetime, retry_after: timedelta | None = None) -> datetime | None:
    """When to try again after `attempts` failed ones; None where that was the last.

    The other side's own wish lengthens a pause, up to the longest one.
    """
    if attempts > len(PAUSES):
        return None
    return now + max(PAUSES[attempts - 1], min(retry_after or timedelta(0), PAUSES[-1]))


def deliver(notification: Notification, receivers: Mapping[str, Receiver], now: datetime) -> Receipt:
    """Send one notification once. Whatever happens becomes the receipt; nothing is raised."""
    try:
        channel = _channel(notification, receivers)
        module = CHANNELS[channel.kind]
        options = {key: value for key, value in channel.options.items() if key != "name"}
        module.send(module.Options.model_validate(options), notification, now)
    except DeliveryError as error:
        if error.permanent:
            return Receipt(key=notification.key, at=now, state=Delivery.FAILED, detail=str(error))
        return _again(notification, now, str(error), error.retry_after, unknown=error.unknown)
    except Exception as error:  # a fault of one channel must not keep the others from being told
        return _again(notification, now, f"{type(error).__name__}: {error}", None)
    return Receipt(key=notification.key, at=now, state=Delivery.DELIVERED)


def _channel(notification: Notification, receivers: Mapping[str, Receiver]) -> Channel:
    receiver = receivers.get(notification.receiver)
    if receiver is None:
        raise DeliveryError(f"no receiver '{notification.receiver}' is configured any more", permanent=True)
    for channel in receiver.channels:
        if channel.name == notification.channel:
            return channel
    said = f"'{receiver.id}' has no channel '{notification.channel}' any more"
    raise DeliveryError(said, permanent=True)


def unanswered(notification: Notification, now: datetime, detail: str) -> Receipt:
    """What comes of an attempt that somebody had to end."""
    return _again(notification, now, detail, None, unknown=True)


def _again(
    notification: Notification, now: datetime, detail: str, wait: timedelta | None, *, unknown: bool = False
) -> Receipt:
    attempts = notification.attempts + 1
    moment = next_attempt(attempts, now, wait)
    detail = f"{detail}; {UNKNOWN}" if unknown else detail
    if moment is None:
        state = Delivery.UNKNOWN if unknown else Delivery.FAILED
        detail = f"given up after {numbered(attempts, 'attempt')}: {detail}"
        return Receipt(key=notification.key, at=now, state=state, detail=detail)
    return Receipt(key=notification.key, at=now, state=Delivery.RETRY, detail=detail, next_at=moment)
