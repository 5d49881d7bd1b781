"""The sentences in which a rule is explained, in every language the engine speaks."""

from __future__ import annotations

from engine.model.grade import COLOURS, RUNGS
from engine.model.period import Cycle
from engine.model.rule import Scope, Status
from engine.model.times import WEEK

_ENGLISH = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: What a cycle, a status or a scope is called; the rest stand as they are.
WORDS: dict[str, dict[str, str]] = {
    "en": {
        Cycle.IMMEDIATE: "As soon as an incident becomes known", Cycle.DAILY: "Every day",
        Cycle.WEEKLY: "Every week", Cycle.MONTHLY: "Every month",
        Status.DRAFT: "a draft, judged by nobody", Status.TRIAL: "on trial: judged, but sent to nobody",
        Status.STABLE: "in force", Status.RETIRED: "retired",
        Scope.SAME: "in the {level} itself", Scope.NEIGHBOURS: "in its neighbours",
        Scope.PARENT: "in the area above it", Scope.ANCESTORS: "in the areas above it",
        Scope.BELOW: "in the areas below it",
        **{grade.word: COLOURS[grade].en for grade in RUNGS},
        "count": "by number", "rate": "by inhabitants",
        "up": "up", "down": "down",
        "": "",
        **dict(zip(WEEK, _ENGLISH, strict=True)),
    },
    "zh": {
        Cycle.IMMEDIATE: "一旦获知事件", Cycle.DAILY: "每日", Cycle.WEEKLY: "每周", Cycle.MONTHLY: "每月",
        Status.DRAFT: "草稿，不研判", Status.TRIAL: "试运行：研判但不发送", Status.STABLE: "生效",
        Status.RETIRED: "已停用",
        Scope.SAME: "在本{level}内", Scope.NEIGHBOURS: "在相邻地区", Scope.PARENT: "在上一级地区",
        Scope.ANCESTORS: "在各上级地区", Scope.BELOW: "在下辖地区",
        **{grade.word: COLOURS[grade].zh for grade in RUNGS},
        "count": "数量", "rate": "按人口的比率",
        "up": "上升", "down": "下降",
        "": "",
        **dict(zip(WEEK, (f"周{day}" for day in "一二三四五六日"), strict=True)),
    },
}  # fmt: skip

