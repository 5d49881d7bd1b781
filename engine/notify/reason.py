"""Why something changed, in Chinese: the engine keeps its reasons as English sentences, of a
few forms; what people wrote stays as they wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from re import Match

from engine.model.area import level
from engine.model.grade import COLOURS, Grade
from engine.model.rule import Rule
from engine.model.warning import Change
from engine.notify.cause import cause
from engine.notify.factor import factors
from engine.notify.factor import span as ahead
from engine.notify.pattern import pattern

_GRADE = "(blue|yellow|orange|red)"
_KINDS = {"regrade": "定级", "raise": "发布", "decline": "不予批准", "lift": "解除", "close": "办结"}


def _grade(word: str) -> str:
    return COLOURS[Grade.named(word)].zh


def _span(text: str) -> str:
    number, unit = text.split()
    return f"{number}{'小时' if unit.startswith('hour') else '天'}"


_SPAN = r"(?P<span>\d+ (?:days?|hours?))"
_TAIL = (
    r"(?: where (?P<usual>\S+) would be usual)?"
    rf"(?: \((?P<grade>{_GRADE[1:-1]}) (?:holds|from (?P<needed>\d\S*?))"
    r"(?P<alert>, with an alert in force)?"
    r"(?:, with (?P<pairs>\d+) pairs? within (?P<far>\S+) and (?P<apart>\d+) days?"
    r", by chance (?P<random>[^,:)]+))?"
    r"(?:, with a chance of (?P<chance>[^,:)]+) within (?P<ahead>\w+)(?:: (?P<factors>[^)]+))?)?\))?"
)


def _count(found: Match[str]) -> str:
    return _said("{span}内{n}起" if found["n"].isdigit() else "{span}内为{n}")(found)


def _said(form: str) -> Callable[[Match[str]], str]:
    """What was seen by this form, what is usual, and where the grade begins."""

    def said(found: Match[str]) -> str:
        given = found.groupdict()
        span = _span(given["span"]) if given.get("span") else ""
        seen = form.format(n=given.get("n"), span=span)
        seen += f"，常态约{given['usual']}" if given["usual"] else ""
        if not given["grade"]:
            return seen
        beside = "，且有预警信息生效" if given["alert"] else ""
        if given["pairs"]:
            beside += f"，相距{given['far']}、{given['apart']}天以内有{given['pairs']}对"
            beside += f"，偶然约{given['random']}对"
        if given["chance"]:
            raised = f"，主因：{factors(given['factors'])}" if given["factors"] else ""
            beside += f"，{ahead(given['ahead'])}内概率{given['chance'].replace('over', '超过')}{raised}"
        if given["needed"]:
            return f"{seen}（{_grade(given['grade'])}标准：{given['needed']}{beside}）"
        return f"{seen}（已达{_grade(given['grade'])}标准{beside}）"

    return said


def _within(found: Match[str]) -> str:
    head, inner = found.groups()
    return f"超过{head}天无数据可供研判" + (f"（{cause(inner, 'zh')}）" if inner else "")


#: The forms, and what they are in Chinese: a text with its groups, or what makes one of them.
_FORMS: tuple[tuple[str, str | Callable[[Match[str]], str]], ...] = (
    # of findings
    (rf"(?P<n>\S+) in {_SPAN}{_TAIL}", _count),
    (rf"nothing read{_TAIL}", _said("暂无读数")),
    (rf"up to (?P<n>\S+) in {_SPAN}{_TAIL}", _said("{span}内最高{n}")),
    (rf"at (?P<n>\S+){_TAIL}", _said("现为{n}")),
    (rf"(?P<n>\S+) open{_TAIL}", _said("未结{n}起")),
    (rf"(?P<n>\S+) more open in {_SPAN}{_TAIL}", _said("{span}内未结净增{n}起")),
    ("its thresholds are met", "已达阈值"),
    (r"((?:raw )?(?:finding|incident) o[fn] .+|\S+) in (\d+) areas? \((.+)\)",
     lambda found: f"{pattern(found[1], 'zh')}，涉及{found[2]}个地区（{found[3]}）"),
    (r"no ((?:raw )?(?:finding|incident) o[fn] .+|(?!data|finding)\S+)",
     lambda found: f"未见{pattern(found[1], 'zh')}"),
    (r"(\S+) still stands", r"\1仍然成立"),
    # of what ends, or is not as high any more
    ("is no longer in force", "已不再使用"),
    (r"(\S+) is no longer in force", r"规则\1已不再使用"),
    (r"the rule was retired(?: \((.*)\))?", "规则已停用"),
    ("the rule is a draft again", "规则已退回草案"),
    ("the rule judges at once now, and only what becomes known", "规则现改为即时研判，只看新获知的情况"),
    (r"'(.+)' is no longer an area", r"“\1”已不在地区目录内"),
    (r"the rule judges other areas now", lambda found: "规则现只研判其他地区"),
    (r"the rule judges each (\S+) now, no (\S+)",
     lambda found: f"规则现按{level(found[1]).say('zh')}研判，不再按{level(found[2]).say('zh')}"),
    ("the rule is on trial now and warns nobody", "规则现为试运行，不发预警"),
    (r"the rule warns of '(.+)' now", r"规则现对应风险“\1”"),
    ("what it rested on was taken back or corrected", "所依据的情况已撤回或更正"),
    ("has had its time and nothing new came", "时限已到，且无新情况"),
    (rf"the time of {_GRADE} is up", lambda found: f"{_grade(found[1])}时限已到"),
    ("the rule, or what its categories hold, was changed", "规则或其类别内容已调整"),
    ("as it reads now its thresholds are not met", "按现行规则未达阈值"),
    (rf"as it reads now it is {_GRADE}", lambda found: f"按现行规则为{_grade(found[1])}"),
    ("below its thresholds again", "已回落至阈值以下"),
    (r"no data to judge it by for over (\d+) days?(?: \((.*)\))?", _within),
    ("what a person decided is over", "人工决定已到期"),
    ("no finding stands any more", "已无规则命中"),
    (r"a person's ([a-z]+)", lambda found: f"人工{_KINDS.get(found[1], found[1])}"),
    (rf"overtakes {_GRADE}", lambda found: f"取代原拟的{_grade(found[1])}"),
    ("exercise", "演练"),
)  # fmt: skip
_UNANSWERED_ZH = "（逾时无人答复，尚未批准）"
_TABLE = tuple((re.compile(form), said) for form, said in _FORMS)
_HELD = "held: "
#: What an approval that nobody gave in time adds to a reason.
UNANSWERED = " (nobody answered in time, not yet approved)"


def of_change(change: Change, rules: Iterable[Rule], language: str) -> str:
    """Why it changed; of what a person did, in that person's words."""
    if language != "zh" or "/" in change.by:
        return reason(change.reason, rules, language)
    words, waited, _ = change.reason.partition(UNANSWERED)
    said = reason(words, rules, language) if words.startswith("a person's ") else words
    return said + (_UNANSWERED_ZH if waited else "")


