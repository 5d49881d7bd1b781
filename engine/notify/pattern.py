"""What a correlation looks for, in Chinese: the engine calls it by English words of a few forms."""

from __future__ import annotations

import re

from engine.model.area import level
from engine.model.grade import COLOURS, Grade

_FINDING = re.compile(
    r"(?P<raw>raw )?finding (?P<of>of|on) (?P<name>\S+?)(?: \(raw tests (?P<tests>.+?)\))?"
    r"(?:, (?P<grade>blue|yellow|orange|red) or worse)?(?:, by (?P<level>\S+))?"
)
_INCIDENT = re.compile(
    r"incident of (?P<kinds>\S+(?:, \S+?)*)(?: and (?P<more>\d+) more)?(?:, (?P<count>\d+) or more)?"
    r"(?:, by (?P<level>\S+))?"
)


def pattern(said: str, language: str) -> str:
    """What is called so, in a language; what has no such form stands as it is."""
    if language != "zh":
        return said
    if found := _FINDING.fullmatch(said):
        name = f"规则{found['name']}" if found["of"] == "of" else found["name"]
        return f"{name}的{'原始' if found['raw'] else ''}命中{_within(_finding(found.groupdict()))}"
    if found := _INCIDENT.fullmatch(said):
        more = f"等另{found['more']}类" if found["more"] else ""
        return f"{found['kinds'].replace(', ', '、')}{more}事件{_within(_incident(found.groupdict()))}"
    return said


def _finding(of: dict[str, str | None]) -> list[str]:
    tests = f"原始检验{of['tests'].replace(', ', '、')}" if of["tests"] else ""
    grade = f"{COLOURS[Grade.named(of['grade'])].zh}及以上" if of["grade"] else ""
    return [tests, grade, _by(of["level"])]


def _incident(of: dict[str, str | None]) -> list[str]:
    return [f"{of['count']}起及以上" if of["count"] else "", _by(of["level"])]


def _by(code: str | None) -> str:
    return f"按{level(code).say('zh')}" if code else ""


def _within(parts: list[str]) -> str:
    told = "，".join(filter(None, parts))
    return f"（{told}）" if told else ""
