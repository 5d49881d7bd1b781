"""Checks of a message's head: who sends it, to whom, and whether it is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from engine.errors import brief
from engine.notify.cap.validate.markup import Element, below, first, local, own, text, written
from engine.notify.cap.validate.mistake import Mistake, error, hint, warning

_FORBIDDEN = re.compile(r"[\s,<&]")
_NOT_MEANT = re.compile(
    r"\b(this is (only )?(a|an) test|test (message|alert|only)|for test(ing)?|drill|exercise)\b"
    r"|测试|演练|演习|\b(exercice|ejercicio|simulacro|simulacre)\b",
    re.I,
)
#: Without a text these say nothing at all; others are only needless.
_NEEDED = frozenset({
    "identifier", "sender", "references", "event", "areaDesc", "valueName", "polygon", "circle",
    "resourceDesc", "mimeType", "headline", "description",
})  # fmt: skip


def signs(alert: Element, now: datetime) -> Iterator[Mistake]:
    """References are split at blanks and commas, so neither may stand in what they name."""
    for name in ("identifier", "sender"):
        element = first(alert, name)
        if element is not None and (bad := _FORBIDDEN.search(written(element))):
            shown = "white space" if bad[0].isspace() else repr(bad[0])
            yield error(element, f"<{name}> holds {shown}, which it may not: nobody can refer to it")


def scope(alert: Element, now: datetime) -> Iterator[Mistake]:
    """Whom it is for, and that this is said where it must be."""
    said, restriction = text(alert, "scope"), first(alert, "restriction")
    at = first(alert, "scope")
    if said == "Restricted" and not own(restriction):
        yield error(alert if at is None else at, "a Restricted message says in <restriction> for whom it is")
    if said != "Restricted" and restriction is not None and own(restriction):
        yield warning(restriction, f"<restriction> belongs to scope Restricted, and this is {brief(said)}")
    if said == "Private" and not text(alert, "addresses"):
        yield error(alert if at is None else at, "a Private message names its <addresses>")


def status(alert: Element, now: datetime) -> Iterator[Mistake]:
    """A test left on warns nobody; a drill sent as Actual warns everybody."""
    at, said = first(alert, "status"), text(alert, "status")
    if at is None:
        return
    words = [one for one in below(alert) if local(one) in ("note", "headline", "description", "event")]
    marked = next((one for one in words if _NOT_MEANT.search(own(one))), None)
    if said == "Actual" and marked is not None:
        yield warning(marked, f"<{local(marked)}> speaks of a test or a drill, and the status is Actual")
    elif said == "Exercise" and not text(alert, "note"):
        yield warning(at, "an Exercise names the exercise in <note>")
    elif said == "Draft":
        yield warning(at, "a Draft is not to be acted on: was it left on?")
    elif said == "Test" and marked is None:
        yield warning(at, "the status is Test and no word of the message says so: was it left on?")


def filled(alert: Element, now: datetime) -> Iterator[Mistake]:
    """Elements that are there and say nothing."""
    for one in below(alert):
        if len(one) or own(one):
            continue
        name, above = local(one), one.getparent()
        if name in _NEEDED:
            yield error(one, f"<{name}> is empty; say it, or leave the element out where it may be")
        elif name == "value" and above is not None and local(above) in ("geocode", "eventCode"):
            yield error(one, f"a <{local(above)}> without a value says nothing; leave it out")
        elif name not in ("alert", "info", "area"):
            yield hint(one, f"<{name}> is empty; leave it out")


def repeated(alert: Element, now: datetime) -> Iterator[Mistake]:
    """The same thing said twice."""
    for holder in below(alert):
        seen: set[tuple[str, ...]] = set()
        for one in holder.iterchildren("{*}*"):
            said = (local(one), *(words for part in one.itertext() if (words := " ".join(str(part).split()))))
            if said in seen and local(one) != "Signature":
                yield warning(one, f"this <{local(one)}> stands here twice")
            seen.add(said)


def kind(alert: Element, now: datetime) -> Iterator[Mistake]:
    """A warning without an info warns of nothing."""
    said = text(alert, "msgType")
    if said in ("Alert", "Update") and first(alert, "info") is None:
        yield warning(alert, f"the {said} has no <info>: it tells nobody what to expect")
    if said == "Error" and not text(alert, "note"):
        yield warning(alert, "an Error explains itself in <note>")
