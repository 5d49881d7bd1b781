"""The next message of each warning's chain in one CAP feed: pure, so that planning twice plans the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.model.alert import Kind
from engine.model.finding import Finding
from engine.model.grade import Grade
from engine.model.message import Notification
from engine.model.period import Cycle
from engine.model.warning import Step
from engine.notify import wording as words
from engine.notify.cap import identifier, wording
from engine.notify.cap.chain import Published, following, named, unexpired
from engine.notify.cap.content import Said, said
from engine.notify.cap.document import FORMAT
from engine.notify.cap.moment import written
from engine.notify.cap.polygon import Ring
from engine.notify.cap.publisher import Publisher, Scope
from engine.notify.message import Story, subject
from engine.notify.payload import canonical
from engine.notify.told import body


@dataclass(frozen=True, kw_only=True)
class Feed:
    """One receiver's CAP channel."""

    receiver: str
    channel: str
    language: str
    publisher: Publisher

    @property
    def name(self) -> str:
        return f"{self.receiver}.{self.channel}"


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A warning as it is to be told: `story.change` leaves it as it stands, or takes it back."""

    story: Story
    findings: Sequence[Finding]
    #: The quickest rhythm at which it is judged, and until when what is said now holds.
    cycle: Cycle
    expires: datetime
    polygons: Sequence[Ring]


def following_message(
    feed: Feed, chain: Sequence[Published], of: Subject, at: datetime, sequence: identifier.Sequence | None
) -> Notification | None:
    """What is to be published next; None where nothing is.

    chain: what was published of the warning, oldest first; sequence: the body's identifiers, where they are
    used.
    """
    publisher, stands = feed.publisher, not of.story.over
    scope = publisher.scope or (Scope.RESTRICTED if of.story.advisory else Scope.PUBLIC)
    content = said(
        of.story, of.findings, of.cycle, restricted=scope is Scope.RESTRICTED,
        exercise=bool(publisher.exercise),
    )  # fmt: skip
    at = max([at.replace(microsecond=0), *(one.sent for one in chain[-1:])])
    holds = unexpired(chain, at)
    kind = following(chain, at, stands=stands, digest=content.digest, expires=of.expires)
    if kind is None:
        return None
    number = chain[-1].number + 1 if chain else 1
    called = identifier.own(feed.name, of.story.warning.id, number)
    if sequence is not None:
        at, called = sequence.following(at)
    expires = of.expires if stands else max(one.expires for one in holds)
    new = Published(
        number=number, identifier=called, kind=kind, sent=at, expires=expires,
        grade=of.story.change.after, digest=content.digest,
    )  # fmt: skip
    before = named(chain, at) if holds else ()
    return _notification(feed, new, before, content, of, scope)


def _notification(
    feed: Feed, new: Published, before: Sequence[Published], content: Said, of: Subject, scope: Scope
) -> Notification:
    story, key = of.story, f"cap/{of.story.warning.id}/{new.number}/{feed.receiver}/{feed.channel}"
    payload = {
        "format": FORMAT, "key": key, "receiver": feed.receiver, "channel": feed.channel,
        "warning": story.warning.id, "number": new.number, "identifier": new.identifier,
        "kind": new.kind.value, "grade": new.grade.word, "digest": new.digest,
        **_head(feed.publisher, story, scope), **_moments(new, before, story),
        "infos": [one | {"onset": written(one["onset"], story.reference.zone)} for one in content.infos],
        "area": story.warning.area, "polygons": [[list(point) for point in ring] for ring in of.polygons],
    }  # fmt: skip
    return Notification(
        key=key, change=story.change.key, warning=story.warning.id, receiver=feed.receiver,
        channel=feed.channel, step=new.kind.value.lower(), planned_at=new.sent, grade=new.grade,
        subject=subject(story, feed.language), body=body(story, feed.language), payload=canonical(payload),
    )  # fmt: skip


def _head(publisher: Publisher, story: Story, scope: Scope) -> dict[str, Any]:
    notes = [wording.EXERCISE.format(name=publisher.exercise)] if publisher.exercise else []
    if story.change.step is Step.EXPIRED:
        notes.append(words.UNKNOWN_NOT_OVER.en)
    restricted = words.NOT_STATUTORY if story.advisory else wording.DEPARTMENTS_ONLY
    return {
        "status": "Exercise" if publisher.exercise else "Actual",
        "scope": scope.value,
        "restriction": f"{restricted.en} {restricted.zh}" if scope is Scope.RESTRICTED else "",
        "note": " ".join(notes),
    }


def _moments(new: Published, before: Sequence[Published], story: Story) -> dict[str, Any]:
    zone = story.reference.zone
    return {
        "sent": written(new.sent, zone),
        "expires": written(new.expires, zone),
        "references": [{"identifier": one.identifier, "sent": written(one.sent, zone)} for one in before],
    }


def published(message: Mapping[str, Any]) -> Published:
    """A message that was planned, read from its payload."""
    return Published(
        number=message["number"], identifier=message["identifier"], kind=Kind(message["kind"]),
        sent=datetime.fromisoformat(message["sent"]), expires=datetime.fromisoformat(message["expires"]),
        grade=Grade.named(message["grade"]), digest=message["digest"],
    )  # fmt: skip
