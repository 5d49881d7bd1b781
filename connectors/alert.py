"""A CAP alert, or an index entry that tells one in its own elements, as one message of a chain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree.ElementTree import Element

from connectors.reading.element import children, local, only_text, texts
from engine.errors import brief
from engine.model.alert import Alert, Info, Kind, Reference
from engine.model.feed import Broken
from engine.model.reason import Reason

#: What a CAP alert, and its info, must have.
_ALERT = ("identifier", "sender", "sent", "status", "msgType", "scope")
_INFO = ("event", "urgency", "severity", "certainty")
#: What CAP has for these two, whichever letters a source writes large; another word is none that we may skip.
_WORDS = {
    "status": ("Actual", "Exercise", "System", "Test", "Draft"),
    "msgType": (*Kind, "Ack", "Error"),
}
#: Without these an entry of an index is no alert.
_ENTRY = ("status", "msgType")
#: Where an entry says what a CAP alert has elements for.
_INSTEAD = {"identifier": ("id", "guid", "link"), "sent": ("updated", "published", "pubDate", "date")}
_SINGLE = (
    "event", "urgency", "severity", "certainty", "effective", "onset", "expires", "senderName", "headline",
    "description", "instruction", "web",
)  # fmt: skip
_AREA_TEXTS = ("areaDesc", "polygon", "circle")
#: By its end, a moment, one reference is told from the next: identifiers are seen with blanks and commas.
_REFERENCE = re.compile(r"\s*(\S.*?),\s*(\d{4}-\d\d-\d\dT\d\d:\d\d\S*?),?(?=\s|$)", re.DOTALL)
_NOT_CAP = "where the items are themselves the reports, read them with `connector: rss`"


def read(alert: Element, place: str, language: str, status: Sequence[str]) -> Iterator[Alert | Broken]:
    """The message, and what of it cannot be read; nothing where its status or type does not count:
    acknowledgements and errors are messages about messages."""
    infos, words = _infos(alert), {name: _word(alert, name, status) for name in _WORDS}
    if missing := _missing(alert, infos, words["msgType"]):
        yield Broken(place, f"no valid CAP alert: {missing}")
    elif strange := [name for name, word in words.items() if word is None]:
        of = [repr(brief(only_text(alert, name), 60)) for name in strange]
        said = " and ".join(f"{name} holds …, which is none of CAP's" for name in strange)
        yield Broken(place, Reason(f"no valid CAP alert: {said}; ask the source", *of))
    elif words["status"] in status and words["msgType"] in set(Kind):
        yield from _message(alert, infos, place, language, Kind(words["msgType"]))


def _word(alert: Element, name: str, more: Sequence[str]) -> str | None:
    """What the alert says there, as CAP writes it, or one of `more` that the feed is told to count."""
    said = only_text(alert, name)
    known = (*_WORDS[name], *(more if name == "status" else ()))
    return next((word for word in known if word.casefold() == said.casefold()), None)


def _infos(alert: Element) -> list[Element]:
    infos = list(children(alert, "info"))
    return infos or ([alert] if only_text(alert, "event") else [])


def _missing(alert: Element, infos: Sequence[Element], kind: str | None) -> str:
    """What the alert lacks; empty for a whole one. A cancel need not repeat what it takes back."""
    whole = local(alert) == "alert"
    names = [name for name in (_ALERT if whole else _ENTRY) if not only_text(alert, name)]
    if kind != Kind.CANCEL:
        names += [name for info in infos for name in _INFO if not only_text(info, name)]
    if kind == Kind.UPDATE and not infos:
        names.append("info")
    said = f"{', '.join(dict.fromkeys(names))} missing" if names else ""
    return f"{said}; {_NOT_CAP}" if said and not whole else said


def _message(
    alert: Element, infos: Sequence[Element], place: str, language: str, kind: Kind
) -> Iterator[Alert | Broken]:
    head = _head(alert)
    sent = moment(head["sent"])
    if sent is None:
        said = "no valid CAP alert: sent holds …, which is no moment"
        yield Broken(place, Reason(said, repr(brief(head["sent"]))))
        return
    own = Reference(_name(f"{head['sender']},{head['identifier']}"), sent)
    named, unread = _references(head["references"])
    named = tuple(reference for reference in named if reference != own)
    # An entry has no references of its own: an update told there stands for itself.
    needed = kind is Kind.CANCEL or (kind is Kind.UPDATE and local(alert) == "alert")
    if unread or (needed and not named):
        of: tuple[str, ...] = (repr(brief(unread, 60)),) if unread else ()
        said = "…, which is no sender,identifier,sent" if unread else "nothing"
        if not named:
            said += f": nobody can tell what the {kind} … is about"
            of += (head["identifier"],)
        yield Broken(place, Reason(f"references holds {said}; ask the source", *of))
    if named or not needed:
        yield Alert(
            name=own.name, identifier=head["identifier"], sent=sent, kind=kind, references=named, head=head,
            infos=tuple(map(_info, infos)), expires=_last_expiry(infos), asked=language, place=place,
        )  # fmt: skip


def _head(alert: Element) -> dict[str, Any]:
    fields: dict[str, Any] = {name: only_text(alert, name) for name in _ALERT}
    for name, others in _INSTEAD.items():
        told = (only_text(alert, other) for other in others)
        fields[name] = fields[name] or next((text for text in told if text), "")
    fields["references"] = only_text(alert, "references")
    fields["incidents"] = only_text(alert, "incidents")
    return fields


def _references(text: str) -> tuple[tuple[Reference, ...], str]:
    """The messages named, each once, and what of the text names none."""
    named: dict[Reference, None] = {}

    def take(found: re.Match[str]) -> str:
        sent = moment(found[2])
        if sent is None:
            return found[0]
        named[Reference(_name(found[1]), sent)] = None
        return " "

    unread = _REFERENCE.sub(take, text).strip()
    return tuple(named), unread


def _name(text: str) -> str:
    """`sender,identifier` in one spelling: some write a blank after the comma."""
    return re.sub(r"\s*,\s*", ",", text.strip())


def moment(text: str) -> datetime | None:
    """As CAP and Atom (ISO 8601) or RSS write it, to the second; without an offset it is taken as UTC."""
    for read_ in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read_(text)
        except (ValueError, TypeError):
            continue
        found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        return found.replace(microsecond=0)
    return None


def _last_expiry(infos: Sequence[Element]) -> datetime | None:
    ends = [moment(only_text(info, "expires")) for info in infos]
    told = [end for end in ends if end is not None]
    return max(told) if told and len(told) == len(ends) else None


def _info(info: Element) -> Info:
    fields: dict[str, Any] = {name: only_text(info, name) for name in _SINGLE}
    fields["language"] = only_text(info, "language") or "en-US"
    fields["category"] = texts(info, "category")
    fields["eventCode"] = _values(info, "eventCode")
    fields["parameter"] = _values(info, "parameter")
    _keep_to_validity(fields)
    areas = list(children(info, "area"))
    if not areas and any(texts(info, name) for name in (*_AREA_TEXTS, "geocode")):
        areas = [info]
    return Info(fields["language"], fields, tuple(_area(area) for area in areas))


def _keep_to_validity(fields: dict[str, Any]) -> None:
    """An alert that lapses before what it foretells was in force only before that: the moments after its
    end are left out, and an earlier one stands for them."""
    expires = moment(fields["expires"])
    for name in ("onset", "effective"):
        at = moment(fields[name])
        if expires is not None and at is not None and at > expires:
            fields[name] = ""


def _area(area: Element) -> Mapping[str, Any]:
    return {**{name: texts(area, name) for name in _AREA_TEXTS}, "geocode": _values(area, "geocode")}


def _values(element: Element, name: str) -> dict[str, list[str]]:
    """{valueName: [value, ...]} of every child of that name."""
    found: dict[str, list[str]] = {}
    for child in children(element, name):
        if key := only_text(child, "valueName"):
            found.setdefault(key, []).append(only_text(child, "value"))
    return found
