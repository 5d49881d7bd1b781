"""Who hears of which change, by which means: pure, so that planning twice plans the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import datetime

from engine.model.finding import Finding
from engine.model.message import Channel, Notification, Receiver, Route
from engine.model.warning import Change, RiskWarning, Step
from engine.notify.evidence import evidence, tasks
from engine.notify.message import Story, body, subject
from engine.notify.payload import payload
from engine.notify.reference import Reference

RISES = frozenset({Step.ISSUED, Step.UPGRADED})
FALLS = frozenset({Step.DOWNGRADED, Step.LIFTED, Step.EXPIRED})


def plan(
    changes: Sequence[Change], warnings: Mapping[str, RiskWarning], routes: Sequence[Route],
    receivers: Mapping[str, Receiver], reference: Reference, *,
    at: datetime, heard: Mapping[str, Set[str]], findings: Sequence[Finding] = (),
) -> tuple[Notification, ...]:  # fmt: skip
    """The first messages about `changes`, in their order and then by key.

    warnings: as they are after the changes, by id; heard: the receivers already told of each
    warning; findings: whatever stands behind the warnings, for the evidence. A change that is held,
    proposed or declined is pushed to nobody.
    """
    told = {warning: set(names) for warning, names in heard.items()}
    planned: list[Notification] = []
    for change in changes:
        warning = warnings[change.warning]
        hearers = _hearers(change, warning, routes, reference, told.get(warning.id, set()))
        known = sorted(name for name in hearers if name in receivers)
        told.setdefault(warning.id, set()).update(known)
        if known:
            story = _story(change, warning, findings, reference)
            planned += [note for name in known for note in _notes(story, receivers[name], at)]
    return tuple(planned)


def _hearers(
    change: Change, warning: RiskWarning, routes: Sequence[Route], reference: Reference, told: Set[str]
) -> frozenset[str]:
    """The receivers that the routes name; whoever heard it rise hears it fall."""
    if change.step not in RISES | FALLS:
        return frozenset()
    routed = {
        receiver for route in routes if matches(route, change, warning, reference)
        for receiver in route.receivers
    }  # fmt: skip
    return frozenset(routed | told if change.step in FALLS else routed)


def matches(route: Route, change: Change, warning: RiskWarning, reference: Reference) -> bool:
    """Whether the route carries this change; what a route leaves empty it does not ask for."""
    return (
        change.after >= route.grade
        and (not route.areas or not set(route.areas).isdisjoint(reference.lineage(warning.area)))
        and (not route.domains or warning.domain in route.domains)
        and (not route.topics or warning.topic in route.topics)
    )


def _story(
    change: Change, warning: RiskWarning, findings: Sequence[Finding], reference: Reference
) -> Story:
    return Story(
        change=change,
        warning=warning,
        evidence=evidence(warning, findings, reference),
        tasks=tasks(change, warning, reference),
        reference=reference,
        sensitive=reference.sensitive(warning.rules),
    )


def _notes(story: Story, receiver: Receiver, at: datetime) -> Iterator[Notification]:
    for channel in receiver.channels:
        yield _note(story, receiver, channel, at)


def _note(story: Story, receiver: Receiver, channel: Channel, at: datetime) -> Notification:
    change, language = story.change, receiver.language
    key, step = f"{change.key}/{receiver.id}/{channel.name}", change.step.value
    line, text = subject(story, language), body(story, language)
    envelope = {
        "key": key, "step": step, "planned_at": at, "receiver": receiver.id, "channel": channel.name,
        "language": language, "subject": line, "text": text,
    }  # fmt: skip
    return Notification(
        key=key, change=change.key, warning=change.warning, receiver=receiver.id, channel=channel.name,
        step=step, planned_at=at, grade=change.after, subject=line, body=text,
        payload=payload(story, envelope),
    )  # fmt: skip
