from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from engine.backtest.expect import Verdict, judge, read
from engine.backtest.junit import as_junit
from engine.backtest.run import Backtest
from engine.cycle.world import World
from engine.errors import ConfigError
from engine.model.grade import Grade

SURGE = "county.burglary-surge"


@pytest.fixture
def asked(world: World, done: Backtest, tmp_path: Path):
    """The verdicts on a text of expectations."""

    def ask(text: str) -> list[Verdict]:
        path = tmp_path / "expect.yaml"
        path.write_text(text, encoding="utf-8")
        settings = world.settings
        return judge(read(path, world.book, settings.tree, settings.topics), done)

    return ask


def test_a_line_counts_the_warnings_it_selects(asked, done: Backtest):
    burglaries = [one for one in done.history.warnings if one.place[1] == "burglary"]
    east = [one for one in burglaries if one.place[0] == "T1"]
    grave = [one for one in burglaries if one.peak >= Grade.ORANGE]
    assert len(burglaries) > len(east) > 0 < len(grave) < len(burglaries)
    (verdict,) = asked(f"expect: [{{topic: burglary, exactly: {len(burglaries)}}}]")
    assert verdict == Verdict(f"warnings on topic burglary: exactly {len(burglaries)}", True,
                              f"found {len(burglaries)}")  # fmt: skip
    for line, held in (
        (f"{{topic: burglary, area: T1, exactly: {len(east)}}}", True),
        (f"{{domain: public-safety, topic: burglary, at_least: {len(burglaries) + 1}}}", False),
        (f"{{topic: burglary, grade: orange, at_most: {len(grave)}}}", True),
        (f"{{topic: burglary, grade: orange, at_most: {len(grave) - 1}}}", False),
        (f"{{rule: {SURGE}, exactly: {len(done.history.rules[SURGE])}}}", True),
        ("{topic: burglary, from: 2026-03-20, at_most: 0}", True),
        ("{topic: burglary, to: 2026-03-01, at_least: 1}", False),
        ("{topic: burglary, at_least: 1, at_most: 100}", True),
    ):
        assert asked(f"expect: [{line}]")[0].held is held, line


def test_any_figure_of_a_row_can_be_expected(asked, done: Backtest):
    row = next(row for row in done.assessment.rules if row["rule"] == SURGE)
    assert asked(f"expect: [{{rule: {SURGE}, measure: pod, at_least: {row['pod']}}}]")[0].held
    assert not asked(f"expect: [{{rule: {SURGE}, measure: hits, at_least: {row['hits'] + 1}}}]")[0].held
    assert asked("expect: [{grade: yellow, measure: csi, at_most: 1}]")[0].held
    assert asked("expect: [{domain: public-safety, measure: areas, exactly: 4}]")[0].held


def test_a_figure_that_the_truth_does_not_speak_of_is_a_broken_expectation(asked):
    (verdict,) = asked("expect: [{rule: county.explosion, measure: pod, at_least: 0}]")
    assert (verdict.held, verdict.said) == (False, "no such figure: the truth does not speak of it")


def test_the_unexpected_fails_where_it_should(asked, done: Backtest):
    assert asked("{unexpected: allow, expect: [{topic: burglary, at_least: 1}]}")[-1].held
    verdicts = asked("unexpected: fail\nexpect: [{topic: burglary, at_least: 1}]")
    others = [one for one in done.history.warnings if one.place[1] != "burglary"]
    assert len(verdicts) == 1 + len(others) and not any(one.held for one in verdicts[1:]) and others
    assert verdicts[1].name.startswith("unexpected: ")


def test_a_rules_line_expects_the_warnings_its_rule_stood_behind(asked):
    rules = "[{rule: county.burglary-surge, at_least: 1}, {rule: county.burglary-weeks, at_least: 0}"
    rest = "{rule: county.explosion, at_least: 0}, {rule: county.several-towns, at_least: 0}]"
    assert all(one.held for one in asked(f"unexpected: fail\nexpect: {rules}, {rest}"))


def test_what_must_not_be_is_not_expected_by_saying_so(asked):
    verdicts = asked("unexpected: fail\nexpect: [{topic: burglary, at_most: 0}]")
    assert len([one for one in verdicts if one.name.startswith("unexpected: burglary")]) > 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("expect: [{rule: county.burglary-surg, at_least: 1}]", "did you mean 'county.burglary-surge'?"),
        ("expect: [{area: T11, at_least: 1}]", "unknown area 'T11'"),
        ("expect: [{topic: burglery, at_least: 1}]", "did you mean 'burglary'?"),
        ("expect: [{at_leest: 1, at_most: 2}]", "did you mean 'at_least'?"),
        ("expect: [{grade: orang, at_least: 1}]", "did you mean 'orange'?"),
        ("expect: [{rule: county.explosion, measure: podd, at_least: 1}]", "unknown measure 'podd'"),
        ("expect: [{rule: county.explosion}]", "say how many"),
        ("expect: [{exactly: 1, at_most: 2}]", "exactly stands alone"),
        ("expect: [{at_least: 2, at_most: 1}]", "nothing can be both"),
        ("expect: [{from: 2026-03-09, to: 2026-03-02, at_least: 1}]", "lies before from 2026-03-09"),
        ("expect: [{area: T11, topic: x, measure: podd, at_least: 1}]", "unknown topic 'x'"),
        ("expect: [{measure: pod, at_least: 1}]", "a measure is one of a rule, a grade or a domain"),
        ("expect: [{grade: red, area: T1, measure: pod, at_least: 1}]", "over the whole time"),
        ("unexpectd: fail", "did you mean 'unexpected'?"),
        ("unexpected: allow", "the file expects nothing"),
        ("expect: [", "not readable as YAML"),
    ],
)
def test_a_mistake_is_an_error_with_the_nearest_right_name(asked, text: str, said: str):
    with pytest.raises(ConfigError, match=r"expect\.yaml:1: ") as caught:
        asked(text)
    assert said in str(caught.value)


def test_verdicts_become_test_cases(done: Backtest):
    verdicts = [Verdict("a < b", True, "found 1"), Verdict("c", False, 'found "2"')]
    suite = ElementTree.fromstring(as_junit(done, verdicts)).find("testsuite")
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    cases = {case.get("name"): case.find("failure") for case in suite}
    assert cases["a < b"] is None and cases["c"].get("message") == 'found "2"'


def test_without_expectations_every_rule_is_a_case_with_its_volume(done: Backtest):
    suite = ElementTree.fromstring(as_junit(done, [])).find("testsuite")
    assert [case.get("name") for case in suite] == list(done.book.rules)
    assert suite.get("failures") == "0" and suite[0].findtext("system-out").endswith(" warnings")
