"""What correlations mean: every scope and combinator, order, absence, strata, and the unknown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.infer import reference
from engine.infer.correlate import Correlated, correlate
from engine.infer.trace import wording
from engine.model.finding import Held
from engine.model.grade import Confidence, Grade
from engine.model.indicator import Indicator
from engine.model.period import Cycle
from engine.model.rule import Pattern, Scope, See, Status, Test

HELD, NOT, UNKNOWN = Held.HELD, Held.NOT, Held.UNKNOWN


@pytest.fixture
def judge(tree, now):
    """Judge the rules by the reference: {rule: {area: values of its rungs}}."""

    def run(rules, seek):
        result = correlate(rules, tree, seek, at=now, evaluator=reference.evaluate)
        assert result == Correlated(result.outcomes)
        table = {}
        for outcome in result.outcomes:
            table.setdefault(outcome.rule, {})[outcome.area] = outcome.held
        return table

    return run


@pytest.mark.parametrize(
    ("scope", "level", "seen", "areas"),
    [
        (Scope.SAME, "county", "A", "A"),
        (Scope.NEIGHBOURS, "county", "A", "B"),
        (Scope.NEIGHBOURS, "county", "B", "AC"),
        (Scope.PARENT, "county", "N", "ABC"),
        (Scope.PARENT, "town", "A", ["A1", "A2"]),
        (Scope.PARENT, "town", "N", []),
        (Scope.ANCESTORS, "town", "N", ["A1", "A2", "B1", "B2", "C1", "C2"]),
        (Scope.ANCESTORS, "town", "A1", []),
        (Scope.BELOW, "county", "A1", "A"),
        (Scope.BELOW, "nation", "A1", "N"),
        (Scope.BELOW, "county", "A", []),
        (Scope.SAME, "county", "A1", []),
    ],
)
def test_scope_says_which_areas_are_warned_by_what_is_seen(
    rule, topic, found, judge, now, scope, level, seen, areas
):
    front = rule("x.front", "any", [topic("theft")], scope=scope, level=level)
    assert judge([front], found(theft={seen: [now]})) == (
        {"x.front": dict.fromkeys(areas, (HELD,))} if areas else {}
    )


@pytest.mark.parametrize("order", ["theft fire", "fire theft"])
def test_all_needs_every_pattern_in_the_same_scope(rule, topic, found, judge, now, order):
    both = rule("x.both", "all", [topic(name) for name in order.split()])
    seek = found(theft={"A": [now], "B": [now]}, fire={"B": [now], "C": [now]})
    assert judge([both], seek) == {"x.both": {"B": (HELD,)}}


def test_any_needs_one_pattern(rule, topic, found, judge, now):
    either = rule("x.either", "any", [topic("theft"), topic("fire")])
    assert judge([either], found(theft={"A": [now]}, fire={"C": [now]})) == {
        "x.either": {"A": (HELD,), "C": (HELD,)}
    }


def test_at_least_of_one_pattern_counts_areas_once_each(rule, topic, found, judge, now, ago):
    front = rule(
        "x.front", "at_least", [topic("crash")], scope=Scope.BELOW, level="nation",
        rungs=((Grade.YELLOW, 2), (Grade.ORANGE, 3)),
    )  # fmt: skip
    assert judge([front], found(crash={"A": [ago(20), ago(10), now]})) == {}
    assert judge([front], found(crash={"A": [now], "B": [now]})) == {"x.front": {"N": (HELD, NOT)}}
    everywhere = {area: [now] for area in "ABC"}
    assert judge([front], found(crash=everywhere)) == {"x.front": {"N": (HELD, HELD)}}


def test_at_least_of_several_patterns_counts_patterns(rule, topic, found, judge, now):
    two = rule(
        "x.two", "at_least", [topic("theft"), topic("fire"), topic("crash")],
        scope=Scope.BELOW, level="nation", rungs=((Grade.YELLOW, 2),),
    )  # fmt: skip
    assert judge([two], found(theft={"A": [now], "B": [now], "C": [now]})) == {}
    assert judge([two], found(theft={"A": [now]}, crash={"C": [now]})) == {"x.two": {"N": (HELD,)}}


def test_none_rules_out_and_only_where_somebody_looked(rule, topic, found, judge, now):
    quiet = rule("x.quiet", "all", [topic("theft")], none=(topic("patrol"),))
    seek = found(
        theft={"A": [now], "B": [now], "C": [now]}, patrol={"A": [now]}, blind={"patrol": "B"}
    )
    assert judge([quiet], seek) == {"x.quiet": {"B": (UNKNOWN,), "C": (HELD,)}}


def test_a_rule_may_only_rule_out(rule, topic, found, judge, now):
    silent = rule("x.silent", "all", [], none=(topic("report"),))
    assert judge([silent], found(report={"A": [now]}, blind={"report": "B"})) == {
        "x.silent": {"B": (UNKNOWN,), "C": (HELD,)}
    }


class TestOrder:
    @pytest.fixture
    def chain(self, rule, topic):
        return rule("x.chain", "all", [topic("theft"), topic("fire"), topic("theft")], ordered=True)

    def test_one_moment_of_each_in_the_order_written(self, chain, found, judge, ago):
        assert judge([chain], found(theft={"A": [ago(9), ago(3)]}, fire={"A": [ago(5)]})) == {
            "x.chain": {"A": (HELD,)}
        }

    def test_the_other_way_round_is_none(self, chain, found, judge, ago):
        assert judge([chain], found(theft={"A": [ago(9), ago(7)]}, fire={"A": [ago(5)]})) == {}

    def test_one_moment_cannot_be_both_before_and_after(self, chain, found, judge, ago):
        assert judge([chain], found(theft={"A": [ago(5), ago(3)]}, fire={"A": [ago(5)]})) == {}

    def test_moments_are_picked_over_the_areas_of_the_scope(self, rule, topic, found, judge, ago):
        chain = rule(
            "x.chain", "all", [topic("theft"), topic("fire")],
            ordered=True, scope=Scope.BELOW, level="nation",
        )  # fmt: skip
        late = found(theft={"A": [ago(4)], "B": [ago(9)]}, fire={"C": [ago(6)]})
        assert judge([chain], late) == {"x.chain": {"N": (HELD,)}}

    def test_a_blind_pattern_may_have_held_at_any_moment(self, chain, found, judge, ago):
        assert judge([chain], found(theft={"A": [ago(9), ago(7)]}, blind={"fire": "A"})) == {
            "x.chain": {"A": (UNKNOWN,)}
        }

    def test_the_seen_patterns_out_of_order_settle_it(self, rule, topic, found, judge, ago):
        chain = rule("x.chain", "all", [topic("theft"), topic("crash"), topic("fire")], ordered=True)
        seek = found(theft={"A": [ago(3)]}, fire={"A": [ago(5)]}, blind={"crash": "A"})
        assert judge([chain], seek) == {}


class TestUnknown:
    def test_a_blind_pattern_leaves_all_open_unless_another_is_missing(
        self, rule, topic, found, judge, now
    ):
        both = rule("x.both", "all", [topic("theft"), topic("fire")])
        assert judge([both], found(theft={"A": [now]}, blind={"fire": "AB"})) == {
            "x.both": {"A": (UNKNOWN,)}
        }

    def test_what_is_seen_settles_any(self, rule, topic, found, judge, now):
        either = rule("x.either", "any", [topic("theft"), topic("fire")])
        assert judge([either], found(theft={"A": [now]}, blind={"fire": "AB"})) == {
            "x.either": {"A": (HELD,), "B": (UNKNOWN,)}
        }

    def test_blind_areas_may_make_up_the_number_but_never_lower_it(self, rule, topic, found, judge, now):
        front = rule(
            "x.front", "at_least", [topic("crash")], scope=Scope.BELOW, level="nation",
            rungs=((Grade.BLUE, 1), (Grade.YELLOW, 2), (Grade.ORANGE, 3)),
        )  # fmt: skip
        assert judge([front], found(crash={"A": [now]}, blind={"crash": "B"})) == {
            "x.front": {"N": (HELD, UNKNOWN, NOT)}
        }

    def test_what_was_seen_in_a_blind_area_was_seen(self, rule, topic, found, judge, now):
        one = rule("x.one", "any", [topic("theft")])
        assert judge([one], found(theft={"A": [now]}, blind={"theft": "A"})) == {"x.one": {"A": (HELD,)}}


class TestStrata:
    def test_a_correlation_finds_what_another_finds_now(self, rule, topic, found, judge, now):
        first = rule("x.first", "all", [topic("theft"), topic("fire")])
        second = rule("x.second", "at_least", [topic("x.first")], scope=Scope.BELOW, level="nation",
                      rungs=((Grade.YELLOW, 2),))  # fmt: skip
        everywhere = {area: [now] for area in "AB"}
        seek = found(theft=everywhere, fire=everywhere)
        for rules in ([first, second], [second, first]):
            assert judge(rules, seek)["x.second"] == {"N": (HELD,)}

    def test_absence_of_what_another_finds_is_known_only_after_it(self, rule, topic, found, judge, now):
        chain = rule("x.chain", "all", [topic("theft"), topic("fire")])
        lone = rule("x.lone", "all", [topic("theft")], none=(topic("x.chain"),))
        seek = found(theft={"A": [now], "B": [now], "C": [now]}, fire={"A": [now]}, blind={"fire": "B"})
        assert judge([lone, chain], seek) == {
            "x.chain": {"A": (HELD,), "B": (UNKNOWN,)},
            "x.lone": {"B": (UNKNOWN,), "C": (HELD,)},
        }

    def test_only_a_finding_of_the_grade_asked_for_counts(self, rule, topic, found, judge, now):
        front = rule("x.front", "at_least", [topic("crash")], scope=Scope.BELOW, level="nation",
                     rungs=((Grade.YELLOW, 1), (Grade.ORANGE, 2)))  # fmt: skip
        grave = rule("x.grave", "any", [topic("x.front", grade=Grade.ORANGE)], level="nation")
        assert "x.grave" not in judge([front, grave], found(crash={"A": [now]}))
        assert judge([front, grave], found(crash={"A": [now], "B": [now]}))["x.grave"] == {"N": (HELD,)}

    def test_earlier_findings_and_those_of_now_come_together(self, rule, topic, found, judge, now, ago):
        fresh = rule("x.fresh", "any", [topic("fire")], topic="arson")
        chain = rule("x.chain", "all", [topic("arson"), topic("theft"), topic("arson")], ordered=True)
        seek = found(fire={"A": [now]}, arson={"A": [ago(20)]}, theft={"A": [ago(10)]})
        assert judge([fresh, chain], seek)["x.chain"] == {"A": (HELD,)}

    def test_a_topic_means_the_findings_of_other_rules(self, rule, topic, found, judge, now):
        echo = rule("x.echo", "any", [topic("theft")], topic="theft")
        assert judge([echo], found()) == {}

    def test_a_pattern_by_rule_or_level_means_only_that(self, rule, topic, found, judge, now):
        low = rule("x.low", "any", [topic("theft")], topic="arson")
        high = rule("x.high", "any", [topic("theft")], topic="arson", level="nation", scope=Scope.BELOW)
        top = rule("x.top", "any", [topic("arson", level="nation")], level="nation", scope=Scope.BELOW)
        by_rule = rule("x.by-rule", "any", [topic("", rule="x.low")])
        table = judge([low, high, top, by_rule], found(theft={"A": [now]}))
        assert table == {"x.low": {"A": (HELD,)}, "x.high": {"N": (HELD,)}, "x.by-rule": {"A": (HELD,)}}

    @pytest.mark.parametrize(
        ("first", "second", "seen"),
        [
            (Status.TRIAL, Status.STABLE, False),
            (Status.STABLE, Status.TRIAL, True),
            (Status.TRIAL, Status.TRIAL, True),
        ],
    )
    def test_trial_findings_never_reach_stable_rules(
        self, rule, topic, found, judge, now, first, second, seen
    ):
        rules = [
            rule("x.first", "any", [topic("theft")], status=first),
            rule("x.second", "any", [topic("x.first")], status=second),
        ]
        assert ("x.second" in judge(rules, found(theft={"A": [now]}))) is seen

    def test_a_pattern_with_its_own_tests_or_of_another_cycle_finds_no_correlation(
        self, rule, topic, found, judge, now
    ):
        first = rule("x.first", "any", [topic("theft")])
        tested = rule("x.tested", "any", [topic("x.first", tests=(Test.of("rare", alpha=0.01),))])
        weekly = rule("x.weekly", "any", [topic("x.first")], cycle=Cycle.WEEKLY)
        assert judge([first, tested, weekly], found(theft={"A": [now]})) == {"x.first": {"A": (HELD,)}}


def test_hits_outside_the_level_asked_for_are_not_seen(rule, topic, found, judge, now):
    towns = rule("x.towns", "any", [topic("theft", level="town")], scope=Scope.BELOW, level="nation")
    assert judge([towns], found(theft={"A": [now]}, blind={"theft": "B"})) == {}
    assert judge([towns], found(theft={"A1": [now]})) == {"x.towns": {"N": (HELD,)}}


def test_the_trace_tells_what_was_seen_where_and_what_is_missing(rule, topic, found, tree, now, ago):
    front = rule(
        "x.front", "at_least", [topic("crash", grade=Grade.YELLOW)], none=(topic("strike"),),
        scope=Scope.BELOW, level="nation", within=timedelta(days=2), hash="h",
        rungs=((Grade.YELLOW, 2), (Grade.RED, 4)),
    )  # fmt: skip
    seek = found(crash={"B": [now], "A": [ago(30), now]}, blind={"crash": "C"})
    (outcome,) = correlate([front], tree, seek, at=now, evaluator=reference.evaluate).outcomes
    trace = outcome.trace
    assert (outcome.rule, outcome.rule_hash, outcome.area) == ("x.front", "h", "N")
    assert trace.window == ("2026-03-06T07:00:00+00:00", "2026-03-08T07:00:00+00:00")
    assert [(r.grade, r.held, r.missing) for r in trace.rungs] == [
        (Grade.YELLOW, HELD, None), (Grade.RED, NOT, 2.0),
    ]  # fmt: skip
    assert trace.observed == 2.0
    crash, strike = trace.matches
    assert (crash.pattern, crash.held, crash.areas) == ("finding on crash, yellow or worse", HELD, ("A", "B"))
    assert crash.at == (
        ("A", "2026-03-07T01:00:00+00:00"),
        ("A", "2026-03-08T07:00:00+00:00"),
        ("B", "2026-03-08T07:00:00+00:00"),
    )
    assert (strike.pattern, strike.held, strike.areas) == ("no finding on strike", HELD, ())
    assert trace.confidence is Confidence.LOW
    assert trace.confidence_cause == "finding on crash, yellow or worse: blind in 1 of the areas looked at"


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (Pattern("finding", topic="theft", level="town"), "finding on theft, by town"),
        (Pattern("finding", rule="x.front", grade=Grade.RED), "finding of x.front, red or worse"),
        (Pattern("finding", topic="theft", tests=(Test.of("rare"), Test.of("at_least"))),
         "finding on theft (raw tests rare, at_least)"),
        (Pattern("finding", topic="theft", see=See.RAW), "raw finding on theft"),
        (Pattern("incident", indicator=Indicator(frozenset({"b", "a"}))), "incident of a, b"),
        (Pattern("incident", indicator=Indicator(frozenset("edcba")), count=3),
         "incident of a, b, c and 2 more, 3 or more"),
    ],
)  # fmt: skip
def test_a_pattern_in_words(pattern, text):
    assert wording(pattern) == text


def test_outcomes_come_by_rule_as_given_then_by_area(rule, topic, found, tree, now):
    rules = [rule(id_, "any", [topic("theft")]) for id_ in ("x.b", "x.a")]
    seek = found(theft={area: [now] for area in "CAB"})
    result = correlate(rules, tree, seek, at=now, evaluator=reference.evaluate)
    assert [(o.rule, o.area) for o in result.outcomes] == [(r, a) for r in ("x.b", "x.a") for a in "ABC"]


def test_without_correlations_there_is_nothing_to_judge(tree, now):
    def nobody(rule, pattern):
        raise AssertionError("asked for hits")

    assert correlate([], tree, nobody, at=now, evaluator=reference.evaluate) == Correlated()
