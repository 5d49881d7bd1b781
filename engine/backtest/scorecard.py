"""Keep, tune or retire: how often a rule was right, and whether another threshold would do better.

What is known of past warnings comes from a truth file, from people's verdicts, or from both. A truth is
complete for the topics it names: what meets no event was wrong. A verdict tells of one warning only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import sqrt

import numpy as np

from engine.backtest.history import Place, Span, Spell
from engine.backtest.judged import verdicts
from engine.backtest.match import Against, Track, match
from engine.ingest.truth import Event, Truth
from engine.model.act import Act
from engine.model.area import AreaTree
from engine.model.rule import Rule, RuleBook, Rung, Test
from engine.model.warning import RiskWarning

#: Fewer warnings of which something is known decide nothing.
ENOUGH = 5
#: The last part of the time is held back: thresholds are chosen on what comes before it.
HELD_BACK = 1 / 3
#: What is tried: counts are moved, chances of error scaled, in every rung alike.
SHIFTS = (-2, -1, 1, 2, 3, 5)
SCALES = (3.0, 1 / 3, 1 / 10, 1 / 30)
#: Two-sided 95 %.
_Z = 1.959964


class Decision(StrEnum):
    """What the figures say of a rule."""

    KEEP = "keep"
    TUNE = "tune"
    RETIRE = "retire"
    #: Too little is known to say.
    WAIT = "wait"


@dataclass(frozen=True)
class Known:
    """What is known of past warnings. wrong: since when and until when a place was warned of in vain,
    as people said; complete: the topics of which the truth tells everything."""

    against: Against
    wrong: Mapping[Place, Sequence[tuple[datetime, datetime]]]
    complete: frozenset[str]


@dataclass(frozen=True)
class Figures:
    """Warnings that were right and wrong; events (or warnings called right) that were met and missed."""

    right: int
    wrong: int
    met: int
    missed: int

    @property
    def told(self) -> int:
        return self.right + self.wrong

    @property
    def csi(self) -> float:
        """Critical success index: 0 (nothing right) to 1 (everything met, nothing wrong)."""
        whole = self.met + self.missed + self.wrong
        return self.met / whole if whole else 0.0


@dataclass(frozen=True)
class Proposal:
    """Another threshold, chosen on the earlier part of the time and better on the part held back."""

    change: str
    before: Figures
    after: Figures


@dataclass(frozen=True)
class Card:
    """One rule's figures; low, high: the 95 % interval of the share that was right."""

    rule: Rule
    warnings: int
    figures: Figures
    low: float
    high: float
    decision: Decision
    proposal: Proposal | None = None


def wilson(right: int, told: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927); 0 to 1 where nothing is told."""
    if not told:
        return 0.0, 1.0
    share, spread = right / told, _Z**2 / told
    middle = share + spread / 2
    margin = _Z * sqrt(share * (1 - share) / told + spread / (4 * told))
    return max(0.0, (middle - margin) / (1 + spread)), min(1.0, (middle + margin) / (1 + spread))


def known(
    against: Against | None, tree: AreaTree, domains: Mapping[str, str], acts: Sequence[Act],
    warnings: Sequence[RiskWarning], span: Span,
) -> Known:  # fmt: skip
    """Truth and verdicts together; where both speak of a topic, the truth does.

    A verdict is about the warning it names, or the last one of its area and topic that was open or over
    when it was given. Where it names the day of the outcome, the event is of that day.
    """
    truth = against.truth if against else Truth((), frozenset())
    complete = frozenset(topic for topic in domains if truth.speaks_of(topic, domains[topic]))
    events = list(truth.events)
    wrong: dict[Place, list[tuple[datetime, datetime]]] = {}
    for act, warning in verdicts(acts, warnings):
        place = (warning.area, warning.topic)
        if warning.topic in complete:
            continue
        until = warning.lifted_at or act.at
        if not act.right:
            wrong.setdefault(place, []).append((warning.since, until))
        else:
            days = [span.calendar.local_day(at) for at in (warning.since, until)]
            events.append(_event(place, *([act.outcome] * 2 if act.outcome else days)))
    named = truth.named | {event.topic for event in events}
    return Known(Against(Truth(tuple(events), named), tree, domains), wrong, complete)


def _event(place: Place, start: date, end: date) -> Event:
    return Event(*place, start, end, "verdict", onset=False, began=start)


def measure(rule: Rule, spells: Sequence[Spell], known: Known, span: Span) -> Figures:
    """A rule's spells against what is known of them."""
    tree = known.against.tree
    track = Track.of([(area, rule.topic) for area in rule.places(tree)], spells, span, rule.ahead)
    matched = match(track, known.against, span)
    met = matched.right == 1
    wrong = (matched.right == 0) & np.array(
        [rule.topic in known.complete or _in_vain(spell, known) for spell in track.spells], bool
    )
    caught = int(matched.warned.sum())
    return Figures(int(met.sum()), int(wrong.sum()), caught, matched.warned.size - caught)


