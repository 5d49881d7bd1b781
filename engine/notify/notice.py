"""What operators must hear of the engine itself: a missed period, a degraded run, a feed gone blind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.model.message import Channel, Notification, Receiver
from engine.model.text import Text
from engine.notify.detail import detail
from engine.notify.plain import plain

FORMAT = "forewarn.notice/1"


class Trouble(StrEnum):
    """What went wrong with the watching, not with the world."""

    MISSED = "missed"
    DEGRADED = "degraded"
    DISPUTED = "disputed"
    DOWN = "down"
    BACK = "back"
    LATE_BATCH = "late-batch"
    UNREAD = "unread"
    QUIET = "quiet"
    REUSED = "reused-ids"
    RENUMBERED = "renumbered"
    TAKEN_BACK = "taken-back"
    PARTLY = "partly"
    SHALLOW = "shallow"
    UNSAID = "unsaid"
    UNNAMED = "unnamed"
    SCALE = "scale"
    CEASED = "ceased"
    LATE = "late"
    DELAYED = "delayed"
    REPLACED = "replaced"
    CLOCK = "clock"
    TEMPLATE = "template"
    SILENT = "silent"
    CHANNEL = "channel"
    OUTBOX = "outbox"
    DISK = "disk"
    FLAPPING = "flapping"
    OVER = "over"


#: What has happened and cannot be looked at again: it is open until somebody says that they know.
HAPPENED = frozenset({Trouble.MISSED, Trouble.CLOCK, Trouble.REPLACED})
#: What lasts, from its beginning to its end.
LASTING = HAPPENED | {
    Trouble.DELAYED, Trouble.DOWN, Trouble.QUIET, Trouble.SILENT, Trouble.LATE, Trouble.CHANNEL,
    Trouble.OUTBOX, Trouble.DISK, Trouble.FLAPPING, Trouble.UNSAID, Trouble.UNNAMED,
    Trouble.SCALE, Trouble.CEASED,
}  # fmt: skip


_SUBJECT = {
    Trouble.MISSED: Text("Missed: {name} not judged", "漏判：{name} 未能研判"),
    Trouble.DEGRADED: Text("Degraded: {name} had no inference process", "降级：{name} 由参考求值器研判"),
    Trouble.DISPUTED: Text("Disputed: {name} withholds correlations", "存疑：{name} 暂扣关联结论"),
    Trouble.DOWN: Text("Feed down: {name}", "数据源中断：{name}"),
    Trouble.BACK: Text("Feed back: {name}", "数据源恢复：{name}"),
    Trouble.REUSED: Text("Ids given again: {name} numbers anew", "编号重复：{name} 重新编号"),
    Trouble.RENUMBERED: Text("Other ids: {name} tells the same again", "编号更换：{name} 以新编号重报"),
    Trouble.TAKEN_BACK: Text("Taken back at once: {name}", "集中撤回：{name} 一次撤回大量报告"),
    Trouble.LATE_BATCH: Text("Late batch: {name} sent history in bulk", "迟到批量：{name} 集中补报历史数据"),
    Trouble.UNREAD: Text("Unreadable: {name} says what is not known here", "无法读取：{name} 出现未知内容"),
    Trouble.PARTLY: Text("Partly read: {name}", "部分读取：{name}"),
    Trouble.SHALLOW: Text("Placed less deep: {name}", "定位变粗：{name}"),
    Trouble.UNSAID: Text("Says too little: {name}", "内容不全：{name}"),
    Trouble.SCALE: Text("Another scale: {name}", "量级改变：{name}"),
    Trouble.CEASED: Text("Tells of a kind no more: {name}", "不再报告某类别：{name}"),
    Trouble.UNNAMED: Text("Names an area no more: {name}", "不再涉及某地区：{name}"),
    Trouble.DELAYED: Text("Delayed: {name} could not be judged yet", "延误：{name} 暂未能研判"),
    Trouble.CLOCK: Text("Clock of {name} contradicts itself", "时钟矛盾：{name}"),
    Trouble.TEMPLATE: Text("Template failed: {name}", "模板出错：{name}"),
    Trouble.REPLACED: Text("Database replaced: {name}", "数据库被替换：{name}"),
    Trouble.LATE: Text("Late: {name} is still at work", "迟滞：{name} 仍未完成"),
    Trouble.SILENT: Text("Silent: {name} tells nothing", "无声：{name} 没有任何消息"),
    Trouble.CHANNEL: Text("Channel fails: {name}", "通道故障：{name}"),
    Trouble.OUTBOX: Text("Messages wait: {name} is stuck", "消息积压：{name}"),
    Trouble.DISK: Text("Disk nearly full: {name}", "磁盘将满：{name}"),
    Trouble.FLAPPING: Text("Flapping: {name}", "反复升降：{name}"),
    Trouble.OVER: Text("Over: {name}", "已恢复：{name}"),
    Trouble.QUIET: Text("Quiet: {name} brings nothing new", "长时间无新内容：{name}"),
}  # fmt: skip
#: What kind of trouble it is, in Chinese.
KINDS = {trouble.value: text.zh.partition("：")[0] for trouble, text in _SUBJECT.items()}


def said(trouble: Trouble, name: str, language: str) -> str:
    """What is wrong, in a line."""
    return _SUBJECT[trouble].say(language).format(name=name)


@dataclass(frozen=True, slots=True)
class Notice:
    """One trouble: `name` is the run's or the feed's, `detail` says what happened and what to do."""

    trouble: Trouble
    name: str
    detail: str
    at: datetime
    #: The department whose matter it is, beside the operators.
    owner: str = ""

    @property
    def key(self) -> str:
        return f"notice/{self.trouble}/{self.name}/{self.at:%Y%m%dT%H%M%SZ}"


def notices(notice: Notice, receivers: Mapping[str, Receiver]) -> tuple[Notification, ...]:
    """One message for each channel of each receiver marked as operator, or of the owner's department."""
    return tuple(
        _note(notice, receiver, channel)
        for receiver in receivers.values()
        if receiver.operator or (notice.owner and notice.owner in (receiver.id, receiver.department))
        for channel in receiver.channels
    )  # fmt: skip


def _note(notice: Notice, receiver: Receiver, channel: Channel) -> Notification:
    line = said(notice.trouble, notice.name, receiver.language)
    return plain(
        receiver, channel, format=FORMAT, key=f"{notice.key}/{receiver.id}/{channel.name}", step="notice",
        line=line, text=f"{line}\n\n{detail(notice.detail, receiver.language)}\n", at=notice.at,
        said={
            "trouble": notice.trouble.value, "name": notice.name, "detail": notice.detail, "at": notice.at
        },
    )  # fmt: skip
