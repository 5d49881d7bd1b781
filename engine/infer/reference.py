"""The plain evaluator: the meaning of a program in a page, always run beside durable_rules."""

from __future__ import annotations

from collections.abc import Iterable

from engine.infer.program import Conclusions, Facts, Program
from engine.model.finding import Held

#: Kleene's order of truth.
_RANK = {Held.NOT: 0, Held.UNKNOWN: 1, Held.HELD: 2}


def conjunction(bits: Iterable[Held]) -> Held:
    """All of them, in Kleene's three values: the least true decides."""
    return min(bits, key=_RANK.__getitem__)


def disjunction(bits: Iterable[Held]) -> Held:
    """Any of them, in Kleene's three values: the truest decides; none at all is NOT."""
    return max(bits, key=_RANK.__getitem__, default=Held.NOT)


def evaluate(program: Program, facts: Facts) -> Conclusions:
    """Judge the program: an `Evaluator`."""
    concluded: Conclusions = {}
    for stratum in range(len(program.strata)):
        for fact in facts(stratum, concluded):
            for clause in (clause for name in fact.bits for clause in program.opened_by.get(name, ())):
                held = conjunction(fact.bits.get(name, Held.NOT) for name in clause.body)
                if held is not Held.NOT:
                    areas = concluded.setdefault(clause.head, {})
                    areas[fact.area] = disjunction((held, areas.get(fact.area, Held.NOT)))
    return concluded
