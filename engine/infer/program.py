"""Correlation rules compiled to conjunctions of attributes, in strata.

This is all that an evaluator sees: a fact is one area in one stratum with its attributes, a clause
is a conjunction of attributes that concludes one rung of one rule. Scope, time, order, counting and
absence are in the attributes already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import count
from typing import TypeAlias

from engine.errors import InferenceError
from engine.infer.names import apart
from engine.infer.strata import correlation_of, ring, stratify
from engine.model.finding import Held
from engine.model.rule import Combine, Correlation, Rule

#: A rule and the position of its rung, lowest first.
Head: TypeAlias = tuple[str, int]
#: What was concluded: head -> area -> HELD or UNKNOWN; whatever is absent is NOT.
Conclusions: TypeAlias = dict[Head, dict[str, Held]]


class Kind(StrEnum):
    """What an attribute says of one area."""

    #: The pattern at `number` among `of` matched in the area's scope.
    MATCHED = "matched"
    #: The pattern at `number` among `none` is proven absent from the scope.
    ABSENT = "absent"
    #: At least `number` matches are in the scope.
    COUNT = "count"
    #: The patterns' moments can be picked in the order written.
    ORDERED = "ordered"


#: A kind and its number: what an attribute means within its rule.
Meaning: TypeAlias = tuple[Kind, int]


@dataclass(frozen=True, slots=True)
class Attribute:
    """One 0/1 attribute: its short name, whose it is and what it means."""

    name: str
    rule: str
    kind: Kind
    number: int = 0


@dataclass(frozen=True, slots=True)
class Clause:
    """If every attribute of the body holds, so does the head."""

    head: Head
    body: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One area in one stratum; an attribute that is left out is NOT."""

    area: str
    bits: Mapping[str, Held]


#: What an evaluator asks for each stratum, telling what it has concluded below it.
Facts: TypeAlias = Callable[[int, Conclusions], Sequence[Fact]]
#: Judges a program stratum by stratum; raises InferenceError where it cannot.
Evaluator: TypeAlias = Callable[["Program", Facts], Conclusions]


@dataclass(frozen=True)
class Program:
    """Clauses over attributes, for rules in strata."""

    strata: tuple[tuple[Rule, ...], ...]
    attributes: tuple[Attribute, ...]
    clauses: tuple[Clause, ...]

    @cached_property
    def opened_by(self) -> dict[str, tuple[Clause, ...]]:
        """The clauses by the first attribute of their body."""
        found: dict[str, list[Clause]] = {}
        for clause in self.clauses:
            found.setdefault(clause.body[0], []).append(clause)
        return {name: tuple(clauses) for name, clauses in found.items()}

    @cached_property
    def of_rule(self) -> dict[str, tuple[Attribute, ...]]:
        """The attributes of each rule, by its id."""
        found: dict[str, list[Attribute]] = {}
        for attribute in self.attributes:
            found.setdefault(attribute.rule, []).append(attribute)
        return {rule: tuple(attributes) for rule, attributes in found.items()}


def conjunctions(correlation: Correlation) -> Iterator[tuple[int, tuple[Meaning, ...]]]:
    """What makes each rung hold, as (position of the rung, conjunction); any one of them suffices."""
    veto = [(Kind.ABSENT, n) for n in range(len(correlation.none))]
    matched = [(Kind.MATCHED, n) for n in range(len(correlation.of))]
    order = [(Kind.ORDERED, 0)] if correlation.ordered else []
    for position, (_, number) in enumerate(correlation.rungs):
        if correlation.combine is Combine.AT_LEAST:
            yield position, ((Kind.COUNT, number), *veto)
        elif correlation.combine is Combine.ANY:
            yield from ((position, (one, *veto)) for one in matched)
        elif matched or veto:
            yield position, (*matched, *order, *veto)


def compiled(rules: Sequence[Rule]) -> Program:
    """The correlations among `rules` as a program.

    Raises InferenceError where they wait for each other; `limits.check` says so when rules load.
    """
    strata, stuck = stratify(rules)
    if stuck:
        raise InferenceError(f"correlations wait for each other: {' -> '.join(ring(stuck))}")
    names = apart(f"a{n}" for n in count())
    attributes: list[Attribute] = []
    clauses: list[Clause] = []
    for rule in (rule for stratum in strata for rule in stratum):
        known: dict[Meaning, str] = {}
        for position, conjunction in conjunctions(correlation_of(rule)):
            for meaning in conjunction:
                if meaning not in known:
                    known[meaning] = next(names)
                    attributes.append(Attribute(known[meaning], rule.id, *meaning))
            body = tuple(known[meaning] for meaning in conjunction)
            clauses.append(Clause((rule.id, position), body))
    return Program(strata, tuple(attributes), tuple(clauses))
