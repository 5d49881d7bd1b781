"""Who hears of a change: routes, whoever heard it rise, silences and inhibition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime

from engine.model.act import Act, ActKind
from engine.model.grade import Grade
from engine.model.message import Route
from engine.model.warning import Change, RiskWarning, Step

RISES = frozenset({Step.ISSUED, Step.UPGRADED})
FALLS = frozenset({Step.DOWNGRADED, Step.LIFTED, Step.EXPIRED})
SILENCES = frozenset({ActKind.SILENCE, ActKind.UNSILENCE})
#: What concerns a proposal: whoever may let it pass is asked, and told when that is settled.
ASKS = frozenset({Step.PROPOSED, Step.DECLINED, Step.WITHDRAWN})


def hearings(
    changes: Iterable[Change], warnings: Mapping[str, RiskWarning], routes: Sequence[Route],
    lineage: Callable[[str], Sequence[str]], told: dict[str, set[str]], *, acts: Sequence[Act] = (),
    inhibit: bool = False, fold: Callable[[Change, Mapping[str, Set[str]]], frozenset[str]] | None = None,
) -> Iterator[tuple[Change, frozenset[str]]]:  # fmt: skip
    """Each change with who hears of it; where `inhibit` or `fold`, the graver and areas above first, so that
    who has just heard of the worse is not told of the lesser.

    warnings: as they are after the changes, by id; lineage: an area and those above it; told: who has
    heard of each warning, kept up from change to change; fold: who need not hear of a line by itself.
    """
    if inhibit:
        changes = sorted(changes, key=lambda change: len(lineage(warnings[change.warning].area)))
    if fold is not None:
        changes = sorted(
            changes, key=lambda change: (-change.after, len(lineage(warnings[change.warning].area)))
        )
    nearby, silences, places = by_area(routes), silencing(acts), by_place(warnings.values())
    for change in changes:
        warning = warnings[change.warning]
        above = lineage(warning.area)
        near = [route for area in ("", *above) for route in nearby.get(area, ())]
        over = [one for area in above[1:] for one in places.get((area, warning.topic), ())]
        hearing = audience(
            change, warning, near, above, told, acts=silences(warning), warnings=over, inhibit=inhibit
        )
        if fold is not None:
            hearing -= fold(change, told)
        yield change, hearing
        told.setdefault(warning.id, set()).update(hearing)


def by_area(routes: Iterable[Route]) -> dict[str, list[Route]]:
    """The routes by each area they name; those that name none under the empty code."""
    found: dict[str, list[Route]] = {}
    for route in routes:
        for area in route.areas or ("",):
            found.setdefault(area, []).append(route)
    return found


def by_place(warnings: Iterable[RiskWarning]) -> dict[tuple[str, str], list[RiskWarning]]:
    """The warnings by area and topic."""
    found: dict[tuple[str, str], list[RiskWarning]] = {}
    for one in warnings:
        found.setdefault((one.area, one.topic), []).append(one)
    return found


def silencing(acts: Iterable[Act]) -> Callable[[RiskWarning], Sequence[Act]]:
    """By warning: the silences that may cover it, with what ended any; looked up, for there may be years of
    them and thousands of warnings."""
    of: dict[tuple[str, str], list[Act]] = {}
    ended: list[Act] = []
    for act in acts:
        (ended if act.kind is ActKind.UNSILENCE else of.setdefault((act.area, act.topic), [])).append(act)

    def over(warning: RiskWarning) -> Sequence[Act]:
        own = of.get((warning.area, warning.topic))
        return (*own, *ended) if own else ()

    return over


def audience(
    change: Change, warning: RiskWarning, routes: Sequence[Route], lineage: Sequence[str],
    told: Mapping[str, Set[str]], *, acts: Sequence[Act] = (), warnings: Iterable[RiskWarning] = (),
    inhibit: bool = False,
) -> frozenset[str]:  # fmt: skip
    """Who hears of the change, silences and inhibition considered.

    lineage: the warning's area and those above it; told: who has heard of each warning already.
    """
    if silenced(change, warning, acts):
        return frozenset()
    hearing = hearers(change, warning, routes, lineage, told.get(warning.id, frozenset()))
    return hearing - inhibited(change, warning, warnings, lineage, told) if inhibit else hearing


def hearers(
    change: Change, warning: RiskWarning, routes: Sequence[Route], lineage: Sequence[str], told: Set[str]
) -> frozenset[str]:
    """The receivers that the routes name; whoever heard it rise hears it fall.

    lineage: the warning's area and those above it; told: who has heard of the warning already.
    """
    if change.step not in RISES | FALLS | ASKS:
        return frozenset()
    routed = {
        receiver for route in routes if carries(route, change, warning, lineage)
        for receiver in route.receivers
    }  # fmt: skip
    if change.step in FALLS:
        return frozenset(routed | told)
    return frozenset(routed if change.step in RISES | {Step.PROPOSED} else routed & told)


def carries(route: Route, change: Change, warning: RiskWarning, lineage: Sequence[str]) -> bool:
    """Whether what the route is for (to tell, or to ask for an approval) is what the change wants."""
    if change.step is Step.PROPOSED:
        return change.issuer in route.asks and matches(route, change, warning, lineage)
    return bool(route.asks) == (change.step in ASKS) and matches(route, change, warning, lineage)


def matches(route: Route, change: Change, warning: RiskWarning, lineage: Sequence[str]) -> bool:
    """Whether the route carries this change; what a route leaves empty it does not ask for."""
    grade = max(change.before, change.after) if change.step in ASKS else change.after
    return covered(route, warning, grade, lineage)


def covered(route: Route, warning: RiskWarning, grade: Grade, lineage: Sequence[str]) -> bool:
    """Whether a warning at a grade lies within what the route names."""
    return (
        grade >= route.grade
        and (not route.areas or not set(route.areas).isdisjoint(lineage))
        and (not route.domains or warning.domain in route.domains)
        and (not route.topics or warning.topic in route.topics)
    )


def silenced(change: Change, warning: RiskWarning, acts: Sequence[Act]) -> bool:
    """Whether a person's silence in force mutes the change.

    A silence covers one area and topic, or one warning of them, up to its grade; where it names none, the
    grade at which the warning stood. A rise above that passes, red always, and so does the end of the
    warning: nobody is left with a warning that is over. Whoever is asked for an approval is asked.
    """
    if change.step in (Step.LIFTED, Step.EXPIRED) or change.step in ASKS or change.after is Grade.RED:
        return False
    stood = change.before if change.step is not Step.ISSUED else Grade.RED
    return any(
        covers(act, warning, change.at, acts) and change.after <= (stood if act.grade is None else act.grade)
        for act in acts
    )


def holding(acts: Sequence[Act], at: datetime) -> list[Act]:
    """The silences among the acts that hold at a moment."""
    ended = {act.target for act in acts if act.kind is ActKind.UNSILENCE and act.at <= at}
    return [
        act for act in acts
        if act.kind is ActKind.SILENCE and act.id not in ended and (act.until is None or at < act.until)
    ]  # fmt: skip


def covers(act: Act, warning: RiskWarning, at: datetime, acts: Sequence[Act]) -> bool:
    """Whether the act is a silence over the warning that is in force at a moment."""
    return (
        act.kind is ActKind.SILENCE
        and (act.area, act.topic) == (warning.area, warning.topic)
        and act.warning in ("", warning.id)
        and act.at <= at
        and (act.until is None or at < act.until)
        and not any(one.kind is ActKind.UNSILENCE and one.target == act.id and one.at <= at for one in acts)
    )


def inhibited(
    change: Change, warning: RiskWarning, warnings: Iterable[RiskWarning], lineage: Sequence[str],
    told: Mapping[str, Set[str]],
) -> frozenset[str]:  # fmt: skip
    """Who need not hear the rise: they know of an open, worse warning of the topic in an area above."""
    if change.step not in RISES:
        return frozenset()
    worse = [
        other.id for other in warnings
        if other.open and other.topic == warning.topic and other.area in lineage[1:]
        and other.grade > change.after
    ]  # fmt: skip
    return frozenset(name for id_ in worse for name in told.get(id_, ()))


def freed(
    changes: Sequence[Change], warnings: Mapping[str, RiskWarning], lineage: Callable[[str], Sequence[str]]
) -> list[RiskWarning]:
    """Open warnings that did not change, of a topic whose warning in an area above now fell or ended: who
    was spared the lesser while the worse stood must hear of it now.

    warnings: as they are after the changes, by id; lineage: an area and those above it.
    """
    changed = {change.warning for change in changes}
    fallen = {
        (warnings[change.warning].area, warnings[change.warning].topic)
        for change in changes if change.step in FALLS
    }  # fmt: skip
    return [
        one for one in warnings.values()
        if one.open and one.id not in changed
        and any((area, one.topic) in fallen for area in lineage(one.area)[1:])
    ]  # fmt: skip
