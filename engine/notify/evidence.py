"""What stands behind a warning, cut down to what a receiver reads: numbers, distance, what to do."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.model.demand import Demand
from engine.model.finding import Finding, Held, RungTrace
from engine.model.grade import Grade
from engine.model.incident import Incident
from engine.model.indicator import Take
from engine.model.rule import Measure
from engine.model.warning import Change, RiskWarning, Step
from engine.notify.records import nothing
from engine.notify.reference import SMALL, Reference
from engine.notify.whereabouts import Whereabouts, whereabouts


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One finding's numbers; None where there is none or it may not be shown."""

    rule: str
    rule_hash: str
    grade: Grade
    #: What is counted: `incidents`, or the name of the measure that is summed or read (`take`).
    unit: str
    #: The first day (or moment) of the window and the last one.
    first: str
    last: str
    observed: float | None
    #: The count observed is a small one of a sensitive category.
    small: bool
    expected: float | None
    #: The highest rung that holds (a finding may stand higher for a while), and the smallest value at
    #: which it does.
    rung: Grade
    needed: float | None
    #: How many more it takes for the rung above.
    missing: float | None
    next_grade: Grade | None
    #: For a correlation: each pattern that matched, and the areas in which it did.
    matches: tuple[tuple[str, tuple[str, ...]], ...] = ()
    #: The windows before, oldest first, NaN where nobody was looking; and where each rung starts and whether
    #: it holds. Nothing of what may not be shown.
    before: tuple[float, ...] = ()
    starts: tuple[tuple[Grade, float, bool], ...] = ()
    #: When and where it happened.
    happened: Whereabouts = Whereabouts()
    take: Take = Take.SUM
    #: Whether the rung holds by an alert that is in force or ahead.
    alerted: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """A measure asked for; `due` is None where an earlier message has said by when and nobody knows which."""

    measure: Measure
    due: datetime | None
    #: An earlier message has asked for it already.
    again: bool = False


#: So many of the windows before are told.
EARLIER = 26


def evidence(
    warning: RiskWarning, findings: Iterable[Finding], reference: Reference,
    counted: Callable[[Finding], Sequence[Incident]] = nothing,
) -> tuple[Evidence, ...]:  # fmt: skip
    """The findings of the warning's area and topic, the gravest first. counted: what each of them counted.

    Of a sensitive count only itself is shown, if it is not small: expected values, distances, days and
    places would give it away, and the places of a correlation may lie below county.
    """
    behind = [
        (finding, reference.sensitive([finding.rule])) for finding in findings
        if (finding.area, finding.topic) == (warning.area, warning.topic) and not finding.trial
    ]  # fmt: skip
    behind.sort(key=lambda one: (-one[0].grade, one[0].rule))
    return tuple(
        _of(finding, sensitive, reference, counted) for finding, sensitive in behind
        if not (sensitive and finding.trace.matches)
    )  # fmt: skip


def tasks(
    change: Change, warning: RiskWarning, reference: Reference, past: Iterable[Change] = (),
    demands: Sequence[Demand] | None = None,
) -> tuple[Task, ...]:  # fmt: skip
    """What is asked for under the warning at its new grade, the newest and most urgent first: what was asked
    as it was asked, whatever its rule says now; and of what is only proposed, or nobody recorded (None), what
    the rules ask for. past: the warning's changes, in which stands when each was first asked for."""
    found = [
        # Many changes told at once, because nobody judged in between, ask at one moment.
        Task(one.measure, one.at + one.measure.within, again=one.at < change.at or one.grade != change.after)
        for one in demands or () if one.measure.grade <= change.after
    ]  # fmt: skip
    if demands is None or change.step is Step.PROPOSED:
        known = {one.measure.code for one in demands or ()}
        earlier = [one for one in past if one.at <= change.at and one.key != change.key]
        wanted = _wanted(warning, change.after, reference)
        found += [_task(one, change, earlier) for code, one in wanted.items() if code not in known]
    return tuple(sorted(found, key=lambda task: (task.again, task.measure.within, task.measure.code)))


def _wanted(warning: RiskWarning, grade: Grade, reference: Reference) -> dict[str, Measure]:
    """What the rules behind the warning ask for at a grade."""
    asked: dict[str, Measure] = {}
    for rule in warning.rules:
        if rule in reference.rules:
            for measure in reference.rules[rule].measures:
                if measure.grade <= grade:
                    asked.setdefault(measure.code, measure)
    return asked


def _task(measure: Measure, change: Change, earlier: Sequence[Change]) -> Task:
    if measure.grade > change.before:
        # In UTC: by the clocks on the wall it would be an hour too long or short where they change.
        return Task(measure, change.at.astimezone(UTC) + measure.within)
    asked = [one.at for one in earlier if one.before < measure.grade <= one.after]
    return Task(measure, asked[-1].astimezone(UTC) + measure.within if asked else None, again=True)


def _of(
    finding: Finding, masked: bool, reference: Reference, counted: Callable[[Finding], Sequence[Incident]]
) -> Evidence:
    trace, rule = finding.trace, reference.rules.get(finding.rule)
    indicator = rule.indicator if rule and rule.indicator else None
    unit, take = (indicator.measure, indicator.take) if indicator else ("incidents", Take.SUM)
    small = masked and trace.observed < SMALL
    held = [rung for rung in trace.rungs if rung.held is Held.HELD]
    top = held[-1].grade if held else Grade.NONE
    above = [rung for rung in trace.rungs if rung.grade > top and rung.missing is not None]
    following = above[0] if above and not masked else None
    first, last = trace.stretch
    return Evidence(
        rule=finding.rule,
        rule_hash=finding.rule_hash,
        grade=finding.grade,
        unit=unit,
        first=first,
        last=last,
        observed=None if small else _finite(trace.observed),
        small=small,
        expected=None if masked else _expected(held),
        rung=top,
        needed=held[-1].needed if held and not masked else None,
        missing=following.missing if following else None,
        next_grade=following.grade if following else None,
        matches=tuple((match.pattern, match.areas) for match in trace.matches if match.held is Held.HELD),
        before=() if masked else trace.baseline[-EARLIER:],
        starts=() if masked else tuple(_starts(trace.rungs)),
        happened=Whereabouts() if masked else whereabouts(
            finding, counted(finding), reference.tree, reference.zone, sums=unit != "incidents"
        ),
        take=take,
        alerted=bool(held) and held[-1].alerted,
    )  # fmt: skip


def _starts(rungs: Sequence[RungTrace]) -> Iterator[tuple[Grade, float, bool]]:
    """From which count each rung holds, as far as a count alone decides."""
    for rung in rungs:
        if rung.needed is not None:
            yield rung.grade, rung.needed, rung.held is Held.HELD


def _expected(held: list[RungTrace]) -> float | None:
    signals = held[-1].every if held else ()
    return next((found for s in signals if (found := _finite(s.expected)) is not None), None)


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
