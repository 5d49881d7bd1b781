"""What has waited for one receiver, as one message: the gravest first, and how many more there are."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo

from engine.model.grade import RUNGS, Grade
from engine.model.message import Notification
from engine.model.text import Text
from engine.notify.message import one_line
from engine.notify.plain import sent

FORMAT = "forewarn.digest/1"
#: How the keys of all of them begin.
PREFIX = "digest/"
#: So many have a line of their own.
LINES = 12

_SUBJECT = Text("[Digest] {number} messages: {grades}", "【汇总】{number}条消息：{grades}")
_OF_GRADE = Text("{number} {grade}", "{grade}{number}条")
_LIST = Text(", ", "，")
_OVER = Text("over", "解除")
_LINE = Text("- {at} {subject}", "- {at} {subject}")
_MORE = Text("- and {number} more: forewarn notifications", "- 另有{number}条，查看：forewarn notifications")
_WHY = Text(
    "These have waited: they came in your quiet hours, for your digest, or beyond your budget for the day or"
    " the hour.",
    "以上消息因处于免打扰时段、按汇总发送或超出当日、当小时限额而延后；橙色和红色从不延后。",
)


def digest(
    waited: Sequence[Notification], labels: Mapping[Grade, Text], at: datetime, zone: tzinfo
) -> Notification:
    """One message for all that has waited for one channel of one receiver."""
    ordered = sorted(waited, key=lambda one: (-one.grade, one.planned_at, one.key))
    first, payloads = ordered[0], [json.loads(one.payload) for one in ordered]
    language = str(payloads[0]["language"])
    named = "\n".join(sorted(one.key for one in waited))
    key = f"{PREFIX}{hashlib.sha256(named.encode()).hexdigest()[:24]}/{first.receiver}/{first.channel}"
    line = _SUBJECT.say(language).format(
        number=len(ordered), grades=_LIST.say(language).join(_grades(ordered, labels, language))
    )
    text = "\n".join((line, "", *_lines(ordered, language, zone))) + "\n"
    return sent(
        (first.receiver, first.channel), language, format=FORMAT, key=key, step="digest", line=line,
        text=text, at=at, grade=first.grade, said={"grade": first.grade.word, "messages": payloads},
    )  # fmt: skip


def _grades(
    waited: Sequence[Notification], labels: Mapping[Grade, Text], language: str
) -> Iterator[str]:  # fmt: skip
    """How many of each grade, the gravest first; then of what is over."""
    many = Counter(one.grade for one in waited)
    for grade in (*reversed(RUNGS), Grade.NONE):
        if many[grade]:
            word = labels.get(grade, _OVER if grade is Grade.NONE else Text(grade.word))
            yield _OF_GRADE.say(language).format(number=many[grade], grade=word.say(language).lower())


def _lines(waited: Sequence[Notification], language: str, zone: tzinfo) -> Iterator[str]:
    for one in waited[:LINES]:
        when = f"{one.planned_at.astimezone(zone):%m-%d %H:%M}"
        yield one_line(_LINE.say(language).format(at=when, subject=one.subject))
    if len(waited) > LINES:
        yield _MORE.say(language).format(number=len(waited) - LINES)
    yield ""
    yield _WHY.say(language)
