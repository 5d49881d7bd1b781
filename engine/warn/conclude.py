"""Outcomes against what stood before: the new standing, findings, warnings, changes and scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from engine.model.act import Act
from engine.model.area import AreaTree
from engine.model.finding import Finding, Held, Outcome
from engine.model.grade import Domain, Grade
from engine.model.period import Period
from engine.model.rule import RuleBook
from engine.model.warning import Change, RiskWarning, Score, Standing
from engine.warn.counters import idle
from engine.warn.reconcile import Place, by_place, call, explained, step
from engine.warn.score import scores
from engine.warn.sentence import reason
from engine.warn.settle import Cell, Ground, Settled, settle


@dataclass(frozen=True)
class Before:
    """What stood before the run: the latest standing of each rule and area, open warnings by area
    and topic, and every act that may still be in force."""

    standing: Mapping[Cell, Standing] = field(default_factory=dict)
    warnings: Mapping[Place, RiskWarning] = field(default_factory=dict)
    acts: Sequence[Act] = ()
    #: When the latest run judged so far was due, where that may be later than the one to be concluded.
    judged: datetime | None = None


@dataclass(frozen=True)
class Terms:
    """What the configuration says about grades: points for the score, how long a warning may be held blind
    before a monthly analysis lets it expire, and which areas there are (None: nobody asks)."""

    points: Mapping[Grade, float] = field(
        default_factory=lambda: {
            Grade.BLUE: 10.0, Grade.YELLOW: 30.0, Grade.ORANGE: 60.0, Grade.RED: 90.0,
        }
    )  # fmt: skip
    stale_after: timedelta = timedelta(days=28)
    #: Categories whose small counts nobody is shown.
    sensitive: frozenset[str] = frozenset()
    tree: AreaTree | None = None


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
    ground = Ground(terms.tree, terms.stale_after, before.judged)
    settled = settle(book, period, found, before.standing, ground, withheld=withheld)
    moved = settled.moved
    now = {**before.standing, **moved}
    findings = tuple(_findings(book, period, found, now))
    reasons = {
        (f.rule, f.area): reason(
            book.rules[f.rule], f.trace,
            sensitive=bool(book.rules[f.rule].counted & terms.sensitive),
        )
        for f in findings if not f.trial
    }  # fmt: skip
    totals = scores(now.values(), terms.points)
    warnings, changes = _reconciled(book, period, now, before, reasons, settled, totals)
    return Conclusion(
        standing=tuple(
            moved[cell] for cell in sorted(moved)
            if moved[cell] != before.standing.get(cell)
            and (cell in before.standing or not idle(moved[cell]))
        ),
        findings=findings, warnings=warnings, changes=changes, scores=tuple(totals.values()),
    )  # fmt: skip


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
    reasons: Mapping[Cell, str], settled: Settled, totals: Mapping[tuple[str, Domain], Score],
) -> tuple[tuple[RiskWarning, ...], tuple[Change, ...]]:  # fmt: skip
    places = by_place(now.values())
    regraded = _regraded(before.standing, settled.moved)
    warnings: list[RiskWarning] = []
    changes: list[Change] = []
    for place in sorted({*places, *before.warnings}):
        acts = [act for act in before.acts if (act.area, act.topic) == place]
        ends = [end for end in settled.ended if end.place == place]
        open_ = before.warnings.get(place)
        called = call(open_, places.get(place, ()), acts, period.due_at)
        called = explained(called, open_, reasons, ends, judged=place in regraded)
        warning, change = step(open_, called, place, period, book.rules)
        if warning is not None:
            total = totals.get((warning.area, warning.domain))
            warnings.append(replace(warning, score=total.value if total and warning.open else 0.0))
        if change is not None:
            changes.append(change)
    return tuple(warnings), tuple(changes)


def _regraded(before: Mapping[Cell, Standing], moved: Mapping[Cell, Standing]) -> set[Place]:
    """The places of findings whose grade, or place, this run changed."""
    found: set[Place] = set()
    for cell, one in moved.items():
        was = before.get(cell)
        if was is None or (was.grade, was.topic, was.trial) != (one.grade, one.topic, one.trial):
            found |= {(at.area, at.topic) for at in (was, one) if at is not None}
    return found
