"""Every sentence a receiver reads, in each language; facts go where the braces are."""

from __future__ import annotations

from collections.abc import Mapping

from engine.model.grade import Confidence
from engine.model.indicator import Take
from engine.model.text import Text
from engine.model.warning import Issuer, Step

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
    Step.PROPOSED: Text(
        "[Proposed: {after}] {title}, {area}: waits for {whom}",
        "【待批：{after}】{area}：{title}（待{whom}批准）",
    ),
    Step.DECLINED: Text(
        "[Declined: {after}] {title}, {area}: not issued", "【未批准：{after}】{area}：{title}（不予发布）"
    ),
    Step.WITHDRAWN: Text(
        "[Withdrawn: {after}] {title}, {area}: no longer proposed",
        "【撤回：{after}】{area}：{title}（不再提请）",
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
UNAPPROVED = Text(
    "Not yet approved: nobody answered in time, so it was sent all the same.",
    "尚未批准：规定时限内无人答复，先行发出。",
)
#: Of a warning of which more is known than anybody has let pass.
WAITS = Text("A graver grade waits to be approved: {grade}.", "已提请升为{grade}，尚待批准。")
LINE_WAITS = Text(", {grade} waits to be approved", "，{grade}待批")
#: Whose word a proposal waits for, and what may be answered.
WHOM: Mapping[Issuer, Text] = {
    Issuer.DUTY: Text("the officer on duty", "值班员"),
    Issuer.LEADER: Text("a leader", "带班领导"),
    Issuer.TWO: Text("two people", "两人"),
}
#: What a grade is called where there is none: the end of a warning is proposed.
LIFTING = Text("to lift", "解除")
ANSWER = Text(
    "To answer: forewarn warnings issue {id} --who NAME; or: forewarn warnings decline {id} --who NAME "
    "--why REASON",
    "答复：forewarn warnings issue {id} --who 姓名；或：forewarn warnings decline {id} --who 姓名 --why 理由",
)
#: A situation: one event, many lines.
SITUATION = Text(
    "[Situation] {topic}: {number} open, {grade} in {area} leads",
    "【态势】{topic}：{number}条预警，{area}{grade}居首",
)
SITUATION_LINE = Text(
    "- {grade}: {area}, since {since}{waits}{over}{new}", "- {grade}：{area}，自{since}{waits}{over}{new}"
)
OVER = Text(", over", "，已解除")
NEW = Text(" (new)", "（新）")
#: Before the subject of what was told before.
REMINDER = Text("Reminder {number}: {subject}", "第{number}次提醒：{subject}")
AGAIN = Text("Still open: {subject}", "仍未结束：{subject}")
INSTEAD = Text("No answer from {of}: {subject}", "{of}未答复：{subject}")
UNTOLD = Text(
    "Nobody has answered since {since}; due at {due}{late}.", "自{since}起无人答复；应于{due}发出{late}。"
)
LATE = Text(", sent {minutes} minutes late", "，迟{minutes}分钟")
ACKNOWLEDGE = Text(
    "To acknowledge: forewarn warnings ack {id} --who NAME --for {receiver}",
    "签收：forewarn warnings ack {id} --who 姓名 --for {receiver}",
)
NOT_STATUTORY = Text(
    "Advisory level, for the departments addressed only: in this domain the colours are not statutory.",
    "本级别为内部提示级别，仅供收件部门参考：该领域的颜色分级不属于法定预警。",
)

#: One topic in many areas at once, by what happened in each.
MANY_AREAS: Mapping[str, Text] = {
    "issued": Text("[{grade}] {title} in {number} areas: {places}", "【{grade}】{number}地{title}：{places}"),
    "upgraded": Text(
        "[{grade}] {title} raised in {number} areas: {places}", "【{grade}】{number}地{title}升级：{places}"
    ),
    "downgraded": Text(
        "[{grade}] {title} lowered in {number} areas: {places}", "【{grade}】{number}地{title}降级：{places}"
    ),
    "lifted": Text(
        "[Lifted] {title} is over in {number} areas: {places}", "【解除】{number}地{title}：{places}"
    ),
    "expired": Text(
        "[Expired] {title} can no longer be judged in {number} areas: {places}",
        "【失效】{number}地{title}因数据中断无法研判：{places}",
    ),
}
AREA_LINE = Text("- {grade}: {area}{facts} ({id})", "- {grade}：{area}{facts}（{id}）")
AREA_FACTS = Text(", {facts}", "，{facts}")
MORE_AREAS = Text(
    "- and {number} more: forewarn warnings list", "- 另有{number}地，查看：forewarn warnings list"
)
TO_DO_EACH = Text("To do, in each of them:", "各地应采取的措施：")
WHY_EACH = Text(
    "How we know: forewarn warnings why ID, with an ID from above",
    "查看研判依据：forewarn warnings why 编号（编号见上）",
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

CHANCE = Text("How likely: {said} (about {percent})", "可能性：{said}（约 {percent}）")

EVIDENCE = Text("Evidence: {facts}", "依据：{facts}")
MORE_EVIDENCE = Text("Evidence: {number} more, see below how", "依据：另有{number}项，查看方法见下")
FACTS = Text("; ", "；")
COUNTED_ONE = Text("1 incident, {days}", "{days}发生1起")
COUNTED = Text("{value} incidents, {days}", "{days}发生{value}起")
TAKEN: Mapping[Take, Text] = {
    Take.SUM: Text("{value} {unit}, {days}", "{days}{unit}合计{value}"),
    Take.MAX: Text("{unit} up to {value}, {days}", "{days}{unit}最高{value}"),
    Take.LAST: Text("{unit} at {value}, last of {days}", "{days}{unit}最后读数{value}"),
    Take.OPEN: Text("{value} open at the end of {days}", "{days}末未结{value}起"),
    Take.CHANGE: Text("{value} more open, {days}", "{days}未结净增{value}起"),
}
ONE_DAY = Text("on {first}", "{first}")
DAYS = Text("{first} to {last}", "{first}至{last}")
ALERTED = Text("an alert is in force", "有预警信息生效")
EXPECTED = Text("{value} would be usual", "通常为{value}")
NEEDED = Text("{grade} from {value}", "{value}起为{grade}")
MISSING = Text("{value} more for {grade}", "再增加{value}即为{grade}")
MATCHED = Text("{pattern} in {areas}", "{areas}：{pattern}")
AND_MORE = Text("{areas} and {number} more", "{areas}等另{number}处")
LIST = Text(", ", "、")
WHERE = Text("Where: {places}", "地点：{places}")
WHEN = Text("When: {days}", "时间：{days}")
ALSO = Text("Also told by: {feeds}", "另有来源报告：{feeds}")
SO_MANY = Text("{name} ({many})", "{name}（{many}起）")
NO_NEARER = Text("elsewhere in {area}", "{area}其他地点")
EARLIER = Text("{days}; {number} earlier", "{days}；此前{number}起")

TO_DO = Text("To do:", "应采取的措施：")
TASK = Text("- {what}: {department}, by {due}", "- {what}：{department}，{due}前完成")
TASK_AGAIN = Text(
    "- {what}: {department}, by {due} (asked before)", "- {what}：{department}，{due}前完成（此前已要求）"
)
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
    "utilities": Text("utilities", "公用事业单位"),
    "water": Text("water authority", "水利部门"),
}


def department(code: str) -> Text:
    """What a kind of department is called."""
    return DEPARTMENTS.get(code, Text(code))
