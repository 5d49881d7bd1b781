"""The words of the page behind a link."""

from __future__ import annotations

from engine.model.task import TaskState
from engine.model.text import Text

SAID = {
    "unknown": Text("This link opens nothing.", "此链接无效。"),
    "revoked": Text(
        "This link was taken back. The next message has a new one.", "此链接已被撤销，下一条消息将附新链接。"
    ),
    "over": Text("This link is over, as its warning is.", "该预警已结束，此链接已失效。"),
    "often": Text("That was too often. Wait a minute, then try again.", "操作过于频繁，请一分钟后再试。"),
    "broke": Text(
        "This could not be done. The log tells why; the service goes on.",
        "操作失败，原因见日志；服务仍在运行。",
    ),
    "nothing": Text("Nothing was done:", "未执行："),
    "for": Text("For {receiver}", "接收单位：{receiver}"), "warning": Text("warning", "预警"),
    "advisory": Text("advisory level", "提示级别"), "ended": Text("over since {when}", "已于{when}解除"),
    "name": Text("Your name", "姓名"), "read": Text("I have read it and act", "已阅并处置"),
    "was read": Text("Read by {who}, {when}", "{who}已阅，{when}"),
    "to do": Text("Asked of you", "贵单位任务"),
    "accept": Text("We do it", "接受任务"), "done": Text("It is done", "已完成"),
    "result": Text("With what result", "办理结果"), "due": Text("by {when}", "{when}前完成"),
    "comment": Text("Something to say", "反馈情况"), "send": Text("Send", "发送"),
    "said": Text("Said so far", "已有反馈"), "kept": Text("Kept: {what}", "已记录：{what}"),
    "careful": Text(
        "Name no person: what identifies people is masked before it is kept.",
        "请勿填写个人信息：可识别个人的内容在保存前会被遮盖。",
    ),
    "form revoked": Text(
        "This link was taken back: ask whoever gave it to you for a new one.",
        "此链接已被撤销，请向发放人索取新链接。",
    ),
    "form over": Text(
        "This link is over: ask whoever gave it to you for a new one.", "此链接已过期，请向发放人索取新链接。"
    ),
    "no form": Text("This cannot be read; open the link anew.", "无法读取，请重新打开链接。"),
    "need name": Text("say who you are", "请填写姓名"), "need words": Text("say something", "请填写内容"),
}  # fmt: skip

STATES = {
    TaskState.ASKED: Text("asked", "待接办"), TaskState.ACCEPTED: Text("accepted", "已接办"),
    TaskState.OVERDUE: Text("OVERDUE", "已逾期"), TaskState.DONE: Text("done", "已完成"),
    TaskState.DECLINED: Text("declined", "不予办理"), TaskState.VOID: Text("no longer asked", "已撤销"),
}  # fmt: skip


def say(language: str, key: str, **facts: object) -> str:
    """One text of the catalogue."""
    return SAID[key].say(language).format(**facts)