def _in_vain(spell: Spell, known: Known) -> bool:
    return any(
        spell.opened <= until and (spell.closed is None or spell.closed >= since)
        for since, until in known.wrong.get(spell.place, ())
    )


def variants(rule: Rule) -> dict[str, Rule]:
    """The rule with its thresholds moved, by what was changed; every rung alike, so their order holds."""
    made = {}
    for name, moves in (("count", SHIFTS), ("alpha", SCALES)):
        values = _values(rule, name)
        for move in moves if values else ():
            new = [value + move if name == "count" else value * move for value in values]
            if min(new) > 0 and (name == "count" or max(new) < 0.5):
                change = f"{name} {_listed(values)} -> {_listed(new)}"
                made[change] = replace(rule, rungs=tuple(_moved(r, name, move) for r in rule.rungs))
    return made


def _values(rule: Rule, name: str) -> list[float]:
    found = [value for rung in rule.rungs for test in rung.every for key, value in test.params if key == name]
    return [value for value in found if isinstance(value, (int, float))]


def _listed(values: Sequence[float]) -> str:
    return ", ".join(f"{value:.3g}" for value in values)


def _moved(rung: Rung, name: str, move: float) -> Rung:
    musts, ways = rung.parted([_turned(test, name, move) for test in rung.every])
    return replace(rung, tests=musts, any=ways)


def _turned(test: Test, name: str, move: float) -> Test:
    def turned(key: str, value: object) -> object:
        if key != name or not isinstance(value, (int, float)):
            return value
        return value + move if name == "count" else value * move

    return Test(test.name, tuple((key, turned(key, value)) for key, value in test.params))


def to_try(rules: Sequence[Rule]) -> tuple[RuleBook, dict[str, dict[str, str]]]:
    """A book of all variants of these rules, and by rule what each changes, with its id there.

    The variants stand apart from the rules, because correlations must not find them.
    """
    book: dict[str, Rule] = {}
    names: dict[str, dict[str, str]] = {}
    for rule in rules:
        names[rule.id] = {}
        for number, (change, variant) in enumerate(variants(rule).items(), start=1):
            id_ = names[rule.id][change] = f"{rule.id}~{number}"
            book[id_] = replace(variant, id=id_)
    return RuleBook(book), names


def card(
    rule: Rule, spells: Sequence[Spell], tried: Mapping[str, Sequence[Spell]], known: Known, span: Span,
    wanted: float,
) -> Card:  # fmt: skip
    """One rule's card. tried: what each of its variants would have warned of; wanted: the share of
    warnings that should be right."""
    figures = measure(rule, spells, known, span)
    low, high = wilson(figures.right, figures.told)
    proposal = None
    if figures.told >= ENOUGH and low < wanted:
        proposal = _proposed(rule, spells, tried, known, span, wanted)
    decision = _decided(figures, low, high, wanted, proposal)
    return Card(rule, len(span.opened(spells)), figures, low, high, decision, proposal)


def _decided(figures: Figures, low: float, high: float, wanted: float, proposal: Proposal | None) -> Decision:
    if figures.told < ENOUGH:
        return Decision.WAIT
    if low >= wanted:
        return Decision.KEEP
    if proposal is not None:
        return Decision.TUNE
    return Decision.RETIRE if high < wanted else Decision.WAIT


def _proposed(
    rule: Rule, spells: Sequence[Spell], tried: Mapping[str, Sequence[Spell]], known: Known, span: Span,
    wanted: float,
) -> Proposal | None:  # fmt: skip
    """The variant that does best on the earlier part, if it does better on the later part as well and
    may be right there as often as is wanted."""
    split = span.last - timedelta(days=round(span.days * HELD_BACK) - 1)
    if not span.first < split <= span.last:
        return None
    early, late = replace(span, last=split - timedelta(days=1)), replace(span, first=split)
    now = _within(rule, spells, known, early)
    fits = {change: _within(rule, own, known, early) for change, own in tried.items()}
    better = [change for change, figures in fits.items() if figures.csi > now.csi]
    if not better:
        return None
    best = max(better, key=lambda change: fits[change].csi)
    before, after = (_within(rule, own, known, late) for own in (spells, tried[best]))
    verified = after.csi > before.csi and wilson(after.right, after.told)[1] >= wanted
    return Proposal(best, before, after) if verified else None


def _within(rule: Rule, spells: Sequence[Spell], known: Known, span: Span) -> Figures:
    return measure(rule, span.opened(spells), known, span)
