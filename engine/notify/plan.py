"""Who hears of which change, by which means: pure, so that planning twice plans the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime

from engine.model.finding import Finding
from engine.model.grade import Grade
from engine.model.message import Channel, Notification, Receiver, Route
from engine.model.warning import Act, ActKind, Change, RiskWarning, Step
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
    acts: Sequence[Act] = (), inhibit: bool = False,
) -> tuple[Notification, ...]:  # fmt: skip
    """The first messages about `changes`, by key within each change.

    warnings: as they are after the changes, by id; heard: the receivers already told of each
    warning; findings: whatever stands behind the warnings, for the evidence; acts: what people did,
    for the silences among it; inhibit: whether a worse warning of an area above mutes lesser ones. A
    change that is held, proposed or declined is pushed to nobody.
    """
    told = {warning: set(names) for warning, names in heard.items()}
    planned: list[Notification] = []
    for change in _downwards(changes, warnings, reference) if inhibit else changes:
        warning = warnings[change.warning]
        hearing = audience(
            change, warning, routes, reference.lineage(warning.area), told, acts=acts,
            warnings=warnings.values(), inhibit=inhibit,
        )  # fmt: skip
        known = sorted(name for name in hearing if name in receivers)
        told.setdefault(warning.id, set()).update(known)
        if known:
            story = _story(change, warning, findings, reference)
            planned += _notes(story, [receivers[name] for name in known], at)
    return tuple(planned)


def audience(
    change: Change, warning: RiskWarning, routes: Sequence[Route], lineage: Sequence[str],
    told: Mapping[str, Set[str]], *, acts: Sequence[Act] = (), warnings: Iterable[RiskWarning] = (),
    inhibit: bool = False,
) -> frozenset[str]:  # fmt: skip
    """Who hears of the change, silences and inhibition considered.

    lineage: the warning's area and those above it; told: who has heard of each warning already.
    """
    if silenced(change, warning, acts):
        return frozenset()
    hearing = hearers(change, warning, routes, lineage, told.get(warning.id, frozenset()))
    return hearing - inhibited(change, warning, warnings, lineage, told) if inhibit else hearing


def hearers(
    change: Change, warning: RiskWarning, routes: Sequence[Route], lineage: Sequence[str], told: Set[str]
) -> frozenset[str]:
    """The receivers that the routes name; whoever heard it rise hears it fall.

    lineage: the warning's area and those above it; told: who has heard of the warning already.
    """
    if change.step not in RISES | FALLS:
        return frozenset()
    routed = {
        receiver for route in routes if matches(route, change, warning, lineage)
        for receiver in route.receivers
    }  # fmt: skip
    return frozenset(routed | told if change.step in FALLS else routed)


def matches(route: Route, change: Change, warning: RiskWarning, lineage: Sequence[str]) -> bool:
    """Whether the route carries this change; what a route leaves empty it does not ask for."""
    return (
        change.after >= route.grade
        and (not route.areas or not set(route.areas).isdisjoint(lineage))
        and (not route.domains or warning.domain in route.domains)
        and (not route.topics or warning.topic in route.topics)
    )


def silenced(change: Change, warning: RiskWarning, acts: Sequence[Act]) -> bool:
    """Whether a person's silence in force mutes the change.

    A silence covers one area and topic up to its grade; where it names none, the grade at which the
    warning stood. A rise above that passes, and so does the end of the warning: nobody is left with
    a warning that is over.
    """
    if change.step in (Step.LIFTED, Step.EXPIRED):
        return False
    stood = change.before if change.step is not Step.ISSUED else Grade.RED
    return any(
        act.kind is ActKind.SILENCE
        and (act.area, act.topic) == (warning.area, warning.topic)
        and act.at <= change.at
        and (act.until is None or change.at < act.until)
        and change.after <= (stood if act.grade is None else act.grade)
        for act in acts
    )


def inhibited(
    change: Change, warning: RiskWarning, warnings: Iterable[RiskWarning], lineage: Sequence[str],
    told: Mapping[str, Set[str]],
) -> frozenset[str]:  # fmt: skip
    """Who need not hear the rise: they know of an open, worse warning of the topic in an area above."""
    if change.step not in RISES:
        return frozenset()
    worse = [
        other.id for other in warnings
        if other.open and other.topic == warning.topic and other.area in lineage[1:]
        and other.grade > change.after
    ]  # fmt: skip
    return frozenset(name for id_ in worse for name in told.get(id_, ()))


def _downwards(
    changes: Sequence[Change], warnings: Mapping[str, RiskWarning], reference: Reference
) -> list[Change]:
    """Areas above first, so that who has just heard of the worse is not told of the lesser."""
    return sorted(changes, key=lambda change: len(reference.lineage(warnings[change.warning].area)))


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


def _notes(story: Story, receivers: Sequence[Receiver], at: datetime) -> Iterator[Notification]:
    languages = {receiver.language for receiver in receivers}
    said = {language: (subject(story, language), body(story, language)) for language in languages}
    for receiver in receivers:
        for channel in receiver.channels:
            yield _note(story, receiver, channel, at, *said[receiver.language])


def _note(
    story: Story, receiver: Receiver, channel: Channel, at: datetime, line: str, text: str
) -> Notification:
    change = story.change
    key, step = f"{change.key}/{receiver.id}/{channel.name}", change.step.value
    envelope = {
        "key": key, "step": step, "planned_at": at, "receiver": receiver.id, "channel": channel.name,
        "language": receiver.language, "subject": line, "text": text,
    }  # fmt: skip
    return Notification(
        key=key, change=change.key, warning=change.warning, receiver=receiver.id, channel=channel.name,
        step=step, planned_at=at, grade=change.after, subject=line, body=text,
        payload=payload(story, envelope),
    )  # fmt: skip
