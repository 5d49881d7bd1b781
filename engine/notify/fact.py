"""What tests show beside their outcome, in Chinese: every fact of a test has its name here."""

from __future__ import annotations

import re

from engine.notify.cause import cause

#: By the names under which tests give them.
FACTS = {
    "alpha": "误报概率", "baseline_total": "基线合计", "baseline_points": "基线点数",
    "baseline_blocks": "基线时段数",
    "prior_shape": "先验形状", "prior_rate": "先验速率", "dispersion": "离散度", "phi": "离散度",
    "years": "比较年数", "trend": "趋势", "slope": "斜率", "recent": "近期数", "low": "下限",
    "high": "上限", "ratio": "比值", "whole": "总数", "others": "其他地区数",
    "unknown": "无法判断的地区数", "severity": "严重程度", "day": "日期", "days": "天数", "from": "起",
    "to": "止", "areas": "区域", "cases": "起数", "cases_expected": "预期起数", "statistic": "统计量",
    "recurrence_days": "重现间隔天数", "cluster": "聚集", "pairs": "相近对数",
    "pairs_expected": "预期对数", "within": "距离", "incidents": "事件数",
    "with_points": "有坐标的事件数", "chance": "概率", "note": "说明", "carried": "累积量",
    "earlier": "此前数", "blocks": "时段数", "others_earlier": "其他地区此前数",
    "others_ratio": "其他地区比值",
}  # fmt: skip
#: One fact after another, as an explanation lists them: a name, a blank, what it is.
_NEXT = re.compile(rf", (?=(?:{'|'.join(FACTS)}) )")


def facts(said: str) -> str:
    """`alpha 0.01, note the past is too short` in Chinese; a name that is not known stands as it is."""
    return "，".join(map(_fact, _NEXT.split(said)))


def _fact(said: str) -> str:
    name, _, value = said.partition(" ")
    value = cause(value, "zh") if name == "note" else {"none": "无"}.get(value, value)
    return f"{FACTS.get(name, name)}{'：' if name == 'note' else ' '}{value}"
