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
from engine.model.topic import Topic
from engine.model.warning import Change, RiskWarning, Score, Standing
from engine.warn.call import Chances, Place, by_place, call, chance, explained
from engine.warn.counters import idle
from engine.warn.occasion import Occasion
from engine.warn.passage import Authorise, at_once
from engine.warn.reconcile import Names, step
from engine.warn.score import scores
from engine.warn.sentence import reason
from engine.warn.settle import Cell, Ended, Ground, settle


@dataclass(frozen=True)
class Before:
    """What stood before the run: the latest standing of each rule and area, open warnings by area
    and topic, and every act that may still be in force."""

    standing: Mapping[Cell, Standing] = field(default_factory=dict)
    warnings: Mapping[Place, RiskWarning] = field(default_factory=dict)
    acts: Sequence[Act] = ()
    #: When the latest run judged so far was due, where that may be later than the one to be concluded.
    judged: datetime | None = None
    #: Up to when acts are known, where a run is judged later than it was due.
    acted: datetime | None = None
    #: Why each open proposal was made, by its change.
    proposals: Mapping[str, str] = field(default_factory=dict)


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
    topics: Mapping[str, Topic] = field(default_factory=dict)
    #: Who must let a call pass before it is issued.
    authorise: Authorise = at_once
    #: What each grade of each rule came to be worth, as learned before the run.
    chances: Chances = field(default_factory=dict)


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
    news = News(reasons, settled.ended, _regraded(before.standing, moved))
    warnings, changes = _reconciled(book, Occasion.of_run(period), now, before, terms, news, totals)
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


@dataclass(frozen=True)
class News:
    """What a run found out: the reasons of its findings, what ended in it, and where what stands changed."""

    reasons: Mapping[Cell, str] = field(default_factory=dict)
    ended: Sequence[Ended] = ()
    judged: Set[Place] = frozenset()


def reconsider(
    book: RuleBook, occasion: Occasion, places: Set[Place], before: Before, terms: Terms
) -> Conclusion:
    """Look at some places anew between runs: after a person's act, or when a time has come."""
    at = {place: one for place, one in before.warnings.items() if place in places}
    standing = {cell: one for cell, one in before.standing.items() if (one.area, one.topic) in places}
    done = [act for act in before.acts if (act.area, act.topic) in places]
    seen = replace(before, warnings=at, acts=done)
    warnings, changes = _reconciled(book, occasion, standing, seen, terms, News(), {})
    scored = {one.id: one.score for one in at.values()}
    kept = tuple(replace(one, score=scored.get(one.id, 0.0) if one.open else 0.0) for one in warnings)
    return Conclusion(warnings=kept, changes=changes)


def _reconciled(
    book: RuleBook, occasion: Occasion, now: Mapping[Cell, Standing], before: Before, terms: Terms,
    news: News, totals: Mapping[tuple[str, Domain], Score],
) -> tuple[tuple[RiskWarning, ...], tuple[Change, ...]]:  # fmt: skip
    places, names = by_place(now.values()), Names(book.rules, terms.topics)
    acts: dict[Place, list[Act]] = {}
    for act in before.acts:
        acts.setdefault((act.area, act.topic), []).append(act)
    ends: dict[Place, list[Ended]] = {}
    for end in news.ended:
        ends.setdefault(end.place, []).append(end)
    known = max(occasion.at, before.acted or occasion.at)
    warnings: list[RiskWarning] = []
    changes: list[Change] = []
    for place in sorted({*places, *before.warnings, *(of for of in acts if of[1] in terms.topics)}):
        open_, done = before.warnings.get(place), acts.get(place, ())
        called = call(open_, places.get(place, ()), done, occasion.at, known=known)
        if open_ is None and called.grade is Grade.NONE:
            continue
        called = explained(called, open_, news.reasons, ends.get(place, ()), judged=place in news.judged)
        passage = terms.authorise(open_, called, done, names.domain(open_, called, place[1]), known)
        if open_ is not None and called.act is None and open_.proposed == passage.grade != open_.grade:
            called = replace(called, reason=before.proposals.get(open_.proposal, called.reason))
        warning, made = step(open_, called, passage, place, occasion, names)
        if warning is not None:
            total = totals.get((warning.area, warning.domain))
            score = total.value if total and warning.open else 0.0
            likely = chance(called, warning.grade, terms.chances) if warning.open else warning.chance
            warnings.append(replace(warning, score=score, chance=likely))
        changes += made
    return tuple(warnings), tuple(changes)


def _regraded(before: Mapping[Cell, Standing], moved: Mapping[Cell, Standing]) -> set[Place]:
    """The places of findings whose grade, or place, this run changed."""
    found: set[Place] = set()
    for cell, one in moved.items():
        was = before.get(cell)
        if was is None or (was.grade, was.topic, was.trial) != (one.grade, one.topic, one.trial):
            found |= {(at.area, at.topic) for at in (was, one) if at is not None}
    return found
