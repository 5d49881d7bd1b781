"""What a CAP message says of a warning: one info in each language, alike in everything but its words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from engine.model.finding import Finding, Held
from engine.model.grade import Confidence, Domain, Grade
from engine.model.period import Cycle
from engine.model.warning import Step
from engine.notify import wording as words
from engine.notify.cap import wording
from engine.notify.exercise import headed
from engine.notify.message import Story, facts, subject
from engine.notify.payload import canonical

CATEGORIES: Mapping[Domain, tuple[str, ...]] = {
    Domain.POLITICAL: ("Security",),
    Domain.SOCIAL: ("Security", "Safety"),
    Domain.SAFETY: ("Safety",),
    Domain.CYBER: ("Infra", "Security"),
}
SEVERITIES = {
    Grade.BLUE: "Minor", Grade.YELLOW: "Moderate", Grade.ORANGE: "Severe", Grade.RED: "Extreme",
}  # fmt: skip
LEVELS = {Grade.BLUE: "IV", Grade.YELLOW: "III", Grade.ORANGE: "II", Grade.RED: "I"}
URGENCIES = {
    Cycle.IMMEDIATE: "Immediate", Cycle.DAILY: "Expected", Cycle.WEEKLY: "Future", Cycle.MONTHLY: "Future",
}  # fmt: skip
#: Tests that count what was reported; others say that it is more than is usual.
COUNTING = frozenset({"at_least", "at_most", "rate_at_least", "rare", "new", "share_of", "percentile"})
#: Tests that speak of what was not reported yet.
FORESEEING = frozenset({"chance", "forecast", "nowcast"})
LONGEST_HEADLINE = 140


@dataclass(frozen=True)
class Said:
    """The infos of a message without its moments, and a digest of what would make it news."""

    infos: tuple[dict[str, Any], ...]
    digest: str


def said(
    story: Story, findings: Sequence[Finding], cycle: Cycle, *, restricted: bool, exercise: bool = False
) -> Said:
    """What is said of the warning as `story.change` leaves it.

    cycle: the quickest rhythm at which it is judged; restricted: whether only departments read it, who are
    told their measures; exercise: whether nothing of it has happened.
    """
    grade = story.change.before if story.over else story.change.after
    alike = {
        "category": CATEGORIES[story.warning.domain],
        "responseType": _response(story, grade),
        "urgency": "Past" if story.over else URGENCIES[cycle],
        "severity": SEVERITIES[grade],
        "certainty": certainty(story, findings),
        "topic": story.warning.topic,
        "level": f"{grade.value}; {grade.word}; {LEVELS[grade]}",
        "onset": story.warning.since,
    }
    infos = tuple(
        alike | _words(story, language, ours, restricted, exercise)
        for language, ours in wording.LANGUAGES.items()
    )
    news = [{key: value for key, value in one.items() if key != "description"} for one in infos]
    return Said(infos, hashlib.sha256(canonical(news).encode()).hexdigest()[:16])


def certainty(story: Story, findings: Sequence[Finding]) -> str:
    """Observed where what was reported crosses the rule by itself, likely where it is more than is usual,
    possible where it is foreseen, or little is known."""
    tests = _tests(findings)
    if story.warning.confidence is Confidence.LOW or not tests or tests <= FORESEEING:
        return "Possible"
    return "Observed" if tests & COUNTING else "Likely"


def _tests(findings: Sequence[Finding]) -> Set[str]:
    """The tests that hold on the highest rung of each finding."""
    tops = [[rung for rung in one.trace.rungs if rung.held is Held.HELD][-1:] for one in findings]
    return {signal.test for top in tops for rung in top for signal in rung.behind}


def _response(story: Story, grade: Grade) -> str:
    if story.over:
        return "AllClear" if story.change.step is Step.LIFTED else "Assess"
    return "Prepare" if grade >= Grade.ORANGE else "Monitor"


def _words(story: Story, language: str, ours: str, restricted: bool, exercise: bool) -> dict[str, Any]:
    line = subject(story, ours)
    return {
        "language": language,
        "event": story.reference.topic(story.warning).say(ours),
        "headline": _cut(headed(line, ours) if exercise else line),
        "description": _description(story, ours),
        "instruction": _instruction(story, ours) if restricted else "",
        "area": story.reference.area(story.warning.area).say(ours),
    }


def _description(story: Story, language: str) -> str:
    reference, warning = story.reference, story.warning
    known = {
        "title": story.title.say(language), "area": reference.area(warning.area).say(language),
        "since": warning.since.astimezone(reference.zone).strftime("%Y-%m-%d %H:%M"),
    }  # fmt: skip
    if story.change.step is Step.EXPIRED:
        return words.UNKNOWN_NOT_OVER.say(language)
    if story.over:
        return wording.OVER.say(language).format(**known)
    told = [wording.DESCRIPTION.say(language).format(**known)]
    for one in story.evidence[:1]:
        shown = words.FACTS.say(language).join(facts(story, one, language))
        told += [wording.EVIDENCE.say(language).format(facts=shown)] if shown else []
    word = words.WORDS[warning.confidence].say(language)
    return "".join((*told, wording.CONFIDENCE.say(language).format(word=word)))


def _instruction(story: Story, language: str) -> str:
    """The measures asked for; by when is each department's own message."""
    return wording.TASKS.say(language).join(
        wording.TASK.say(language).format(
            what=task.measure.what.say(language),
            department=words.department(task.measure.department).say(language),
        )
        for task in story.tasks
    )  # fmt: skip


def _cut(headline: str) -> str:
    return headline if len(headline) <= LONGEST_HEADLINE else headline[: LONGEST_HEADLINE - 1].rstrip() + "…"
