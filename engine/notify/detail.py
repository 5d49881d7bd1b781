"""What is wrong with the watching, and what to do, in Chinese: the engine keeps it in English, in sentences
of a few forms. What a source, a receiver or a library said of itself stays as it said it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from re import Match

from engine.model.area import level
from engine.notify import unreadable
from engine.notify.cause import cause

#: As Python writes a stretch of time: `2 days, 12:00:00`.
_GAP = r"(?:\d+ days?(?:, )?)?(?:\d+:\d\d:\d\d)?"
_PLACED = r"(?P<placed>\d+) of (?P<of>\d+) reports are placed at (?P<level>\S+) level or deeper"
_KIND = r"mend `category` in its mapping, then (?P<do>`[^`]+`)"
_USUAL = r"the (?P<what>\S+) that were usual \((?P<usual>[^)]+)[^;]+"
_RUN = r"(?P<many>\d+) attempts?: (?P<said>.*)"
#: How a sentence looks, and what it is in Chinese. Of its groups `gap` is a stretch of time, `said`
#: another sentence.
_FORMS = (
    # how a feed is heard
    (r"it ended on (?P<on>\S+)", "已于{on}终止"),
    (r"nothing was pushed yet", "来源尚未推送数据"),
    (r"nothing was reported yet", "尚无人上报"),
    (r"people need a link: (?P<do>`.+`)", "请生成上报链接：{do}"),
    (r"its source needs a token: (?P<do>`.+`)", "请为来源生成令牌：{do}"),
    (r"never polled", "尚未采集"), (r"(?P<do>`[^`]+`) does it now", "立即采集：{do}"),
    (r"(?P<many>[\d,]+) records? could not be read", "{many}条记录无法读取"),
    (r"(?P<do>`[^`]+`) says what of them", "查看原因：{do}"),
    (r"mend the mapping, then (?P<do>`.+`)", "修正映射后执行{do}"),
    (r"(?P<many>[\d,]+) polls? in a row failed: (?P<said>.*)", "连续{many}次采集失败：{said}"),
    (r"what (?:it|its source) pushes is refused: (?P<said>.*)", "来源推送的数据被拒收：{said}"),
    (r"mend the source or its entry in config/feeds\.yaml", "请检查来源或config/feeds.yaml中的条目"),
    (r"it is polled again by itself", "系统会自动重试"),
    (rf"not heard for longer than (?P<gap>{_GAP})", "超过{gap}未收到推送"),
    (rf"not polled for longer than (?P<gap>{_GAP})", "超过{gap}未采集"),
    (r"is the service running\?", "请确认服务是否在运行"), (r"ask the source", "请联系来源"),
    (r"ask those who report", "请询问上报人员"),
    (r"where there may be nothing for longer, say so by `max_silence`",
     "若确实可能更久无事，请设置`max_silence`"),
    (r"an empty list is a sign of life, too", "空列表也表明来源正常"),
    (r"(?P<many>[\d,]+) polls? answered since", "此后{many}次采集有应答"),
    (r"(?P<many>[\d,]+) polls? answered and brought nothing new", "连续{many}次采集均无新内容"),
    (r"what it brings is old", "所采集的内容均已陈旧"),
    (r"its source pushes, and nothing of it is new", "来源仍在推送，但均无新内容"),
    (r"ask (?:the source )?whether it is still fed, and if it is only quiet say so by `quiet`",
     "请询问来源是否仍在更新，若只是平静无事请设置`quiet`"),
    (_PLACED,
     "{of}份报告中仅{placed}份定位到{level}级或更细"),
    (rf"{_PLACED}, (?P<before>\d+%) before", "{of}份报告中仅{placed}份定位到{level}级或更细，此前为{before}"),
    (r"rules judge that level, and what they judge can be raised by it, never lifted: .+",
     "规则按该级研判，可能升级但不会解除：请询问来源有何变化，修正映射中的`place`，或改按仍能定位的层级研判"),
    (rf"the last (?P<n>\d+) reports? tell (?P<x>\S+) times? {_USUAL}",
     "最近{n}份报告的{what}约为平常（{usual}）的{x}倍"),
    (rf"the last (?P<n>\d+) reports? tell one (?P<x>\S+)th of {_USUAL}",
     "最近{n}份报告的{what}约为平常（{usual}）的{x}分之一"),
    (r"nothing rises or is lifted by it: look whether the source changed the unit, and (?P<said>mend .+)",
     "不会据此升级或解除：请确认来源是否更换了单位，{said}"),
    (r"mend (?P<do>`[^(;]+`) in its mapping \(`times`, or `varies` where it may\)",
     "并修正映射中的{do}（`times`；若本来如此则用`varies`）"),
    (r"none of its reports since (?P<on>\S+) names (?P<where>.+), where (?P<usual>\S+) a day [^;]+",
     "自{on}起报告均未涉及{where}（通常每天{usual}份），而其他地区照常"),
    (r"none of its reports since (?P<on>\S+) is of (?P<what>\S+), where (?P<usual>\S+) a day [^;]+",
     "自{on}起没有{what}类报告（通常每天{usual}份），而其他类别照常"),
    (r"its mapping does not name (?P<value>'.+)", "映射中没有{value}"),
    (rf"what is counted of (?P<what>\S+) can raise, and nothing lifts it: ask the source, {_KIND}",
     "{what}的计数可能升级但不会解除：请联系来源，修正映射中的`category`，然后运行{do}"),
    (r"what is counted in (?P<where>.+), without (?P<of>.+) can raise, and nothing lifts it: ask the source",
     "{where}（缺{of}）的计数可能升级但不会解除：请联系来源"),
    (r"what is counted in (?P<where>.+) can raise, and nothing lifts it: ask the source",
     "{where}的计数可能升级但不会解除：请联系来源"),
    # of feeds that fail
    (rf"its topics go blind where it stays silent for longer than (?P<gap>{_GAP})",
     "静默超过{gap}后相关风险无法研判"),
    (rf"its source pushes nothing for longer than (?P<gap>{_GAP})", "来源超过{gap}未推送"),
    (rf"it is not polled for longer than (?P<gap>{_GAP})", "超过{gap}未采集"),
    (r"its topics are blind", "相关风险无法研判"),
    (r"it answers, and its newest news is of (?P<at>[^, ]+)", "来源有应答，最新内容为{at}"),
    (rf"(?P<said>it answers, .+), longer ago than it may be quiet \((?P<gap>{_GAP})\)",
     "{said}，已超过允许的静默时间（{gap}）"),
    (rf"a gap of (?P<gap>{_GAP}) is usual", "通常间隔为{gap}"),
    (r"look whether the source is still fed", "请确认来源是否仍在更新"),
    (r"(?P<many>[\d,]+) files? (?:is|are) written no more, while others are, when last: (?P<names>[^;]+)",
     "{many}个文件不再更新，而其他文件照常（末次写入时间）：{names}"),
    (r"(?P<many>[\d,]+) files? (?:is|are) gone, with none in \w+ place, written last: (?P<names>[^;]+)",
     "{many}个文件消失且无替代（末次写入时间）：{names}"),
    (r"(?P<many>\d+) of (?P<of>[\d,]+) reports? of (?P<on>\S+) go by the id of another moment, .+ or kind",
     "{on}的{of}份报告中有{many}份与其他时间、其他地点或类别的报告编号相同"),
    (r"make (?P<do>`source_id`) of what tells them apart, or ask the source",
     "请以能区分它们的字段组成{do}，或联系来源"),
    (r"what else there is is taken", "其余内容已采用"),
    (r"put (?:it|them) back, or if that is right (?P<do>`[^`]+`)", "请放回；若本应如此，请运行{do}"),
    (r"ask who writes (?:it|them), and if that is right (?P<do>`[^`]+`)",
     "请询问由谁写入；若本应如此，请运行{do}"),
    (r"(?P<many>[\d,]+) posts? (?:was|were) refused whole", "{many}次推送被整体拒收"),
    (r"an empty answer, where (?:each of \d+ answers|the answer) since (?P<on>\S+) held (?P<many>\d+) [^;]+",
     "空应答，而自{on}以来的应答均至少有{many}条记录"),
    (r"ask the source\. If it may be empty, say (?P<do>`[^`]+`)", "请联系来源；若确实可能为空，请设置{do}"),
    (r"the source was told why", "已向来源说明原因"),
    (r"what it pushes is taken again", "推送已恢复接收"),
    (r"(?P<many>[\d,]+) ids? came again for another day, place and kind, [^;]+",
     "{many}个编号再次出现：日期、地点、类别不同，或事发晚于原报告，或同一应答中出现在两天"),
    (r"the later incident is kept apart as ID@DAY\. Where numbers start anew, .+",
     "后者另存为“编号@日期”；编号按年或按日重排的，请在source_id中加入年份或日期"),
    (r"(?P<many>[\d,]+) incidents? came again under other ids, with the moment, the place and [^;]+",
     "{many}起事件以其他编号再次出现，时间、地点、类别均相同"),
    (r"they count once, and what the new ids tell is kept under the old\..+",
     "只计一次，新编号的内容归入原编号。请来源提供固定编号，或以不变的字段组成`source_id`"),
    (r"(?P<many>\d+) of its (?P<of>[\d,]+) reports of the last (?P<days>\d+) days are taken back .+ lifted",
     "最近{days}天的{of}份报告中有{many}份被来源以其自身标记一次撤回，据此发布的预警随之解除"),
    (r"ask it whether it means that, or whether the mark \((?P<what>`withdrawn`) .+ by now",
     "请向来源确认是否有意撤回，或该标记（映射中的{what}）是否已另有含义"),
    (r"(?P<many>\d+) of (?P<of>[\d,]+) records are left out by (?P<what>`skip`) .+ (?P<usual>\d+%) were",
     "{of}条记录中有{many}条被映射中的{what}略去，而此前至多{usual}"),
    (r"what is left out counts nowhere: look whether what it names means something else by now",
     "被略去的不作任何计数，请确认其所指的取值是否已另有含义"),
    (r"(?P<many>[\d,]+) incidents? came after a silence without saying when",
     "中断后补报的{many}起事件未说明时间"),
    (r"they count on no day", "不计入任何一天"),
    (r"(?P<many>[\d,]+) incidents? (?:is|are) kept without \w+ (?P<what>\S+), which could not be read",
     "{many}起事件的{what}无法读取，未予保留"),
    (r"(?P<said>.+)\. Add what is missing to the configuration, then (?P<do>`.+`)",
     "{said}。请在配置中补充后执行{do}"),
    # of runs
    (r"(?P<many>\d+) of (?P<of>\d+) records? could not be read, with what was never .+?: (?P<said>.+)",
     "{of}条记录中有{many}条无法读取，出现未知内容：{said}"),
    (rf"set aside after {_RUN}\. When its cause is mended: (?P<do>`.+`)",
     "已尝试{many}次：{said}；现已搁置，排除原因后执行{do}"),
    (rf"{_RUN}\. It is tried again for a day; later ones wait, immediate ones go on",
     "已尝试{many}次：{said}；一天之内自动重试，其后时段等待，即时研判照常"),
    (r"due before (?P<at>\S+), longer ago than `catch_up` in config/cycles\.yaml: nobody judges it any more",
     "应于{at}之前研判，已超过config/cycles.yaml中的`catch_up`，不再补判"),
    (r"the process that judged it was killed, (?P<many>\d+) times? in all: see its log, and its memory",
     "研判进程被终止，共{many}次：请查看日志和内存"),
    (r"it is judged", "已完成研判"), (r"the reference evaluator's answer stands", "以参考求值器的结论为准"),
    (r"the evaluators differ on (?P<what>.+)", "两个求值器的结论不一致：{what}"),
    (r"degraded: (?P<said>.+)", "降级运行：{said}"), (r"disputed: (?P<said>.+)", "存疑：{said}"),
    # of messages, the disk, the clock, the database, rules
    (r"(?P<many>[\d,]+) (?:try|tries) failed: (?P<said>.*)", "已失败{many}次：{said}"),
    (r"what waits is tried again, (?P<do>`.+`) shows what was given up",
     "积压的消息会自动重发，查看已放弃的消息：{do}"),
    (r"(?P<many>\d+) messages? (?:is|are) due and nobody takes them", "{many}条消息到期未发"),
    (r"is the service well\?", "请确认服务是否正常"),
    (r"whoever listens there takes us for dead", "对方会认为本系统已停止运行"),
    (r"(?P<free>\d+) MB are free where (?P<file>\S+) lies, less than disk_mb \((?P<least>\d+)\): make room",
     "{file}所在磁盘仅剩{free} MB，低于disk_mb（{least}）：请腾出空间"),
    (r"it was (?P<was>.+) at the last tick and is (?P<is>.+) now, and no feed tells of anything so late: .+",
     "上次检查时为{was}，现为{is}，而没有数据源报告如此之晚的情况：下次检查一致后才恢复研判"),
    (r"(?P<said>.+)\. They are done again when they are due", "{said}，到期后重新进行"),
    (r"dated later than now, and void: (?P<said>.+)", "所记时间晚于现在，予以作废：{said}"),
    (r"dated later than now, by a clock that said (?P<at>.+?), and void: (?P<said>.+)",
     "所记时间晚于现在（当时本机时钟为{at}），予以作废：{said}"),
    (r"runs (?P<names>[^;]+)", "研判{names}"), (r"polls of (?P<names>[^;]+)", "数据源{names}的采集"),
    (r"heartbeats of (?P<names>[^;]+)", "进程{names}的心跳"),
    (r"(?P<name>.+) is another one since the last tick", "{name}已被更换"),
    (r"it is served from now on", "此后使用新的数据库"),
    (r"(?P<rule>\S+) turned (?P<many>\d+) times? in (?P<at>.+) within (?P<days>\d+) days?: (?P<said>.+)",
     "{rule}在{at}{days}天内升降{many}次：{said}"),
    (r"`hold: (?P<hold>\d+)` \(it is (?P<is>\d+)\) would have bridged (?P<n>\d+) of its (?P<of>\d+) pauses?",
     "`hold: {hold}`（现为{is}）可覆盖{of}次间歇中的{n}次"),
    (r"`cool_down: (?P<days>\d+)d` would keep it from rising again .+",
     "`cool_down: {days}d`可使其在最长间歇内不再升至同级"),
    (r"the built-in words were sent", "已改用内置文本发送"),
    (r"since (?P<at>\d\S+): (?P<said>.*)\. Say that you know: (?P<do>`.+`)",
     "自{at}起：{said}。知悉后请执行{do}"),
    (r"\S+ since (?P<at>\d\S+), and well again", "自{at}起的故障已恢复"),
)  # fmt: skip
_TABLE = tuple((re.compile(form, re.DOTALL), chinese) for form, chinese in _FORMS)
_OF = re.compile(r"(?P<name>\S+|[^:;]+?): (?P<said>.+)", re.DOTALL)
_CHINESE = re.compile("[\u4e00-\u9fff]")
_UNITS = "天", "小时", "分钟", "秒"
_MADE: Mapping[str, Callable[[str], str]] = {
    "gap": lambda text: stretch(text), "said": lambda text: detail(text, "zh"),
    "level": lambda code: level(code).say("zh"),
}  # fmt: skip


def detail(said: str, language: str) -> str:
    """What was noted of a fault, a feed or a run, in a language; what has no form stands as it was said."""
    if language != "zh" or not said:
        return said
    for form, chinese in _TABLE:
        if found := form.fullmatch(said):
            return chinese.format(**_groups(found))
    if (told := unreadable.chinese(said)) is not None:
        return told
    parts = said.split("; ")
    if parts[1:]:
        return "；".join(detail(one, language) for one in parts)
    doubt = cause(said, language)
    return doubt if _CHINESE.search(doubt) else _named(said)


def _named(said: str) -> str:
    """Of something, whose name or address stands before it."""
    found = _OF.fullmatch(said)
    told = detail(found["said"], "zh") if found else ""
    return f"{found['name']}：{told}" if found and told != found["said"] else said


def _groups(found: Match[str]) -> dict[str, str]:
    return {name: _MADE.get(name, str)(text) for name, text in found.groupdict().items()}


def stretch(text: str) -> str:
    """A stretch of time as Python writes one, in Chinese."""
    parts = re.fullmatch(r"(?:(\d+) days?)?(?:, )?(?:(\d+):(\d+):(\d+))?", text)
    assert parts is not None, "only what the forms take comes here"
    units = zip(parts.groups(), _UNITS, strict=True)
    return "".join(f"{int(number)}{unit}" for number, unit in units if int(number or 0))
