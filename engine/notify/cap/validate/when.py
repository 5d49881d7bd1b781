"""Checks of moments: how they are written, their order, their offsets from UTC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from engine.errors import brief
from engine.notify.cap.validate import markup, moment, shape
from engine.notify.cap.validate.markup import Element, below, children, first, local, own, text
from engine.notify.cap.validate.mistake import Mistake, error, hint, warning

NAMES = ("sent", "effective", "onset", "expires")
#: Clocks differ by so much.
_SKEW = timedelta(minutes=5)
#: China lives by one zone from 73 to 135 degrees east: an hour of offset is 15 degrees, give or take.
_FAR = 4.5
_WIDEST = timedelta(hours=14)


def written(alert: Element, now: datetime) -> Iterator[Mistake]:
    """As CAP writes moments."""
    for one in _moments(alert):
        if said := moment.amiss(own(one)):
            yield error(one, f"<{local(one)}> holds {brief(own(one))!r}: {said}")
        elif own(one) != markup.written(one):
            yield warning(one, f"<{local(one)}> has white space around its moment")


def offsets(alert: Element, now: datetime) -> Iterator[Mistake]:
    """An offset that no place has, that is not the same throughout, or that does not fit the area."""
    sent = moment.read(text(alert, "sent"))
    for one in _moments(alert):
        at = moment.read(own(one))
        offset = at.utcoffset() if at is not None else None
        if at is None or offset is None:
            continue
        if abs(offset) > _WIDEST or offset.total_seconds() % 900:
            yield error(one, f"<{local(one)}>: no place on earth has the offset {own(one)[-6:]}")
        elif own(one).endswith("+00:00"):
            yield hint(one, f"<{local(one)}>: CAP writes UTC as -00:00")
        elif sent is not None and _differs(sent, at):
            yield warning(one, f"<{local(one)}> has another offset than <sent>: is the hour right?")
    if sent is not None and sent.utcoffset():
        yield from _misplaced(alert, sent)


def _differs(one: datetime, other: datetime) -> bool:
    """By more than summer time; UTC beside a local time is right."""
    first_, second = one.utcoffset() or timedelta(0), other.utcoffset() or timedelta(0)
    return bool(first_ and second) and abs(first_ - second) > timedelta(hours=1)


def _misplaced(alert: Element, sent: datetime) -> Iterator[Mistake]:
    hours = (sent.utcoffset() or timedelta(0)).total_seconds() / 3600
    for area in (area for info in children(alert, "info") for area in children(info, "area")):
        for one, (_, longitude) in shape.places(area):
            away = abs((longitude / 15 - hours + 12) % 24 - 12)
            if away > _FAR:
                said = "the offset is wrong, or latitude and longitude are swapped"
                yield warning(one, f"lies {away:.0f} hours from the offset of <sent>: {said}")
                return


def order(alert: Element, now: datetime) -> Iterator[Mistake]:
    """Nothing begins after its end, or has ended when it is sent."""
    sent = moment.read(text(alert, "sent"))
    for info in children(alert, "info"):
        expires, at = moment.read(text(info, "expires")), first(info, "expires")
        if expires is None or at is None:
            continue
        if sent is not None and expires <= sent and text(alert, "msgType") in ("Alert", "Update"):
            yield error(at, "<expires> is not after <sent>: it is over before anybody reads it")
        for name in ("effective", "onset"):
            begins, where = moment.read(text(info, name)), first(info, name)
            if begins is not None and where is not None and begins > expires:
                yield error(where, f"<{name}> is after <expires>")


def ends(alert: Element, now: datetime) -> Iterator[Mistake]:
    """Without an end each reader makes up its own."""
    for info in children(alert, "info"):
        if first(info, "expires") is None:
            yield warning(info, "<expires> is missing: nobody knows when this is over")


def future(alert: Element, now: datetime) -> Iterator[Mistake]:
    """A message that is still to be sent has a wrong clock or offset."""
    sent, at = moment.read(text(alert, "sent")), first(alert, "sent")
    if sent is not None and at is not None and sent > now + _SKEW:
        yield warning(at, "<sent> lies in the future: is the offset from UTC right?")


def _moments(alert: Element) -> Iterator[Element]:
    return (one for one in below(alert) if local(one) in NAMES)
