"""What is wrong with the watching, in Chinese: the sentences that the engine makes of it."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.cycle.depth import Fall
from engine.notify.detail import detail

ENGINE = Path(__file__).parents[2] / "engine"
SAID = {
    "it ended on 2026-03-01": "已于2026-03-01终止",
    "nothing was pushed yet; its source needs a token: `forewarn token add NAME --feed log`":
        "来源尚未推送数据；请为来源生成令牌：`forewarn token add NAME --feed log`",
    "nothing was reported yet; people need a link: `forewarn links form log`":
        "尚无人上报；请生成上报链接：`forewarn links form log`",
    "never polled; `forewarn feeds poll log` does it now": "尚未采集；立即采集：`forewarn feeds poll log`",
    "2 records could not be read; `forewarn feeds rejects log --by value` says what of them; mend the "
    "mapping, then `forewarn feeds reread log`":
        "2条记录无法读取；查看原因：`forewarn feeds rejects log --by value`；修正映射后执行"
        "`forewarn feeds reread log`",
    "3 polls in a row failed: HTTP 500; mend the source or its entry in config/feeds.yaml; it is polled "
    "again by itself": "连续3次采集失败：HTTP 500；请检查来源或config/feeds.yaml中的条目；系统会自动重试",
    "what its source pushes is refused: no such field; mend the source or its entry in config/feeds.yaml":
        "来源推送的数据被拒收：no such field；请检查来源或config/feeds.yaml中的条目",
    "not polled for longer than 2 days, 12:00:00; is the service running?":
        "超过2天12小时未采集；请确认服务是否在运行",
    "not heard for longer than 0:30:00; ask the source; an empty list is a sign of life, too":
        "超过30分钟未收到推送；请联系来源；空列表也表明来源正常",
    "not heard for longer than 2 days, 0:00:00; ask those who report; where there may be nothing for longer, "
    "say so by `max_silence`": "超过2天未收到推送；请询问上报人员；若确实可能更久无事，请设置`max_silence`",
    "4 polls answered and brought nothing new; ask the source whether it is still fed, and if it is only "
    "quiet say so by `quiet`": "连续4次采集均无新内容；请询问来源是否仍在更新，若只是平静无事请设置`quiet`",
    "2 polls in a row failed: the table lacks happened (occurred_at); it has id, town; mend the source or "
    "its entry in config/feeds.yaml; it is polled again by itself":
        "连续2次采集失败：表缺少happened (occurred_at)；现有id, town；"
        "请检查来源或config/feeds.yaml中的条目；系统会自动重试",
    "no answer (ConnectError: refused), also after 3 retries; it is polled again by itself":
        "无应答（ConnectError: refused），重试3次后仍然如此；系统会自动重试",
    "what it brings is old; ask the source whether it is still fed, and if it is only quiet say so by "
    "`quiet`":
        "所采集的内容均已陈旧；请询问来源是否仍在更新，若只是平静无事请设置`quiet`",
    "its source pushes, and nothing of it is new; ask whether it is still fed, and if it is only quiet say "
    "so by `quiet`": "来源仍在推送，但均无新内容；请询问来源是否仍在更新，若只是平静无事请设置`quiet`",
    str(Fall("town", datetime(2026, 3, 1, tzinfo=UTC), 3, 9, 0.8)):
        "9份报告中仅3份定位到镇级或更细，此前为80%；规则按该级研判，可能升级但不会解除："
        "请询问来源有何变化，修正映射中的`place`，或改按仍能定位的层级研判",
    "HTTP 500; its topics go blind where it stays silent for longer than 2 days, 0:00:00":
        "HTTP 500；静默超过2天后相关风险无法研判",
    "its source pushes nothing for longer than 6:00:00; its topics are blind":
        "来源超过6小时未推送；相关风险无法研判",
    "it is not polled for longer than 1 day, 6:00:00; its topics are blind":
        "超过1天6小时未采集；相关风险无法研判",
    "it answers, and its newest news is of 2026-03-02T08:00+00:00, longer ago than it may be quiet (3 days, "
    "0:00:00); a gap of 1:00:00 is usual; look whether the source is still fed":
        "来源有应答，最新内容为2026-03-02T08:00+00:00，已超过允许的静默时间（3天）；通常间隔为1小时；"
        "请确认来源是否仍在更新",
    "3 posts were refused whole; the source was told why": "3次推送被整体拒收；已向来源说明原因",
    "what it pushes is refused: no such field; its topics go blind where it stays silent for longer than "
    "1:00:00":
        "来源推送的数据被拒收：no such field；静默超过1小时后相关风险无法研判",
    "what it pushes is taken again": "推送已恢复接收",
    "3 ids came again for another day, place and kind, for what happened after they were told, or for two "
    "days in one answer; the later incident is kept apart as ID@DAY. Where numbers start anew, add the year "
    "or the day to source_id":
        "3个编号再次出现：日期、地点、类别不同，或事发晚于原报告，或同一应答中出现在两天；"
        "后者另存为“编号@日期”；编号按年或按日重排的，请在source_id中加入年份或日期",
    "5 incidents came again under other ids, with the moment, the place and the kind that they had; they "
    "count once, and what the new ids tell is kept under the old. Ask the source for ids that last":
        "5起事件以其他编号再次出现，时间、地点、类别均相同；只计一次，新编号的内容归入原编号。"
        "请来源提供固定编号，或以不变的字段组成`source_id`",
    "12 of its 40 reports of the last 28 days are taken back at once by its own mark, and what stood on them "
    "is lifted; ask it whether it means that, or whether the mark (`withdrawn` in its mapping) means "
    "something else by now":
        "最近28天的40份报告中有12份被来源以其自身标记一次撤回，据此发布的预警随之解除；"
        "请向来源确认是否有意撤回，或该标记（映射中的`withdrawn`）是否已另有含义",
    "14 of 40 records are left out by `skip` in its mapping, where at most 5% were; what is left out counts "
    "nowhere: look whether what it names means something else by now":
        "40条记录中有14条被映射中的`skip`略去，而此前至多5%；"
        "被略去的不作任何计数，请确认其所指的取值是否已另有含义",
    "an empty answer, where each of 9 answers since 2026-03-01 held 4 records or more; ask the source. If "
    "it may be empty, say `not_empty: false`":
        "空应答，而自2026-03-01以来的应答均至少有4条记录；请联系来源；"
        "若确实可能为空，请设置`not_empty: false`",
    "none of its reports since 2026-03-05 names Ale, where 8.0 a day are usual, and it tells of others as "
    "before; what is counted in Ale can raise, and nothing lifts it: ask the source":
        "自2026-03-05起报告均未涉及Ale（通常每天8.0份），而其他地区照常；"
        "Ale的计数可能升级但不会解除：请联系来源",
    "none of its reports since 2026-03-05 is of property.burglary, where 8.0 a day are usual, and it tells "
    "of others as before; its mapping does not name 'break-in' (9), 'theft' (2); what is counted of "
    "property.burglary can raise, and nothing lifts it: ask the source, mend `category` in its mapping, then "
    "`forewarn feeds reread log`":
        "自2026-03-05起没有property.burglary类报告（通常每天8.0份），而其他类别照常；"
        "映射中没有'break-in' (9), 'theft' (2)；property.burglary的计数可能升级但不会解除："
        "请联系来源，修正映射中的`category`，然后运行`forewarn feeds reread log`",
    **{
        f"the last 6 reports tell {times} the hectares that were usual (2.5), by which x.fires counts; "
        "nothing rises or is lifted by it: look whether the source changed the unit, and mend `hectares` in "
        "its mapping (`times`, or `varies` where it may)":
            f"最近6份报告的hectares约为平常（2.5）的{said}；不会据此升级或解除：请确认来源是否更换了单位，"
            "并修正映射中的`hectares`（`times`；若本来如此则用`varies`）"
        for times, said in (("1,000 times", "1,000倍"), ("one 60th of", "60分之一"))
    },
    "9 incidents came after a silence without saying when; they count on no day":
        "中断后补报的9起事件未说明时间；不计入任何一天",
    "1 incident is kept without its severity, which could not be read":
        "1起事件的severity无法读取，未予保留",
    "2 incidents are kept without their severity, which could not be read":
        "2起事件的severity无法读取，未予保留",
    "3 of 9 records could not be read, with what was never seen before: place 'x': 2; category: 1. Add what "
    "is missing to the configuration, then `forewarn feeds reread log`":
        "9条记录中有3条无法读取，出现未知内容：place 'x': 2；category: 1。请在配置中补充后执行"
        "`forewarn feeds reread log`",
    "set aside after 5 attempts: ValueError: x. When its cause is mended: `forewarn cycle daily --again`":
        "已尝试5次：ValueError: x；现已搁置，排除原因后执行`forewarn cycle daily --again`",
    "5 attempts: ValueError: x. It is tried again for a day; later ones wait, immediate ones go on":
        "已尝试5次：ValueError: x；一天之内自动重试，其后时段等待，即时研判照常",
    "due before 2026-03-02T08:00, longer ago than `catch_up` in config/cycles.yaml: nobody judges it any "
    "more":
        "应于2026-03-02T08:00之前研判，已超过config/cycles.yaml中的`catch_up`，不再补判",
    "the process that judged it was killed, 3 times in all: see its log, and its memory":
        "研判进程被终止，共3次：请查看日志和内存",
    "it is judged": "已完成研判",
    "no process; the reference evaluator's answer stands": "no process；以参考求值器的结论为准",
    "the evaluators differ on a.b, c.d": "两个求值器的结论不一致：a.b, c.d",
    "degraded: x; disputed: a.b": "降级运行：x；存疑：a.b",
    "7 tries failed: 550 no such user; what waits is tried again, `forewarn notifications` shows what was "
    "given up":
        "已失败7次：550 no such user；积压的消息会自动重发，查看已放弃的消息：`forewarn notifications`",
    "12 messages are due and nobody takes them; is the service well?": "12条消息到期未发；请确认服务是否正常",
    "HTTP 500; whoever listens there takes us for dead": "HTTP 500；对方会认为本系统已停止运行",
    "9 MB are free where forewarn.db lies, less than disk_mb (500): make room":
        "forewarn.db所在磁盘仅剩9 MB，低于disk_mb（500）：请腾出空间",
    "it was 2027-01-01 08:00 at the last tick and is 2026-12-31 08:00 now, and no feed tells of anything so "
    "late: nothing is judged until the next tick says the same, or `--clock-is-right`":
        "上次检查时为2027-01-01 08:00，现为2026-12-31 08:00，而没有数据源报告如此之晚的情况："
        "下次检查一致后才恢复研判",
    "dated later than now, by a clock that said 2027-01-01, and void: runs daily 2026-12-31; polls of log; "
    "heartbeats of a. They are done again when they are due":
        "所记时间晚于现在（当时本机时钟为2027-01-01），予以作废：研判daily 2026-12-31；数据源log的采集；"
        "进程a的心跳，到期后重新进行",
    "dated later than now, and void: runs daily 2026-12-31. They are done again when they are due":
        "所记时间晚于现在，予以作废：研判daily 2026-12-31，到期后重新进行",
    "forewarn.db is another one since the last tick; it is served from now on":
        "forewarn.db已被更换；此后使用新的数据库",
    "a.b turned 6 times in Easttown within 7 days: `hold: 4` (it is 2) would have bridged 5 of its 6 pauses; "
    "`cool_down: 2d` would keep it from rising again to the same grade within its longest pause":
        "a.b在Easttown7天内升降6次：`hold: 4`（现为2）可覆盖6次间歇中的5次；"
        "`cool_down: 2d`可使其在最长间歇内不再升至同级",
    "k: no such field; the built-in words were sent": "k: no such field；已改用内置文本发送",
    "since 2026-03-02T08:00: it is judged. Say that you know: `forewarn faults acknowledge 3 --who NAME`":
        "自2026-03-02T08:00起：已完成研判。知悉后请执行`forewarn faults acknowledge 3 --who NAME`",
    "disk since 2026-03-02T08:00, and well again": "自2026-03-02T08:00起的故障已恢复",
    "9 polls answered since; 2 files are written no more, while others are, when last: "
    "s.csv (2026-03-05T08:00), t.csv (2026-03-05T09:00); ask who writes them, "
    "and if that is right `forewarn feeds reread log`":
        "此后9次采集有应答；2个文件不再更新，而其他文件照常（末次写入时间）：s.csv (2026-03-05T08:00), "
        "t.csv (2026-03-05T09:00)；请询问由谁写入；若本应如此，请运行`forewarn feeds reread log`",
    "1 file is gone, with none in its place, written last: s.csv (2026-03-05T08:00); what else there is is "
    "taken; put it back, or if that is right `forewarn feeds reread log`":
        "1个文件消失且无替代（末次写入时间）：s.csv (2026-03-05T08:00)；其余内容已采用；"
        "请放回；若本应如此，请运行`forewarn feeds reread log`",
    "3 of 8 reports of 2026-03-04 go by the id of another moment, and of another place or kind; what else "
    "there is is taken; make `source_id` of what tells them apart, or ask the source":
        "2026-03-04的8份报告中有3份与其他时间、其他地点或类别的报告编号相同；其余内容已采用；"
        "请以能区分它们的字段组成`source_id`，或联系来源",
    "log: silent since 2026-03-02 08:00": "log：自2026-03-02 08:00起没有消息",
}  # fmt: skip
#: Where such sentences are made.
MADE = (
    "cycle/hearing.py", "cycle/news.py", "cycle/pushed.py", "cycle/remarks.py", "cycle/depth.py",
    "cycle/clock.py", "cycle/absence.py", "cycle/standstill.py", "duty/flapping.py", "cycle/loops/upkeep.py",
)  # fmt: skip


@pytest.mark.parametrize("said", SAID)
def test_it_is_said_in_the_readers_language(said: str) -> None:
    assert detail(said, "en") == said
    assert detail(said, "zh") == SAID[said]


def test_what_has_no_form_stands_as_it_was_said() -> None:
    assert detail("", "zh") == "" and detail("HTTP 500: something else", "zh") == "HTTP 500: something else"


@pytest.mark.parametrize("file", MADE)
def test_no_sentence_of_the_engine_is_forgotten(file: str) -> None:
    """Whatever is put together of words there is a piece of one above."""
    found = set()
    tree = ast.parse((ENGINE / file).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            plain = [part.value for part in node.values if isinstance(part, ast.Constant)]
            said = (str(piece).strip(" :,;.`(") for piece in plain)
            found |= {piece for piece in said if re.search(r"[a-z]{3} [a-z]", piece)}
    assert found and [one for one in sorted(found) if not any(one in said for said in SAID)] == []
