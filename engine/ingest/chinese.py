"""Moments as they are written in Chinese: 2026年3月1日14时05分, 3月1日下午2点半, 2026/3/1 上午 9:05; and
alike in Japanese and Korean: 令和8年3月1日, 2026년 3월 1일 오후 2시."""

from __future__ import annotations

import re
import unicodedata
from datetime import time

#: For each word of the half day, the hours that may follow it, and what the hours before noon become.
_HALVES: dict[str, tuple[range, int]] = {
    **dict.fromkeys(("凌晨", "清晨", "早晨", "早上", "上午"), (range(13), 0)),
    "中午": (range(11, 15), 0),
    **dict.fromkeys(("下午", "傍晚"), (range(1, 24), 12)),
    **dict.fromkeys(("晚上", "夜间", "晚"), (range(5, 24), 12)),
}
_HALF = "|".join(_HALVES)
_WRITTEN = re.compile(
    r"(?:([0-9]{4})\s*(?:年|[/.-])\s*)?([0-9]{1,2})\s*(月|[/.-])\s*([0-9]{1,2})\s*[日号號]?"
    r"\s*(?:\(?(?:星期|周)[一二三四五六日天]\)?)?\s*"
    rf"({_HALF})?\s*(?:([0-9]{{1,2}})\s*(?:[时時点點]|:(?=[0-9]))\s*"
    r"(?:(半)|([0-9]{1,2})\s*(?:分|:(?=[0-9]))?\s*(?:([0-9]{1,2})\s*秒?)?)?)?\s*(?:整|许|左右)?"
)


#: The year before the first of an era.
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民国": 1911, "民國": 1911}
_ERA = re.compile(rf"({'|'.join(_ERAS)})\s*([0-9]{{1,3}}|元)\s*年")
#: What Japanese and Korean write for the same.
_SAME = {
    "午前": "上午", "午後": "下午", "오전": "上午", "오후": "下午", "년": "年", "월": "月", "일": "日",
    "시": "时", "분": "分", "초": "秒",
}  # fmt: skip


def spoken(text: str) -> tuple[int | None, int, int, time | None]:
    """(year, month, day, time of day), without a year or a time where none is given; digits of any width.

    Raises ValueError for what is no such moment, and for an hour that the half day does not have.
    """
    found = _WRITTEN.fullmatch(_chinese(unicodedata.normalize("NFKC", text).strip()))
    if not found:
        raise ValueError(text)
    year, month, between, day, half, hour, half_past, minute, second = found.groups()
    if year is None and between != "月":
        raise ValueError("without a year the month is written with 月")
    if hour is None and half:
        raise ValueError("a half day without an hour")
    clock = None
    if hour is not None:
        clock = time(_hour(int(hour), half), 30 if half_past else int(minute or 0), int(second or 0))
    return int(year) if year else None, int(month), int(day), clock


def _chinese(text: str) -> str:
    """The same in Chinese, with the year of an era as one of four digits."""
    for foreign, own in _SAME.items():
        text = text.replace(foreign, own)
    return _ERA.sub(lambda found: f"{_ERAS[found[1]] + (1 if found[2] == '元' else int(found[2]))}年", text)


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    hours, added = _HALVES[half]
    if half == "中午" and hour in (1, 2):
        return hour + 12
    if hour not in hours:
        raise ValueError(f"no hour: {half}{hour}")
    if hour == 12 and half in ("晚上", "夜间", "晚"):
        raise ValueError("midnight of which day?")
    if added:
        return hour if hour >= 12 else hour + added
    return hour % 12 if half != "中午" else hour
