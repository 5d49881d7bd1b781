"""A CAP alert as flat records: one for each of its infos in one language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from engine.model.feed import Broken, Record

#: What a CAP alert, and its info, must have.
_ALERT = ("identifier", "sender", "sent", "status", "msgType", "scope")
_INFO = ("event", "urgency", "severity", "certainty")
#: Acknowledgements and rejections are messages about messages.
_TOLD = ("Alert", "Update", "Cancel")
_SINGLE = (
    "event", "urgency", "severity", "certainty", "effective", "onset", "expires", "senderName", "headline",
    "description", "instruction", "web",
)  # fmt: skip


def local(element: Element) -> str:
    """An element's name without its namespace: CAP 1.1 and 1.2 differ only in that."""
    return str(element.tag).rpartition("}")[2]


def only_text(element: Element, name: str) -> str:
    """The text of the first child of that name."""
    return next((" ".join((child.text or "").split()) for child in element if local(child) == name), "")


def records(
    alert: Element, place: str, language: str, status: Sequence[str]
) -> Iterator[Record | Broken]:
    """The alert's records; nothing where its status or message type does not count.

    An index entry that tells an alert in its own elements is read the same way.
    """
    infos = [child for child in alert if local(child) == "info"]
    if not infos and only_text(alert, "event"):
        infos = [alert]
    needed = _ALERT if local(alert) == "alert" else ("status", "msgType")
    missing = [name for name in needed if not only_text(alert, name)]
    missing += [name for info in infos for name in _INFO if not only_text(info, name)]
    if missing:
        yield Broken(place, f"no valid CAP alert: {', '.join(dict.fromkeys(missing))} missing")
        return
    if only_text(alert, "status") not in status or only_text(alert, "msgType") not in _TOLD:
        return
    head = _head(alert)
    chosen = _of_language(infos, language)
    for number, info in enumerate(chosen, start=1):
        own = dict(head, **_info(info))
        if number > 1:
            own["id"] = f"{own['id']}#{number}"
        yield Record(own, place)
    if not chosen:
        yield Record(head, place)


def _head(alert: Element) -> dict[str, Any]:
    fields: dict[str, Any] = {name: only_text(alert, name) for name in _ALERT}
    fields["identifier"] = fields["identifier"] or only_text(alert, "id")
    fields["sent"] = fields["sent"] or only_text(alert, "updated") or only_text(alert, "pubDate")
    references = [reference.split(",") for reference in only_text(alert, "references").split()]
    named = sorted((parts[2], parts[1]) for parts in references if len(parts) == 3)
    #: The first alert of the chain, by its own `sent`, is what all its updates and cancels are about.
    fields["id"] = named[0][1] if named else fields["identifier"]
    fields["references"] = [identifier for _, identifier in named]
    return fields


def _of_language(infos: list[Element], language: str) -> list[Element]:
    """The infos of one language: the one asked for if the alert has it, else its first."""
    if not infos:
        return []
    spoken = [only_text(info, "language") or "en-US" for info in infos]
    asked = next((one for one in spoken if language and one.lower().startswith(language.lower())), spoken[0])
    return [info for info, one in zip(infos, spoken, strict=True) if one == asked]


def _info(info: Element) -> dict[str, Any]:
    areas = [child for child in info if local(child) == "area"] or [info]
    fields: dict[str, Any] = {name: only_text(info, name) for name in _SINGLE}
    fields["language"] = only_text(info, "language") or "en-US"
    fields["category"] = _texts([info], "category")
    fields["eventCode"] = _values([info], "eventCode")
    fields["parameter"] = _values([info], "parameter")
    fields["areaDesc"] = _texts(areas, "areaDesc")
    fields["polygon"] = _texts(areas, "polygon")
    fields["circle"] = _texts(areas, "circle")
    fields["geocode"] = _values(areas, "geocode")
    return fields


def _texts(elements: list[Element], name: str) -> list[str]:
    return [
        text for element in elements for child in element
        if local(child) == name and (text := " ".join((child.text or "").split()))
    ]  # fmt: skip


def _values(elements: list[Element], name: str) -> dict[str, list[str]]:
    """{valueName: [value, ...]} of every child of that name."""
    found: dict[str, list[str]] = {}
    for element in elements:
        for child in element:
            if local(child) == name and (key := only_text(child, "valueName")):
                found.setdefault(key, []).append(only_text(child, "value"))
    return found
