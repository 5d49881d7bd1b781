"""`find`: what rules say at many cuts at once, each as known then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from engine.detect.evaluate import pasts
from engine.infer.resolve import Hits
from engine.infer.strata import patterns
from engine.judge.asked import asks
from engine.judge.corroborated import corroborated
from engine.judge.doubt import Doubts
from engine.judge.explain import trace
from engine.judge.ladder import ladder
from engine.judge.panels import Panels
from engine.judge.seek import Patterns
from engine.model.finding import Held, Outcome
from engine.model.rule import Pattern, Rule, RuleBook

#: Cuts are judged together in blocks of at most this many array cells (about 64 MB).
_CELLS = 8_000_000
#: What a learned chance looks at takes as much room as so many blocks.
_LOOKED_AT = 64


@dataclass(frozen=True)
class Found:
    """What one cycle's rules found at one cut; an area without an outcome is quiet, and surely so, unless
    the rule is disputed."""

    cut: date
    outcomes: tuple[Outcome, ...] = ()
    #: Why the inference process's answer could not be had, and the rules on which it disagreed.
    degraded: str = ""
    disputed: frozenset[str] = field(default=frozenset())
    #: What the patterns of correlations found, by the correlation's id: what stands is not among it.
    sought: Mapping[tuple[str, Pattern], Hits] = field(default_factory=dict)


def find(
    rules: Sequence[Rule], panels: Panels, cuts: Sequence[date], *, book: RuleBook | None = None
) -> tuple[Found, ...]:
    """Judge `rules` at every cut, each exactly as known then.

    rules: rules of one cycle; cuts: rising. `book` holds the rules that correlations refer to; of these is
    told what their patterns found: a `Correlator` judges them, run after run, by what stood.
    """
    found: list[list[Outcome]] = [[] for _ in cuts]
    for rule in rules:
        if rule.indicator is not None:
            for at, outcome in _outcomes(rule, panels, cuts):
                found[at].append(outcome)
    combined = [rule for rule in rules if rule.correlation is not None]
    seek = Patterns(book or RuleBook({rule.id: rule for rule in rules}), panels, cuts)
    return tuple(
        Found(cut, tuple(found[at]), sought={
            (rule.id, pattern): seek.at(at)(rule, pattern) for rule in combined for pattern in patterns(rule)
        })
        for at, cut in enumerate(cuts)
    )  # fmt: skip


def _blocks(rule: Rule, panels: Panels, cuts: Sequence[date]) -> Iterator[slice]:
    """The cuts in stretches whose arrays stay small."""
    blocks = max(pasts(rule.rungs, rule.window)[0].blocks, _LOOKED_AT if asks(rule) else 0)
    size = max(1, _CELLS // max(1, len(panels.tree.at(rule.level)) * (blocks + 2)))
    return (slice(at, at + size) for at in range(0, len(cuts), size))


def _outcomes(rule: Rule, panels: Panels, cuts: Sequence[date]) -> Iterator[tuple[int, Outcome]]:
    """(position of the cut, outcome) wherever a rung holds or cannot be told."""
    areas = panels.tree.at(rule.level)
    for block in _blocks(rule, panels, cuts):
        judged = ladder(rule, panels, cuts[block])
        held = judged.held
        doubts = Doubts(rule, panels, judged.series)
        for at, area in np.argwhere((held != Held.NOT).any(axis=0)):
            states = tuple(Held(int(state)) for state in held[:, at, area])
            why, doubt = None, ""
            if Held.HELD in states:
                why = trace(rule, judged, cuts[block][at], (at, area), areas[area], doubts)
                why = corroborated(rule, panels, why, cuts[block][at])
            if Held.UNKNOWN in states:
                doubt = doubts.of(at, area) or judged.unknown(at, area) or "the past is too short to say"
            yield block.start + at, Outcome(rule.id, rule.hash, areas[area], states, why, doubt)
