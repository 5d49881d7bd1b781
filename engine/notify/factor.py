"""What raises a chance, in Chinese: every group of what models look at has its row here."""

from __future__ import annotations

import re

#: By what each group is called (`engine.judge.chance.GROUPS`).
FACTORS = {
    "the last days here": "本地近日", "the last months here": "本地近几个月", "the neighbours": "相邻地区",
    "the same parent": "同一上级的地区", "all areas": "全部地区", "the season": "季节",
    "the day of the week": "星期", "days of the calendar": "日历日期", "alerts": "有效预警信息",
    "inhabitants": "人口", "the place": "本地历来情况",
}  # fmt: skip
_BY = re.compile(r"(.+) x(\S+)")
_UNITS = {"d": "天"}


def factors(said: str) -> str:
    """`the last days here x3.1, all areas x1.4`."""
    found = (_BY.fullmatch(one) for one in said.split(", "))
    return "、".join(f"{FACTORS.get(one[1], one[1])}×{one[2]}" for one in found if one)


def span(said: str) -> str:
    """`7d`."""
    return said[:-1] + _UNITS.get(said[-1], said[-1])
