"""Random correlation rules: durable_rules agrees with the reference, and the unknown is honest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.infer import limits, reference
from engine.infer.correlate import correlate
from engine.infer.resolve import Hits
from engine.infer.worker import Worker
from engine.model.area import Area, AreaTree
from engine.model.finding import Held
from engine.model.grade import Domain, Grade
from engine.model.period import Cycle
from engine.model.rule import Combine, Correlation, Pattern, Rule, Scope
from engine.model.text import Text

NOW = datetime(2026, 3, 8, 7, tzinfo=UTC)
LEVELS = ("nation", "county", "town")
TOPICS = ("theft", "fire", "crash", "brawl")
PROGRAMS, CYCLES = 200, 100


def grid(side: int) -> AreaTree:
    """A nation of side x side counties with two towns each; a county touches up to four others."""
    codes = {(x, y): f"{x}{y}" for x in range(side) for y in range(side)}
    counties = []
    for (x, y), code in codes.items():
        around = (codes.get(spot) for spot in ((x, y + 1), (x + 1, y), (x, y - 1), (x - 1, y)))
        touching = frozenset(neighbour for neighbour in around if neighbour)
        counties.append(Area(code, Text(code), "county", "N", neighbours=touching))
    towns = [Area(f"{c.code}.{n}", Text(""), "town", c.code) for c in counties for n in (1, 2)]
    return AreaTree.of(LEVELS, [Area("N", Text("N"), "nation"), *counties, *towns])


TREE = grid(2)


@st.composite
def patterns(draw: st.DrawFn, topics: tuple[str, ...]) -> Pattern:
    return Pattern(
        "finding",
        topic=draw(st.sampled_from(topics)),
        grade=draw(st.sampled_from((Grade.BLUE, Grade.ORANGE))),
        level=draw(st.sampled_from(("", "", *LEVELS))),
    )


@st.composite
def rulesets(draw: st.DrawFn) -> list[Rule]:
    """One to twelve correlations of one cycle; each may look for what earlier ones find."""
    rules: list[Rule] = []
    for n in range(draw(st.integers(1, 12))):
        topics = (*TOPICS, *(rule.topic for rule in rules))
        combine = draw(st.sampled_from(Combine))
        wanted = draw(st.lists(patterns(topics), min_size=1, max_size=4))
        low = draw(st.integers(1, 3))
        correlation = Correlation(
            combine,
            tuple(wanted),
            none=tuple(draw(st.lists(patterns(topics), max_size=2))),
            scope=draw(st.sampled_from(Scope)),
            ordered=combine is Combine.ALL and len(wanted) > 1 and draw(st.booleans()),
            rungs=((Grade.BLUE, low), (Grade.ORANGE, low + 1))[: draw(st.integers(1, 2))],
        )
        facts = {"domain": Domain.SAFETY, "topic": f"topic{n}", "cycle": Cycle.DAILY}
        level = draw(st.sampled_from(LEVELS))
        rules.append(Rule(id=f"x.r{n}", title=Text(""), level=level, correlation=correlation, **facts))
    return rules


class Seen:
    """What was found of each topic: the same for every rule that asks."""

    def __init__(self, random: Random) -> None:
        areas = [area.code for area in TREE]
        share, dark = random.choice((0.05, 0.2, 0.6)), random.choice((0.0, 0.1, 0.5))
        self.hits = {
            topic: Hits(
                {area: moments(random) for area in areas if random.random() < share},
                frozenset(area for area in areas if random.random() < dark),
            )
            for topic in TOPICS
        }

    def __call__(self, rule: Rule, pattern: Pattern) -> Hits:
        return self.hits.get(pattern.topic, Hits())

    def uncovered(self, random: Random) -> Seen:
        """The same as it might look if somebody had been looking everywhere."""
        clear = Seen(random)
        for topic, hits in self.hits.items():
            turned_out = {area: moments(random) for area in sorted(hits.blind) if random.random() < 0.5}
            clear.hits[topic] = Hits(turned_out | dict(hits.at))
        return clear


def moments(random: Random) -> tuple[datetime, ...]:
    """One to three moments of the last four hours, often the same ones."""
    return tuple(NOW - timedelta(hours=random.randrange(4)) for _ in range(random.randint(1, 3)))


@pytest.mark.slow
def test_durable_rules_never_differs_from_the_reference():
    held = 0

    @settings(max_examples=PROGRAMS)
    @given(rules=rulesets(), seed=st.integers(0, 2**32))
    def judge(rules, seed):
        nonlocal held
        random = Random(seed)
        for _ in range(CYCLES):
            result = correlate(rules, TREE, Seen(random), at=NOW, evaluator=worker.evaluate)
            assert (result.degraded, result.disputed) == ("", frozenset())
            held += sum(Held.HELD in outcome.held for outcome in result.outcomes)

    with Worker(seconds=60.0) as worker:
        judge()
    assert held > PROGRAMS * CYCLES, "the random rules hardly ever hold: the test says nothing"


@settings(max_examples=150)
@given(rules=rulesets(), seed=st.integers(0, 2**32))
def test_what_is_held_or_not_stays_so_whatever_the_blind_areas_hide(rules, seed):
    random = Random(seed)
    seen = Seen(random)
    known = values(rules, seen)
    for _ in range(5):
        clear = values(rules, seen.uncovered(random))
        for key in known.keys() | clear.keys():
            for before, after in zip(known.get(key, NONE), clear.get(key, NONE), strict=False):
                assert before in (after, Held.UNKNOWN)


#: The rungs of an area without an outcome.
NONE = (Held.NOT, Held.NOT)


def values(rules: list[Rule], seen: Seen) -> dict[tuple[str, str], tuple[Held, ...]]:
    result = correlate(rules, TREE, seen, at=NOW, evaluator=reference.evaluate)
    return {(outcome.rule, outcome.area): outcome.held for outcome in result.outcomes}


@settings(max_examples=100)
@given(rules=rulesets(), seed=st.integers(0, 2**32))
def test_the_order_of_the_rules_changes_nothing_but_the_order_of_outcomes(rules, seed):
    seen = Seen(Random(seed))
    shuffled = Random(seed).sample(rules, len(rules))
    assert values(rules, seen) == values(shuffled, seen)


@settings(max_examples=50)
@given(rules=rulesets())
def test_a_rule_that_waits_for_itself_is_refused(rules):
    """Any rule, once made to look for itself, is named; the others as they were."""
    last = rules[-1]
    loop = replace(last.correlation, of=(*last.correlation.of, Pattern("finding", rule=last.id)))
    looped = [*rules[:-1], replace(last, correlation=loop)]
    before = {problem for problem in limits.check(rules) if problem[2] == "correlation-cycle"}
    after = {problem for problem in limits.check(looped) if problem[2] == "correlation-cycle"}
    assert before == set()
    assert [rule_id for rule_id, _, _ in after] == [last.id]
