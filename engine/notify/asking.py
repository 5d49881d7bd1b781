"""What is said to whoever is asked again, or told in the place of somebody who does not answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from engine.model.message import PUNCTUAL, Ask, Receiver
from engine.model.warning import Step
from engine.notify import wording
from engine.notify.message import Story, moment, subject
from engine.notify.told import Told, told


def said(story: Story, asked: Ask, receivers: Mapping[str, Receiver], language: str, at: datetime) -> Told:
    """The change as it was told, with who is missing and how to answer."""
    line = _subject(story, asked, receivers, language)
    since, due = moment(story, asked.since), moment(story, asked.at)
    late = wording.LATE.say(language).format(minutes=int((at - asked.at) / timedelta(minutes=1)))
    missing = wording.UNTOLD.say(language).format(
        since=since, due=due, late=late if at - asked.at > PUNCTUAL else ""
    )
    return told(story, language).reminded(line, [missing, *_answer(story, asked, language)])


def _subject(story: Story, asked: Ask, receivers: Mapping[str, Receiver], language: str) -> str:
    line = subject(story, language)
    if asked.of:
        of = receivers[asked.of].title if asked.of in receivers else asked.of
        line = wording.INSTEAD.say(language).format(of=of, subject=line)
    if asked.number:
        return wording.REMINDER.say(language).format(number=asked.number, subject=line)
    return line if asked.of else wording.AGAIN.say(language).format(subject=line)


def _answer(story: Story, asked: Ask, language: str) -> list[str]:
    """How to acknowledge; a proposal says itself how it is answered."""
    if story.change.step is Step.PROPOSED:
        return []
    return [wording.ACKNOWLEDGE.say(language).format(id=story.warning.id, receiver=asked.receiver)]
