"""What a weekly assessment or a monthly analysis proposes for each open warning; it changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from engine.model.act import Act
from engine.model.grade import Grade
from engine.model.period import Cycle
from engine.model.warning import RiskWarning, Standing
from engine.warn.call import ruling

#: Without new evidence for so long, each cycle proposes to close what stands.
QUIET = {Cycle.WEEKLY: timedelta(days=14), Cycle.MONTHLY: timedelta(days=28)}


class Decision(StrEnum):
    """What is proposed."""

    KEEP = "keep"
    RAISE = "raise"
    LOWER = "lower"
    CLOSE = "close"


@dataclass(frozen=True)
class Review:
    """A proposal for one warning: to which grade, and why."""

    warning: RiskWarning
    decision: Decision
    to: Grade
    why: str


def review(
    warning: RiskWarning, standing: Sequence[Standing], acts: Sequence[Act], found: datetime | None,
    cycle: Cycle, at: datetime,
) -> Review:  # fmt: skip
    """standing, acts: of its place; found: when a rule found anything there last."""
    behind = sorted(
        (one for one in standing if one.grade and not one.trial), key=lambda one: (-one.grade, one.rule)
    )
    top = behind[0] if behind else None
    blind = next((one for one in behind if one.blind_since is not None), None)
    if warning.proposed is not None:
        return _of(warning, warning.proposed, f"proposed since {_day(warning.proposed_at)} and not answered")
    if top is not None and top.grade > warning.grade:
        return _of(warning, top.grade, f"{top.rule} finds {top.grade.word}{_held(acts, at)}")
    if blind is not None:
        return _of(warning, warning.grade, f"nobody has been able to tell since {_day(blind.blind_since)}")
    quiet = at - (found or warning.since)
    if quiet >= QUIET[cycle]:
        return _of(warning, Grade.NONE, f"no new evidence for {quiet.days} days{_held(acts, at)}")
    if top is not None and top.grade < warning.grade:
        return _of(warning, top.grade, f"{top.rule} finds no more than {top.grade.word}{_held(acts, at)}")
    if top is None:
        return _of(warning, warning.grade, f"nothing stands behind it{_held(acts, at)}")
    return _of(warning, warning.grade, f"{top.rule} has found it since {_day(top.since)}")


def _of(warning: RiskWarning, to: Grade, why: str) -> Review:
    if to == warning.grade:
        return Review(warning, Decision.KEEP, to, why)
    if to is Grade.NONE:
        return Review(warning, Decision.CLOSE, to, why)
    return Review(warning, Decision.RAISE if to > warning.grade else Decision.LOWER, to, why)


def _held(acts: Sequence[Act], at: datetime) -> str:
    act = ruling(acts, at)
    if act is None:
        return ""
    until = f" until {_day(act.until)}" if act.until else ""
    return f"; held by {act.by}{until} ({act.reason})"


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else "an unknown day"


def agenda(
    warnings: Sequence[RiskWarning], standing: Mapping[tuple[str, str], Sequence[Standing]],
    acts: Mapping[tuple[str, str], Sequence[Act]], found: Mapping[tuple[str, str], datetime], cycle: Cycle,
    at: datetime,
) -> tuple[Review, ...]:  # fmt: skip
    """A line for every open warning, what asks for a change first, the gravest first."""
    lines = [
        review(one, standing.get(place, ()), acts.get(place, ()), found.get(place), cycle, at)
        for one in warnings for place in [(one.area, one.topic)]
    ]  # fmt: skip
    return tuple(
        sorted(lines, key=lambda one: (one.decision is Decision.KEEP, -one.warning.grade, one.warning.id))
    )
