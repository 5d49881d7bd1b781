"""The weekly and the monthly agenda as a message: what is proposed for each warning that stands, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from engine.model.grade import COLOURS
from engine.model.message import Notification, Receiver
from engine.model.period import Cycle, Period
from engine.model.review import Decision, Review
from engine.model.text import Text
from engine.notify.plain import plain
from engine.notify.reference import Reference

FORMAT = "forewarn.review/1"

_SUBJECT = {
    Cycle.WEEKLY: Text(
        "Weekly review {day}: {open} stand, {many} to decide", "每周复核{day}：现有{open}项，{many}项待定"
    ),
    Cycle.MONTHLY: Text(
        "Monthly review {day}: {open} stand, {many} to decide", "每月复核{day}：现有{open}项，{many}项待定"
    ),
}
_DECISION = {
    Decision.KEEP: Text("keep {grade}", "维持{grade}"),
    Decision.RAISE: Text("raise {grade} to {to}", "建议由{grade}升为{to}"),
    Decision.LOWER: Text("lower {grade} to {to}", "建议由{grade}降为{to}"),
    Decision.CLOSE: Text("close {grade}", "建议关闭{grade}"),
}
_LINE = Text("{decision}: {topic}, {area}: {why} ({id})", "{decision}：{area}{topic}，{why}（{id}）")
_ANSWER = Text(
    "Nothing changes by itself. Whoever agrees: forewarn warnings regrade|close ID --who NAME",
    "以上均不会自动变更。同意者请执行：forewarn warnings regrade|close 编号 --who 姓名",
)


def message(
    lines: Sequence[Review], period: Period, receiver: Receiver, reference: Reference, at: datetime
) -> Iterator[Notification]:
    """One message a channel; its key is the period's, so that it is sent once."""
    language = receiver.language
    line = _SUBJECT[period.cycle].say(language).format(
        day=f"{period.due_at.astimezone(reference.zone):%Y-%m-%d}", open=len(lines),
        many=sum(one.decision is not Decision.KEEP for one in lines),
    )  # fmt: skip
    said = [_said(one, reference, language) for one in lines]
    text = "\n".join([line, "", *said, "", _ANSWER.say(language)]) + "\n"
    rows = [_row(one, language) for one in lines]
    for channel in receiver.channels:
        key = f"review/{period.cycle}/{period.key}/{receiver.id}/{channel.name}"
        yield plain(
            receiver, channel, format=FORMAT, key=key, step="review", line=line, text=text, at=at,
            said={"cycle": period.cycle.value, "lines": rows},
        )  # fmt: skip


def _said(one: Review, reference: Reference, language: str) -> str:
    decision = _DECISION[one.decision].say(language).format(
        grade=COLOURS[one.warning.grade].say(language), to=COLOURS[one.to].say(language)
    )  # fmt: skip
    return _LINE.say(language).format(
        decision=decision, topic=reference.topic(one.warning).say(language),
        area=reference.area(one.warning.area).say(language), why=one.why.say(language), id=one.warning.id,
    )  # fmt: skip


def _row(one: Review, language: str) -> dict[str, object]:
    return {
        "warning": one.warning.id, "area": one.warning.area, "topic": one.warning.topic,
        "decision": one.decision.value, "grade": one.warning.grade.word, "to": one.to.word,
        "why": one.why.say(language),
    }  # fmt: skip
