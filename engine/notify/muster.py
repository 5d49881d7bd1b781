"""What the command of a plan reads: that it is proposed and waits for somebody, or that it has begun."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from datetime import datetime

from engine.model.message import Channel, Notification, Receiver
from engine.model.response import Response, ResponseState
from engine.model.text import Text
from engine.notify.exercise import framed, headed
from engine.notify.plain import plain
from engine.notify.reason import reason
from engine.notify.reference import Reference

FORMAT = "forewarn.plan/1"
#: How the keys of all of them begin.
PREFIX = "plan/"

_SUBJECT = {
    ResponseState.PROPOSED: Text(
        "Plan proposed: {title}, {place} ({grade})", "提请启动预案：{title}，{place}（{grade}）"
    ),
    ResponseState.RUNNING: Text(
        "Plan begun: {title}, {place} ({grade})", "预案已启动：{title}，{place}（{grade}）"
    ),
}
_ANSWER = {
    ResponseState.PROPOSED: Text(
        "Start it, or decline: forewarn plans start|stand-down {id} --who NAME",
        "启动或不予启动：forewarn plans start|stand-down {id} --who 姓名",
    ),
    ResponseState.RUNNING: Text(
        "How it stands: forewarn plans show {id}", "执行情况：forewarn plans show {id}"
    ),
}


def about(response: Response, receiver: str) -> str:
    """How the key of a message about a plan begins, whatever the channel."""
    return f"{PREFIX}{response.id}/{response.state.value}/{receiver}/"


def musters(
    response: Response, whom: Set[str], receivers: Mapping[str, Receiver], reference: Reference,
    at: datetime, told: Set[str] = frozenset(),
) -> Iterator[Notification]:  # fmt: skip
    """The messages to those who command it or heard of its warning, each planned once."""
    if response.state not in _SUBJECT:
        return
    for id_ in sorted(whom & receivers.keys()):
        if about(response, id_) not in told:
            for channel in receivers[id_].channels:
                yield _note(response, receivers[id_], channel, reference, at)


def _why(response: Response, reference: Reference, language: str) -> str:
    """Of a plan that a warning called for, why that rose; of one by hand, what was said by whoever did it."""
    called = bool(response.change)
    return reason(response.reason, reference.rules.values(), language) if called else response.reason


def _note(
    response: Response, receiver: Receiver, channel: Channel, reference: Reference, at: datetime
) -> Notification:
    language, state = receiver.language, response.state
    line = _SUBJECT[state].say(language).format(
        title=response.plan.title.say(language), place=reference.area(response.area).say(language),
        grade=reference.labels[response.grade].say(language),
    )  # fmt: skip
    line = headed(line, language) if response.exercise else line
    why, how = _why(response, reference, language), _ANSWER[state].say(language).format(id=response.id)
    text = f"{line}\n\n{why}\n{how}\n"
    text = framed(text, language) if response.exercise else text
    said = {
        "exercise": response.exercise, "plan": response.plan.id, "id": response.id, "area": response.area,
        "warning": response.warning, "grade": response.grade.word,
    }  # fmt: skip
    return plain(
        receiver, channel, format=FORMAT, key=f"{about(response, receiver.id)}{channel.name}", kind="plan",
        step=state.value, line=line, text=text, at=at, warning=response.warning, grade=response.grade,
        said=said,
    )  # fmt: skip
