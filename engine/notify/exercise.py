"""A message of a drill: the very one that would be sent, marked so that nobody takes it for a real event."""

from __future__ import annotations

import json
from dataclasses import replace

from engine.model.message import Notification
from engine.model.text import Text
from engine.notify.payload import canonical

STEP = "exercise"
MARK = Text("EXERCISE", "演练")
_LINE = Text(
    "THIS IS AN EXERCISE. Nothing of what follows has happened.", "【演练】以下内容并非真实事件，仅供演练。"
)
_ANSWER = Text(
    "Please answer: forewarn drills answer {id} --for {receiver} --who NAME",
    "请回复：forewarn drills answer {id} --for {receiver} --who 姓名",
)


def headed(subject: str, language: str) -> str:
    """The subject of a drill's message: nobody reads it without seeing that it is one."""
    return f"[{MARK.say(language)}] {subject}"


def framed(text: str, language: str) -> str:
    """A text that says first and last that it is an exercise."""
    return "\n".join([_LINE.say(language), "", text, _LINE.say(language), ""])


def marked(one: Notification, language: str) -> Notification:
    """The same message, marked in subject, text and payload, and asking for an answer."""
    subject = headed(one.subject, language)
    answer = _ANSWER.say(language).format(id=one.warning, receiver=one.receiver)
    text = "\n".join([_LINE.say(language), answer, "", one.body, _LINE.say(language), ""])
    told = json.loads(one.payload) | {"exercise": True, "step": STEP, "subject": subject, "text": text}
    return replace(one, step=STEP, subject=subject, body=text, payload=canonical(told))
