"""Words of the pages that show one area, rule or feed over time."""

from __future__ import annotations

from engine.model.text import Text

SAID = {
    "year": Text("Warnings of the last twelve months", "近十二个月的预警"),
    "year none": Text("No warning stood here in twelve months.", "近十二个月本地无预警。"),
    "scores": Text("Scores", "风险指数"),
    "scores say": Text(
        "The highest of each week, 0 to 100, as each daily screening left it. Hatched: not judged whole.",
        "每周最高值（0至100），以每日排查为准；斜线为当周研判不完整。",
    ),
    "judged since": Text("judged since {when}", "{when}起研判"),
    "seen since": Text("seen since {when}", "{when}起有数据"),
    "reported": Text("Reported, by week", "每周接报"),
    "reported say": Text(
        "Incidents here and below, as the last screening knew them. Hatched: a week not seen whole.",
        "本地及下辖区域接报数，以最近一次排查时掌握为准；斜线为当周数据不完整。",
    ),
    "reported none": Text("None reported in twelve months:", "近十二个月无接报："),
    "reported gaps": Text("None reported in the weeks that were seen:", "可见周内无接报："),
    "reported unseen": Text("Seen whole in no week:", "各周数据均不完整："),
    "unwatched": Text("No source reports on this area.", "本地无数据源。"),
    "children": Text("Below, by code", "下辖区域（按代码）"),
    "children say": Text(
        "Each strip: the highest grade of every week of the last year.", "色带为近一年每周最高级别。"
    ),
    "measured": Text("The last {days} days, lived through again", "近{days}天回测"),
    "measure": Text("Measure", "开始回测"),
    "measure says": Text(
        "How much it would have warned, how much chance alone would, and how well by what happened.",
        "回测预警次数、随机预期次数，以及与实际情况的符合程度。",
    ),
    "volume": Text("warnings", "预警次数"), "by chance": Text("by chance alone", "随机预期"),
    "per week": Text("per area and week", "每地每周"), "pod": Text("detected", "检出率"),
    "far": Text("false alarm ratio", "误报率"), "skill": Text("Brier skill", "技巧评分"),
    "days ahead": Text("lead, days", "提前天数"),
    "no truth": Text(
        "config/truth.csv does not speak of this risk: nothing tells right from wrong.",
        "config/truth.csv未涉及该风险，无法评判对错。",
    ),
    "why here": Text("Why, or why not, in one place", "某地为何预警或未预警"),
    "judged day": Text("Day", "日期"), "written": Text("As it is written", "规则原文"),
    "by month": Text("Warnings begun, by month", "每月新增预警"),
    "people judged": Text("As people found", "人工结论"),
    "was right": Text("{right} of {told} {right:was|were} right", "{told}次结论中{right}次属实"),
    "between": Text("(95 %: {low} to {high} %)", "（95%区间：{low}%至{high}%）"),
    "nobody judged": Text(
        "Nobody has closed one of its warnings with a verdict yet.", "尚无预警办结并给出结论。"
    ),
    "beside": Text("Beside others of this risk", "与同类规则对照"),
    "beside says": Text(
        "Places and days of the last year on which each found something.", "近一年各规则命中的地点与天数。"
    ),
    "this one": Text("this", "本规则"), "that one": Text("that", "该规则"), "both": Text("both", "同时"),
    "receivers": Text("Receivers", "接收单位"), "receiver": Text("Receiver", "接收单位"),
    "receivers say": Text(
        "Send test puts a message marked as an exercise on its way, by the means a warning would take.",
        "“发送测试”将按预警的发送渠道发出一条标明演练的消息。",
    ),
    "by which means": Text("By", "渠道"), "last message": Text("Last message", "最近消息"),
    "test it": Text("Send test", "发送测试"),
    "placed": Text("Placed, last 7 days", "近7天定位层级"), "export": Text("Export", "导出"),
    "read again": Text("Read again", "重新读取"),
    "reads again": Text(
        "It will be read from its beginning at its next poll.", "下次采集时将从头读取。"
    ),
    "and": Text(", ", "、"), "moment": Text("When", "时间"),
    "error": Text("error", "错误"), "warning": Text("warning", "警告"), "hint": Text("hint", "提示"),
    "unread id": Text("the number cannot be read", "编号无法读取"),
    "unread time": Text("the time cannot be read", "时间无法读取"),
    "unread category": Text("the category cannot be read", "类别无法识别"),
    "unread place": Text("the place cannot be read", "地点无法识别"),
    "unread record": Text("the record cannot be read", "记录无法读取"),
}
