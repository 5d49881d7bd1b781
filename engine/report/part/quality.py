"""What nobody could see, and by which knowledge the report was made."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.text import Text
from engine.report.document import Block, Prose
from engine.report.figures import Blind, Figures
from engine.report.words import filled, full_day, joined, moment

_KNOWN = Text(
    "As known on {when}; what became known later is in no number.", "数据截至{when}，此后获知的情况未计入。"
)
_HEARD = Text("Every feed was heard throughout.", "各数据源全程正常。")
_BLIND = Text(
    "{feed} is silent now: what it reports on is unknown, not over.",
    "{feed}目前中断：相关情况不明，不等于没有。",
)
_LOST = Text(
    "{feed}: not all could be seen on {days} of the days; they are in no comparison.",
    "{feed}：{days}天数据不全，未纳入比较。",
)
_UNREAD = Text("{feed}: {n} {n:record|records} could not be read.", "{feed}：{n}条记录无法读取。")
_LEFT_OUT = Text(
    "Sensitive and protected categories are in no count. Intervals take the noise as Poisson.",
    "敏感及受保护类别不计入任何数字；区间按泊松波动计算。",
)
_SINCE = Text("The engine has judged since {when}.", "系统自{when}起研判。")
_DEMO = Text("Demo: bundled data, replayed.", "演示：随附数据回放。")


def blocks(of: Figures) -> Iterator[Block]:
    said = [filled(_KNOWN, when=moment(of.at))]
    said += [text for one in of.blind for text in _feed(one)] or [_HEARD]
    said.append(_LEFT_OUT)
    if of.judged_since is not None and of.cycle != "daily":
        said.append(filled(_SINCE, when=full_day(of.judged_since.date())))
    if of.demo:
        said.append(_DEMO)
    yield Prose(said=joined(said))


def _feed(one: Blind) -> Iterator[Text]:
    if one.now:
        yield filled(_BLIND, feed=one.title)
    if one.days:
        yield filled(_LOST, feed=one.title, days=one.days)
    if one.unread:
        yield filled(_UNREAD, feed=one.title, n=one.unread)
