"""What people do, in words: on buttons, above forms, and why it was not done."""

from __future__ import annotations

import re

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

#: The engine's sentences that people meet on pages, in Chinese; the others stay as they are.
_REFUSALS = [
    (r"it would end at (.+), which is over.*", r"截止时间\1已过。"),
    (r"there is no such warning", "该预警不存在。"),
    (r"(\S+) is over since (.+)", r"预警已于\2结束。"),
    (r"it is only proposed: .*", "该预警尚未签发，无须签收。"),
    (r"for which receiver\? .*", "请选择代表哪个单位签收。"),
    (r"'(\S+)' was not told of it.*", r"未曾通知\1，无须签收。"),
    (r"'(\S+)' has not acknowledged it", r"\1尚未签收。"),
    (r"no proposal waits for anybody.*", "当前没有待签发事项。"),
    (r"(\S+) asked for \S+ by hand.*", "发起人不能签发自己的申请，须由他人签发。"),
    (r"(\S+) has let it pass already.*", "您已签发，还须另一人签发。"),
    (r"\S+ needs the officer on duty", "须由值班人员签发。"),
    (r"\S+ needs two people.*", "须由两名负责人签发。"), (r"\S+ needs a leader.*", "须由负责人签发。"),
    (r"it stands at \S+ already", "已是该级别。"), (r".*takes a leader.*", "须由负责人办理。"),
    (r"what was it in the end", "请选择结论。"), (r"to comment needs a reason", "请填写备注。"),
    (r"on which day did it happen.*", "请填写发生日期。"),
    (r"averted means .*", "选择“化解”须有已完成的处置任务。"),
    (r"the day of the outcome.* lies more than (\d+) days .*", r"发生日期早于预警开始\1天以上。"),
    (r"the day of the outcome.*", "发生日期尚未到来。"), (r"\S+ is never silenced", "该级别不可静默。"),
    (r"\S+ is silenced until (.+) at the latest", r"静默最迟至\1。"),
    (r"(\S+) is open there already.*", "该地此类预警已存在，请调整级别或签发。"),
    (r"'\S+' is (done|declined|void) since (.+)", r"该任务已于\2结束。"),
    (r"'\S+' is accepted already.*", "该任务已被接受。"),
    (r"to \S+( a task| a plan down| down)? ?needs a reason", "请填写理由。"),
    (r"to (stand a plan down|decline a task) needs a reason", "请填写理由。"),
    (r"'\S+' waits for .*", "前一步骤尚未完成。"),
    (r"nobody is named who does it", "请填写姓名。"),
    (r"'(.+)' is no grade, and no change of .*", r"\1既不是级别，也不是该预警的变化编号。"),
    (r"it has moved since .*", "查看后情况已变化，请重新查看后再办。"),
    (r"to take it back altogether, lift or close it", "如须撤销，请解除或办结。"),
    (r"a warning by hand needs a grade", "人工发布须选择级别。"),
    (r"there is no plan '(.+)'", r"没有预案\1。"), (r"there is no task '(.+)'", r"没有任务\1。"),
    (r"'.*' is \S+( \S+)* already", "该预案已启动或已结束。"),
    (r"'.*' is .+: there is nothing to stand down", "该预案未在响应中，无须终止。"),
    (r"no plan under way has the step '(.+)'", r"响应中的预案没有步骤\1。"),
    (r"'.*' is void: its plan was stood down first", "预案已先行终止，该步骤作废。"),
    (r"what failed needs a reason", "请说明未成功的原因。"),
    (r"it is asked of (.+), not of '(.*)'", r"该任务的承办单位是\1，不是\2。"),
    (r"what is there to report", "请填写反馈内容。"),
    (r"that task is not asked of you", "该任务不由贵单位承办。"),
    (r"'(.+)' is the drill of a plan: .*", "这是预案演练，请答复其任务。"),
    (r"'(.+)' has begun this very second.*", "该演练刚刚开始，请稍后再试。"),
    (r"'(.+)' was not told in .*", r"未曾通知\1参加该演练，无须答复。"),
    (r"no risk of this name is watched", "没有该风险类别。"), (r"'(.+)' is no grade", r"\1不是级别。"),
    (r"'(.+)' is no verdict", r"\1不是结论。"), (r"this is no day; .*", "日期格式应为2026-03-11。"),
    (r"this is no moment; .*", "时间格式应为2026-03-11T18:00。"),
    (r"the (name|reason) has \S+ characters, (\S+) at most.*", r"文字过长，最多\2字。"),
]  # fmt: skip


def refusal(said: str, language: str) -> str:
    """Why something was not done, in one language; English where nobody has put it into words."""
    # What to type at the command line is of no use here.
    said = re.split(r"[;?.]?\s*[Ss]ay --|; `forewarn ", said)[0]
    if language != "zh":
        return said[:1].upper() + said[1:] + "."
    for pattern, words in _REFUSALS:
        if re.fullmatch(pattern, said):
            return re.sub(pattern, words, said, count=1)
    return said
