"""Why confidence is low, in Chinese: every sentence that the engine says of it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from engine.notify.cause import cause

SAID = {
    "the count is a lower bound": "计数不完整，实际只会更多",
    "only 50% of the baseline is known": "基线数据仅有50%",
    "14% of the reports could not be placed this exactly; "
    "raised, because two feeds tell of most of the incidents":
        "14%的报告无法精确到本级地区；因大部分事件有两个数据源报告而提高",
    "no feed reports on it": "没有数据源报告",
    "its feed: reports only from 2026-03-02 on": "其数据源：自2026-03-02起才有报告",
    "log: silent since 2026-03-02 08:00": "log：自2026-03-02 08:00起没有消息",
    "log: silent from 2026-03-02 08:00 to 2026-03-03 09:00":
        "log：2026-03-02 08:00至2026-03-03 09:00没有消息",
    "log: told nothing new since 2026-03-02 08:00": "log：自2026-03-02 08:00起没有新消息",
    "log: told nothing new from 2026-03-02 08:00 to 2026-03-03 09:00":
        "log：2026-03-02 08:00至2026-03-03 09:00没有新消息",
    "log: nobody listened since 2026-03-02 08:00": "log：自2026-03-02 08:00起无人接收",
    "log: never heard": "log：从未收到",
    "log: its hectares are of another scale since 2026-03-02": "log：自2026-03-02起hectares的量级改变",
    "log: none of its reports names the area since 2026-03-02": "log：自2026-03-02起其报告均未涉及该地区",
    "log: none of its reports is of property.burglary since 2026-03-02":
        "log：自2026-03-02起没有property.burglary类报告",
    "log: 3 of 9 reports of 2026-03-02 could not be read": "log：2026-03-02的9份报告中有3份无法读取",
    "log: 3 of 9 reports of 2026-03-02 could not be read, nor many of 2 other days":
        "log：2026-03-02的9份报告中有3份无法读取，另有2天也是如此",
    "log: 3 of 9 reports of 2026-03-02 do not say their hectares":
        "log：2026-03-02的9份报告中有3份未说明hectares",
    "log: 3 of 9 reports of 2026-03-02 do not say their severity, nor many of 2 other days":
        "log：2026-03-02的9份报告中有3份未说明严重程度，另有2天也是如此",
    "log, desk: all reports placed only at county level": "log、desk：全部报告仅定位到地区级",
    "log: all reports placed only at county level since 2026-03-02":
        "log：自2026-03-02起全部报告仅定位到地区级",
    "log: 20% of the reports placed only at county level": "log：20%的报告仅定位到地区级",
    "log: 20% of the reports placed only at county level since 2026-03-02":
        "log：自2026-03-02起20%的报告仅定位到地区级",
    "finding of county.surge, by county: blind in 3 of the areas looked at":
        "规则county.surge的命中（按地区）：所看地区中有3个无法判断",
    "nobody can say whether it is over: log: never heard": "无法判断是否已结束：log：从未收到",
    "nobody can say whether it is over": "无法判断是否已结束",
}  # fmt: skip


@pytest.mark.parametrize("said", SAID)
def test_it_is_said_in_the_readers_language(said: str) -> None:
    assert cause(said, "en") == said
    assert cause(said, "zh") == SAID[said]


def test_what_has_no_row_stands_as_it_was_said() -> None:
    assert cause("", "zh") == "" and cause("something else", "zh") == "something else"


def test_no_sentence_of_the_engine_is_forgotten() -> None:
    """Whatever is yielded or said of a doubt is the beginning of one above."""
    found = set()
    tree = ast.parse((Path(__file__).parents[2] / "engine/judge/doubt.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            plain = [part.value for part in node.values if isinstance(part, ast.Constant)]
            found |= {str(piece).strip(" :,") for piece in plain if re.search(r"[a-z]{3} [a-z]", str(piece))}
    assert len(found) >= 5
    assert [one for one in found if not any(one in said for said in SAID)] == []
