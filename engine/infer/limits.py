"""What durable_rules can bear, and which correlations make sense: checked when rules load.

The library hangs, drops facts or fires the wrong rule beyond its limits instead of saying so
(docs/inference.md has the figures), so nothing that comes near them gets as far as the child.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from engine.infer.program import Program, compiled, conjunctions
from engine.infer.strata import correlation_of, correlations, patterns, ring, stratify
from engine.model.rule import Combine, Rule, Scope, Status

#: Clauses of one program: the library hangs at 512 sibling conditions.
MAX_CLAUSES = 400
#: Clauses that can be true of one fact: beyond 64 the library fires none.
MAX_TRUE = 60
#: Attributes of one fact: beyond 252 the library refuses it.
MAX_ATTRIBUTES = 200
#: Facts alive in the library at once: beyond some 40,000 it drops facts silently.
MAX_FACTS = 10_000

#: The rule's id, a sentence that says what is wrong and what to do, and the check's name.
Found: TypeAlias = tuple[str, str, str]


def check(rules: Sequence[Rule]) -> list[Found]:
    """Everything wrong with the correlations among `rules`, which may be of any cycles; a retired
    one is judged no more, and a draft takes no room yet."""
    found: list[Found] = []
    given = [rule for rule in correlations(rules) if rule.status is not Status.RETIRED]
    for cycle in sorted({rule.cycle for rule in given}, key=lambda cycle: cycle.order):
        together = [rule for rule in given if rule.cycle is cycle]
        found += _doubled(together)
        for rule in together:
            found += _senseless(rule)
        found += _circular(stratify(together)[1])
        strata, _ = stratify([rule for rule in together if rule.judged])
        found += _too_much(compiled([rule for stratum in strata for rule in stratum]))
    return found


def _doubled(rules: Sequence[Rule]) -> Iterator[Found]:
    for id_, times in Counter(rule.id for rule in rules).items():
        if times > 1:
            yield id_, f"{times} correlations are called {id_}; give each its own id", "correlation-name"


def _senseless(rule: Rule) -> Iterator[Found]:
    """Correlations that could never hold, or not as they read."""
    correlation = correlation_of(rule)
    wanted, rungs = correlation.of, correlation.rungs
    if not any(conjunctions(correlation)):
        sentence = "it looks for nothing; give at least one pattern and one grade"
        yield rule.id, sentence, "correlation-empty"
    if correlation.ordered and (correlation.combine is not Combine.ALL or len(wanted) < 2):
        said = "after" if correlation.after else "ordered"
        sentence = f"{said} needs all: with two patterns or more, in the order expected"
        yield rule.id, sentence, "correlation-order"
    if correlation.combine is Combine.AT_LEAST:
        most = max((number for _, number in rungs), default=1)
        if min((number for _, number in rungs), default=1) < 1:
            yield rule.id, "at_least must be 1 or more", "correlation-count"
        if 1 < len(wanted) < most:
            sentence = (
                f"at_least {most} can never hold: of several patterns the patterns are counted, and "
                f"there are {len(wanted)}; lower it, or give one pattern to count areas"
            )
            yield rule.id, sentence, "correlation-count"
    elsewhere = {p.level for p in patterns(rule) if p.level and p.level != rule.level}
    if correlation.scope is Scope.SAME and elsewhere:
        sentence = (
            f"scope same of a {rule.level} holds no {' or '.join(sorted(elsewhere))}; "
            "say scope: below, parent or ancestors"
        )
        yield rule.id, sentence, "correlation-scope"


def _circular(stuck: Sequence[Rule]) -> Iterator[Found]:
    while stuck:
        circle = ring(stuck)
        sentence = (
            f"it waits for its own finding ({' -> '.join(circle)}); "
            "let one of them look for the rules it means instead of their topic"
        )
        yield circle[0], sentence, "correlation-cycle"
        _, stuck = stratify([rule for rule in stuck if rule.id not in circle])


def _too_much(program: Program) -> Iterator[Found]:
    """The first rule that goes over each limit."""
    clauses = Counter(clause.head[0] for clause in program.clauses)
    total = 0
    for layer in program.strata:
        true, wide = Counter[str](), Counter[str]()
        for rule in layer:
            before = total, true[rule.level], wide[rule.level]
            total += clauses[rule.id]
            true[rule.level] += clauses[rule.id]
            wide[rule.level] += len(program.of_rule.get(rule.id, ()))
            after = total, true[rule.level], wide[rule.level]
            for (limit, sentence), low, high in zip(_sentences(rule), before, after, strict=True):
                if low <= limit < high:
                    yield rule.id, sentence, "correlation-limit"


def _sentences(rule: Rule) -> tuple[tuple[int, str], ...]:
    remedy = "retire some, or let another cycle judge them"
    return (
        (MAX_CLAUSES, f"with it {rule.cycle} correlations make over {MAX_CLAUSES} combinations; {remedy}"),
        (MAX_TRUE, f"with it over {MAX_TRUE} combinations can hold in one {rule.level} at once; {remedy}"),
        (MAX_ATTRIBUTES, f"with it one {rule.level} is asked over {MAX_ATTRIBUTES} questions; {remedy}"),
    )
