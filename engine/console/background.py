"""PURE: what stands beside a warning: who and what lies there, and how such warnings ended before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.model.act import Act, ActKind, Verdict
from engine.model.area import Area, AreaTree
from engine.model.grade import Grade
from engine.model.warning import Change, RiskWarning, Step
from engine.warn.past import Span

#: So many earlier warnings are shown, so many incidents of the leading finding, and of each other; so many
#: more where somebody asks for them.
EARLIER, LEADING, OTHERS, FOLDED = 8, 6, 3, 40


@dataclass(frozen=True, slots=True)
class Exposed:
    """Who lives in an area, and which facilities lie in it; None: nobody knows."""

    residents: int | None
    facilities: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """An earlier warning: the highest it stood at, how it ended, and what people found it to have been."""

    warning: RiskWarning
    top: Grade
    step: Step | None
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """One grade that a warning stood at, as a share of its life."""

    grade: Grade
    since: datetime
    left: float
    width: float


def exposed(tree: AreaTree, code: str) -> Exposed:
    """Of an area that has left the tree nobody knows."""
    facilities = tuple(one for one in tree if one.kind and code in tree.lineage(one.code))
    residents = tree[code].population if code in tree else None
    return Exposed(residents, tuple(sorted(facilities, key=lambda one: one.code)))


def similar(
    of: RiskWarning, past: Iterable[RiskWarning], tree: AreaTree, shows: Callable[[str], bool]
) -> list[RiskWarning]:
    """Warnings of the same risk that ended before this one began: those here first, then those in areas of
    the same level, the latest first."""
    level = tree[of.area].level if of.area in tree else None
    found = [
        one for one in past
        if one.topic == of.topic and one.lifted_at is not None and one.lifted_at <= of.since
        and (one.area == of.area or (one.area in tree and tree[one.area].level == level))
        and shows(one.area)
    ]  # fmt: skip
    found.sort(key=lambda one: one.since, reverse=True)
    return sorted(found, key=lambda one: one.area != of.area)


def ended(
    found: Iterable[RiskWarning], changes: Mapping[str, Sequence[Change]], acts: Iterable[Act]
) -> list[Ended]:
    """How each of them ended; the last word of people on it counts."""
    verdicts = {act.warning: act.verdict for act in acts if act.kind is ActKind.CLOSE and act.verdict}
    return [
        Ended(
            one, max((change.after for change in changes.get(one.id, ())), default=one.grade),
            changes[one.id][-1].step if changes.get(one.id) else None, verdicts.get(one.id),
        )
        for one in found
    ]  # fmt: skip


def life(spans: Sequence[Span], now: datetime) -> list[Stretch]:
    """A warning's life from its first grade to now or its end, each stretch in per cent of it."""
    if not spans:
        return []
    begins, ends = spans[0].since, spans[-1].until or now
    whole = (ends - begins).total_seconds() or 1.0
    return [
        Stretch(
            span.grade, span.since, 100 * (span.since - begins).total_seconds() / whole,
            100 * ((span.until or now) - span.since).total_seconds() / whole,
        )
        for span in spans
    ]  # fmt: skip
