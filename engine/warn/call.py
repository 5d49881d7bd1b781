"""What one area and topic should be at: the highest standing finding, or what a person decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.model.act import Act, ActKind
from engine.model.chance import Chance
from engine.model.grade import Grade
from engine.model.warning import RiskWarning, Standing
from engine.warn.settle import Ended

Place = tuple[str, str]
#: What is claimed at each grade of each rule.
Chances = Mapping[tuple[str, Grade], Chance]

#: Acts that rule over a place until their end.
RULING = frozenset({ActKind.REGRADE, ActKind.RAISE, ActKind.DECLINE, ActKind.LIFT, ActKind.CLOSE})
#: Those that name the grade at which it shall stand.
_NAMING = frozenset({ActKind.REGRADE, ActKind.RAISE, ActKind.DECLINE})


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

    @property
    def immediate(self) -> bool:
        """Whether what calls for the grade was found at once, outside the calendar's cycles."""
        return any(one.until is not None for one in self.behind if one.grade >= self.grade)


def call(
    open_: RiskWarning | None, standing: Sequence[Standing], acts: Sequence[Act], at: datetime, *,
    known: datetime | None = None,
) -> Call:  # fmt: skip
    """The highest standing finding, unless a person's act in force says otherwise; known: what was done by
    then counts, where the place is judged later than it was due.

    An act outranks what the person saw, until its end or until something graver is found; closing or
    declining without an end rules over the findings that stood then, and over none that comes after.
    """
    behind = tuple(sorted(standing, key=lambda one: (-one.grade, one.rule)))
    act = ruling(acts, at, known)
    if act is None:
        return Call(behind[0].grade if behind else Grade.NONE, behind)
    beyond = tuple(one for one in behind if _beyond(act, one))
    if act.kind not in _NAMING:
        return Call(beyond[0].grade, beyond) if beyond else Call(Grade.NONE, behind, act)
    grade = act.grade or Grade.NONE
    if beyond and beyond[0].grade > grade:
        return Call(behind[0].grade, behind)
    # A grade without a warning and without a finding has nothing to be the grade of, unless it is raised.
    return Call(grade if behind or open_ or act.kind is ActKind.RAISE else Grade.NONE, behind, act)


def ruling(acts: Sequence[Act], at: datetime, known: datetime | None = None) -> Act | None:
    """The act of one place that rules it at a moment: the last of those in force, or done by `known`; of
    two in the same second, the later one of `acts`."""
    done = known or at
    found = [act for act in acts if act.kind in RULING and act.at <= done and (act.until or at) >= at]
    return max(reversed(found), key=lambda act: act.at, default=None)


def _beyond(act: Act, one: Standing) -> bool:
    """Whether the finding is news to whoever acted: it came after an act without an end, or it is above
    what they saw (also where a run that was due before the act is judged after it)."""
    since, raised = one.since or act.at, one.raised_at or one.since or act.at
    if since > act.at and act.until is None:
        return True
    if act.seen is not None:
        return one.grade > act.seen
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


def chance(called: Call, stands: Grade, chances: Chances) -> Chance | None:
    """What the leading finding claims, where it is called for or stands; a person's own grade claims nothing
    that was learned."""
    leader = called.behind[0] if called.behind else None
    if leader is None or leader.grade not in (called.grade, stands):
        return None
    return chances.get((leader.rule, leader.grade))


def by_place(standing: Iterable[Standing]) -> dict[Place, list[Standing]]:
    """Findings that stand, by area and topic; trial rules warn of nothing."""
    places: dict[Place, list[Standing]] = {}
    for one in standing:
        if one.grade is not Grade.NONE and not one.trial:
            places.setdefault((one.area, one.topic), []).append(one)
    return places
