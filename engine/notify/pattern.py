"""What a correlation looks for, in Chinese: the engine calls it by English words of a few forms."""

from __future__ import annotations

import re

from engine.model.area import level
from engine.model.grade import COLOURS, Grade
from engine.notify.reference import Reference

_FINDING = re.compile(
    r"(?P<raw>raw )?finding (?P<of>of|on) (?P<name>\S+?)(?: \(raw tests (?P<tests>.+?)\))?"
    r"(?:, (?P<grade>blue|yellow|orange|red) or worse)?(?:, by (?P<level>[^\s,]+))?"
    r"(?:, within (?P<after>\d+)h after)?"
)
_INCIDENT = re.compile(
    r"incident of (?P<kinds>\S+(?:, \S+?)*)(?: and (?P<more>\d+) more)?(?:, (?P<count>\d+) or more)?"
    r"(?:, by (?P<level>[^\s,]+))?(?:, within (?P<after>\d+)h after)?"
)


def pattern(said: str, language: str, reference: Reference | None = None) -> str:
    """What is called so, in a language; what has no such form stands as it is. reference: for the names of
    what is else called by its code."""
    if language != "zh":
        return said
    if found := _FINDING.fullmatch(said):
        name = _named(found["name"], reference)
        name = f"规则{name}" if found["of"] == "of" else name
        return f"{name}的{'原始' if found['raw'] else ''}命中{_within(_finding(found.groupdict()))}"
    if found := _INCIDENT.fullmatch(said):
        more = f"等另{found['more']}类" if found["more"] else ""
        kinds = "、".join(_named(code, reference) for code in found["kinds"].split(", "))
        return f"{kinds}{more}事件{_within(_incident(found.groupdict()))}"
    return said


def _named(code: str, reference: Reference | None) -> str:
    """A category, a rule or a topic."""
    if reference is None:
        return code
    for known in (reference.taxonomy.categories, reference.rules, reference.topics):
        if code in known:
            return known[code].title.say("zh")
    return code


def _finding(of: dict[str, str | None]) -> list[str]:
    tests = f"原始检验{of['tests'].replace(', ', '、')}" if of["tests"] else ""
    grade = f"{COLOURS[Grade.named(of['grade'])].zh}及以上" if of["grade"] else ""
    return [tests, grade, _by(of["level"]), _soon(of["after"])]


def _incident(of: dict[str, str | None]) -> list[str]:
    return [f"{of['count']}起及以上" if of["count"] else "", _by(of["level"]), _soon(of["after"])]


def _soon(hours: str | None) -> str:
    return f"其后{hours}小时内" if hours else ""


def _by(code: str | None) -> str:
    return f"按{level(code).say('zh')}" if code else ""


def _within(parts: list[str]) -> str:
    told = "，".join(filter(None, parts))
    return f"（{told}）" if told else ""
