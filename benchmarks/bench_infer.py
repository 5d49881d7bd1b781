"""Correlations: 25 rules over 3,000 areas with at least 5,000 true patterns, by both evaluators."""

from __future__ import annotations

import resource
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from engine.infer import limits, reference
from engine.infer.correlate import correlate
from engine.infer.program import compiled
from engine.infer.resolve import Hits, Resolver
from engine.infer.worker import Worker
from engine.model.area import Area, AreaTree
from engine.model.grade import Domain, Grade
from engine.model.period import Cycle
from engine.model.rule import Combine, Correlation, Pattern, Rule, Scope
from engine.model.text import Text

AREAS, COUNTIES, RULES, TRUE, RUNS = 3_000, 60, 25, 5_000, 5
#: What the whole may take, in times of the reference evaluator alone.
LIMIT = 60
NOW = datetime(2026, 3, 8, tzinfo=UTC)


def nation() -> AreaTree:
    """One nation, 60 counties in a ring, and towns in rings below them: 3,000 areas."""
    counties = [f"C{n}" for n in range(COUNTIES)]
    towns = [f"T{n}" for n in range(AREAS - COUNTIES - 1)]
    areas = [Area("N", Text("N"), "nation")]
    for level, codes in (("county", counties), ("town", towns)):
        for n, code in enumerate(codes):
            around = frozenset((codes[n - 1], codes[(n + 1) % len(codes)]))
            parent = "N" if level == "county" else counties[n % COUNTIES]
            areas.append(Area(code, Text(code), level, parent, neighbours=around))
    return AreaTree.of(("nation", "county", "town"), areas)


def rulebook() -> list[Rule]:
    """Every scope and combination, two rungs where they count; five wait for the others."""
    shapes = [
        ("town", Scope.SAME, Combine.ALL, 2), ("town", Scope.NEIGHBOURS, Combine.AT_LEAST, 1),
        ("town", Scope.SAME, Combine.ANY, 2), ("county", Scope.BELOW, Combine.AT_LEAST, 1),
    ]  # fmt: skip
    rules = []
    for n in range(RULES - 5):
        level, scope, combine, wanted = shapes[n % len(shapes)]
        of = tuple(Pattern("finding", topic=f"topic{(n + i) % 10}") for i in range(wanted))
        rules.append(_rule(n, level, Correlation(combine, of, scope=scope, rungs=_rungs(combine))))
    for n in range(RULES - 5, RULES):  # each waits for one of the county rules
        above = Pattern("finding", rule=f"x.r{4 * (n - 20) + 3:02}", level="county")
        of, combine = (above,), Combine.AT_LEAST
        rules.append(_rule(n, "nation", Correlation(combine, of, scope=Scope.BELOW, rungs=_rungs(combine))))
    return rules


def _rungs(combine: Combine) -> tuple[tuple[Grade, int], ...]:
    return ((Grade.YELLOW, 2), (Grade.ORANGE, 4)) if combine is Combine.AT_LEAST else ((Grade.YELLOW, 1),)


def _rule(n: int, level: str, correlation: Correlation) -> Rule:
    return Rule(
        id=f"x.r{n:02}", title=Text(""), domain=Domain.SAFETY, topic=f"warned{n}", cycle=Cycle.DAILY,
        level=level, correlation=correlation,
    )  # fmt: skip


def findings(tree: AreaTree) -> Callable[[Rule, Pattern], Hits]:
    """Ten topics, each found in about a twelfth of the towns and hidden in a hundredth."""
    random, towns = Random(2), tree.at("town")

    def ago(hours: int) -> datetime:
        return NOW - timedelta(hours=hours)

    hits = {
        f"topic{n}": Hits(
            {town: (ago(random.randrange(24)),) for town in towns if random.random() < 0.08},
            frozenset(town for town in towns if random.random() < 0.01),
        )
        for n in range(10)
    }
    return lambda rule, pattern: hits.get(pattern.topic, Hits())


def main() -> None:
    """Print the times as ratios to the reference in the same run, and both peaks of memory; exit with 1 where
    the whole is over its limit."""
    tree, rules = nation(), rulebook()
    assert not limits.check(rules)
    seek = findings(tree)
    true = sum(len(seek(rule, pattern).at) for rule in rules for pattern in _wanted(rule))
    assert (len(tree), len(rules)) == (AREAS, RULES)
    assert true >= TRUE
    with Worker() as worker:
        both = correlate(rules, tree, seek, at=NOW, evaluator=worker.evaluate)
        assert (both.degraded, both.disputed) == ("", frozenset())
        program = compiled(rules)
        resolver = Resolver(program, tree, seek, NOW)
        plain = _seconds(lambda: reference.evaluate(program, resolver.facts))
        durable = _seconds(lambda: worker.evaluate(program, resolver.facts))
        whole = _seconds(lambda: correlate(rules, tree, seek, at=NOW, evaluator=worker.evaluate))
        child = _peak(worker.pid)
    outcomes = len(both.outcomes)
    print(f"infer: {RULES} correlations, {AREAS:,} areas, {true:,} true patterns, {outcomes:,} outcomes")
    print(f"  reference evaluator  {plain:7.3f} s   1.0x")
    print(f"  durable_rules child  {durable:7.3f} s   {durable / plain:.1f}x")
    print(f"  resolve, both, why   {whole:7.3f} s   {whole / plain:.1f}x   (limit {LIMIT}x)")
    parent = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"  peak memory          parent {parent} MB, child {child} MB")
    if whole > LIMIT * plain:
        raise SystemExit(1)


def _wanted(rule: Rule) -> tuple[Pattern, ...]:
    return rule.correlation.of if rule.correlation else ()


def _seconds(judge: Callable[[], object]) -> float:
    taken = []
    for _ in range(RUNS):
        start = perf_counter()
        judge()
        taken.append(perf_counter() - start)
    return median(taken)


def _peak(pid: int | None) -> int:
    """The largest resident size of a process in MB, as Linux keeps it."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) // 1024


if __name__ == "__main__":
    main()
