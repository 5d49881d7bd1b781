"""Every word of the pages, in each language; facts go where the braces are."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from engine.backtest.diff import Effect
from engine.console import admission, inspection
from engine.model.grade import Grade
from engine.model.slots import filled
from engine.model.staff import Office
from engine.model.text import Text
from engine.model.warning import Step

NUMERAL = {Grade.NONE: "–", Grade.BLUE: "IV", Grade.YELLOW: "III", Grade.ORANGE: "II", Grade.RED: "I"}

STEPS = {
    Step.PROPOSED: Text("Proposed", "待签发"), Step.ISSUED: Text("Issued", "发布"),
    Step.DECLINED: Text("Declined", "不予签发"), Step.UPGRADED: Text("Raised", "升级"),
    Step.DOWNGRADED: Text("Lowered", "降级"), Step.HELD: Text("Held", "维持"),
    Step.WITHDRAWN: Text("Withdrawn", "撤回待签发"), Step.LIFTED: Text("Lifted", "解除"),
    Step.EXPIRED: Text("Expired", "失效"),
}  # fmt: skip

#: What a message is about, by its step.
MESSAGES = {step.value: text for step, text in STEPS.items()} | {
    "reminder": Text("Reminder", "提醒"), "escalation": Text("Nobody answered", "无人答复，转告"),
    "again": Text("Still open", "仍未结束"), "situation": Text("Situation", "情况汇总"),
    "task-asked": Text("Task", "任务"), "task-overdue": Text("Task overdue", "任务逾期"),
    "plan-proposed": Text("Plan proposed", "预案待启动"), "plan-running": Text("Plan begun", "预案启动"),
    "plan-ended": Text("Plan over", "预案终止"), "plan-lapsed": Text("Plan lapsed", "预案失效"),
    "alert": Text("Published", "对外发布"), "update": Text("Published anew", "更新发布"),
    "cancel": Text("Publication ended", "发布解除"), "exercise": Text("Exercise", "演练"),
}  # fmt: skip

CYCLES = {
    "immediate": Text("at once", "即时"), "daily": Text("daily screening", "日排查"),
    "weekly": Text("weekly assessment", "周研判"), "monthly": Text("monthly analysis", "月分析"),
}  # fmt: skip

STATES = {
    "ok": Text("heard", "正常"), "blind": Text("blind", "中断"), "failing": Text("failing", "异常"),
    "unread": Text("partly unread", "部分无法读取"), "shallow": Text("placed less deep", "定位变粗"),
    "unsaid": Text("says too little", "内容不全"), "stalled": Text("files stand still", "部分文件停更"),
    "done": Text("done", "完成"),
    "failed": Text("failed", "失败"), "claimed": Text("at work", "进行中"), "draft": Text("draft", "草稿"),
    "trial": Text("trial", "试行"), "stable": Text("in force", "启用"), "retired": Text("retired", "停用"),
    "pending": Text("planned", "待发"), "retry": Text("trying again", "重试"),
    "delivered": Text("delivered", "已送达"), "held": Text("holds", "成立"),
    "not": Text("does not hold", "不成立"), "unknown": Text("nobody can tell", "无法判断"),
    "observed": Text("observed", "已观测"), "observed zero": Text("observed, none", "已观测，无"),
    "lower bound": Text("at least so many", "不完整，至少"), "unmonitored": Text("not seen", "无数据"),
    "no reading": Text("no reading", "无读数"), "another scale": Text("of another scale", "量级不同"),
}  # fmt: skip

EFFECTS = {
    Effect.ADDED: Text("added", "新增"), Effect.DROPPED: Text("dropped", "不再预警"),
    Effect.RAISED: Text("raised", "升高"), Effect.LOWERED: Text("lowered", "降低"),
    Effect.MOVED: Text("at other times", "时间变动"),
}  # fmt: skip

OFFICES = {
    Office.VIEWER: Text("Viewer", "查看人员"), Office.OFFICER: Text("Duty officer", "值班员"),
    Office.ANALYST: Text("Analyst", "分析员"), Office.APPROVER: Text("Approver", "签发人"),
    Office.ADMINISTRATOR: Text("Administrator", "管理员"),
}  # fmt: skip

SAID = admission.SAID | inspection.SAID | {
    "now": Text("Now", "态势"), "warnings": Text("Warnings", "预警"), "areas": Text("Areas", "区域"),
    "rules": Text("Rules", "规则"), "feeds": Text("Feeds", "数据源"), "runs": Text("Runs", "运行"),
    "wall": Text("Wall", "大屏"), "demo": Text("Demo data", "演示数据"), "pages": Text("Pages", "页面"),
    "reading": Text("For reading only", "只读"), "light": Text("Light", "浅色"),
    "dark": Text("Dark", "深色"), "skip": Text("Skip to the content", "跳到正文"),
    "language": Text("中文", "English"), "domains": Text("Domains and engine", "领域与引擎"),
    "needs": Text("Needs you", "需要处理"), "standing": Text("Standing", "持续中"),
    "ended": Text("Ended since yesterday", "昨日以来解除"),
    "gravest first": Text("gravest first", "按级别排序"),
    "nothing waits": Text("Nothing waits for anybody.", "没有待处理事项。"),
    "broke": Text(
        "This page could not be made. The log tells why; the service goes on.",
        "页面生成失败，原因见日志；服务仍在运行。",
    ),
    "by risk": Text(
        "highest grade in force, by risk; the taller, the graver",
        "各风险在各时段的最高级别，越高越严重",
    ),
    "calm": Text(
        "No warning is open. The last screening was at {when}.",
        "当前无预警。最近一次排查：{when}。",
    ),
    "nothing stands": Text(
        "No warning is open. Looked at {when}; next at {next}.",
        "当前无预警。最近研判{when}，下次{next}。",
    ),
    "unwatched domain": Text("no rule or no source", "无规则或数据源"),
    "unjudged": Text("not judged yet", "尚未研判"),
    "none chosen": Text("A warning that is chosen is shown here.", "选中的预警显示在此处。"),
    "no rules": Text("There is no rule in rules/: nothing is judged.", "rules/中没有规则，不作研判。"),
    "no feeds": Text(
        "There is no feed in config/feeds.yaml: nothing is seen.", "config/feeds.yaml中没有数据源，无从观测。"
    ),
    "no plans": Text("There is no plan in config/plans.", "config/plans中没有预案。"),
    "nothing judged": Text("Nothing was judged yet; next at {next}.", "尚未研判，下次{next}。"),
    "never heard": Text("never heard", "从未收到数据"),
    "no runs": Text("Nothing was judged yet.", "尚未研判。"),
    "no map": Text("There is no area below to draw.", "没有可绘制的下级区域。"),
    "nothing open": Text("Nothing open", "无预警"), "not seen": Text("Not seen", "无法研判"),
    "silent since": Text("silent since {when}", "{when}起中断"), "advisory": Text("advisory", "提示级别"),
    "as yesterday": Text("as yesterday", "与昨日相同"), "from": Text("from {grade}", "由{grade}变化"),
    "from none": Text("new since yesterday", "昨日以来新增"), "all": Text("All", "全部"),
    "feeds heard": Text("Feeds heard", "数据源在线"), "of": Text("{n} of {all}", "{n} / {all}"),
    "judged": Text("Judged", "已研判"), "next": Text("Next", "下次"), "due": Text("{n} due", "积压{n}项"),
    "none due": Text("none due", "无积压"), "never": Text("never", "尚无"),
    "lead": Text("{n}, lead {place}", "{n}条，以{place}为首"),
    "fold": Text("{n} more at blue", "另有{n}条蓝色"), "newest": Text("newest {place}", "最新：{place}"),
    "ended at": Text("ended {when}", "{when}解除"), "none open": Text("none open", "无预警"),
    "map": Text("Map", "地图"), "map says": Text("Highest open grade by {level}", "各{level}最高预警级别"),
    "scrub": Text("Areas warned, last 30 days", "近30天有预警的区域"),
    "as known now": Text("as known now", "截至现在"),
    "as known on": Text("as known on {when}", "截至{when}"), "play": Text("Play", "播放"),
    "open here": Text("Open here", "本地预警"), "units": Text("{n} {n:area|areas} below", "下辖{n}个区域"),
    "open since": Text("Open since", "起始"),
    "confidence": Text("Confidence", "可信度"), "rule": Text("Rule", "规则"), "score": Text("Score", "评分"),
    "no rung": Text("this rule does not give it", "本规则不设"), "from n": Text("from {n}", "{n}起"),
    "holds": Text("holds", "成立"), "cannot tell": Text("nobody can tell", "无法判断"),
    "colon": Text(": ", "："), "aside": Text(", ", "，"), "stop": Text(".", "。"),
    "to do": Text("Measures asked for", "应采取的措施"), "by": Text("by {when}", "{when}前"),
    "told": Text("Told", "已通知"), "of what": Text("Of what", "内容"), "lasted": Text("For", "持续"),
    "category": Text("What", "类别"), "got known": Text("Known", "获知"), "number": Text("Number", "编号"),
    "why unread": Text("Why", "原因"), "last seen": Text("Last seen", "最近"),
    "answered": Text("Answered after", "答复用时"), "signed in since": Text("Signed in", "登录时间"),
    "highest grade": Text("Highest", "最高级别"),
    "nobody told": Text("Nobody is told of this grade: it goes into the brief.", "该级别不推送，列入简报。"),
    "blocks": Text("{n} earlier {n:period|periods} of {days} days", "此前{n}个{days}天时段"),
    "days blocks": Text("{n} earlier {n:day|days}", "此前{n}天"), "judged window": Text("judged", "研判期"),
    "evidence": Text("Evidence", "依据"), "what happened": Text("What happened", "过程"),
    "earlier": Text("Earlier warnings of this risk, and how they ended", "此类历史预警及结果"),
    "more to it": Text("{n} more", "还差{n}"), "exposed": Text("Lives and lies there", "涉及范围"),
    "more facilities": Text("and {n} more", "等另{n}处"), "claim": Text("Claims", "应验概率"),
    "its life": Text("Its life", "级别变化"),
    "earlier incidents": Text("{n} earlier", "此前{n}起"),
    "open why": Text("Why, whole", "完整依据"), "back": Text("Back to now", "返回态势"),
    "no warnings": Text("No warning fits.", "没有符合的预警。"), "place": Text("Place", "地点"),
    "risk": Text("Risk", "风险"), "grade": Text("Grade", "级别"), "since": Text("Since", "起始"),
    "until": Text("Until", "结束"), "domain": Text("Domain", "领域"), "title": Text("What it says", "内容"),
    "state": Text("State", "状态"), "still open": Text("open", "持续中"), "feed": Text("Feed", "数据源"),
    "last poll": Text("Last asked", "最近轮询"), "last news": Text("Last news", "最近更新"),
    "usual gap": Text("Usual gap", "通常间隔"), "records": Text("Records read", "读取记录"),
    "new": Text("new", "新增"), "corrected": Text("corrected", "修订"),
    "refused": Text("unread now", "当前无法读取"), "every": Text("asked every {gap}", "每{gap}轮询"),
    "pushed": Text("pushed by its source", "由来源推送"),
    "filled in": Text("filled in by people", "由人员填报"), "fill in": Text("Report", "上报"),
    "cycle": Text("Cycle", "周期"), "period": Text("Period", "时段"), "findings": Text("Findings", "发现"),
    "changes": Text("Changes", "变动"), "late": Text("late", "滞后"),
    "degraded": Text("degraded", "降级运行"), "disputed": Text("disputed", "存疑"),
    "level": Text("Level", "层级"), "owner": Text("Owner", "负责人"),
    "residents": Text("{n} {n:resident|residents}", "常住人口{n}"), "borders": Text("borders", "毗邻"),
    "no warning here": Text("No warning is open here", "本地无预警"),
    "latest": Text("Latest warnings", "近期预警"),
    "what matters": Text("What matters now", "当前要点"), "since shift": Text("Since {when}", "{when}以来"),
    "before": Text("Before", "此前"), "no change": Text("Nothing has changed.", "没有变化。"),
    "cannot see": Text("What we cannot see", "无法观测"),
    "sees all": Text("Every feed is heard.", "数据源全部正常。"),
    "heard": Text("heard {when}", "{when}正常"), "next screening": Text("Next screening", "下次排查"),
    "not live": Text("Not live since {when}", "{when}起未更新"),
    "absent": Text("There is no such page, or it is not yours to see.", "页面不存在，或您无权查看。"),
    "behind": Text("Judgement is behind", "研判滞后"),
    "behind by": Text("{n} {n:period|periods}, the first due {when}", "{n}个时段，最早应于{when}"),
    "undelivered": Text("A message could not be delivered", "消息未能送达"),
    "feed troubled": Text("{feed} is {state}", "{feed}：{state}"), "only open": Text("open", "持续中"),
    "lifted too": Text("lifted too", "含已解除"), "rule counts": Text("In words", "文字说明"),
    "cuts": Text("judged {when}", "研判于{when}"), "days": Text("{n} d", "{n}天"),
    "hours": Text("{n} h", "{n}小时"), "minutes": Text("{n} min", "{n}分钟"), "none": Text("none", "无"),
    "stands at": Text("stands at {grade}", "现为{grade}"),
    "proposed is": Text("{grade} proposed", "待签发{grade}"),
    "not done": Text("It was not done", "未执行"),
    "moved": Text(
        "It has moved since you looked: {step} to {grade}, {when}. Press again to act on that.",
        "您查看后情况已变化：{when}{step}至{grade}。再次确认即按最新情况办理。",
    ),
    "for whom": Text("For whom", "代表单位"), "verdict": Text("What it was", "结论"),
    "outcome": Text("The day on which it happened, or would have", "发生（或可能发生）日期"),
    "why": Text("Why (kept with the warning)", "理由（随预警留存）"),
    "why not needed": Text("Note, if any", "备注（可不填）"),
    "until when": Text("Until, if not for good", "截止时间（可不填）"),
    "would mute": Text("What it would mute", "将静默的消息"),
    "mutes nothing": Text("Nothing that would be told now.", "目前没有会被静默的消息。"),
    "back short": Text("Back", "返回"), "more acts": Text("More", "更多"),
    "proposed": Text("Proposed", "待签发"),
    "unread": Text("Not read", "未签收"),
    "task overdue": Text("Task", "任务"),
    "plan waits": Text("Plan", "预案"),
    "issues itself": Text("then issues itself", "届时自动签发"),
    "waits on": Text("then waits on", "届时继续等待"),
    "stays": Text("stays until answered", "答复前不变"),
    "tells the next": Text("then tells the next", "届时通知下一级"),
    "asks again": Text("then asks again", "届时再次提醒"), "more tasks": Text("and {n} more", "另有{n}项"),
    "from to": Text("{before} to {after}", "{before}调整为{after}"),
    "two issue": Text("Two people issue it.", "须两人签发。"),
    "leader issues": Text("A leader issues it.", "须负责人签发。"),
    "duty issues": Text("The officer on duty issues it.", "由值班员签发。"),
    "agreed": Text("{who} agreed; one more is needed.", "{who}已签发，还须一人。"),
    "soonest first": Text("soonest first", "按时限排序"), "read": Text("read", "已签收"),
    "silenced until": Text("silenced until {when}", "静默至{when}"), "silenced": Text("silenced", "静默中"),
    "not approved": Text("not yet approved", "未经签发"), "tasks": Text("Tasks", "任务"),
    "key act": Text("acknowledge, issue, decline", "签收、签发、不予签发"),
    "key confirm": Text("confirm", "确认"), "people did": Text("What people did", "处置记录"),
    "overdue by": Text("{gap} overdue", "逾期{gap}"),
    "plans": Text("Plans", "预案"), "running": Text("Plans under way", "响应中的预案"),
    "no plan runs": Text("No plan is proposed or under way.", "没有待启动或响应中的预案。"),
    "no tasks": Text("Nothing is asked of anybody.", "没有未完成的任务。"), "drills": Text("Drills", "演练"),
    "no drills": Text("No drill was ever held.", "尚无演练。"), "exercise": Text("exercise", "演练"),
    "written plans": Text("Plans there are", "预案库"), "steps": Text("Steps", "步骤"),
    "rota": Text("Rota", "值班"), "handover": Text("Hand-over", "交接班"),
    "week": Text("On duty, seven days", "未来七天值班"),
    "nobody": Text("nobody", "无人值班"),
    "on duty": Text("On duty", "值班"), "no rota": Text("No rota is configured.", "未配置值班表。"),
    "waits decision": Text("Waits for a decision", "待签发"), "late tasks": Text("Tasks overdue", "逾期任务"),
    "silences": Text("Silences in force", "静默中"),
    "audit": Text("Audit", "审计"), "act": Text("Act", "操作"),
    "only refused": Text("only what was refused", "仅看被拒绝的"),
    "show": Text("Show", "查询"), "about": Text("About", "对象"), "outcome of it": Text("Outcome", "结果"),
    "was refused": Text("refused", "已拒绝"), "was done": Text("done", "完成"),
    "older": Text("Older", "更早"),
    "faults": Text("Faults of the engine", "系统故障"), "what to do": Text("What to do", "处置办法"),
    "fault known": Text("I know of it", "我已知悉"), "known by": Text("Known by", "已知悉"),
    "no faults": Text("Nothing is wrong with the engine itself.", "系统自身一切正常。"),
    "edit rule": Text("Write a draft", "编写草稿"), "rule text": Text("The file", "规则文件"),
    "never live": Text(
        "nothing here is live; a draft warns once it is put into rules/ and promoted",
        "此处内容不会生效；草稿须写入rules/并经发布后才会预警",
    ),
    "key problem": Text("next problem", "下一问题"), "key mend": Text("mend the line", "修正本行"),
    "check it": Text("Check", "检查"), "try it": Text("Try on the last days", "回测"),
    "keep draft": Text("Keep as a draft", "保存草稿"), "draft kept": Text("Kept", "已保存"),
    "kept as": Text("The text, and what it changes as {file}.", "已保存正文及补丁{file}。"),
    "patch": Text("The patch", "下载补丁"), "problems": Text("Problems", "问题"),
    "no problems": Text("No check has anything against it.", "未发现问题。"),
    "mend it": Text("Mend", "修正"), "rule tests": Text("Its tests", "规则测试"),
    "no rule tests": Text("None stands beside it.", "尚无测试。"),
    "tests hold": Text("All come out as they expect.", "全部符合预期。"),
    "tried": Text("The last {days} days, beside today's version", "近{days}天，与现行版本对比"),
    "tried same": Text("Both would have warned alike.", "两个版本预警相同。"),
    "today version": Text("Today", "现行"), "draft version": Text("Draft", "草稿"),
    "graver": Text("Before", "上一页"), "lesser": Text("More", "下一页"),
    "beyond": Text("{n} more", "另有{n}条"), "list": Text("list", "列表"),
    "wait elsewhere": Text("{n} more {n:waits|wait}", "另有{n}项待处理"),
    "late elsewhere": Text("Overdue tasks of {n} more", "另有{n}处任务逾期"),
    "by link": Text("Viewer, by link", "访客（链接）"), "display": Text("Display", "大屏"),
    "reports": Text("Reports", "报告"), "report": Text("Report", "报告"),
    "as of": Text("As known on", "数据截至"),
    "report daily": Text("Daily hand-over", "每日排查简报"),
    "report weekly": Text("Weekly assessment", "每周研判报告"),
    "report monthly": Text("Monthly analysis", "月度分析报告"),
    "version": Text("Version", "版本"), "take along": Text("Take along", "下载"),
    "no report": Text(
        "No report was made yet. `reports` in config/routes.yaml says which are made.",
        "尚无报告。生成哪些报告由 config/routes.yaml 中的 reports 确定。",
    ),
    "exports": Text("Exports", "导出"), "export warnings": Text("Warnings, all there were", "全部预警"),
    "export findings": Text("Findings of rules", "规则发现"),
    "export acts": Text("What people did", "处置记录"),
    "exports are": Text(
        "Counts from one to four go out as <5, and nobody is named.", "1至4的数目显示为<5，不含人员姓名。"
    ),
    "key down": Text("down", "下"), "key up": Text("up", "上"), "key open": Text("open", "打开"),
    "key day": Text("day back, forth", "前后一天"), "key domain": Text("domain", "领域"),
}  # fmt: skip

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEK = "一二三四五六日"


def say(language: str, key: str, **facts: object) -> str:
    """One text of the catalogue."""
    said = SAID[key].say(language)
    return filled(said, **facts) if facts else said


def day(language: str, of: date, today: date | None = None) -> str:
    """A day; its year only where it is not this one."""
    same = today is None or of.year == today.year
    if language == "zh":
        return f"{of.month}月{of.day}日" if same else f"{of.year}年{of.month}月{of.day}日"
    said = f"{of.day} {_MONTHS[of.month - 1]}"
    return said if same else f"{said} {of.year}"


def month(language: str, of: date) -> str:
    return f"{of.month}月" if language == "zh" else _MONTHS[of.month - 1]


def moment(language: str, of: datetime, today: date) -> str:
    """A local moment to the minute."""
    return f"{day(language, of.date(), today)}{'' if language == 'zh' else ' '}{of:%H:%M}"


def long_day(language: str, of: date) -> str:
    """A day with its name, as a clock shows it."""
    if language == "zh":
        return f"{of.year}年{of.month}月{of.day}日 星期{_WEEK[of.weekday()]}"
    return f"{_DAYS[of.weekday()]} {day(language, of)} {of.year}"


def gap(language: str, of: timedelta) -> str:
    """A stretch of time in its greatest unit; hours up to two days."""
    seconds = max(of.total_seconds(), 0)
    if seconds >= 48 * 3600:
        return say(language, "days", n=int(seconds // 86400))
    unit, size = ("hours", 3600) if seconds >= 3600 else ("minutes", 60)
    return say(language, unit, n=int(seconds // size))
