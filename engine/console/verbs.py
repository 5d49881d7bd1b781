"""What people do, in words: on buttons and above forms."""

from __future__ import annotations

from engine.model.act import ActKind, Verdict
from engine.model.response import ResponseState, StepState
from engine.model.task import TaskState
from engine.model.text import Text

#: What a button says; `{grade}` is what it is done at.
PRESS = {
    ActKind.ACKNOWLEDGE: Text("Acknowledge", "签收"), ActKind.UNACKNOWLEDGE: Text("Take back", "撤回签收"),
    ActKind.ISSUE: Text("Issue {grade}", "签发{grade}"), ActKind.DECLINE: Text("Decline", "不予签发"),
    ActKind.REGRADE: Text("Regrade", "调整级别"), ActKind.LIFT: Text("Lift", "解除"),
    ActKind.CLOSE: Text("Close", "办结"), ActKind.COMMENT: Text("Note", "备注"),
    ActKind.RAISE: Text("Raise by hand", "人工发布"), ActKind.SILENCE: Text("Silence", "静默"),
    ActKind.UNSILENCE: Text("End silence", "结束静默"), ActKind.TASK_ACCEPT: Text("Accept", "接受"),
    ActKind.TASK_DONE: Text("Done", "完成"), ActKind.TASK_DECLINE: Text("Decline", "退回"),
    ActKind.TASK_FEEDBACK: Text("Report", "反馈"), ActKind.PLAN_START: Text("Start plan", "启动预案"),
    ActKind.STEP_DONE: Text("Done", "完成"), ActKind.STEP_FAILED: Text("Failed", "未能完成"),
    ActKind.STAND_DOWN: Text("Stand down", "终止响应"), ActKind.VERDICT: Text("Verdict", "结论"),
}  # fmt: skip
#: What follows from it, above the form.
SAYS = {
    ActKind.ACKNOWLEDGE: Text("Read, and acted upon. The reminders end.", "已阅并处置，提醒停止。"),
    ActKind.UNACKNOWLEDGE: Text("Whoever was told is asked again.", "将再次提醒接收单位。"),
    ActKind.ISSUE: Text("It goes out at once, and cannot be taken back.", "立即发布，不可撤回。"),
    ActKind.DECLINE: Text(
        "The grade stays as it is, until something graver is found.", "级别不变，直至研判出更高级别。"
    ),
    ActKind.REGRADE: Text(
        "Automation leaves the grade alone until its end, or until it finds graver.",
        "在截止时间前或研判出更高级别前，系统不再自动调整。",
    ),
    ActKind.LIFT: Text("It ends without a verdict.", "不作结论，直接解除。"),
    ActKind.CLOSE: Text("What it was in the end; the warning is over.", "给出结论，预警结束。"),
    ActKind.COMMENT: Text("It stands with the warning and changes nothing.", "仅作记录，不改变预警状态。"),
    ActKind.RAISE: Text(
        "A warning without a rule. What is grave waits for a leader, red for a second person.",
        "不经规则人工发布；橙色以上须负责人签发，红色须两人签发。",
    ),
    ActKind.SILENCE: Text(
        "Nothing of it is pushed up to the grade at which it stands. Red is never silenced.",
        "当前级别及以下的消息暂不推送；红色不可静默。",
    ),
    ActKind.UNSILENCE: Text("What stands is told now.", "立即通知现有预警。"),
    ActKind.TASK_ACCEPT: Text("We do it.", "本单位承办。"),
    ActKind.TASK_DONE: Text("It is done.", "已完成。"),
    ActKind.TASK_DECLINE: Text("We do not do it, and why.", "不予承办，并说明原因。"),
    ActKind.TASK_FEEDBACK: Text("What was found or done so far.", "目前进展情况。"),
    ActKind.PLAN_START: Text("Its first steps are asked at once.", "立即下达首批步骤。"),
    ActKind.STEP_DONE: Text("It is done.", "已完成。"),
    ActKind.STEP_FAILED: Text("What went wrong.", "说明原因。"),
    ActKind.STAND_DOWN: Text("The plan ends; its last steps are asked.", "预案终止，下达收尾步骤。"),
    ActKind.VERDICT: Text("What it was in the end.", "给出结论。"),
}  # fmt: skip

VERDICTS = {
    Verdict.CONFIRMED: Text("confirmed: it happened", "属实：已发生"),
    Verdict.AVERTED: Text("averted: something was done, and it did not", "化解：已处置，未发生"),
    Verdict.FALSE_ALARM: Text("false alarm", "误报"), Verdict.UNCLEAR: Text("unclear", "无法判定"),
}  # fmt: skip

TASKS = {
    TaskState.ASKED: Text("asked", "已下达"), TaskState.ACCEPTED: Text("accepted", "已接受"),
    TaskState.OVERDUE: Text("overdue", "逾期"), TaskState.DONE: Text("done", "已完成"),
    TaskState.DECLINED: Text("declined", "已退回"), TaskState.VOID: Text("void", "作废"),
}  # fmt: skip
STEPS = {
    StepState.WAITING: Text("waits", "待下达"), StepState.ASKED: Text("asked", "已下达"),
    StepState.OVERDUE: Text("overdue", "逾期"), StepState.DONE: Text("done", "已完成"),
    StepState.FAILED: Text("failed", "未能完成"), StepState.VOID: Text("void", "作废"),
}  # fmt: skip
PLANS = {
    ResponseState.PROPOSED: Text("waits for its start", "待启动"),
    ResponseState.RUNNING: Text("under way", "响应中"),
    ResponseState.ENDED: Text("ended", "已终止"), ResponseState.LAPSED: Text("lapsed", "已失效"),
}  # fmt: skip

#: What the audit names beside acts.
AUDITED = {
    "account added": "新增账号", "account changed": "变更账号", "account closed": "停用账号",
    "password reset": "重置密码", "password chosen": "设置密码", "sign in": "登录", "signed out": "退出",
    "session ended": "强制退出", "api token made": "新建接口令牌", "display token made": "新建大屏令牌",
    "feed token made": "新建数据源令牌", "token revoked": "撤销令牌", "fault acknowledged": "知悉故障",
    "feed reread": "重新读取数据源", "receiver tested": "发送测试", "draft kept": "保存草稿",
    "events taken apart": "拆分事件", "events may be one": "允许合并事件",
}  # fmt: skip
#: Through which surface somebody acts.
VIA = {
    "console": Text("console", "网页"), "api": Text("api", "接口"), "link": Text("link", "链接"),
    "cli": Text("cli", "命令行"), "display": Text("display", "大屏"), "feed": Text("feed", "数据源"),
}  # fmt: skip


def audited(what: str, language: str) -> str:
    """What was done or tried, in a language."""
    if language != "zh":
        return what
    if what in set(ActKind):
        return PRESS[ActKind(what)].zh.format(grade="")
    return AUDITED.get(what, what)
