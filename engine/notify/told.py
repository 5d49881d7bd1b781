"""A change in words: what a command centre must understand in ten seconds, whatever the form it comes in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from engine.model.warning import Issuer, Step
from engine.notify import wording
from engine.notify.audience import ASKS
from engine.notify.evidence import Evidence, Task
from engine.notify.message import (
    PLACES,
    Story,
    chance,
    confidence,
    facts,
    label,
    moment,
    named,
    one_line,
    subject,
    told_better,
)
from engine.notify.reason import of_change

#: The gravest findings are told; the rest is one command away.
TOLD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One measure: what, whom it is asked of, by when; `again`: an earlier message has asked for it."""

    what: str
    department: str
    due: str
    again: bool
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one message says, in one language, sentence by sentence: every form of it is made of these."""

    subject: str
    #: The grade's name, the place, and what it is.
    grade: str
    place: str
    title: str
    #: What must be known before all else: that it is unknown and not over, not yet approved, unanswered.
    notes: tuple[str, ...] = ()
    why: str = ""
    evidence: tuple[str, ...] = ()
    confidence: str = ""
    chance: str = ""
    risk: str
    since: str
    #: Before the tasks; the same where there are none.
    to_do: str = ""
    tasks: tuple[Asked, ...] = ()
    how: str
    #: What the grade does not mean.
    advisory: str = ""

    @property
    def text(self) -> str:
        """The message as plain text, the most important line first."""
        return "\n".join(one_line(line) for line in self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield self.subject
        yield ""
        yield from self.notes
        yield from (line for line in (self.why, *self.evidence, self.confidence, self.chance) if line)
        yield self.risk
        yield self.since
        yield from (line for line in (self.to_do, *(task.line for task in self.tasks), self.how) if line)
        if self.advisory:
            yield self.advisory

    def reminded(self, line: str, notes: Sequence[str]) -> Told:
        """The same, told again under another subject, with what is missing said first."""
        return replace(self, subject=one_line(line), notes=(*notes, *self.notes))


def told(story: Story, language: str) -> Told:
    """Everything that is said of the change."""
    change, warning, reference = story.change, story.warning, story.reference
    stands = change.before if story.over else change.after
    asks = change.step in ASKS
    return Told(
        subject=subject(story, language),
        grade=label(story, stands, language), place=reference.area(warning.area).say(language),
        title=story.title.say(language), notes=tuple(_notes(story, language)), why=_why(story, language),
        evidence=() if story.over else tuple(_evidence(story, language)),
        confidence="" if story.over else confidence(story, language),
        chance="" if story.over else "".join(chance(story, language)),
        risk=wording.TOPIC.say(language).format(topic=reference.topic(warning).say(language)),
        since=wording.SINCE.say(language).format(moment=moment(story, warning.since)),
        to_do="" if asks else _to_do(story, language),
        tasks=() if asks else tuple(_asked(story, task, language) for task in story.tasks),
        how=wording.WHY.say(language).format(id=warning.id),
        advisory=wording.NOT_STATUTORY.say(language) if story.advisory else "",
    )  # fmt: skip


def body(story: Story, language: str) -> str:
    """The whole message as plain text."""
    return told(story, language).text


def _notes(story: Story, language: str) -> Iterator[str]:
    if story.change.step is Step.EXPIRED:
        yield wording.UNKNOWN_NOT_OVER.say(language)
    if story.change.issuer is Issuer.UNANSWERED:
        yield wording.UNAPPROVED.say(language)
    if story.change.step is Step.PROPOSED:
        yield wording.ANSWER.say(language).format(id=story.warning.id)
    elif story.warning.open and (graver := story.warning.waits):
        yield wording.WAITS.say(language).format(grade=label(story, graver, language))


def _why(story: Story, language: str) -> str:
    if not story.reason or told_better(story, language):
        return ""
    said = of_change(story.change, story.reference.rules.values(), language)
    return wording.REASON.say(language).format(reason=said)


def _evidence(story: Story, language: str) -> Iterator[str]:
    last: tuple[str, ...] = ()
    for one in story.evidence[:TOLD]:
        yield wording.EVIDENCE.say(language).format(
            facts=wording.FACTS.say(language).join(facts(story, one, language))
        )
        happened = tuple(_happened(story, one, language))
        # Two rules that count the same say it once.
        yield from happened if happened != last else ()
        last = happened
    if len(story.evidence) > TOLD:
        yield wording.MORE_EVIDENCE.say(language).format(number=len(story.evidence) - TOLD)


def _happened(story: Story, one: Evidence, language: str) -> Iterator[str]:
    """Where and when: how many in each area, and on each day; and who else tells of it."""
    if one.happened.places:
        places = [_counted(_place(story, one, code, language), many, language)
                  for code, many in one.happened.places]  # fmt: skip
        yield wording.WHERE.say(language).format(places=named(places, language))
    if len(one.happened.days) > 1:
        days = [_counted(_day(day, language), many, language) for day, many in one.happened.days]
        last = days[-PLACES:]
        earlier = sum(many for _, many in one.happened.days[:-PLACES])
        said = wording.LIST.say(language).join(last)
        said = wording.EARLIER.say(language).format(days=said, number=earlier) if earlier else said
        yield wording.WHEN.say(language).format(days=said)
    if one.happened.also:
        feeds = [_counted(feed, many, language) for feed, many in one.happened.also]
        yield wording.ALSO.say(language).format(feeds=wording.LIST.say(language).join(feeds))


def _place(story: Story, one: Evidence, code: str, language: str) -> str:
    name = story.reference.area(code).say(language)
    if code != story.warning.area or len(one.happened.places) == 1:
        return name
    return wording.NO_NEARER.say(language).format(area=name)


def _counted(name: str, many: int, language: str) -> str:
    return wording.SO_MANY.say(language).format(name=name, many=many)


def _day(day: str, language: str) -> str:
    of = date.fromisoformat(day)
    return f"{of.month}月{of.day}日" if language == "zh" else f"{of.day} {of:%b}"


def _to_do(story: Story, language: str) -> str:
    if story.over:
        return wording.NOTHING_TO_DO.say(language)
    return wording.TO_DO.say(language) if story.tasks else ""


def _asked(story: Story, task: Task, language: str) -> Asked:
    line = wording.TASK if not task.again else wording.ASKED if task.due is None else wording.TASK_AGAIN
    what = task.measure.what.say(language)
    department = wording.department(task.measure.department).say(language)
    due = moment(story, task.due) if task.due else ""
    said = line.say(language).format(what=what, department=department, due=due)
    return Asked(what=what, department=department, due=due, again=task.again, line=said)
