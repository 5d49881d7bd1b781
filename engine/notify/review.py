"""The weekly and the monthly agenda as a message: what is proposed for each situation, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from engine.model.grade import COLOURS, Grade
from engine.model.message import Notification, Receiver
from engine.model.period import Cycle, Period
from engine.model.review import Decision, Matter, Review
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
#: Of a situation with several lines, and of each of them.
_HEAD = Text(
    "{decision}: {topic}, {area} and {more} more: {why} ({id})",
    "{decision}：{area}等{many}处{topic}，{why}（{id}）",
)
_WITHIN = Text("  - {decision}: {area}: {why} ({id})", "  - {decision}：{area}，{why}（{id}）")
_ANSWER = Text(
    "Nothing changes by itself. Whoever agrees: forewarn warnings regrade|close ID --who NAME",
    "以上均不会自动变更。同意者请执行：forewarn warnings regrade|close 编号 --who 姓名",
)


def message(
    agenda: Sequence[Matter], period: Period, receiver: Receiver, reference: Reference, at: datetime
) -> Iterator[Notification]:
    """One message a channel; its key is the period's, so that it is sent once."""
    language = receiver.language
    line = _SUBJECT[period.cycle].say(language).format(
        day=f"{period.due_at.astimezone(reference.zone):%Y-%m-%d}", open=len(agenda),
        many=sum(one.open for one in agenda),
    )  # fmt: skip
    said = [line for one in agenda for line in _of(one, reference, language)]
    text = "\n".join([line, "", *said, "", _ANSWER.say(language)]) + "\n"
    rows = [_matter(one, language) for one in agenda]
    for channel in receiver.channels:
        key = f"review/{period.cycle}/{period.key}/{receiver.id}/{channel.name}"
        yield plain(
            receiver, channel, format=FORMAT, key=key, step="review", line=line, text=text, at=at,
            said={"cycle": period.cycle.value, "situations": rows},
        )  # fmt: skip


def _of(one: Matter, reference: Reference, language: str) -> Iterator[str]:
    """A line for a situation, and below it one for each of its lines, where it has several."""
    if len(one.lines) == 1:
        yield _said(_LINE, one.lines[0], reference, language)
        return
    yield _HEAD.say(language).format(
        decision=_decided(one.decision, one.grade, one.to, language), many=len(one.lines),
        topic=reference.topic(one.lead).say(language), area=reference.area(one.lead.area).say(language),
        more=len(one.lines) - 1, why=one.why.say(language), id=one.situation,
    )  # fmt: skip
    yield from (_said(_WITHIN, line, reference, language) for line in one.lines)


def _said(form: Text, one: Review, reference: Reference, language: str) -> str:
    return form.say(language).format(
        decision=_decided(one.decision, one.warning.grade, one.to, language),
        topic=reference.topic(one.warning).say(language),
        area=reference.area(one.warning.area).say(language), why=one.why.say(language), id=one.warning.id,
    )  # fmt: skip


def _decided(decision: Decision, grade: Grade, to: Grade, language: str) -> str:
    said = _DECISION[decision].say(language)
    return said.format(grade=COLOURS[grade].say(language), to=COLOURS[to].say(language))


def _matter(one: Matter, language: str) -> dict[str, object]:
    return {
        "situation": one.situation, "topic": one.lead.topic, "decision": one.decision.value,
        "grade": one.grade.word, "to": one.to.word, "why": one.why.say(language),
        "lines": [_row(line, language) for line in one.lines],
    }  # fmt: skip


def _row(one: Review, language: str) -> dict[str, object]:
    return {
        "warning": one.warning.id, "area": one.warning.area, "topic": one.warning.topic,
        "decision": one.decision.value, "grade": one.warning.grade.word, "to": one.to.word,
        "why": one.why.say(language),
    }  # fmt: skip
