"""The words of a letter that no sentence of the message has."""

from __future__ import annotations

from engine.model.text import Text

STEPS = {
    "issued": Text("Issued", "发布"), "upgraded": Text("Raised", "升级"),
    "downgraded": Text("Lowered", "降级"),
    "lifted": Text("Over", "解除"), "expired": Text("Expired: unknown", "失效：情况不明"),
    "proposed": Text("Proposed, not issued", "待批，尚未发布"), "declined": Text("Not issued", "不予发布"),
    "withdrawn": Text("Withdrawn", "撤回"), "reminder": Text("Reminder", "提醒"),
    "escalation": Text("No answer yet", "尚无答复"), "again": Text("Still open", "仍未结束"),
}  # fmt: skip
ADVISORY = Text("advisory level", "提示级别")
STATUTORY = Text("warning", "预警")
ANSWER = Text("Read it and answer", "查看并答复")
ANSWER_EACH = Text("Each line leads to its page, where it is read and answered.", "点击各行可查看并答复。")
NO_ACCOUNT = Text(
    "No account is needed. The link is yours alone: do not pass it on.",
    "无需账号。此链接仅供您使用，请勿转发。",
)
REPLY = Text(
    "Or answer this e-mail: write READ in its first line, or what you have to say.",
    "也可直接回复本邮件：首行写“已阅”，或写明情况。",
)
WHAT = Text("What", "措施")
WHO = Text("Who", "责任部门")
WHEN = Text("By", "完成时限")
AGAIN = Text("asked before", "此前已要求")
CHART = Text(
    "The last bar is the window judged, grey the {number} before it. Lines: where each grade starts.",
    "最右为研判期，灰色为此前{number}个时段；横线为各级别标准。",
)
CHART_USUAL = Text("Dotted: what is usual, {usual}.", "点线为常态（{usual}）。")
UNSEEN = Text("Hatched: nobody was looking.", "斜线为无数据。")
EXERCISE = Text(
    "THIS IS AN EXERCISE. Nothing of what follows has happened.", "演练：以下内容并非真实事件。"
)
