"""What listings and confirmations say to whoever reads in Chinese: headings, states, that there is nothing.

Programs read codes: only what is printed for people is put into words.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import tzinfo
from enum import Enum
from typing import Any

from engine.console import verbs, words
from engine.cycle.acting import Done
from engine.model.act import ActKind, Role, Verdict
from engine.model.grade import COLOURS, Grade
from engine.model.lap import Beat, LapState
from engine.model.response import ResponseState, StepState
from engine.model.review import Decision
from engine.model.rule import Rule
from engine.model.task import TaskState
from engine.model.text import Text
from engine.model.warning import Step
from engine.notify import wording
from engine.notify.reason import of_change
from engine.notify.supervision import STEPS

HEADINGS: Mapping[str, str] = {
    "accepted": "接受时间", "after": "变化后", "answered": "签收时间", "area": "区域", "areas": "涉及区域",
    "as": "职务", "asked": "下达时间", "at": "时间", "attempts": "发送次数", "before": "变化前",
    "by": "办理人", "chance": "概率", "channel": "渠道", "channels": "渠道", "confidence": "可信度",
    "decision": "建议", "delivered": "送达时间", "department": "部门", "domain": "领域", "done": "已完成",
    "due": "时限", "ended": "结束时间", "error": "错误", "failed": "未能完成", "flapping": "反复升降",
    "for": "单位", "from": "起", "grade": "级别", "hears": "是否通知", "id": "编号", "in_time": "按时",
    "key": "消息编号", "kind": "操作", "late": "超时", "lead": "主预警", "lifted": "解除时间",
    "name": "名称", "names": "名称", "of": "共", "on_duty": "当班", "open": "在办", "outcome": "发生日期",
    "overdue": "逾期", "owner": "责任单位", "place": "地点", "plan": "预案", "planned_at": "计划时间",
    "proposed": "待签发", "reason": "原因", "receiver": "接收单位", "receivers": "接收单位",
    "reports": "反馈", "review_by": "复审期限", "rota": "值班表", "score": "评分", "seen": "所见级别",
    "share": "按时率", "since": "起始", "start": "启动方式", "state": "状态", "step": "环节",
    "steps": "步骤", "title": "内容", "to": "至", "told": "通知时间", "took": "用时", "topic": "风险",
    "topics": "风险", "until": "截止", "verdict": "结论", "via": "途径", "warning": "预警", "what": "内容",
    "who": "人员", "why": "理由",
}  # fmt: skip

_STATES: Mapping[type[Enum], Mapping[Any, Text]] = {
    ActKind: verbs.PRESS, Verdict: verbs.VERDICTS, TaskState: verbs.TASKS, StepState: verbs.STEPS,
    ResponseState: verbs.PLANS, Step: words.STEPS, Grade: COLOURS,
    Beat: {beat: STEPS[beat] for beat in Beat},
    LapState: {
        LapState.RUNNING: Text("running", "计时中"), LapState.OVERDUE: Text("overdue", "逾期"),
        LapState.IN_TIME: Text("in time", "按时"), LapState.LATE: Text("late", "超时"),
        LapState.VOID: Text("void", "作废"),
    },
    Role: {Role.DUTY: Text("duty", "值班员"), Role.LEADER: Text("leader", "负责人")},
    Decision: {
        Decision.KEEP: Text("keep", "维持"), Decision.RAISE: Text("raise", "建议升级"),
        Decision.LOWER: Text("lower", "建议降级"), Decision.CLOSE: Text("close", "建议关闭"),
    },
}  # fmt: skip

#: What is said in words of its own: that there is nothing, and states that are no enumeration.
PHRASES: Mapping[str, str] = {
    "nobody has done anything": "尚无处置记录", "no clock is running": "没有正在计时的环节",
    "nothing has been told or asked yet": "尚未通知，也未下达任务",
    "no exercise was ever held": "尚未开展演练", "nobody was told": "未通知任何单位",
    "no plan is under way": "没有响应中的预案", "config/plans holds no plan": "config/plans 中没有预案",
    "config/rota.yaml names no rota": "config/rota.yaml 中没有值班表",
    "no route leads anywhere: nobody would hear": "没有匹配的路由，不会通知任何单位",
    "it would mute nothing": "不会静默任何消息", "nothing is silenced": "没有静默",
    "no task is open": "没有未完成的任务", "no warning is open": "当前无预警",
    "no situation is open": "当前无事态", "no message has been planned": "尚无消息",
    "holds": "生效中", "over": "已到期", "ended by hand": "已人工结束",
    "ended with its warning": "已随预警结束", "nobody": "无人", "yes": "是", "no": "否", "centre": "指挥中心",
}  # fmt: skip
#: The columns that hold such phrases; whatever people wrote stays as they wrote it.
_PHRASED = frozenset({"state", "on_duty", "hears"})


def heading(column: str) -> str:
    """What stands above a column."""
    return HEADINGS.get(column, column)


def phrase(said: str) -> str:
    """The Chinese of a phrase of ours; what is none stays as it is."""
    return PHRASES.get(said, said)


def cell(column: str, value: Any) -> Any:
    """What people read in a column."""
    known = _STATES.get(type(value), {}).get(value)
    if known is not None:
        return known.say("zh").replace("{grade}", "")
    if column == "department" and value:
        return wording.department(phrase(value)).say("zh")
    return phrase(value) if isinstance(value, str) and column in _PHRASED else value


def done(what: Done, zone: tzinfo, rules: Collection[Rule]) -> str:
    """What somebody has done, on what, and what it changed."""
    act, on = what.act, what.on
    where = f"{act.area} {act.topic}" if on is None else f"{on.id}（{_grade(on.grade)}）"
    waits = f"，待签发{_grade(on.proposed)}" if on is not None and on.proposed is not None else ""
    until = f"，至{act.until.astimezone(zone):%Y-%m-%d %H:%M}" if act.until else ""
    lines = [f"{cell('kind', act.kind)}：{where}{waits}{until}，编号 {act.id}"]
    for change in what.changes:
        step = f"{cell('step', change.step)}：{_grade(change.before)} -> {_grade(change.after)}"
        lines.append(f"{step}（{of_change(change, rules, 'zh')}）")
    return "\n".join(lines)


def _grade(grade: Grade) -> str:
    return COLOURS[grade].zh
