"""Checks of the messages of one index together: each once, and updates that name all they replace."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from engine.errors import brief
from engine.model.problem import Level, Problem
from engine.notify.cap.validate import moment
from engine.notify.cap.validate.document import Report
from engine.notify.cap.validate.markup import Element, children, first, line, text
from engine.notify.cap.validate.reference import Triplet, triplet, triplets


def problems(reports: Sequence[Report]) -> Iterator[Problem]:
    """What is wrong among messages that are each well."""
    told = [(report.name, alert) for report in reports for alert in report.alerts]
    yield from _twice(told)
    yield from _incomplete(told)


def _twice(told: Sequence[tuple[str, Element]]) -> Iterator[Problem]:
    """An identifier names one message: sent again, it is an update under a new one."""
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    for name, alert in told:
        own = triplet(alert)
        before = seen.setdefault((own.sender, own.identifier), (name, own.sent))
        if before != (name, own.sent):
            at = first(alert, "identifier")
            where = f"{before[0]} has this identifier too"
            said = where if before[1] == own.sent else f"{where}, sent at another moment"
            yield Problem(name, line(alert if at is None else at), said, "identifier")


def _incomplete(told: Sequence[tuple[str, Element]]) -> Iterator[Problem]:
    """An update or cancel names every message of its chain that has not expired when it is sent."""
    by_key = {triplet(alert): alert for _, alert in told}
    follows: dict[Triplet, set[Triplet]] = defaultdict(set)
    for key, alert in by_key.items():
        for one in triplets(alert)[0]:
            follows[one].add(key)
    for name, alert in told:
        named, at = set(triplets(alert)[0]), first(alert, "references")
        if text(alert, "msgType") not in ("Update", "Cancel") or at is None:
            continue
        for missing in sorted(_chain(alert, by_key, follows) - named - {triplet(alert)}, key=str):
            said = f"{brief(missing.identifier, 60)} belongs to the chain, has not expired, and is not named"
            yield Problem(name, line(at), said, "references", Level.ERROR)


def _chain(
    alert: Element, by_key: dict[Triplet, Element], follows: dict[Triplet, set[Triplet]]
) -> set[Triplet]:
    """The earlier messages of the alert's chain that hold when it is sent, among those that are here."""
    sent = moment.read(text(alert, "sent"))
    found, waiting = set[Triplet](), [triplet(alert)]
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += follows[key]
            waiting += triplets(by_key[key])[0] if key in by_key else []
    return {key for key in found if sent is not None and key in by_key and _holds(by_key[key], sent)}


def _holds(alert: Element, at: datetime) -> bool:
    sent = moment.read(text(alert, "sent"))
    ends = [moment.read(text(info, "expires")) for info in children(alert, "info")]
    return sent is not None and sent < at and any(end is None or end > at for end in ends)
