"""Words of the pages that show one area, rule or feed over time."""

from __future__ import annotations

from engine.model.text import Text

SAID = {
    "year": Text("Warnings of the last twelve months", "近十二个月的预警"),
    "year none": Text("No warning stood here in twelve months.", "近十二个月本地无预警。"),
    "scores": Text("Scores", "风险指数"),
    "scores say": Text(
        "The highest of each week, 0 to 100, as each daily screening left it. Hatched: not judged.",
        "每周最高值（0至100），以每日排查为准；斜线为未研判。",
    ),
    "reported": Text("Reported, by week", "每周接报"),
    "reported say": Text(
        "Incidents here and below, as known now. Hatched: a week that could not be seen whole.",
        "本地及下辖区域接报数，以目前掌握为准；斜线为当周数据不完整。",
    ),
    "reported none": Text("None reported in twelve months:", "近十二个月无接报："),
    "unwatched": Text("No source reports on this area.", "本地无数据源。"),
    "children": Text("Below, by code", "下辖区域（按代码）"),
    "children say": Text(
        "Each strip: the highest grade of every week of the last year.", "色带为近一年每周最高级别。"
    ),
    "and": Text(", ", "、"),
}
