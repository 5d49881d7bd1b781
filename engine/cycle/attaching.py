"""A report with the e-mail that tells of it: the page, and the Word document where that can be made."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec

from engine.cycle.world import World
from engine.model.message import Notification
from engine.notify.payload import canonical
from engine.notify.report import FORMAT, PREFIX
from engine.report import exchange
from engine.report.document import Report
from engine.report.form import TYPES, formed
from engine.store import reports

#: The kind of channel that can carry a file.
CARRIES = "smtp"


def attached(world: World, message: Notification) -> Notification:
    """The message with its report, where it tells of one over a channel that carries files."""
    if message.step != PREFIX or not _carries(world, message):
        return message
    payload = json.loads(message.payload)
    if payload.get("format") != FORMAT:
        return message
    of = payload["report"]
    with world.store.read() as tx:
        text = reports.text(tx, of["cycle"], of["period"], of["area"], of["version"])
    if text is None:
        return message
    files = list(_files(exchange.load(text), payload["language"]))
    return replace(message, payload=canonical(payload | {"attachments": files}))


def _carries(world: World, message: Notification) -> bool:
    receiver = world.settings.receivers.get(message.receiver)
    channels = receiver.channels if receiver else ()
    return any(one.name == message.channel and one.kind == CARRIES for one in channels)


def _files(report: Report, language: str) -> Iterator[dict[str, str]]:
    stem = name(report, language)
    for form in ("html", "docx"):
        if form != "docx" or find_spec("docx") is not None:
            content = base64.b64encode(formed(report, form, language)).decode()
            yield {"name": f"{stem}.{form}", "type": TYPES[form], "content": content}


def name(report: Report, language: str) -> str:
    """What a report's files are called, without the ending."""
    of = report.figures
    return f"{of.cycle}-{of.period}-{of.area}-{language}"
