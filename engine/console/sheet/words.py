"""The words of a form's page."""

from __future__ import annotations

from engine.model.slots import filled
from engine.model.text import Text

SAID = {
    "report": Text("Report", "上报"), "where": Text("Where", "地点"), "when": Text("When", "时间"),
    "choose": Text("Choose", "请选择"), "may stay empty": Text("(may stay empty)", "（选填）"),
    "taken": Text("Taken, thank you.", "已收到，谢谢。"), "back": Text("Back", "返回"),
    "waits": Text("Waits for the network", "等待网络"),
    "waiting": Text("Kept on this telephone", "暂存于本机"),
    "waiting why": Text(
        "It is sent by itself once there is a network, and then deleted here. Leave this page open, or open "
        "it again.",
        "联网后自动发送，发送成功即从本机删除。请保持本页打开，或稍后再次打开。",
    ),
    "mend": Text("Mend", "修改"), "delete": Text("Delete", "删除"),
    "sign in again": Text("Sign in again, then it is sent.", "请重新登录，随后自动发送。"),
    "not sent": Text("Not sent:", "未发送："),
    "need place": Text("Choose a place of the list.", "请选择地点。"),
    "need moment": Text("Say when it was.", "请填写时间。"),
    "moment ahead": Text("That moment has not come yet.", "该时间尚未到来。"),
    "moment long ago": Text("That is more than {days} {days:day|days} ago.", "该时间早于{days}天前。"),
    "need answer": Text("– this needs an answer.", "：请填写。"),
    "need number": Text("– a whole number from {least} to {most}.", "：请填写{least}至{most}的整数。"),
    "too long": Text("– at most {most} letters.", "：最多{most}字。"),
    "nobody takes": Text(
        "Nobody takes it here: the service is not running beside this page.", "本页未接入服务，无法接收。"
    ),
    "not now": Text("It could not be taken just now; try again.", "暂时无法接收，请稍后重试。"),
    "not taken": Text(
        "It could not be taken as it is; tell whoever gave you the link.", "无法接收，请告知链接发放人。"
    ),
    "no form": Text("This cannot be read; open the link anew.", "无法读取，请重新打开链接。"),
    "careful": Text(
        "Name no person: what identifies people is masked before it is kept.",
        "请勿填写个人信息：可识别个人的内容在保存前会被遮盖。",
    ),
}  # fmt: skip


def say(language: str, key: str, **facts: object) -> str:
    """One text of the catalogue."""
    return filled(SAID[key].say(language), **facts)
