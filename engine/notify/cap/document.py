"""A planned message as a CAP 1.2 document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from engine.notify.cap import CAP
from engine.notify.cap.publisher import Publisher, Scope
from engine.notify.cap.validate.markup import parse, text

#: Rises when a key changes its meaning or goes.
FORMAT = "forewarn.cap/1"
#: The parameter by which a message is known as ours, also where somebody else sends it on.
ORIGIN = "forewarn:origin"


def document(message: Mapping[str, Any], publisher: Publisher) -> bytes:
    """The document, laid out for people; the same message is always the same bytes.

    message: as `plan` makes it; what names people or addresses comes from the publisher, whose words no guard
    masks.
    """
    alert = etree.Element(f"{{{CAP}}}alert", nsmap={None: CAP})  # type: ignore[dict-item]
    _add(alert, "identifier", message["identifier"])
    _add(alert, "sender", publisher.sender)
    _add(alert, "sent", message["sent"])
    _add(alert, "status", message["status"])
    _add(alert, "msgType", message["kind"])
    _add(alert, "scope", message["scope"])
    _add(alert, "restriction", message["restriction"])
    _add(alert, "note", message["note"])
    named = (f"{publisher.sender},{one['identifier']},{one['sent']}" for one in message["references"])
    _add(alert, "references", " ".join(named))
    for info in message["infos"]:
        _info(alert, info, message, publisher)
    etree.indent(alert, space=" ")
    return etree.tostring(alert, xml_declaration=True, encoding="UTF-8")


def public(content: bytes) -> bool:
    """Whether a document is for everybody."""
    return text(parse(content), "scope") == Scope.PUBLIC


def _info(
    alert: etree._Element, info: Mapping[str, Any], message: Mapping[str, Any], publisher: Publisher
) -> None:
    to = etree.SubElement(alert, f"{{{CAP}}}info")
    _add(to, "language", info["language"])
    for category in info["category"]:
        _add(to, "category", category)
    for name in ("event", "responseType", "urgency", "severity", "certainty"):
        _add(to, name, info[name])
    _pair(to, "eventCode", "forewarn:topic", info["topic"])
    _add(to, "effective", message["sent"])
    _add(to, "onset", info["onset"])
    _add(to, "expires", message["expires"])
    _add(to, "senderName", publisher.name)
    for name in ("headline", "description", "instruction"):
        _add(to, name, info[name])
    _add(to, "web", publisher.web)
    _add(to, "contact", publisher.contact)
    _pair(to, "parameter", "forewarn:level", info["level"])
    _pair(to, "parameter", "forewarn:warning", message["warning"])
    _pair(to, "parameter", ORIGIN, publisher.sender)
    _area(to, info["area"], message, publisher)


def _area(to: etree._Element, name: str, message: Mapping[str, Any], publisher: Publisher) -> None:
    area = etree.SubElement(to, f"{{{CAP}}}area")
    _add(area, "areaDesc", name)
    for ring in message["polygons"]:
        _add(area, "polygon", " ".join(f"{lat:.4f},{lon:.4f}" for lat, lon in ring))
    _pair(area, "geocode", publisher.scheme, message["area"])


def _add(to: etree._Element, name: str, text: str) -> None:
    """Nothing is said with an empty element, and no control character may break a document."""
    clean = "".join(mark if mark.isprintable() else " " for mark in text).strip()
    if clean:
        etree.SubElement(to, f"{{{CAP}}}{name}").text = clean


def _pair(to: etree._Element, name: str, key: str, value: str) -> None:
    pair = etree.SubElement(to, f"{{{CAP}}}{name}")
    _add(pair, "valueName", key)
    _add(pair, "value", value)
