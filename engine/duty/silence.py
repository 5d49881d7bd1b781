"""Silences as people see them: which hold, and what one would mute."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.model.act import Act, ActKind
from engine.model.grade import RUNGS, Grade
from engine.model.message import Route
from engine.model.warning import Change, RiskWarning, Step
from engine.notify.audience import covers, hearers, silenced


@dataclass(frozen=True)
class Muted:
    """A step of a warning that would be told, but for the silence, and to whom."""

    warning: RiskWarning
    step: Step
    before: Grade
    after: Grade
    receivers: tuple[str, ...]


def state(act: Act, acts: Sequence[Act], warnings: Iterable[RiskWarning], at: datetime) -> str:
    """`holds`, or why it holds no more."""
    if any(one.kind is ActKind.UNSILENCE and one.target == act.id for one in acts):
        return "ended by hand"
    if act.until is not None and act.until <= at:
        return "over"
    if act.warning and not any(one.id == act.warning and one.open for one in warnings):
        return "ended with its warning"
    return "holds"


def preview(
    act: Act, warnings: Iterable[RiskWarning], routes: Sequence[Route],
    lineage: Callable[[str], Sequence[str]], told: Callable[[str], set[str]],
) -> Iterator[Muted]:  # fmt: skip
    """Every step that the silence would mute for somebody, were it to come while it holds."""
    for warning in warnings:
        if not covers(act, warning, act.at, ()):
            continue
        for grade in RUNGS:
            if grade == warning.grade:
                continue
            rises = grade > warning.grade
            step = (Step.UPGRADED if rises else Step.DOWNGRADED) if warning.issued else Step.ISSUED
            change = Change(
                warning=warning.id, step=step, at=act.at, before=warning.grade, after=grade, reason="", by="",
            )  # fmt: skip
            area = lineage(warning.area)
            hears = hearers(change, warning, routes, area, told(warning.id))
            if hears and silenced(change, warning, [act]):
                yield Muted(warning, step, warning.grade, grade, tuple(sorted(hears)))
