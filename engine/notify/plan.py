"""Who hears of which change, by which means: pure, so that planning twice plans the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import asdict
from datetime import datetime

from engine.model.act import Act
from engine.model.finding import Finding
from engine.model.message import Ask, Channel, Notification, Receiver, Route
from engine.model.warning import Change, RiskWarning
from engine.notify import asking
from engine.notify.audience import hearings
from engine.notify.evidence import evidence, tasks
from engine.notify.message import Story
from engine.notify.payload import payload
from engine.notify.records import Records
from engine.notify.reference import Reference
from engine.notify.told import Told, told


def plan(
    changes: Sequence[Change], warnings: Mapping[str, RiskWarning], routes: Sequence[Route],
    receivers: Mapping[str, Receiver], reference: Reference, *,
    at: datetime, heard: Mapping[str, Set[str]], findings: Sequence[Finding] = (),
    records: Records | None = None, acts: Sequence[Act] = (), inhibit: bool = False,
    muted: Mapping[Change, Set[str]] | None = None,
    fold: Callable[[Change, Mapping[str, Set[str]]], frozenset[str]] | None = None,
) -> tuple[Notification, ...]:  # fmt: skip
    """The first messages about `changes`, by key within each change.

    warnings: as they are after the changes, by id; heard: the receivers already told of each
    warning; findings: whatever stands behind the warnings, for the evidence; records: what more of them is
    looked up; acts: what people did, for the silences among it; inhibit: whether a worse warning of an area
    above mutes lesser ones; muted: earlier rises that it may have muted until now, and who was told of them
    all the same. A change that is held is pushed to nobody; a proposal to whoever is asked for an approval.
    """
    knows = {warning: set(names) for warning, names in heard.items()}
    muted, records = muted or {}, records or Records()
    planned: list[Notification] = []
    for change, hearing in hearings(
        [*changes, *muted], warnings, routes, reference.lineage, knows, acts=acts, inhibit=inhibit, fold=fold
    ):
        known = sorted(name for name in hearing - muted.get(change, frozenset()) if name in receivers)
        if known:
            story = _story(change, warnings[change.warning], findings, reference, records)
            planned += _notes(story, [receivers[name] for name in known], at)
    return tuple(planned)


def ask(
    change: Change, asked: Ask, warning: RiskWarning, receivers: Mapping[str, Receiver], reference: Reference,
    *, at: datetime, findings: Sequence[Finding] = (), records: Records | None = None,
) -> tuple[Notification, ...]:  # fmt: skip
    """The messages by which somebody is reminded, asked anew, or told in another's place."""
    receiver = receivers.get(asked.receiver)
    if receiver is None:
        return ()
    story = _story(change, warning, findings, reference, records or Records())
    said = asking.said(story, asked, receivers, receiver.language, at)
    of = receivers[asked.of].title if asked.of in receivers else asked.of
    return tuple(_note(story, receiver, channel, at, said, asked, of) for channel in receiver.channels)


def _story(
    change: Change, warning: RiskWarning, findings: Sequence[Finding], reference: Reference, records: Records
) -> Story:
    return Story(
        change=change,
        warning=warning,
        evidence=evidence(warning, findings, reference, records.counted),
        tasks=tasks(
            change, warning, reference, records.changes(warning.id), records.demands(warning.id)
        ),
        reference=reference,
        sensitive=reference.sensitive(warning.rules),
    )  # fmt: skip


def _notes(story: Story, receivers: Sequence[Receiver], at: datetime) -> Iterator[Notification]:
    languages = {receiver.language for receiver in receivers}
    said = {language: told(story, language) for language in languages}
    for receiver in receivers:
        for channel in receiver.channels:
            yield _note(story, receiver, channel, at, said[receiver.language])


def _note(
    story: Story, receiver: Receiver, channel: Channel, at: datetime, said: Told, asked: Ask | None = None,
    of: str = "",
) -> Notification:  # fmt: skip
    change = story.change
    key, step = f"{change.key}/{receiver.id}/{channel.name}", change.step.value
    if asked is not None:
        key, step = f"{key}/{asked.key}", asked.step
    envelope: dict[str, object] = {
        "key": key, "step": step, "planned_at": at, "receiver": receiver.id, "channel": channel.name,
        "language": receiver.language, "subject": said.subject, "text": said.text,
        "told": asdict(said),
    }  # fmt: skip
    if asked is not None:
        envelope["asked"] = {"of": of, "number": asked.number, "since": asked.since, "due": asked.at}
    return Notification(
        key=key, change=change.key, warning=change.warning, receiver=receiver.id, channel=channel.name,
        step=step, planned_at=at, grade=change.after, subject=said.subject, body=said.text,
        payload=payload(story, envelope),
    )  # fmt: skip
