"""Standing findings and people's acts against the open warnings: what changes, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.model.act import Act, ActKind
from engine.model.grade import Confidence, Grade
from engine.model.period import Period
from engine.model.rule import Rule
from engine.model.warning import Change, RiskWarning, Standing, Step
from engine.warn.settle import Ended

Place = tuple[str, str]


@dataclass(frozen=True)
class Call:
    """What one area and topic should be at: the grade, who says so, and why."""

    grade: Grade
    behind: tuple[Standing, ...] = ()
    #: The person's act that says so.
    act: Act | None = None
    reason: str = ""
    #: Nothing stands because nobody could look for too long: unknown, not over.
    expired: bool = False


def call(open_: RiskWarning | None, standing: Sequence[Standing], acts: Sequence[Act], at: datetime) -> Call:
    """The highest standing finding, unless a person's act in force says otherwise.

    An act outranks what the person saw, until its end or until something graver is found; closing or
    declining without an end rules over the findings that stood then, and over none that comes after.
    """
    behind = tuple(sorted(standing, key=lambda one: (-one.grade, one.rule)))
    ruling = [act for act in acts if act.kind in _RULING and act.at <= at and (act.until or at) >= at]
    if not ruling:
        return Call(behind[0].grade if behind else Grade.NONE, behind)
    act = max(ruling, key=lambda act: (act.at, act.id))
    beyond = tuple(one for one in behind if _beyond(act, one))
    if act.kind is ActKind.REGRADE:
        grade = act.grade or Grade.NONE
        if beyond and beyond[0].grade > grade:
            return Call(behind[0].grade, behind)
        # A grade without a warning and without a finding has nothing to be the grade of.
        return Call(grade if behind or open_ else Grade.NONE, behind, act)
    return Call(beyond[0].grade, beyond) if beyond else Call(Grade.NONE, behind, act)


_RULING = (ActKind.REGRADE, ActKind.DECLINE, ActKind.CLOSE)


def _beyond(act: Act, one: Standing) -> bool:
    """Whether the finding is news to whoever acted: it came after an act without an end, or it has risen
    since, above what they saw."""
    since, raised = one.since or act.at, one.raised_at or one.since or act.at
    if since > act.at and act.until is None:
        return True
    if act.seen is not None:
        return raised > act.at and one.grade > act.seen
    return since <= act.at < raised


def explained(
    called: Call, open_: RiskWarning | None, reasons: Mapping[Place, str], ended: Sequence[Ended], *,
    judged: bool,
) -> Call:  # fmt: skip
    """The call with its cause: the act, what ended in this run, the finding that leads.

    reasons: of the findings of this run, by rule and area; judged: whether this run changed what stands.
    """
    if called.act is not None:
        return replace(called, reason=called.act.reason or f"a person's {called.act.kind}")
    before = open_.grade if open_ else Grade.NONE
    causes = [end.reason for end in ended] if called.grade < before else []
    if called.grade != before and not judged and not causes:
        causes = ["what a person decided is over"]
    if called.behind:
        top = called.behind[0]
        causes.append(reasons.get((top.rule, top.area), f"{top.rule} still stands"))
        return replace(called, reason="; ".join(causes))
    why = "; ".join(causes) or "no finding stands any more"
    return replace(called, reason=why, expired=any(end.stale for end in ended))


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
    by = called.act.id if called.act else f"{period.cycle}/{period.key}"
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
