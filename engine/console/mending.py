"""What to do about a fault of the engine itself, whoever reads it."""

from __future__ import annotations

from collections.abc import Mapping

from engine.model.text import Text
from engine.notify.notice import Trouble

MENDING: Mapping[str, Text] = {
    Trouble.MISSED: Text(
        "Mend its cause, which the detail names; then judge the period: forewarn cycle CYCLE --again.",
        "先排除详情所述原因，再补判该周期：forewarn cycle 周期 --again。",
    ),
    Trouble.CLOCK: Text(
        "Set the machine's clock, and keep it by NTP. Judgement goes on by itself when the clock is right.",
        "校准本机时钟并启用 NTP 对时；时钟一致后自动恢复研判。",
    ),
    Trouble.REPLACED: Text(
        "If nobody restored a backup, find out who put another database in its place.",
        "若无人恢复过备份，请查明是谁更换了数据库。",
    ),
    Trouble.DELAYED: Text(
        "It is tried again by itself for a day. Mend what the detail names.",
        "一天之内会自动重试；请排除详情所述原因。",
    ),
    Trouble.DOWN: Text(
        "Look at the source, then at its entry in config/feeds.yaml.",
        "先检查来源，再检查 config/feeds.yaml 中的条目。",
    ),
    Trouble.QUIET: Text(
        "Ask the source whether it is still fed; if it is only quiet, say so by `quiet` in its entry.",
        "询问来源是否仍在更新；若只是平静无事，请在条目中设置 quiet。",
    ),
    Trouble.UNSAID: Text(
        "Ask the source what changed; mend its mapping, or say there what an empty field means.",
        "询问来源有何变化；修正字段映射，或用 otherwise 写明空值的含义。",
    ),
    Trouble.UNNAMED: Text(
        "Ask the source whether it still tells of the area; what it tells late counts on its own day.",
        "询问来源是否仍报告该地区；补报的内容计入其发生之日。",
    ),
    Trouble.CEASED: Text(
        "Ask the source what it calls them now; mend `category` in its mapping, and read it anew.",
        "询问来源现在如何称呼该类别；修正映射中的`category`后重新读取。",
    ),
    Trouble.SCALE: Text(
        "Ask the source whether it changed the unit; mend the measure in its mapping, and read it anew.",
        "询问来源是否更换了单位；修正映射中的指标后重新读取。",
    ),
    Trouble.SILENT: Text(
        "Ask whoever runs the source, and look whether the service polls: forewarn status.",
        "联系来源的维护者，并查看服务是否在轮询：forewarn status。",
    ),
    Trouble.LATE: Text(
        "Look what it waits for: forewarn status. What hangs is ended by itself after its time-out.",
        "查看它在等待什么：forewarn status。超时的任务会自动结束。",
    ),
    Trouble.CHANNEL: Text(
        "Look whether the receiver's side is up, then try it: forewarn route test. What waits is sent again.",
        "确认接收方正常后试发：forewarn route test。积压的消息会重新发送。",
    ),
    Trouble.OUTBOX: Text(
        "Look whether the service runs and delivers: forewarn status.",
        "查看服务是否在运行并投递：forewarn status。",
    ),
    Trouble.DISK: Text(
        "Make room where the database lies, or lower disk_mb in config/engine.yaml.",
        "为数据库所在磁盘腾出空间，或调低 config/engine.yaml 中的 disk_mb。",
    ),
    Trouble.FLAPPING: Text(
        "Give the rule the `hold` or `cool_down` that the detail proposes.",
        "按详情建议为规则设置 hold 或 cool_down。",
    ),
}