def reason(text: str, rules: Iterable[Rule], language: str) -> str:
    """The reason of a change in the reader's language."""
    if language != "zh" or not text:
        return text
    titles = {rule.title.en: rule.title.zh or rule.title.en for rule in rules}
    body = text.removesuffix(UNANSWERED)
    end = "" if body == text else _UNANSWERED_ZH
    if body.startswith(_HELD):
        return f"情况不明，维持原级：{cause(body.removeprefix(_HELD), language)}{end}"
    parts = [_part(one, titles) for one in _parts(body)]
    return f"{'；'.join(parts)}{end}"


def _parts(text: str) -> list[str]:
    """What stands between semicolons, but for those within brackets."""
    return re.split(r"; (?![^()]*\))", text)


def _part(text: str, titles: dict[str, str]) -> str:
    found = _form(text)
    if found is not None:
        return found
    head, colon, rest = text.partition(": ")
    title = next((one for one in titles if text.startswith(f"{one}: ")), head)
    rest = text.removeprefix(f"{title}: ") if colon else ""
    inner = _form(rest) if rest else None
    return f"{titles.get(title, title)}：{inner}" if inner is not None else text


def _form(text: str) -> str | None:
    for form, said in _TABLE:
        found = form.fullmatch(text)
        if found is not None:
            return found.expand(said) if isinstance(said, str) else said(found)
    return None
