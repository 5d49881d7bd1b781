"""A report as a message: its first sentences, and where the whole is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from engine.model.message import Notification, Receiver
from engine.model.text import Text
from engine.notify.plain import plain

FORMAT = "forewarn.report-made/1"
#: What the keys of these messages begin with.
PREFIX = "report"

_LINE = Text("{kind}: {title}", "{kind}：{title}")
_AGAIN = Text("{kind}: {title} (version {version})", "{kind}：{title}（第{version}版）")
_WHOLE = Text("The whole: {link}", "全文：{link}")
_COMMAND = Text(
    "The whole: forewarn report {cycle} --area {area} --at {day} --format html --out report.html",
    "全文：forewarn report {cycle} --area {area} --at {day} --format html --out report.html",
)


def messages(
    report: tuple[str, str, str, int], said: tuple[Text, Text, tuple[Text, ...]], receiver: Receiver,
    link: str, at: datetime, due: datetime,
) -> Iterator[Notification]:  # fmt: skip
    """One message a channel. report: cycle, period, area and version; said: what it is, its title, and its
    sentences; link: where it is shown, or nothing."""
    cycle, period, area, version = report
    kind, title, sentences = (said[0].say(receiver.language), said[1].say(receiver.language), said[2])
    line = (
        (_LINE if version == 1 else _AGAIN)
        .say(receiver.language)
        .format(kind=kind, title=title, version=version)
    )
    whole = (
        (_WHOLE if link else _COMMAND)
        .say(receiver.language)
        .format(link=link, cycle=cycle, area=area, day=f"{due:%Y-%m-%d}")
    )
    text = "\n".join([line, "", *(one.say(receiver.language) for one in sentences), "", whole]) + "\n"
    named = {"cycle": cycle, "period": period, "area": area, "version": version}
    for channel in receiver.channels:
        key = f"{PREFIX}/{cycle}/{period}/{area}/{version}/{receiver.id}/{channel.name}"
        yield plain(
            receiver,
            channel,
            format=FORMAT,
            key=key,
            step=PREFIX,
            line=line,
            text=text,
            at=at,
            said={"report": named, "link": link},
        )
