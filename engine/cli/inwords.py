"""What listings and confirmations say to whoever reads in Chinese: headings, states, that there is nothing.

Programs read codes: only what is printed for people is put into words.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta, tzinfo
from enum import Enum
from typing import Any

from engine.cli.cells import Ours, plain
from engine.cli.names import called
from engine.cli.sentences import in_chinese
from engine.console import verbs, words
from engine.console.verbs import AUDITED
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
from engine.notify.detail import stretch
from engine.notify.notice import KINDS
from engine.notify.reason import of_change
from engine.notify.supervision import STEPS

HEADINGS: Mapping[str, str] = {
    "pack": "规则包", "taken": "已选用", "rules": "规则数", "judged": "研判中", "off": "已停用",
    "lacking": "缺少条件", "domains": "领域", "because": "原因",
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
    "about": "对象", "allowed": "允许上限", "attempt": "次数", "becomes": "结果", "busiest": "最多",
    "category": "类别", "changes": "变化", "connector": "连接器", "count": "数量",
    "counted_as": "计入数据源", "counted_id": "计入编号", "cycle": "周期", "degraded": "降级运行",
    "detail": "说明", "disputed": "存疑", "due_at": "应研判时间", "effect": "影响", "ends": "到期",
    "example": "示例", "fate": "结果", "feed": "数据源", "file": "文件", "first": "首例", "mutant": "变异",
    "test": "测试", "findings": "发现",
    "gone": "消失", "hash": "文本编号", "held_back": "验证期", "high": "上限", "kills": "中断次数",
    "known_as": "外部标识", "known_at": "获知时间", "known_by": "已知悉", "last_news": "最近更新",
    "last_poll": "最近轮询", "last_seen": "最近", "level": "层级", "licence": "许可", "line": "行",
    "lines": "各条", "linked": "归并数", "low": "下限", "made": "生成时间", "matches": "匹配数",
    "max_silence": "最长静默", "missed": "漏报", "mistake": "问题", "new": "新增", "next_at": "下次",
    "occurred_at": "发生时间", "other_feed": "另一数据源", "other_id": "另一编号", "over": "超出",
    "passed": "通过", "path": "文件", "percent": "正确率", "period": "时段", "placed": "定位深度",
    "poll": "轮询间隔", "precision": "时间精度", "proposal": "调整建议", "read": "读取",
    "record": "记录", "refused": "是否拒绝", "rejected": "拒收", "rejects": "未能读取",
    "repeated": "重复", "revised": "修订", "revoked": "撤销时间", "right": "正确", "roles": "角色",
    "rule": "规则", "said": "认定", "scopes": "权限", "seen_at": "时间", "sentence": "问题",
    "severity": "严重程度", "since_after": "新起始", "since_before": "原起始", "situation": "事态",
    "skipped": "跳过", "source_id": "来源编号", "status": "状态", "subject": "类型",
    "survived": "未发现", "tested": "已测试", "truth": "真实情况", "unchanged": "未变",
    "until_after": "新截止", "until_before": "原截止", "used": "最近使用", "usual_gap": "通常间隔",
    "value": "取值", "version": "版本", "warnings": "预警数", "where": "位置", "wrong": "错误",
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
    "no feed is configured": "未配置数据源", "the source holds no record": "来源没有记录",
    "no record is unread": "没有无法读取的记录", "no record was rejected": "没有被拒收的记录",
    "nothing has been judged yet": "尚未研判", "nothing is wrong": "一切正常",
    "nobody has an account": "尚无账号", "nobody has done or tried anything": "尚无操作记录",
    "there is no token": "尚无令牌", "nobody has said anything": "尚无人工认定",
    "no event is told by several feeds": "没有多个数据源报告的同一事件",
    "no link was taken back": "没有撤销的链接",
    "nothing that identifies a person or a device": "未发现可识别个人或设备的内容",
    "no report was kept: `reports` in config/routes.yaml says which are made":
        "尚无报告；生成哪些报告由config/routes.yaml中的`reports`确定",
    "nobody hears of a rule on trial": "试行规则不通知任何单位",
    "nobody hears more by it": "各单位收到的预警不会增加",
    "there is no rule to tell of": "没有可说明的规则",
    "no rule on trial would warn of anything now": "试行规则目前不会发出预警",
    "won": "新增预警", "lost": "失去预警",
    "nothing": "无", "holds": "生效中", "over": "已到期", "ended by hand": "已人工结束",
    "ended with its warning": "已随预警结束", "nobody": "无人", "yes": "是", "no": "否", "centre": "指挥中心",
}  # fmt: skip
#: The words for the engine's codes: states, kinds of what was looked at, what becomes of a record.
WORDS: Mapping[str, str] = {
    **{code: text.zh for code, text in words.STATES.items()},
    **{code: text.zh for code, text in words.CYCLES.items()},
    **{effect.value: text.zh for effect, text in words.EFFECTS.items()},
    **{step.value: text.zh for step, text in words.STEPS.items()}, **KINDS, **AUDITED,
    **{via: text.zh for via, text in verbs.VIA.items()},
    **{office.value: text.zh for office, text in words.OFFICES.items()},
    "ok": "正常", "sample": "样例", "odd": "不妥", "lacking": "缺失", "wrong": "错误", "young": "历史不足",
    "behind": "滞后", "silent": "停止", "late": "超时", "refused": "拒收", "removed": "已移除",
    "down": "中断",
    "degraded": "降级运行", "disputed": "存疑", "lost": "已放弃", "sending": "发送中", "expired": "过期",
    "feed": "数据源", "baseline": "基线", "cycles": "周期", "run": "研判", "message": "消息",
    "service": "服务", "files": "文件", "file": "文件", "rules": "规则", "areas": "区域",
    "receivers": "接收单位",
    "calendar": "日历", "loop": "循环", "receiver": "接收单位", "runs": "研判",
    "incident": "事件", "hazard": "灾害", "advisory": "通报", "repetition": "重复", "revision": "修订",
    "withdrawal": "撤回", "skipped": "跳过", "two events": "两起事件", "may be one": "可为同一事件",
    "judged": "研判中", "not taken": "未选用", "off": "已停用",
    "minute": "分", "hour": "时", "day": "日", "week": "周", "month": "月", "year": "年",
    "high": "高", "medium": "中", "low": "低", "won": "新增预警",
    "met an event": "应验", "false alarm": "误报", "open": "未结束", "closed": "已停用", "ended": "已结束",
    "keep": "保留", "tune": "调整", "retire": "停用", "wait": "等待",
    "record": "记录", "place": "地点", "category": "类别", "moment": "时间", "severity": "严重程度",
    "condition": "条件", "rung": "级别", "delay": "延迟", "state": "数据状态",
    "error": "错误", "warning": "警告", "hint": "提示", "issued": "发布",
    "digest": "汇总", "reminder": "提醒", "exercise": "演练", "review": "复盘", "supervision": "督办",
    "escalated": "升级通知", "closing": "结束通知", "one-time password": "一次性密码", "active": "可用",
    "display": "大屏", "see": "查看", "automatic": "自动", "data state": "数据状态",
}  # fmt: skip
#: The columns that hold such codes; whatever people wrote stays as they wrote it.
_CODED = frozenset({
    "via", "start", "scopes",
    "state", "status", "effect", "becomes", "precision", "confidence", "subject", "truth", "said", "roles",
    "kind", "decision", "level", "what", "step",
})  # fmt: skip
#: The columns that hold phrases.
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
    if isinstance(value, Ours):
        return phrase(value) if value in PHRASES else in_chinese(value)
    if isinstance(value, (Text, timedelta, bool)):
        return _told(value)
    if column == "department" and value:
        return wording.department(phrase(value)).say("zh")
    return _word(column, plain(value) if isinstance(value, Enum) else value)


def _told(value: Text | timedelta | bool) -> str:
    if isinstance(value, Text):
        return value.say("zh")
    return stretch(str(value)) if isinstance(value, timedelta) else phrase("yes" if value else "no")


def _word(column: str, value: Any) -> Any:
    """A code's word, or the name of what has one in the folder's configuration."""
    if not isinstance(value, str):
        return value
    if column in _PHRASED and value in PHRASES:
        return phrase(value)
    if column in _CODED and value in WORDS:
        return WORDS[value]
    return called(column, value)


def done(what: Done, zone: tzinfo, rules: Collection[Rule]) -> str:
    """What somebody has done, on what, and what it changed."""
    act, on = what.act, what.on
    where = f"{act.area} {act.topic}" if on is None else f"{on.id}（{_grade(on.grade)}）"
    waits = f"，待签发{_grade(on.proposed)}" if on is not None and on.proposed is not None else ""
    until = f"，至{act.until.astimezone(zone):%Y-%m-%d %H:%M}" if act.until else ""
    lines = [f"{cell('kind', act.kind)}：{where}{waits}{until}，编号 {act.id}"]
    if (before := what.already) is not None:
        at, office = f"{before.at.astimezone(zone):%Y-%m-%d %H:%M}", cell("as", before.role)
        lines.append(f"{before.receiver}此前已由{office}于{at}确认收到，本次仅续期")
    for change in what.changes:
        step = f"{cell('step', change.step)}：{_grade(change.before)} -> {_grade(change.after)}"
        lines.append(f"{step}（{of_change(change, rules, 'zh')}）")
    return "\n".join(lines)


def _grade(grade: Grade) -> str:
    return COLOURS[grade].zh
