"""One message for many areas: what one topic does in several of them at once reaches a receiver as one.

The messages about each area stay as they are, for whoever asks later who was told of what; they are `within`
the one that is sent.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.model.grade import Grade
from engine.model.indicator import Take
from engine.model.message import Notification
from engine.notify import wording
from engine.notify.audience import FALLS, RISES
from engine.notify.message import counted, named, one_line
from engine.notify.pattern import pattern
from engine.notify.payload import FORMAT as SINGLE
from engine.notify.plain import sent

FORMAT = "forewarn.areas/1"
#: How the keys of all of them begin.
PREFIX = "areas/"
#: From so many on they are one message; so many have a line of their own.
MANY, LINES = 3, 12
_STEPS = frozenset(step.value for step in RISES | FALLS)


@dataclass(frozen=True)
class _One:
    """One area's message, and what it says."""

    note: Notification
    payload: Mapping[str, Any]

    @property
    def together(self) -> tuple[object, ...]:
        """What those have in common that make one message."""
        note, asked = self.note, self.payload.get("asked") or {}
        step = self.payload["change"]["step"]
        return (
            note.receiver, note.channel, self.payload["warning"]["topic"], note.step, step,
            asked.get("of"), asked.get("number"), note.planned_at,
        )  # fmt: skip

    @property
    def order(self) -> tuple[object, ...]:
        """The gravest first, then by name."""
        change = self.payload["change"]
        return (
            -max(Grade.named(change["before"]), Grade.named(change["after"])),
            self.payload["told"]["place"],
        )


def gathered(planned: Sequence[Notification]) -> list[Notification]:
    """The same, where many areas are told of in one further message, which those are within."""
    groups: dict[tuple[object, ...], list[_One]] = {}
    for note in planned:
        one = _One(note, json.loads(note.payload))
        if _fits(one):
            groups.setdefault(one.together, []).append(one)
    many = [sorted(group, key=lambda one: one.order) for group in groups.values() if len(group) >= MANY]
    whole = [_message(group) for group in many]
    within = {one.note.key: it.key for it, group in zip(whole, many, strict=True) for one in group}
    return [*(replace(note, within=within.get(note.key, note.within)) for note in planned), *whole]


def _fits(one: _One) -> bool:
    payload = one.payload
    return (
        payload.get("format") == SINGLE and payload["change"]["step"] in _STEPS and not one.note.within
        and not payload.get("exercise") and "told" in payload
    )  # fmt: skip


def _message(group: Sequence[_One]) -> Notification:
    """group: the gravest first."""
    first = group[0]
    note, payload = first.note, first.payload
    digest = hashlib.sha256("\n".join(sorted(one.note.key for one in group)).encode()).hexdigest()[:24]
    key = f"{PREFIX}{digest}/{note.receiver}/{note.channel}"
    line = one_line(_subject(group))
    text = "\n".join(one_line(said) for said in (line, "", *_lines(group))) + "\n"
    said = {
        "grade": note.grade.word, "topic": payload["warning"]["topic"],
        "areas": [_part(one.payload) for one in group],
    }  # fmt: skip
    return sent(
        (note.receiver, note.channel), payload["language"], format=FORMAT, key=key, step=note.step, line=line,
        text=text, at=note.planned_at, grade=note.grade, said=said,
    )  # fmt: skip


def _part(payload: Mapping[str, Any]) -> dict[str, Any]:
    """What a program wants of one area."""
    return {name: payload[name] for name in ("change", "warning", "evidence", "measures")} | {
        "place": payload["told"]["place"]
    }


def _subject(group: Sequence[_One]) -> str:
    payload, language = group[0].payload, group[0].payload["language"]
    told, asked = payload["told"], payload.get("asked") or {}
    kind = wording.ADVISORY if payload["warning"]["advisory"] else wording.STATUTORY
    line = wording.MANY_AREAS[payload["change"]["step"]].say(language).format(
        grade=kind.say(language).format(grade=told["grade"].upper()), title=told["title"], number=len(group),
        places=named([one.payload["told"]["place"] for one in group], language),
    )  # fmt: skip
    if asked.get("of"):
        line = wording.INSTEAD.say(language).format(of=asked["of"], subject=line)
    if asked.get("number"):
        return wording.REMINDER.say(language).format(number=asked["number"], subject=line)
    return wording.AGAIN.say(language).format(subject=line) if asked and not asked.get("of") else line


def _lines(group: Sequence[_One]) -> Iterator[str]:
    language = group[0].payload["language"]
    told = group[0].payload["told"]
    common = _common(one.payload["told"]["notes"] for one in group)
    yield from common
    for one in group[:LINES]:
        yield _line(one.payload, language)
        yield from (f"  {note}" for note in one.payload["told"]["notes"] if note not in common)
    if len(group) > LINES:
        yield wording.MORE_AREAS.say(language).format(number=len(group) - LINES)
    tasks = dict.fromkeys(task["line"] for one in group for task in one.payload["told"]["tasks"])
    if tasks:
        yield wording.TO_DO_EACH.say(language)
        yield from tasks
    yield told["risk"]
    yield wording.WHY_EACH.say(language)
    if told["advisory"]:
        yield told["advisory"]


def _common(notes: Iterable[Sequence[str]]) -> list[str]:
    """What is said of every one of them."""
    first, *others = (list(one) for one in notes)
    return [note for note in first if all(note in one for one in others)]


def _line(payload: Mapping[str, Any], language: str) -> str:
    told, evidence = payload["told"], payload["evidence"]
    facts = "" if payload["change"]["after"] == "none" or not evidence else _fact(evidence[0], language)
    return wording.AREA_LINE.say(language).format(
        grade=told["grade"], area=told["place"], id=payload["warning"]["id"],
        facts=wording.AREA_FACTS.say(language).format(facts=facts) if facts else "",
    )  # fmt: skip


def _fact(evidence: Mapping[str, Any], language: str) -> str:
    if evidence["matches"]:
        matched = (pattern(one["pattern"], language) for one in evidence["matches"])
        return wording.LIST.say(language).join(matched)
    if evidence["observed"] is None:
        return ""
    observed, unit, first, last = (evidence[key] for key in ("observed", "unit", "first", "last"))
    return counted(observed, unit, first, last, language, evidence.get("take", Take.SUM))
