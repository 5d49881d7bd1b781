"""What is refused when rules load, by whom and in which words."""

from __future__ import annotations

import pytest

from engine.errors import InferenceError
from engine.infer import limits
from engine.infer.program import compiled
from engine.model.grade import Grade
from engine.model.period import Cycle
from engine.model.rule import Scope, Status


def names(rules):
    return [(rule, name) for rule, _, name in limits.check(rules)]


def test_sound_correlations_pass(rule, topic):
    rules = [
        rule("x.both", "all", [topic("theft"), topic("fire")], ordered=True, none=(topic("rain"),)),
        rule("x.echo", "any", [topic("x.both"), topic("x.echo")]),
        rule("x.front", "at_least", [topic("crash", level="county")], level="nation", scope=Scope.BELOW,
             rungs=((Grade.YELLOW, 2), (Grade.ORANGE, 7))),
        rule("x.silent", "all", [], none=(topic("report"),)),
    ]  # fmt: skip
    assert limits.check(rules) == []


class TestCycles:
    def test_a_ring_is_told_whole_and_what_waits_for_it_is_not_blamed(self, rule, topic):
        rules = [
            rule("x.a", "any", [topic("x.b")]),
            rule("x.b", "all", [topic("theft")], none=(topic("x.a"),)),
            rule("x.behind", "any", [topic("x.a")]),
        ]
        ((blamed, sentence, name),) = limits.check(rules)
        assert (blamed, name) == ("x.a", "correlation-cycle")
        assert "(x.a -> x.b -> x.a)" in sentence
        with pytest.raises(InferenceError, match="wait for each other"):
            compiled(rules)

    def test_every_ring_is_told(self, rule, topic):
        rules = [
            rule("x.a", "any", [topic("", rule="x.a")]),
            rule("x.b", "any", [topic("x.c")]),
            rule("x.c", "any", [topic("x.b")]),
        ]
        assert names(rules) == [("x.a", "correlation-cycle"), ("x.b", "correlation-cycle")]

    def test_two_rules_of_one_topic_that_look_for_it_wait_for_each_other(self, rule, topic):
        rules = [rule(id_, "any", [topic("arson")], topic="arson") for id_ in ("x.a", "x.b")]
        assert names(rules) == [("x.a", "correlation-cycle")]

    @pytest.mark.parametrize(
        "difference",
        [{"cycle": Cycle.WEEKLY}, {"status": Status.RETIRED}, {"status": Status.TRIAL}],
    )
    def test_no_ring_runs_through_what_does_not_reach_the_other(self, rule, topic, difference):
        rules = [rule("x.a", "any", [topic("x.b")]), rule("x.b", "any", [topic("x.a")], **difference)]
        assert limits.check(rules) == []


class TestSense:
    @pytest.mark.parametrize(
        ("combine", "of", "more", "name"),
        [
            ("all", [], {}, "correlation-empty"),
            ("any", [], {"none": ["rain"]}, "correlation-empty"),
            ("all", ["theft"], {"rungs": ()}, "correlation-empty"),
            ("all", ["theft"], {"ordered": True}, "correlation-order"),
            ("any", ["theft", "fire"], {"ordered": True}, "correlation-order"),
            ("at_least", ["theft"], {"rungs": ((Grade.BLUE, 0),)}, "correlation-count"),
            ("at_least", ["theft", "fire"], {"rungs": ((Grade.BLUE, 3),)}, "correlation-count"),
        ],
    )
    def test_what_can_never_hold_as_it_reads(self, rule, topic, combine, of, more, name):
        if "none" in more:
            more = {"none": tuple(topic(unwanted) for unwanted in more["none"])}
        assert names([rule("x.odd", combine, [topic(wanted) for wanted in of], **more)]) == [("x.odd", name)]

    def test_scope_same_never_holds_another_level(self, rule, topic):
        ((_, sentence, name),) = limits.check([rule("x.odd", "any", [topic("theft", level="town")])])
        assert name == "correlation-scope"
        assert sentence.startswith("scope same of a county holds no town;")

    def test_two_rules_of_one_name(self, rule, topic):
        twins = [rule("x.twin", "any", [topic("theft")]) for _ in range(2)]
        assert ("x.twin", "correlation-name") in names(twins)


class TestLimits:
    """The first rule beyond each limit is named; up to it nothing is said."""

    def many(self, rule, topic, number, patterns=1, **more):
        wanted = [topic(f"t{n}") for n in range(patterns)]
        return [rule(f"x.r{n:03}", more.pop("combine", "any"), wanted, **more) for n in range(number)]

    def test_true_at_once(self, rule, topic):
        assert limits.check(self.many(rule, topic, 60)) == []
        assert names(self.many(rule, topic, 62)) == [("x.r060", "correlation-limit")]

    def test_levels_cycles_and_strata_are_counted_apart(self, rule, topic):
        low = self.many(rule, topic, 40)
        high = [rule(f"x.h{n}", "any", [topic("t0")], level="nation") for n in range(40)]
        late = [rule(f"x.l{n}", "any", [topic("x.r000")]) for n in range(40)]
        weekly = [rule(f"x.w{n}", "any", [topic("t0")], cycle=Cycle.WEEKLY) for n in range(40)]
        assert limits.check([*low, *high, *late, *weekly]) == []

    def test_clauses_of_one_program(self, rule, topic):
        rules = [
            rule(f"x.{level}.r{n:02}", "any", [topic("t0")], level=level)
            for level in ("a", "b", "c", "d", "e", "f", "g")
            for n in range(58)
        ]
        (found,) = limits.check(rules)
        assert found[0] == "x.g.r52"
        assert "400" in found[1]

    def test_attributes_of_one_fact(self, rule, topic):
        wanted = [topic(f"t{n}") for n in range(10)]
        rules = [rule(f"x.r{n:02}", "all", wanted) for n in range(21)]
        assert limits.check(rules[:20]) == []
        (found,) = limits.check(rules)
        assert found[0] == "x.r20"
        assert "200" in found[1]

    def test_drafts_take_no_room(self, rule, topic):
        assert limits.check(self.many(rule, topic, 99, status=Status.DRAFT)) == []
