"""Judge the correlation rules of one cycle: the reference always, durable_rules beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.errors import InferenceError
from engine.infer import reference
from engine.infer.program import Conclusions, Evaluator, Program, compiled
from engine.infer.resolve import NOTHING, Resolver, Seek, Stands, undelayed
from engine.infer.strata import correlation_of, correlations, producers
from engine.infer.trace import outcome
from engine.model.area import AreaTree
from engine.model.finding import Held, Outcome
from engine.model.rule import Rule


@dataclass(frozen=True, slots=True)
class Correlated:
    """How the correlations came out.

    outcomes: by rule as given, then by area, only where some rung is held or unknown: an area that
    is absent is NOT in every rung. degraded: why durable_rules did not answer, so that the
    reference's answer stands; empty where it did. disputed: the rules withheld because the two
    evaluators differ on them, or on a rule whose findings they look for.
    """

    outcomes: tuple[Outcome, ...] = ()
    degraded: str = ""
    disputed: frozenset[str] = frozenset()


def correlate(
    rules: Sequence[Rule], tree: AreaTree, hits: Seek, *, at: datetime, evaluator: Evaluator,
    stands: Stands = undelayed,
) -> Correlated:  # fmt: skip
    """Judge the correlations among `rules`, all of one cycle, at the moment `at`.

    `hits` is asked once for each rule and pattern, for what was found within the rule's `within`
    before `at`; what the correlations find now themselves is added here, at the moment `at`: as it stands
    after this run by `stands`, or, for a pattern that asks for it, as judged. Every
    area of a rule's level is judged. Raises InferenceError where correlations wait for each other.
    """
    program = compiled(rules)
    if not program.clauses:
        return Correlated()
    resolver = Resolver(program, tree, hits, at, stands)
    concluded = reference.evaluate(program, resolver.facts)
    degraded, disputed = "", frozenset[str]()
    if evaluator is not reference.evaluate:
        try:
            disputed = _disputed(program, concluded, evaluator(program, resolver.facts))
        except InferenceError as error:
            degraded = str(error)
    outcomes = tuple(
        found
        for rule in correlations(rules)
        if rule.id not in disputed
        for found in _outcomes(rule, resolver, concluded, at)
    )
    return Correlated(outcomes, degraded, disputed)


def _disputed(program: Program, one: Conclusions, other: Conclusions) -> frozenset[str]:
    """The rules on which two conclusions differ, and those that look for their findings."""
    differ = {head[0] for head in one.keys() | other.keys() if one.get(head, {}) != other.get(head, {})}
    for stratum in program.strata:
        below = [rule for layer in program.strata for rule in layer if rule.id in differ]
        differ |= {rule.id for rule in stratum if producers(rule, below)}
    return frozenset(differ)


def _outcomes(rule: Rule, resolver: Resolver, concluded: Conclusions, at: datetime) -> list[Outcome]:
    rungs = [concluded.get((rule.id, n), {}) for n in range(len(correlation_of(rule).rungs))]
    areas = sorted(set[str]().union(*rungs))
    if not areas:
        return []
    looks = resolver.views(rule, concluded)
    return [
        outcome(
            rule,
            area,
            tuple(rung.get(area, Held.NOT) for rung in rungs),
            [look.get(area, NOTHING) for look in looks],
            at,
        )
        for area in areas
    ]
