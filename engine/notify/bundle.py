"""A situation in one message: what is new in it, and every line as it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from engine.model.grade import Grade
from engine.model.message import Notification, Receiver
from engine.model.warning import Change, RiskWarning
from engine.notify import wording
from engine.notify.payload import canonical
from engine.notify.reference import Reference

FORMAT = "forewarn.situation/1"
#: How keys of such messages end.
MARK = "situation"


def update(
    id_: str, lines: Sequence[RiskWarning], changes: Sequence[Change], receiver: Receiver,
    reference: Reference, at: datetime,
) -> tuple[Notification, ...]:  # fmt: skip
    """One message a channel. lines: the leading one first; changes: what is new, the newest last."""
    language, lead = receiver.language, lines[0]
    line = wording.SITUATION.say(language).format(
        topic=reference.topic(lead).say(language), grade=_label(lead.grade, reference, language),
        area=reference.area(lead.area).say(language), number=sum(one.open for one in lines),
    )  # fmt: skip
    text = "\n".join([line, "", *_lines(lines, changes, reference, language)]) + "\n"
    return tuple(
        _note(id_, lead, changes, receiver, channel.name, at, line, text, lines)
        for channel in receiver.channels
    )


def _lines(
    lines: Sequence[RiskWarning], changes: Sequence[Change], reference: Reference, language: str
) -> Iterator[str]:
    new = {change.warning for change in changes}
    for one in lines:
        mark = wording.NEW.say(language) if one.id in new else ""
        grade = _label(one.grade, reference, language)
        over = "" if one.open else wording.OVER.say(language)
        graver = one.waits if one.open else None
        waits = ""
        if graver is not None:
            waits = wording.LINE_WAITS.say(language).format(grade=_label(graver, reference, language))
        since = f"{one.since.astimezone(reference.zone):%Y-%m-%d %H:%M}"
        yield wording.SITUATION_LINE.say(language).format(
            grade=grade, area=reference.area(one.area).say(language), since=since, waits=waits, over=over,
            new=mark,
        )  # fmt: skip


def _label(grade: Grade, reference: Reference, language: str) -> str:
    label = reference.labels.get(grade)
    return label.say(language).lower() if label else grade.word


def _note(
    id_: str, lead: RiskWarning, changes: Sequence[Change], receiver: Receiver, channel: str, at: datetime,
    line: str, text: str, lines: Sequence[RiskWarning],
) -> Notification:  # fmt: skip
    newest = changes[-1]
    key = f"{newest.key}/{receiver.id}/{channel}/{MARK}"
    payload = {
        "format": FORMAT, "key": key, "step": MARK, "planned_at": at, "receiver": receiver.id,
        "channel": channel, "language": receiver.language, "subject": line, "text": text, "situation": id_,
        "lines": [
            {"warning": one.id, "area": one.area, "grade": one.grade.word, "since": one.since,
             "lifted_at": one.lifted_at}
            for one in lines
        ],
        "new": [change.key for change in changes],
    }  # fmt: skip
    return Notification(
        key=key, change=newest.key, warning=lead.id, receiver=receiver.id, channel=channel, step=MARK,
        planned_at=at, grade=lead.grade, subject=line, body=text, payload=canonical(payload),
    )  # fmt: skip