#: The parts of an explanation.
PARTS: dict[str, dict[str, str]] = {
    "en": {
        "head": "{title} ({id}): {status}.",
        "count": "{cycle}, {where}, it counts {what} {window}.",
        "sum": "{cycle}, {where}, it adds up '{measure}' over {what} {window}.",
        "max": "{cycle}, {where}, it takes the greatest '{measure}' read by {what} {window}.",
        "last": "{cycle}, {where}, it takes the last '{measure}' read by {what} {window}; of many the worst.",
        "open": "{cycle}, {where}, it counts how many {what} are open at the end {window}{older}.",
        "change": (
            "{cycle}, {where}, it counts how many more {what} are open than at the start {window}{older}."
        ),
        "against year": "the same stretch a year ago",
        "against previous": "the stretch before",
        "against baseline": "the {blocks} earlier stretches together",
        "years ago": "the same stretch of each of the last {years} years together (two must be known)",
        "beyond": ", to more than {ratio:g} times of it,",
        "beside all": ", measured against all areas together",
        "beside parent": ", measured against the other areas of the same parent",
        "older": ", those open for longer than {span}",
        "holds": "A reading holds for {span}, and then nobody knows; no reading is no zero.",
        "incidents": "incidents ({categories}", "more": " and {number} more kinds", "close": ")",
        "ahead days": ", or one comes within {span}",
        "soon": ", or begins within {span}",
        "circle": " and {far} about one of them", "by inhabitants": " by their inhabitants",
        "within the whole": " within that whole",
        "it comes": "an event of its topic comes",
        "so many come": "{count} or more of these come",
        "beside alerts": ", alerts ({kinds}) counted in", "beside days": ", days of '{calendar}' counted in",
        "severity": ", severity {severity} or worse", "feeds": ", reported by {feeds}",
        "hours of": ", at {hours}", "days on": ", on {days}", "nights on": ", on nights that begin on {days}",
        "kinds and": ", ",
        "each": "in each {level}", "whole": "in the whole {level}",
        "chosen": "in each of these areas alone ({level}: {areas})", "more areas": " and {number} more",
        "day": "of the last day", "days": "of the last {days} days", "hours": "of the last {hours} hours",
        "baseline": "It compares them with the {blocks} earlier stretches of {days} days.",
        "month": "of the last calendar month",
        "baseline of months": (
            "It compares them with the {blocks} earlier calendar months, each for as many days as it has."
        ),
        "baseline of days": "It compares them with the {blocks} earlier days.",
        "gap": "The {gap} days right before are left out.",
        "share": "Shares are of {what}.",
        "rung": "- {grade} if {tests}{delay}", "and": ", and ",
        "any of": "either {ways}", "or": ", or ", "together": "({tests})",
        "delay": " ({number} judgements in a row)",
        "ahead": "It says what happens within {span}.",
        "hold": "A grade falls after {number} quiet judgements in a row.",
        "lasts": "What it finds stands for {lasts}; reports older than {max_age} raise nothing.",
        "cool_down": "For {span} after it has been lifted it does not rise to the same grade again.",
        "fdr": "Over all areas together at most {fdr:.0%} of what it finds may be chance.",
        "nowcast": "The last days are completed by what usually arrives late.",
        "looks": "{cycle}, {where}, it looks {scope} over the last {within} for:",
        "all": "- {grade} if all of these are found{order}: {patterns}",
        "any": "- {grade} if any of these is found: {patterns}",
        "areas": "- {grade} if at least {number} areas have {patterns}",
        "some": "- {grade} if at least {number} of these are found: {patterns}", "kinds": "; ", "parts": "; ",
        "after": ", each within {span} after the one before",
        "order": ", in this order", "none": "Only where these are proven absent: {patterns}.",
        "topic": "a {as_it} on '{topic}'", "rule": "a {as_it} of {rule}", "from": " of {grade} or worse",
        "standing": "standing finding", "raw": "raw finding (before delays and holds)",
        "tested": " under the test: {tests}", "times": ", {count} or more", "at": " by {level}",
        "measures": "It asks for:", "measure": "- {what} ({department}, within {within}, from {grade} up)",
        "why": "Why: {why}", "false alarms": "Fires in vain: {why}", "references": "After: {of}",
        "d": "{n} day{s}", "h": "{n} hour{s}", "m": "{n} minute{s}", "s": "{n} second{s}",
    },
    "zh": {
        "head": "{title}（{id}）：{status}。",
        "count": "{cycle}，{where}统计{window}的{what}数量。",
        "sum": "{cycle}，{where}累计{window}{what}的“{measure}”。",
        "max": "{cycle}，{where}取{window}{what}的“{measure}”最高读数。",
        "last": "{cycle}，{where}取{window}{what}的“{measure}”最后读数；有多处时取最高者。",
        "open": "{cycle}，{where}统计{window}末仍未结的{what}数量{older}。",
        "change": "{cycle}，{where}统计{window}内未结{what}的净增数量{older}。",
        "against year": "去年同期", "against previous": "上一时段",
        "against baseline": "此前 {blocks} 段合计",
        "years ago": "过去 {years} 年同期合计（至少两年已知）", "beyond": "至 {ratio:g} 倍以上",
        "beside all": "，并以全部地区的变化为参照", "beside parent": "，并以同一上级的其他地区的变化为参照",
        "older": "（仅计未结超过 {span}者）",
        "holds": "一次读数保持 {span}，此后视为不明；没有读数不等于零。",
        "incidents": "事件（{categories}", "more": "等另外 {number} 类", "close": "）",
        "ahead days": "，或 {span}内有此日",
        "soon": "，或将在 {span}内生效",
        "circle": "、{far}半径内", "by inhabitants": "按人口计",
        "within the whole": "就该整体而言",
        "it comes": "本主题事件", "so many come": "此类事件 {count} 起及以上",
        "beside alerts": "，计入有效预警信息（{kinds}）", "beside days": "，计入“{calendar}”",
        "severity": "，严重程度 {severity} 及以上", "feeds": "，来源：{feeds}",
        "hours of": "，{hours}之间", "days on": "，{days}", "nights on": "，自{days}当晚起算",
        "kinds and": "、",
        "each": "按{level}", "whole": "在{level}范围",
        "chosen": "仅在以下{level}：{areas}", "more areas": "等另外 {number} 处",
        "day": "最近一天", "days": "最近 {days} 天", "hours": "最近 {hours} 小时",
        "baseline": "与此前 {blocks} 段各 {days} 天相比较。",
        "month": "最近一个自然月", "baseline of months": "与此前 {blocks} 个自然月相比较，按各月天数折算。",
        "baseline of days": "与此前 {blocks} 天逐日相比较。",
        "gap": "紧邻的 {gap} 天不计入。",
        "share": "占比以{what}为分母。",
        "rung": "- {grade}：{tests}{delay}", "and": "，且",
        "any of": "以下任一成立：{ways}", "or": "；或", "together": "（{tests}）",
        "delay": "（连续 {number} 次研判）",
        "ahead": "它所预示的是此后 {span}内的情况。",
        "hold": "连续 {number} 次研判不再满足后降级。",
        "lasts": "结果保持 {lasts}；超过 {max_age}的报告不触发。",
        "cool_down": "解除后 {span}内不再升至同一等级。",
        "fdr": "全部地区合计，偶然结果的比例不超过 {fdr:.0%}。",
        "nowcast": "最近数日按通常的迟报量补足。",
        "looks": "{cycle}，{where}，{scope}查看最近 {within}：",
        "all": "- {grade}：以下各项全部出现{order}：{patterns}",
        "any": "- {grade}：以下任一项出现：{patterns}",
        "areas": "- {grade}：至少 {number} 个地区出现{patterns}",
        "some": "- {grade}：以下至少 {number} 项出现：{patterns}", "kinds": "、", "parts": "；",
        "after": "，后一项在前一项之后 {span}内",
        "order": "且依此次序", "none": "并且确证未出现：{patterns}。",
        "topic": "“{topic}”主题{as_it}", "rule": "规则 {rule} {as_it}", "from": "（{grade}及以上）",
        "standing": "现行的发现", "raw": "未计延迟与保持的发现",
        "tested": "（检验：{tests}）", "times": "，{count} 起及以上", "at": "（按{level}）",
        "measures": "建议措施：", "measure": "- {what}（{department}，{within}内，{grade}起）",
        "why": "理由：{why}", "false alarms": "误报情形：{why}", "references": "依据：{of}",
        "d": "{n} 天", "h": "{n} 小时", "m": "{n} 分钟", "s": "{n} 秒",
    },
}

