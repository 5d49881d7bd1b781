"""One file or answer: a message, an index of messages, or what wraps one; everything wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from lxml import etree

from engine.errors import brief
from engine.model.problem import Problem
from engine.notify.cap import CAP
from engine.notify.cap.validate import form, index, when
from engine.notify.cap.validate.checks import CHECKS
from engine.notify.cap.validate.markup import Element, RefusedError, line, local, parse
from engine.notify.cap.validate.mistake import Mistake, error, hint, warning
from engine.notify.cap.validate.profile import PROFILES
from engine.notify.cap.validate.signature import Verdict, verdicts

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_OLD = "urn:oasis:names:tc:emergency:cap:1."
#: What a check tells better than the schema does.
_TOLD_BETTER = frozenset({*when.NAMES, "language"})


@dataclass(frozen=True, slots=True)
class Linked:
    """Where an entry of an index leads, and the line on which it stands."""

    line: int
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was found in one document."""

    name: str
    problems: tuple[Problem, ...]
    #: The messages in it.
    alerts: tuple[Element, ...] = ()
    signatures: tuple[Verdict, ...] = ()
    #: Where the entries of an index lead that hold no message themselves.
    links: tuple[Linked, ...] = ()


def validate(
    name: str, content: bytes, trusted: Sequence[Certificate], now: datetime, profile: str = ""
) -> Report:
    """Everything wrong with the document called `name`, by line. profile: by whose rules beside CAP's own."""
    try:
        root = parse(content)
    except RefusedError as refused:
        return Report(name=name, problems=(Problem(name, refused.line, refused.sentence, "xml"),))
    alerts = [one for one in root.iter() if local(one) == "alert"]
    found: list[tuple[str, Mistake]] = [("document", one) for one in _kind(root, alerts)]
    links: list[Linked] = []
    if local(root) in index.ROOTS:
        found += [("index", one) for one in index.mistakes(root)]
        links = [
            Linked(line(one), index.link(one)) for one in index.entries(root)
            if not index.holds(one) and index.link(one)
        ]  # fmt: skip
    signed: list[Verdict] = []
    for alert in alerts:
        itself = content if alert is root else etree.tostring(alert, with_tail=False)
        here = list(_signed(alert, itself, trusted, now))
        signed += here
        found += _checked(alert, now)
        if profile:
            found += [("profile", one) for one in PROFILES[profile](alert, now)]
        if trusted and not here:
            found.append(("signature", warning(alert, "the message is not signed")))
    found += [one for verdict in signed for one in verdict.told()]
    return Report(
        name=name, problems=_problems(name, found), alerts=tuple(alerts), signatures=tuple(signed),
        links=tuple(links),
    )  # fmt: skip


def _kind(root: Element, alerts: Sequence[Element]) -> Iterator[Mistake]:
    if local(root) in ("alert", *index.ROOTS):
        return
    if alerts:
        yield hint(root, f"the message is wrapped in <{brief(local(root))}>: not every reader looks into it")
    else:
        yield error(
            root, f"<{brief(local(root))}> is neither a CAP message nor an index (Atom or RSS) of some"
        )


def _checked(alert: Element, now: datetime) -> Iterator[tuple[str, Mistake]]:
    yield from (("version", one) for one in _renamed(alert))
    yield from (("schema", one) for one in form.mistakes(alert, _TOLD_BETTER))
    for name, check in CHECKS.items():
        yield from ((name, one) for one in check(alert, now))


def _renamed(alert: Element) -> Iterator[Mistake]:
    """An alert of another version is told as such once, and read on as one of 1.2."""
    namespace = str(alert.tag).rpartition("}")[0].lstrip("{")
    if namespace == CAP:
        return
    if namespace.startswith(_OLD):
        yield error(alert, f"this is CAP 1.{namespace.removeprefix(_OLD)}; CAP 1.2 has the namespace {CAP}")
    else:
        shown = brief(namespace, 60) if namespace else "none"
        yield error(alert, f"the namespace is {shown}; CAP 1.2 has {CAP}")
    for one in alert.iter(f"{{{namespace}}}*" if namespace else "{}*"):
        one.tag = f"{{{CAP}}}{local(one)}"


def _signed(
    alert: Element, content: bytes, trusted: Sequence[Certificate], now: datetime
) -> Iterator[Verdict]:
    before = line(alert) - line(parse(content)) if alert.getparent() is not None else 0
    for verdict in verdicts(content, trusted, now):
        yield Verdict(verdict.line + before, verdict.answer, verdict.why, verdict.certificate, verdict.weak)


def _problems(name: str, found: Iterable[tuple[str, Mistake]]) -> tuple[Problem, ...]:
    problems = [Problem(name, one.line, one.sentence, check, one.level) for check, one in found]
    return tuple(dict.fromkeys(sorted(problems, key=lambda one: (one.line, -one.level, one.name))))
