"""What a department reads of its tasks: what is asked and by when, what is overdue, how to answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import datetime, tzinfo

from engine.model.message import Channel, Notification, Receiver
from engine.model.task import Task, TaskState
from engine.model.text import Text
from engine.notify.exercise import framed, headed
from engine.notify.plain import plain
from engine.notify.reference import Reference

FORMAT = "forewarn.task/1"
#: How the keys of all of them begin.
PREFIX = "task/"

_SUBJECT = {
    "asked": Text("To do by {due}: {what}, {place}", "任务：{what}，{place}，限{due}前完成"),
    "overdue": Text("OVERDUE since {due}: {what}, {place}", "已超时（{due}）：{what}，{place}"),
}
_ANSWER = Text(
    "Answer: forewarn tasks accept|done|decline {id} --for {receiver} --who NAME",
    "回复：forewarn tasks accept|done|decline {id} --for {receiver} --who 姓名",
)
_UNDER = Text("Under: {what}", "依据：{what}")


def errands(
    tasks: Iterable[Task], receivers: Mapping[str, Receiver], reference: Reference, at: datetime,
    told: Set[str] = frozenset(),
) -> Iterator[Notification]:  # fmt: skip
    """The messages about tasks that are open: asked, and overdue once their time is over; each has one key,
    so that it is sent once, however often it is planned.

    told: the beginnings (`about`) of the keys that were planned before.
    """
    for task in tasks:
        if task.open:
            step = "overdue" if task.state is TaskState.OVERDUE else "asked"
            for id_ in task.receivers:
                if about(task.id, step, id_) not in told:
                    for channel in receivers[id_].channels:
                        yield _note(task, step, receivers[id_], channel, reference, at)


def about(task: str, step: str, receiver: str) -> str:
    """How the key of a message about a task begins, whatever the channel: who is told while one is on duty
    is not told anew by the next."""
    return f"{PREFIX}{task}/{step}/{receiver}/"


def _note(
    task: Task, step: str, receiver: Receiver, channel: Channel, reference: Reference, at: datetime
) -> Notification:
    language = receiver.language
    line = _SUBJECT[step].say(language).format(
        due=_local(task.due_at, reference.zone), what=task.what.say(language),
        place=reference.area(task.area).say(language),
    )  # fmt: skip
    line = headed(line, language) if task.exercise else line
    under = _UNDER.say(language).format(what=task.response or task.warning)
    answer = _ANSWER.say(language).format(id=task.id, receiver=receiver.id)
    text = f"{line}\n\n{under}\n{answer}\n"
    text = framed(text, language) if task.exercise else text
    return plain(
        receiver, channel, format=FORMAT, key=f"{about(task.id, step, receiver.id)}{channel.name}",
        kind="task", step=step, line=line, text=text, at=at, warning=task.warning, grade=task.grade,
        said={"exercise": task.exercise, "task": _task(task)},
    )  # fmt: skip


def _task(task: Task) -> dict[str, object]:
    return {
        "id": task.id, "measure": task.measure, "what": task.what, "department": task.department,
        "area": task.area, "warning": task.warning, "response": task.response, "grade": task.grade.word,
        "asked_at": task.asked_at, "due_at": task.due_at, "state": task.state.value,
    }  # fmt: skip


def _local(moment: datetime, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"
