"""The phrases of a message: a grade, a subject, a figure, a moment, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.model.chance import percent
from engine.model.grade import ADVISORY, Grade
from engine.model.indicator import Take
from engine.model.text import Text
from engine.model.warning import Change, RiskWarning
from engine.notify import wording
from engine.notify.cause import cause as in_words
from engine.notify.evidence import Evidence, Task
from engine.notify.pattern import pattern
from engine.notify.reference import SMALL, Reference

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
    return one_line(
        wording.SUBJECT[change.step].say(language).format(
            after=graded(story, change.after, language),
            before=graded(story, change.before, language),
            was=label(story, change.before, language),
            title=story.title.say(language),
            area=reference.area(story.warning.area).say(language),
            whom=wording.WHOM.get(change.issuer, Text("")).say(language),
        )
    )  # fmt: skip


def told_better(story: Story, language: str) -> bool:
    """In another language than English the evidence says the same of what stands, with its units."""
    risen = story.change.after >= story.change.before and "/" in story.change.by
    return language != "en" and risen and bool(story.evidence) and not story.over


def facts(story: Story, one: Evidence, language: str) -> Iterator[str]:
    """Observed, expected, threshold, distance to the next grade; or where patterns matched."""
    for what, areas in one.matches:
        where = named([story.reference.area(code).say(language) for code in areas], language)
        called = pattern(what, language, story.reference)
        yield wording.MATCHED.say(language).format(pattern=called, areas=where)
    if one.matches:
        return
    if one.alerted:
        yield wording.ALERTED.say(language)
    if one.small or one.observed is not None:
        observed = f"<{SMALL}" if one.observed is None else one.observed
        yield counted(observed, one.unit, one.first, one.last, language, one.take)
    if one.expected is not None:
        yield wording.EXPECTED.say(language).format(value=number(one.expected))
    if one.needed is not None:
        called = label(story, one.rung, language)
        yield wording.NEEDED.say(language).format(grade=called, value=number(one.needed))
    if one.missing is not None and one.next_grade is not None:
        called = label(story, one.next_grade, language)
        yield wording.MISSING.say(language).format(grade=called, value=number(one.missing))


def counted(
    observed: float | str, unit: str, first: str, last: str, language: str, take: str = Take.SUM
) -> str:
    """What was counted, or a measure added up or read, from the first to the last day; `<5` as it is."""
    days = wording.ONE_DAY if first == last else wording.DAYS
    counts = unit == "incidents" and Take(take) is Take.SUM
    said = wording.COUNTED if counts else wording.TAKEN[Take(take)]
    said = wording.COUNTED_ONE if said is wording.COUNTED and observed == 1 else said
    return said.say(language).format(
        value=observed if isinstance(observed, str) else number(observed), unit=unit,
        days=days.say(language).format(first=_day(first), last=_day(last)),
    )  # fmt: skip


def named(names: Sequence[str], language: str) -> str:
    """The first few of them, and how many more there are."""
    listed = wording.LIST.say(language).join(names[:PLACES])
    if len(names) <= PLACES:
        return listed
    return wording.AND_MORE.say(language).format(areas=listed, number=len(names) - PLACES)


def confidence(story: Story, language: str) -> str:
    """How sure the finding is, and what lowers that."""
    cause = in_words(story.cause, language)
    return wording.CONFIDENCE.say(language).format(
        word=wording.WORDS[story.warning.confidence].say(language),
        cause=wording.CAUSE.say(language).format(cause=cause) if cause else "",
    )


def chance(story: Story, language: str) -> Iterator[str]:
    """How often such warnings came true, where enough of them are known."""
    chance = story.warning.chance
    if chance is not None:
        said = chance.sentence_zh if language == "zh" else chance.sentence
        yield wording.CHANCE.say(language).format(said=said, percent=percent(chance.chance))


def graded(story: Story, grade: Grade, language: str) -> str:
    """What a grade is called at the head of a message."""
    if grade is Grade.NONE:
        return wording.LIFTING.say(language).upper()
    kind = wording.ADVISORY if story.advisory else wording.STATUTORY
    return kind.say(language).format(grade=label(story, grade, language).upper())


def label(story: Story, grade: Grade, language: str) -> str:
    """What a grade is called within a sentence."""
    named = story.reference.labels.get(grade)
    return named.say(language).lower() if named else grade.word


def moment(story: Story, at: datetime) -> str:
    """A moment by the clocks of the place."""
    return at.astimezone(story.reference.zone).strftime("%Y-%m-%d %H:%M %Z")


def _day(text: str) -> str:
    """A day as it is, a moment to the minute."""
    return text if "T" not in text else text[:16].replace("T", " ")


def one_line(text: str) -> str:
    """Nothing in a name or a reason may break out of its line."""
    if not text.isprintable():
        text = "".join(mark if mark.isprintable() else " " for mark in text)
    return " ".join(text.split())


def number(value: float) -> str:
    """At most one digit after the point, two below ten."""
    if value == round(value):
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}".rstrip("0").rstrip(".")
