"""Standing findings and people's acts against the open warnings: what changes, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.model.grade import Confidence, Grade
from engine.model.period import Period
from engine.model.rule import Rule
from engine.model.warning import Act, ActKind, Change, RiskWarning, Standing, Step

Place = tuple[str, str]


@dataclass(frozen=True)
class Ended:
    """A finding that stood before this run and does not any more, and why."""

    place: Place
    reason: str
    stale: bool = False


@dataclass(frozen=True)
class Call:
    """What one area and topic should be at: the grade, who says so, and why."""

    grade: Grade
    reason: str
    behind: tuple[Standing, ...] = ()
    by: str = ""
    #: Nothing stands because nobody could look for too long: unknown, not over.
    expired: bool = False


def call(
    standing: Sequence[Standing], acts: Sequence[Act], reasons: Mapping[Place, str],
    ended: Sequence[Ended], at: datetime,
) -> Call:  # fmt: skip
    """The highest standing finding, unless a person's act in force says otherwise."""
    behind = tuple(sorted(standing, key=lambda one: (-one.grade, one.rule)))
    ruling = [act for act in acts if act.kind in _RULING and act.at <= at and (act.until or at) >= at]
    if ruling:
        last = max(ruling, key=lambda act: (act.at, act.id))
        grade = last.grade if last.kind is ActKind.REGRADE and last.grade is not None else Grade.NONE
        return Call(grade, last.reason or f"a person's {last.kind}", behind, last.id)
    if not behind:
        why = "; ".join(end.reason for end in ended) or "no finding stands any more"
        return Call(Grade.NONE, why, expired=any(end.stale for end in ended))
    top = behind[0]
    return Call(top.grade, reasons.get((top.rule, top.area), f"{top.rule} still stands"), behind)


_RULING = (ActKind.REGRADE, ActKind.DECLINE, ActKind.CLOSE)


def step(
    open_: RiskWarning | None, called: Call, place: Place, period: Period, rules: Mapping[str, Rule]
) -> tuple[RiskWarning | None, Change | None]:
    """The warning after this run, and the change that made it so (None: nothing changed)."""
    before = open_.grade if open_ else Grade.NONE
    if open_ is None and called.grade is Grade.NONE:
        return None, None
    after = _warning(open_, called, place, period, rules)
    kind = _kind(open_, after, called)
    if kind is None:
        return after, None
    by = called.by or f"{period.cycle}/{period.key}"
    reason = called.reason if kind is not Step.HELD else f"held: {after.confidence_cause}"
    return after, Change(
        warning=after.id, step=kind, at=period.due_at, before=before, after=called.grade,
        reason=reason, by=by,
    )  # fmt: skip


def warning_id(place: Place, period: Period) -> str:
    """Deterministic: area, topic and opening period, so that every history names it alike."""
    return f"{place[0]}.{place[1]}.{period.cycle[0]}{re.sub('[-:]', '', period.key)}"


def _kind(open_: RiskWarning | None, after: RiskWarning, called: Call) -> Step | None:
    if open_ is None:
        return Step.ISSUED
    if called.grade is Grade.NONE:
        return Step.EXPIRED if called.expired else Step.LIFTED
    if called.grade != open_.grade:
        return Step.UPGRADED if called.grade > open_.grade else Step.DOWNGRADED
    return Step.HELD if after.blind_since is not None and open_.blind_since is None else None


def _warning(
    open_: RiskWarning | None, called: Call, place: Place, period: Period, rules: Mapping[str, Rule]
) -> RiskWarning:
    at = period.due_at
    if called.grade is Grade.NONE and open_ is not None:
        return replace(open_, lifted_at=at, judged_at=at, score=0.0)
    least = min(called.behind, key=lambda one: one.confidence) if called.behind else None
    blind = [one.blind_since for one in called.behind]
    blind_since = min((moment for moment in blind if moment), default=None) if all(blind) else None
    confidence, cause = (least.confidence, least.confidence_cause) if least else (Confidence.HIGH, "")
    if blind_since is not None:
        confidence, cause = Confidence.LOW, f"nobody can say whether it is over{_because(called.behind)}"
    leader = rules.get(called.behind[0].rule) if called.behind else None
    fresh = open_ or RiskWarning(
        id=warning_id(place, period), area=place[0], topic=place[1],
        domain=called.behind[0].domain, grade=called.grade, score=0.0, confidence=confidence,
        title_en=leader.title.en if leader else place[1], title_zh=leader.title.zh if leader else "",
        since=at, judged_at=at,
    )  # fmt: skip
    return replace(
        fresh, grade=called.grade, confidence=confidence, confidence_cause=cause, judged_at=at,
        blind_since=blind_since, rules=tuple(one.rule for one in called.behind),
        title_en=leader.title.en if leader else fresh.title_en,
        title_zh=leader.title.zh if leader else fresh.title_zh,
    )  # fmt: skip


def _because(blind: Sequence[Standing]) -> str:
    """What is missing to say so, of the highest finding that names it."""
    return next((f": {one.confidence_cause}" for one in blind if one.confidence_cause), "")


def by_place(standing: Iterable[Standing]) -> dict[Place, list[Standing]]:
    """Findings that stand, by area and topic; trial rules warn of nothing."""
    places: dict[Place, list[Standing]] = {}
    for one in standing:
        if one.grade is not Grade.NONE and not one.trial:
            places.setdefault((one.area, one.topic), []).append(one)
    return places
