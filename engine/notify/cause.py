"""Why confidence is less than high, in Chinese: every sentence that says so has its row here."""

from __future__ import annotations

import re

from engine.model.area import level
from engine.notify.pattern import pattern

_UNREAD = r"(?P<many>\d+) of (?P<of>\d+) reports? of (?P<since>[\d-]+) could not be read"
_UNSAID = r"(?P<many>\d+) of (?P<of>\d+) reports? of (?P<since>[\d-]+) do not say their (?P<what>[^,;]+)"
#: How a sentence looks, and what it is in Chinese; `name` is a feed's, where it is one of a feed.
_SENTENCES = [
    (re.compile(look), chinese)
    for look, chinese in (
        (r"the count is a lower bound", "计数不完整，实际只会更多"),
        (r"only (?P<much>\d+%) of the baseline is known", "基线数据仅有{much}"),
        (r"(?P<much>\d+%) of the reports could not be placed this exactly", "{much}的报告无法精确到本级地区"),
        (r"nobody can say whether it is over", "无法判断是否已结束"),
        (r"blind in (?P<many>\d+) of the areas looked at", "所看地区中有{many}个无法判断"),
        (r"no feed reports on it", "没有数据源报告"),
        (r"the whole baseline is zero: judged by the bound of the shared prior",
         "基线全为零：按共用先验的上限判断"),
        (r"the whole baseline is zero: half a case is expected in all of it",
         "基线全为零：按全期共半起估计常态"),
        (r"the past is too short to say", "历史太短，无法判断"), (r"nobody can tell", "无法判断"),
        (r"no reading that still holds", "没有仍然有效的读数"),
        (r"a feed that would tell of alerts was not heard", "未收到应发布预警信息的数据源"),
        (r"the calendar '(?P<name>\S+)' does not know the day", "日历“{name}”未覆盖当日"),
        (r"no chance has been learned yet: the monthly analysis learns it",
         "尚未学得概率模型，由月度分析学习"),
        (r"too little of the last four weeks was seen to tell a chance", "最近四周数据不足，无法给出概率"),
        (r"no chance can be learned yet: of (?P<of>\d+) horizons (?P<many>\d+) came true",
         "尚无法学得概率模型：{of}个预报时段中仅{many}个应验"),
        (r"(?P<many>\d+) of (?P<of>\d+) incidents? without a point as exact as (?P<much>\S+) asks for",
         "{of}起事件中有{many}起没有足以判断{much}远近的坐标"),
        (r"the area has no place on the map, or no inhabitants, to be compared by",
         "该地区没有坐标或人口数，无法比较"),
        (r"there is no other area to compare it with", "没有其他地区可供比较"),
        (r"nobody has looked how near the incidents lie", "尚未比较事件之间的远近"),
        (r"more than (?P<many>[\d,]+) pairs lie so near: choose a shorter distance",
         "相近的事件超过{many}对：请缩短距离"),
        (r"raised, because two feeds tell of most of the incidents", "因大部分事件有两个数据源报告而提高"),
        (r"reports only from (?P<since>[\d-]+) on", "自{since}起才有报告"),
        (r"silent since (?P<since>[\d: -]+)", "自{since}起没有消息"),
        (r"silent from (?P<since>[\d: -]+) to (?P<until>[\d: -]+)", "{since}至{until}没有消息"),
        (r"told nothing new since (?P<since>[\d: -]+)", "自{since}起没有新消息"),
        (r"told nothing new from (?P<since>[\d: -]+) to (?P<until>[\d: -]+)", "{since}至{until}没有新消息"),
        (r"nobody listened since (?P<since>[\d: -]+)", "自{since}起无人接收"),
        (r"never heard", "从未收到"),
        (r"its (?P<what>\S+) are of another scale since (?P<since>[\d-]+)", "自{since}起{what}的量级改变"),
        (r"none of its reports names the area since (?P<since>[\d-]+)", "自{since}起其报告均未涉及该地区"),
        (r"none of its reports is of (?P<what>\S+) since (?P<since>[\d-]+)", "自{since}起没有{what}类报告"),
        (_UNREAD, "{since}的{of}份报告中有{many}份无法读取"),
        (rf"{_UNREAD}, nor many of (?P<more>\d+) other days?",
         "{since}的{of}份报告中有{many}份无法读取，另有{more}天也是如此"),
        (_UNSAID, "{since}的{of}份报告中有{many}份未说明{what}"),
        (rf"{_UNSAID}, nor many of (?P<more>\d+) other days?",
         "{since}的{of}份报告中有{many}份未说明{what}，另有{more}天也是如此"),
        (r"all reports placed only at (?P<level>\S+) level", "全部报告仅定位到{level}级"),
        (r"all reports placed only at (?P<level>\S+) level since (?P<since>[\d-]+)",
         "自{since}起全部报告仅定位到{level}级"),
        (r"(?P<much>\d+%) of the reports placed only at (?P<level>\S+) level",
         "{much}的报告仅定位到{level}级"),
        (r"(?P<much>\d+%) of the reports placed only at (?P<level>\S+) level since (?P<since>[\d-]+)",
         "自{since}起{much}的报告仅定位到{level}级"),
    )
]  # fmt: skip
_WHAT = {"severity": "严重程度", "hour": "发生时刻", "day": "发生日期"}
_NAMES = {"its feed": "其数据源", "nobody can say whether it is over": "无法判断是否已结束"}
_NAMED = re.compile(r"(?P<name>[^:;]+?): (?P<said>.+)", re.DOTALL)


def cause(said: str, language: str) -> str:
    """The cause in a language; what has no row stands as it was said."""
    if language != "zh":
        return said
    return "；".join(_one(sentence) for sentence in said.split("; "))


def _one(said: str) -> str:
    for look, chinese in _SENTENCES:
        if found := look.fullmatch(said):
            facts = found.groupdict()
            what, depth = facts.get("what") or "", facts.get("level") or ""
            own = {"what": _WHAT.get(what, what), "level": level(depth).say("zh")}
            return chinese.format(**facts | own)
    named = _NAMED.fullmatch(said)
    if named is None:
        return said
    name = _NAMES.get(named["name"]) or pattern(named["name"], "zh").replace(", ", "、")
    return f"{name}：{_one(named['said'])}"
