"""Outcomes against what stood before: the new standing, findings, warnings, changes and scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from engine.model.finding import Finding, Held, Outcome
from engine.model.grade import Domain, Grade
from engine.model.period import Cycle, Period
from engine.model.rule import RuleBook
from engine.model.warning import Act, Change, RiskWarning, Score, Standing
from engine.warn.counters import advance, idle, lapse, start
from engine.warn.reconcile import Ended, Place, by_place, call, step
from engine.warn.score import scores
from engine.warn.sentence import reason

Cell = tuple[str, str]


@dataclass(frozen=True)
class Before:
    """What stood before the run: the latest standing of each rule and area, open warnings by area
    and topic, and every act that may still be in force."""

    standing: Mapping[Cell, Standing] = field(default_factory=dict)
    warnings: Mapping[Place, RiskWarning] = field(default_factory=dict)
    acts: Sequence[Act] = ()


@dataclass(frozen=True)
class Terms:
    """What the configuration says about grades: points for the score, and how long a warning may be
    held blind before a monthly analysis lets it expire."""

    points: Mapping[Grade, float] = field(
        default_factory=lambda: {
            Grade.BLUE: 10.0, Grade.YELLOW: 30.0, Grade.ORANGE: 60.0, Grade.RED: 90.0,
        }
    )  # fmt: skip
    stale_after: timedelta = timedelta(days=28)
    #: Categories whose small counts nobody is shown.
    sensitive: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Conclusion:
    """What one run writes; empty where nothing moved."""

    #: Only the rows that differ from before.
    standing: tuple[Standing, ...] = ()
    findings: tuple[Finding, ...] = ()
    #: Every open warning as it is now, and those this run closed.
    warnings: tuple[RiskWarning, ...] = ()
    changes: tuple[Change, ...] = ()
    scores: tuple[Score, ...] = ()


def conclude(
    book: RuleBook, period: Period, outcomes: Sequence[Outcome], before: Before, terms: Terms, *,
    withheld: Set[str] = frozenset(),
) -> Conclusion:  # fmt: skip
    """Pure and light: time is the period's `due_at`, whenever it is computed.

    withheld: the rules on which the evaluators differ; this run says nothing about them, so that what
    they found before stands.
    """
    found = {(one.rule, one.area): one for one in outcomes}
    judged = {cell: one for cell, one in _judged(book, period, found, before) if cell[0] not in withheld}
    standing = {**before.standing, **judged}
    lapsed = dict(_lapsed(book, period, standing, terms))
    moved = judged | {cell: lapse(standing[cell], period.due_at) for cell in lapsed}
    now = {**standing, **moved}
    findings = tuple(_findings(book, period, found, now))
    reasons = {
        (f.rule, f.area): reason(
            book.rules[f.rule], f.trace,
            sensitive=bool(book.rules[f.rule].counted & terms.sensitive),
        )
        for f in findings if not f.trial
    }  # fmt: skip
    totals = scores(now.values(), terms.points)
    ended = [*lapsed.values(), *_quiet(book, before.standing, judged)]
    warnings, changes = _reconciled(book, period, now, before, reasons, ended, totals)
    return Conclusion(
        standing=tuple(
            moved[cell] for cell in sorted(moved)
            if moved[cell] != before.standing.get(cell)
            and (cell in before.standing or not idle(moved[cell]))
        ),
        findings=findings, warnings=warnings, changes=changes, scores=tuple(totals.values()),
    )  # fmt: skip


def _judged(
    book: RuleBook, period: Period, found: Mapping[Cell, Outcome], before: Before
) -> Iterator[tuple[Cell, Standing]]:
    """Every cell this cycle's rules judged and that has, or had, something to remember.

    An immediate run judges only the areas it touches: an area without an outcome was not looked at.
    """
    cells = set(found)
    if period.cycle is not Cycle.IMMEDIATE:
        cells |= {
            cell for cell in before.standing
            if cell[0] in book.rules and book.rules[cell[0]].cycle is period.cycle
            and not idle(before.standing[cell])
        }  # fmt: skip
    for cell in sorted(cells):
        rule = book.rules[cell[0]]
        if rule.judged:
            standing = before.standing.get(cell) or start(rule, cell[1])
            yield cell, advance(standing, rule, found.get(cell), period.due_at)


def _lapsed(
    book: RuleBook, period: Period, standing: Mapping[Cell, Standing], terms: Terms
) -> Iterator[tuple[Cell, Ended]]:
    """What ends without being judged: immediate findings whose time is up, findings of rules no
    longer in force, and, in the monthly analysis, what has been held blind too long."""
    at = period.due_at
    for cell, one in sorted(standing.items()):
        if one.grade is Grade.NONE:
            continue
        rule, place = book.rules.get(cell[0]), (one.area, one.topic)
        if one.until is not None and one.until <= at:
            yield cell, Ended(place, f"{cell[0]}: its time is up and nothing new came")
        elif (rule is None or not rule.judged) and period.cycle is not Cycle.IMMEDIATE:
            yield cell, Ended(place, f"{cell[0]} is no longer in force")
        elif _stale(one, period, at, terms):
            days = terms.stale_after.days
            yield cell, Ended(place, f"{cell[0]}: for over {days} days no data to judge it by", stale=True)


def _quiet(
    book: RuleBook, before: Mapping[Cell, Standing], judged: Mapping[Cell, Standing]
) -> Iterator[Ended]:
    """What stood before and was judged to hold no longer."""
    for cell, one in sorted(judged.items()):
        was = before.get(cell)
        if one.grade is Grade.NONE and was is not None and was.grade is not Grade.NONE:
            yield Ended((one.area, one.topic), f"{book.rules[cell[0]].title.en}: below its thresholds again")


def _stale(one: Standing, period: Period, at: datetime, terms: Terms) -> bool:
    return (
        period.cycle is Cycle.MONTHLY
        and one.blind_since is not None
        and at.astimezone(UTC) - one.blind_since > terms.stale_after
    )


def _findings(
    book: RuleBook, period: Period, found: Mapping[Cell, Outcome], now: Mapping[Cell, Standing]
) -> Iterator[Finding]:
    """A finding for every rule that holds now and whose delays let it stand."""
    for cell in sorted(found):
        outcome, standing = found[cell], now.get(cell)
        if standing is None or standing.grade is Grade.NONE or outcome.trace is None:
            continue
        if Held.HELD not in outcome.held:
            continue
        rule = book.rules[cell[0]]
        yield Finding(
            rule=rule.id, rule_hash=rule.hash, area=cell[1], topic=rule.topic, domain=rule.domain,
            cycle=period.cycle, period=period.key, at=period.due_at, grade=standing.grade,
            trace=outcome.trace, trial=standing.trial,
        )  # fmt: skip


def _reconciled(
    book: RuleBook, period: Period, now: Mapping[Cell, Standing], before: Before,
    reasons: Mapping[Cell, str], ended: Sequence[Ended],
    totals: Mapping[tuple[str, Domain], Score],
) -> tuple[tuple[RiskWarning, ...], tuple[Change, ...]]:  # fmt: skip
    places = by_place(now.values())
    warnings: list[RiskWarning] = []
    changes: list[Change] = []
    for place in sorted({*places, *before.warnings}):
        acts = [act for act in before.acts if (act.area, act.topic) == place]
        ends = [end for end in ended if end.place == place]
        called = call(places.get(place, ()), acts, reasons, ends, period.due_at)
        warning, change = step(before.warnings.get(place), called, place, period, book.rules)
        if warning is not None:
            total = totals.get((warning.area, warning.domain))
            warnings.append(replace(warning, score=total.value if total and warning.open else 0.0))
        if change is not None:
            changes.append(change)
    return tuple(warnings), tuple(changes)
