"""What whoever supervises is told: which step is overdue, of whom, since when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo

from engine.model.lap import Lap
from engine.model.message import Channel, Notification, Receiver
from engine.model.text import Text
from engine.notify.plain import plain

FORMAT = "forewarn.supervision/1"

_LINE = Text(
    "Supervision: {step} overdue since {due}: {id}, {who}", "督办：{step}逾期（应于{due}前）：{id}，{who}"
)
#: What each step of the clock is called.
STEPS = {
    "judged": Text("judging", "研判"), "issued": Text("deciding", "签发"), "told": Text("telling", "送达"),
    "read": Text("reading", "签收"), "accepted": Text("accepting", "接办"), "done": Text("doing", "办结"),
    "reported": Text("reporting", "反馈"), "reviewed": Text("reviewing", "复盘"),
}  # fmt: skip
_NOBODY = Text("nobody named", "未明确责任方")


def supervision(
    overdue: Iterable[Lap], receivers: Iterable[Receiver], names: Mapping[str, Receiver], zone: tzinfo,
    at: datetime,
) -> Iterator[Notification]:  # fmt: skip
    """One message a step, receiver and channel: the key is the lap's, so that it is sent once."""
    told = list(receivers)
    for one in overdue:
        for receiver in told:
            for channel in receiver.channels:
                yield _note(one, receiver, channel, names, zone, at)


def _note(
    one: Lap, receiver: Receiver, channel: Channel, names: Mapping[str, Receiver], zone: tzinfo,
    at: datetime,
) -> Notification:  # fmt: skip
    language = receiver.language
    who = ", ".join(names[id_].title for id_ in one.receiver.split(",") if id_ in names)
    line = _LINE.say(language).format(
        step=STEPS[one.beat].say(language), due=f"{one.due.astimezone(zone):%Y-%m-%d %H:%M %Z}", id=one.id,
        who=who or one.receiver or _NOBODY.say(language),
    )  # fmt: skip
    return plain(
        receiver, channel, format=FORMAT, key=f"supervision/{one.key}/{receiver.id}/{channel.name}",
        step="supervision", line=line, text=f"{line}\n", at=at, grade=one.grade,
        said={"step": one.beat.value, "about": one.id, "late": one.receiver, "due_at": one.due},
    )  # fmt: skip
