"""A change in words: what a command centre must understand in ten seconds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.model.chance import percent
from engine.model.grade import ADVISORY, Grade
from engine.model.text import Text
from engine.model.warning import Change, Issuer, RiskWarning, Step
from engine.notify import wording
from engine.notify.audience import ASKS
from engine.notify.evidence import Evidence, Task
from engine.notify.reference import SMALL, Reference

#: The gravest findings are told; the rest is one command away.
TOLD = 3
PLACES = 5


@dataclass(frozen=True)
class Story:
    """A change with everything that is told of it."""

    change: Change
    warning: RiskWarning
    evidence: tuple[Evidence, ...]
    tasks: tuple[Task, ...]
    reference: Reference
    #: Counts of a sensitive category stand behind it.
    sensitive: bool

    @property
    def advisory(self) -> bool:
        return self.warning.domain in ADVISORY

    @property
    def reason(self) -> str:
        """Why it changed; a sentence that may hold a sensitive count is not passed on."""
        return "" if self.sensitive else self.change.reason

    @property
    def cause(self) -> str:
        """What lowers the confidence; a share of a sensitive count gives it away."""
        return "" if self.sensitive else self.warning.confidence_cause

    @property
    def title(self) -> Text:
        return Text(self.warning.title_en, self.warning.title_zh)

    @property
    def over(self) -> bool:
        return self.change.after is Grade.NONE


def subject(story: Story, language: str) -> str:
    """One line: grade, title, area, and what happened."""
    change, reference = story.change, story.reference
    return _one_line(
        wording.SUBJECT[change.step].say(language).format(
            after=_grade(story, change.after, language),
            before=_grade(story, change.before, language),
            was=_label(story, change.before, language),
            title=story.title.say(language),
            area=reference.area(story.warning.area).say(language),
            whom=wording.WHOM.get(change.issuer, Text("")).say(language),
        )
    )  # fmt: skip


def body(story: Story, language: str) -> str:
    """The whole message as plain text, the most important line first."""
    return "\n".join(_one_line(line) for line in _lines(story, language)) + "\n"


def _lines(story: Story, language: str) -> Iterator[str]:
    warning = story.warning
    yield subject(story, language)
    yield ""
    if story.change.step is Step.EXPIRED:
        yield wording.UNKNOWN_NOT_OVER.say(language)
    if story.change.issuer is Issuer.UNANSWERED:
        yield wording.UNAPPROVED.say(language)
    if story.change.step is Step.PROPOSED:
        yield wording.ANSWER.say(language).format(id=warning.id)
    if story.reason and not _told_better(story, language):
        yield wording.REASON.say(language).format(reason=story.reason)
    if not story.over:
        yield from _evidence(story, language)
        yield _confidence(story, language)
        yield from _chance(story, language)
    yield wording.TOPIC.say(language).format(topic=story.reference.topic(warning).say(language))
    yield wording.SINCE.say(language).format(moment=moment(story, warning.since))
    if story.change.step not in ASKS:
        yield from _tasks(story, language)
    yield wording.WHY.say(language).format(id=warning.id)
    if story.advisory:
        yield wording.NOT_STATUTORY.say(language)


def _told_better(story: Story, language: str) -> bool:
    """The engine gives its reasons in English; in another language the evidence says the same."""
    automatic = "/" in story.change.by
    return language != "en" and automatic and bool(story.evidence) and not story.over


def _evidence(story: Story, language: str) -> Iterator[str]:
    for one in story.evidence[:TOLD]:
        told = wording.FACTS.say(language).join(facts(story, one, language))
        yield wording.EVIDENCE.say(language).format(facts=told)
    if len(story.evidence) > TOLD:
        yield wording.MORE_EVIDENCE.say(language).format(number=len(story.evidence) - TOLD)


def facts(story: Story, one: Evidence, language: str) -> Iterator[str]:
    """Observed, expected, threshold, distance to the next grade; or where patterns matched."""
    for pattern, areas in one.matches:
        yield wording.MATCHED.say(language).format(pattern=pattern, areas=_areas(story, areas, language))
    if one.matches:
        return
    days = wording.ONE_DAY if one.first == one.last else wording.DAYS
    counted = wording.COUNTED if one.unit == "incidents" else wording.SUMMED
    counted = wording.COUNTED_ONE if counted is wording.COUNTED and one.observed == 1 else counted
    if one.small or one.observed is not None:
        yield counted.say(language).format(
            value=f"<{SMALL}" if one.observed is None else number(one.observed),
            unit=one.unit,
            days=days.say(language).format(first=_day(one.first), last=_day(one.last)),
        )
    if one.expected is not None:
        yield wording.EXPECTED.say(language).format(value=number(one.expected))
    if one.needed is not None:
        label = _label(story, one.rung, language)
        yield wording.NEEDED.say(language).format(grade=label, value=number(one.needed))
    if one.missing is not None and one.next_grade is not None:
        label = _label(story, one.next_grade, language)
        yield wording.MISSING.say(language).format(grade=label, value=number(one.missing))


def _areas(story: Story, areas: Sequence[str], language: str) -> str:
    names = [story.reference.area(code).say(language) for code in areas[:PLACES]]
    listed = wording.LIST.say(language).join(names)
    if len(areas) <= PLACES:
        return listed
    return wording.AND_MORE.say(language).format(areas=listed, number=len(areas) - PLACES)


def _confidence(story: Story, language: str) -> str:
    cause = story.cause
    return wording.CONFIDENCE.say(language).format(
        word=wording.WORDS[story.warning.confidence].say(language),
        cause=wording.CAUSE.say(language).format(cause=cause) if cause else "",
    )


def _chance(story: Story, language: str) -> Iterator[str]:
    """How often such warnings came true, where enough of them are known."""
    chance = story.warning.chance
    if chance is not None:
        said = chance.sentence_zh if language == "zh" else chance.sentence
        yield wording.CHANCE.say(language).format(said=said, percent=percent(chance.chance))


def _tasks(story: Story, language: str) -> Iterator[str]:
    if story.over:
        yield wording.NOTHING_TO_DO.say(language)
    elif story.tasks:
        yield wording.TO_DO.say(language)
    for task in story.tasks:
        line = wording.ASKED if task.due is None else wording.TASK
        yield line.say(language).format(
            what=task.measure.what.say(language),
            department=wording.department(task.measure.department).say(language),
            due=moment(story, task.due) if task.due else "",
        )


def _grade(story: Story, grade: Grade, language: str) -> str:
    if grade is Grade.NONE:
        return wording.LIFTING.say(language).upper()
    kind = wording.ADVISORY if story.advisory else wording.STATUTORY
    return kind.say(language).format(grade=_label(story, grade, language).upper())


def _label(story: Story, grade: Grade, language: str) -> str:
    label = story.reference.labels.get(grade)
    return label.say(language).lower() if label else grade.word


def moment(story: Story, at: datetime) -> str:
    """A moment by the clocks of the place."""
    return at.astimezone(story.reference.zone).strftime("%Y-%m-%d %H:%M %Z")


def _day(text: str) -> str:
    """A day as it is, a moment to the minute."""
    return text if "T" not in text else text[:16].replace("T", " ")


def _one_line(text: str) -> str:
    """Nothing in a name or a reason may break out of its line."""
    if not text.isprintable():
        text = "".join(mark if mark.isprintable() else " " for mark in text)
    return " ".join(text.split())


def number(value: float) -> str:
    """At most one digit after the point, two below ten."""
    if value == round(value):
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}".rstrip("0").rstrip(".")
