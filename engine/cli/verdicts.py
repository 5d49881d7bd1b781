"""Why a test of a rule failed, for whoever reads in Chinese: the engine writes its lines in a few forms."""

from __future__ import annotations

import re
from collections.abc import Callable
from re import Match

from engine.cli.sentences import in_chinese
from engine.console import words
from engine.model.grade import COLOURS, RUNGS
from engine.notify.pattern import pattern

_GRADES = {grade.word: COLOURS[grade].zh for grade in RUNGS} | {"none": "无"}
_HELD = {"held": "成立", "not held": "不成立", "unknown": "无法判断"}
_WITHOUT = {"holds": "成立", "does not hold": "不成立", "cannot tell": "无法判断"}
_LABELS = {"change": "变化", "signals": "成立的检验", "notified": "通知"}
_STEPS = {step.value: text.say("zh") for step, text in words.STEPS.items()} | {"none": "无", "nobody": "无人"}
_IS = "|".join(sorted(_HELD, key=len, reverse=True))
_NEEDS = re.compile(r"(\S+) (?:needs (\S+)|(holds|does not hold|cannot tell))(?: where (\S+) is usual)?")


def line(said: str) -> str:
    """One line of why, its indent kept; what has no such form stands as it is."""
    text = said.lstrip()
    for form, make in _FORMS:
        if found := form.fullmatch(text):
            return said[: len(said) - len(text)] + make(found)
    return said


def _thing(said: str) -> str:
    """What was expected or found: a grade, or something under its label."""
    label, _, value = said.partition(" ")
    if label in _LABELS and value:
        return f"{_LABELS[label]}{_STEPS.get(value, value.replace(' and ', '、'))}"
    return _GRADES.get(said, _STEPS.get(said, said.replace(" and ", "、")))


def _rung(found: Match[str]) -> str:
    parts = [_part(part) for part in found[3].split("; ")]
    return f"{_GRADES.get(found[1], found[1])}{_HELD[found[2]]}：{'；'.join(parts)}"


def _part(said: str) -> str:
    if said.startswith("any of "):
        ways = said.removeprefix("any of ").split(", or ")
        return "任一：" + "，或".join("且".join(map(_needs, way.split(" with "))) for way in ways)
    return _needs(said)


def _needs(said: str) -> str:
    found = _NEEDS.fullmatch(said)
    if found is None:
        return said
    usual = f"（常态{found[4]}）" if found[4] else ""
    return f"{found[1]}{f'标准{found[2]}' if found[2] else _WITHOUT[found[3]]}{usual}"


def _sought(found: Match[str]) -> str:
    places = "无" if found[2] == "nowhere" else found[2].replace(", ", "、")
    blind = f"；无法判断：{found[3].replace(', ', '、')}" if found[3] else ""
    return f"{pattern(found[1], 'zh')}：{places}{blind}"


_FORMS: tuple[tuple[re.Pattern[str], Callable[[Match[str]], str]], ...] = tuple(
    (re.compile(form, re.DOTALL), make)
    for form, make in (
        (r"(\S+): expected (.+), found (.+)", lambda f: f"{f[1]}：应为{_thing(f[2])}，实为{_thing(f[3])}"),
        (r"a silence mutes it", lambda _: "被静默"),
        (r"the route (\S+) leads to (.+)", lambda f: f"路由{f[1]}通知{_thing(f[2])}"),
        (r"who has heard of a worse .+", lambda _: "已收到同类上级更严重预警的单位不再接收升级通知"),
        (r"nothing became known there that the rule counts", lambda _: "当地没有该规则统计的事件"),
        (r"observed (\S+) (?:on|from) (.+) \((.+)\)",
         lambda f: f"{f[2].replace(' to ', '至')}观测到{f[1]}起（{in_chinese(f[3])}）"),
        (rf"({'|'.join(_GRADES)}) ({_IS}): (.+)", _rung),
        (r"(.+?): (nowhere|.+? \(\d{4}-\d\d-\d\d\))(?:; nobody could see (.+))?", _sought),
    )
)  # fmt: skip