#: A test in words, by its parameters; a test that is not here is told by its name and parameters.
TESTS: dict[str, dict[str, str]] = {
    "en": {
        "at_least": "there are {count:g} or more",
        "at_most": "there are {most:g} or fewer, and nothing was missed",
        "rate_at_least": "there are {rate:g} or more per {per:,} inhabitants",
        "share_of": "they make up at least {share:.0%} of the whole, which is at least {of_at_least:g}",
        "rare": "chance would give so many with a probability below {alpha:g}",
        "change": "such a rise over {against}{beyond} has a chance below {alpha:g}{relative_to}",
        "ears": "they exceed the EARS threshold {method}, which chance does with a probability of {level:g}",
        "cusum": "{run} stretches together speak for {shift:g} times the usual (by chance: {alpha:g})",
        "farrington": (
            "they exceed what the same season of the last {b} years leads to expect, which chance does with "
            "a probability of {alpha:g}"
        ),
        "cluster": (
            "they belong to {min_cases:g} or more that lie close together, within {max_days} days{radius}, "
            "as chance would place them{model} with a probability below {alpha:g}"
        ),
        "near_repeat": (
            "pairs of them within {within:g} m and {days} days of each other are so many as chance would "
            "give with a probability of at most {alpha:g}"
        ),
        "trend": "they follow a trend ({direction}) that chance gives with a probability below {alpha:g}",
        "forecast": "chance would exceed the forecast so far with a probability below {alpha:g}",
        "new": "there are {at_least:g} or more, and there was none in the whole past looked at",
        "percentile": (
            "it has more ({by}) than {above:.0%} of the other areas judged then, "
            "of which {among} must be known"
        ),
        "silent": "chance would give so few with a probability below {alpha:g}",
        "during": "it is a time of '{watches}' there",
        "on": "it is a day of '{calendar}'{soon}",
        "alert": "an alert ({kinds}{severity}{feeds}) is in force{soon}",
        "chance": (
            "the chance that {what} within {span}, learned anew every month{beside}, is {chance} or more"
        ),
    },
    "zh": {
        "at_least": "达到 {count:g} 起",
        "at_most": "不超过 {most:g} 起，且数据无缺漏",
        "rate_at_least": "每 {per:,} 居民达到 {rate:g} 起",
        "share_of": "占总数（至少 {of_at_least:g}）的 {share:.0%} 以上",
        "rare": "偶然出现这么多的概率低于 {alpha:g}",
        "change": "较{against}上升{beyond}{relative_to}，偶然所致的概率低于 {alpha:g}",
        "ears": "超过 EARS {method} 阈值（偶然超过的概率 {level:g}）",
        "cusum": "最近 {run} 段累计表明已升至平常的 {shift:g} 倍（误报率 {alpha:g}）",
        "farrington": "超过前 {b} 年同期水平所预期（偶然超过的概率 {alpha:g}）",
        "cluster": (
            "属于 {max_days} 天内{radius}彼此邻近的 {min_cases:g} 起以上，"
            "{model}偶然如此聚集的概率低于 {alpha:g}"
        ),
        "near_repeat": (
            "相距 {within:g} 米以内、{days} 天之内成对发生的事件之多，偶然出现的概率不超过 {alpha:g}"
        ),
        "trend": "呈趋势（{direction}），偶然出现的概率低于 {alpha:g}",
        "forecast": "偶然超出预测这么多的概率低于 {alpha:g}",
        "new": "达到 {at_least:g} 起，而此前整个时段内从未出现",
        "percentile": "{by}高于同时研判的其他地区的 {above:.0%}（至少 {among} 个地区已知）",
        "silent": "偶然出现这么少的概率低于 {alpha:g}",
        "during": "当地处于“{watches}”期间",
        "on": "当日为“{calendar}”{soon}",
        "alert": "有生效的预警信息（{kinds}{severity}{feeds}）{soon}",
        "chance": "{span}内出现{what}的概率（每月由过往学得{beside}）达到 {chance}",
    },
}

#: The same of readings, which are no number of cases.
READ: dict[str, dict[str, str]] = {
    "en": {
        "at_least": "it is {count:g} or more", "at_most": "it is {most:g} or less",
        "ears": "it exceeds the EARS threshold {method}, which chance does with a probability of {level:g}",
        "trend": "it follows a trend ({direction}) that chance gives with a probability below {alpha:g}",
    },
    "zh": {"at_least": "达到 {count:g}", "at_most": "不超过 {most:g}"},
}  # fmt: skip
