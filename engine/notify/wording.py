"""Every sentence a receiver reads, in each language; facts go where the braces are."""

from __future__ import annotations

from collections.abc import Mapping

from engine.model.grade import Confidence
from engine.model.text import Text
from engine.model.warning import Step

#: What a grade is called: statutory, or advisory where the colours are not.
STATUTORY = Text("{grade} warning", "{grade}预警")
ADVISORY = Text("{grade} advisory level", "{grade}提示级别")

SUBJECT: Mapping[Step, Text] = {
    Step.ISSUED: Text("[{after}] {title}, {area}", "【{after}】{area}：{title}"),
    Step.UPGRADED: Text(
        "[{after}] {title}, {area}: raised from {was}", "【{after}】{area}：{title}（由{was}升级）"
    ),
    Step.DOWNGRADED: Text(
        "[{after}] {title}, {area}: lowered from {was}", "【{after}】{area}：{title}（由{was}降级）"
    ),
    Step.LIFTED: Text(
        "[Lifted] {title}, {area}: {before} is over", "【解除】{area}：{title}（{before}已解除）"
    ),
    Step.EXPIRED: Text(
        "[Expired] {title}, {area}: {before} can no longer be judged",
        "【失效】{area}：{title}（{before}因数据中断无法研判）",
    ),
}

UNKNOWN_NOT_OVER = Text(
    "Expired means unknown, not over: the sources have been silent for too long.",
    "失效不等于解除：数据来源长期中断，情况不明。",
)
NOT_STATUTORY = Text(
    "Advisory level, for the departments addressed only: in this domain the colours are not statutory.",
    "本级别为内部提示级别，仅供收件部门参考：该领域的颜色分级不属于法定预警。",
)

REASON = Text("Why: {reason}", "原因：{reason}")
TOPIC = Text("Risk: {topic}", "风险：{topic}")
SINCE = Text("Since: {moment}", "起始时间：{moment}")
CONFIDENCE = Text("Confidence: {word}{cause}", "可信度：{word}{cause}")
CAUSE = Text(" ({cause})", "（{cause}）")
WORDS: Mapping[Confidence, Text] = {
    Confidence.HIGH: Text("high", "高"),
    Confidence.MEDIUM: Text("medium", "中"),
    Confidence.LOW: Text("low", "低"),
}

EVIDENCE = Text("Evidence: {facts}", "依据：{facts}")
MORE_EVIDENCE = Text("Evidence: {number} more, see below how", "依据：另有{number}项，查看方法见下")
FACTS = Text("; ", "；")
COUNTED_ONE = Text("1 incident, {days}", "{days}发生1起")
COUNTED = Text("{value} incidents, {days}", "{days}发生{value}起")
SUMMED = Text("{value} {unit}, {days}", "{days}{unit}合计{value}")
ONE_DAY = Text("on {first}", "{first}")
DAYS = Text("{first} to {last}", "{first}至{last}")
EXPECTED = Text("{value} would be usual", "通常为{value}")
NEEDED = Text("{grade} from {value}", "{value}起为{grade}")
MISSING = Text("{value} more for {grade}", "再增加{value}即为{grade}")
MATCHED = Text("{pattern} in {areas}", "{areas}：{pattern}")
AND_MORE = Text("{areas} and {number} more", "{areas}等另{number}处")
LIST = Text(", ", "、")

TO_DO = Text("To do:", "应采取的措施：")
TASK = Text("- {what}: {department}, by {due}", "- {what}：{department}，{due}前完成")
ASKED = Text("- {what}: {department}, as asked before", "- {what}：{department}，时限同前")
NOTHING_TO_DO = Text("Measures asked for under this warning end here.", "本预警项下要求的措施至此结束。")

WHY = Text("How we know: forewarn warnings why {id}", "查看研判依据：forewarn warnings why {id}")

#: What the kinds of department that measures are asked of are called; another is called by its code.
DEPARTMENTS = {
    "administration": Text("public administration", "行政机关"),
    "commerce": Text("commerce", "商务部门"),
    "community": Text("community", "社区"),
    "cyber-security": Text("cyber security", "网络安全部门"),
    "emergency-management": Text("emergency management", "应急管理部门"),
    "financial-supervision": Text("financial supervision", "金融监管部门"),
    "fire-rescue": Text("fire and rescue", "消防救援部门"),
    "health": Text("health", "卫生健康部门"),
    "housing": Text("housing", "住房管理部门"),
    "information-office": Text("information office", "新闻发布部门"),
    "justice": Text("justice", "司法行政部门"),
    "police": Text("police", "公安机关"),
    "social-services": Text("social services", "民政部门"),
    "transport": Text("transport", "交通运输部门"),
}


def department(code: str) -> Text:
    """What a kind of department is called."""
    return DEPARTMENTS.get(code, Text(code))
