"""Rule tests: judged by the one judge, cycle by cycle, and told why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.load import read
from engine.rulebook.trial import trial
from engine.rulebook.trial.trial import Failure, Verdict

GOOD = Path(__file__).parents[1] / "good"
BURGLARY = (GOOD / "burglary-surge.yaml").read_text()
EXPLOSION = (GOOD / "explosion.yaml").read_text()
WINTER = (GOOD / "winter-front.yaml").read_text()


def judged(folder: Path, context: Context, text: str, test: str) -> Verdict:
    """The verdict on one test, in flow style, put in the place of the rule's own tests."""
    (folder / "rule.yaml").write_text(f"{text.split('tests:')[0]}tests:\n  - {test}\n")
    return last(folder, context)


def judged_beside(folder: Path, context: Context, test: str) -> Verdict:
    """The verdict on one test of the correlation, put in a twin file."""
    (folder / "rule.yaml").write_text(WINTER)
    (folder / "rule.test.yaml").write_text(f"tests:\n  - {test[:-1]}, rule: x.winter-front}}\n")
    return last(folder, context)


def last(folder: Path, context: Context) -> Verdict:
    loaded = read(folder, context)
    assert [problem for problem in loaded.problems if problem.level is Level.ERROR] == []
    return trial.run(loaded, context)[-1]


def found(folder: Path, context: Context, given: str, at: str, text: str = BURGLARY) -> str:
    """What comes of area A."""
    test = f"{{name: x, given: {given}, at: {at}, expect: {{A: none}}}}"
    verdict = judged(folder, context, text, test)
    return verdict.failures[0].found if verdict.failures else "none"


def week(each: int = 1, first: int = 1, last: int = 7, more: str = "") -> str:
    on = f"2026-03-0{first}..2026-03-0{last}"
    return f"{{area: A, category: property.burglary, on: {on}, each: {each}{more}}}"


def test_good_rules_pass_their_tests(context: Context) -> None:
    verdicts = trial.run(read(GOOD, context), context)
    assert len(verdicts) == 14
    assert [verdict for verdict in verdicts if not verdict.passed] == []


def test_only_the_rules_named(context: Context) -> None:
    verdicts = trial.run(read(GOOD, context), context, rules=["x.winter-front"])
    assert {verdict.rule for verdict in verdicts} == {"x.winter-front"}


def test_rules_with_mistakes_are_not_tested(context: Context, tmp_path: Path) -> None:
    (tmp_path / "rule.yaml").write_text(BURGLARY.replace("cycle: daily", "cycle: dayly"))
    with pytest.raises(ValueError, match="mend the problems first"):
        trial.run(read(tmp_path, context), context)


def test_a_failure_says_why_not(context: Context, tmp_path: Path) -> None:
    test = f"{{name: two, given: {{incidents: [{week(2, 7, 7)}]}}, at: 2026-03-08, expect: {{A: blue}}}}"
    verdict = judged(tmp_path, context, BURGLARY, test)
    assert (verdict.rule, verdict.name, verdict.line) == ("public-safety.burglary-surge", "two", 22)
    assert not verdict.passed
    (failure,) = verdict.failures
    assert (failure.area, failure.expected, failure.found) == ("A", "blue", "none")
    assert failure.why[0] == "observed 2 from 2026-03-01 to 2026-03-07 (observed)"
    assert failure.why[1].startswith("yellow not held: at_least needs 5; rare needs ")
    assert verdict.why[0] == "A: expected blue, found none"
    assert verdict.why[1] == "  observed 2 from 2026-03-01 to 2026-03-07 (observed)"
    assert failure.why[2].startswith("blue not held: at_least needs 3; rare needs 2 where ")


def test_a_test_that_no_count_decides_says_whether_it_holds(context: Context, tmp_path: Path) -> None:
    text = BURGLARY.replace("window: 7d\nbaseline: 182d\ngap: 7d", "window: 1d\nbaseline: 28")
    text = text.replace("{at_least: 3, rare: {alpha: 0.01}}", "{cluster: {max_days: 7}}")
    text = text.replace("  yellow: {at_least: 5, rare: {alpha: 0.001}}\n", "")
    verdict = judged(tmp_path, context, text, "{name: x, at: 2026-03-08, expect: {A: blue}}")
    assert verdict.failures[0].why[1] == "blue unknown: cluster cannot tell"


@pytest.mark.parametrize(
    ("each", "first", "grade"),
    [(1, 6, "none"), (1, 5, "blue"), (1, 4, "blue"), (1, 3, "yellow"), (3, 7, "blue"), (5, 7, "yellow")],
)
def test_counts_the_window_before_the_cut(
    each: int, first: int, grade: str, context: Context, tmp_path: Path
) -> None:
    assert found(tmp_path, context, f"{{incidents: [{week(each, first)}]}}", "2026-03-08") == grade


def test_the_day_of_the_judgement_is_not_seen(context: Context, tmp_path: Path) -> None:
    assert found(tmp_path, context, f"{{incidents: [{week(5, 8, 8)}]}}", "2026-03-08") == "none"
    assert found(tmp_path, context, f"{{incidents: [{week(5, 8, 8)}]}}", "2026-03-09") == "yellow"


def test_a_usual_pace_raises_nothing_and_a_surge_on_top_does(context: Context, tmp_path: Path) -> None:
    usual = "background: [{area: A, each: 5 per 7d}]"
    assert found(tmp_path, context, f"{{{usual}}}", "2026-03-08") == "none"
    assert found(tmp_path, context, f"{{{usual}, incidents: [{week(2)}]}}", "2026-03-08") == "yellow"


def test_a_series_gives_the_indicator_block_by_block(context: Context, tmp_path: Path) -> None:
    assert found(tmp_path, context, '{series: {A: "0x27 2"}}', "2026-03-08") == "none"
    assert found(tmp_path, context, '{series: {A: "0x27 3"}}', "2026-03-08") == "blue"
    assert found(tmp_path, context, '{series: {A: "5x27 6"}}', "2026-03-08") == "none"
    assert found(tmp_path, context, '{series: {A: "0x27 _"}}', "2026-03-08") == "unknown"


def test_a_series_of_a_sum_gives_the_sum(context: Context, tmp_path: Path) -> None:
    hurt = BURGLARY.replace("count: incidents", "sum: injured")
    assert found(tmp_path, context, '{series: {A: "0x27 2"}}', "2026-03-08", hurt) == "none"
    assert found(tmp_path, context, '{series: {A: "0x27 3.5"}}', "2026-03-08", hurt) == "blue"
    one = "{incidents: [{area: A, category: property.burglary, on: 2026-03-07, measures: {injured: 6}}]}"
    assert found(tmp_path, context, one, "2026-03-08", hurt) == "yellow"


def test_delays_and_holds_are_replayed(context: Context, tmp_path: Path) -> None:
    slow = BURGLARY.replace("blue: {at_least", "blue: {delay_on: 3, at_least")
    burst = f"{{incidents: [{week(3, 1, 1)}]}}"
    assert found(tmp_path, context, burst, "2026-03-03", slow) == "none"
    assert found(tmp_path, context, burst, "2026-03-04", slow) == "blue"
    held = BURGLARY.replace("gap: 7d\n", "gap: 7d\nhold: 3\n")
    assert found(tmp_path, context, burst, "2026-03-08") == "blue"
    assert found(tmp_path, context, burst, "2026-03-09") == "none"
    assert found(tmp_path, context, burst, "2026-03-10", held) == "blue"
    assert found(tmp_path, context, burst, "2026-03-11", held) == "none"


def test_late_reports_count_when_they_are_known(context: Context, tmp_path: Path) -> None:
    late = f"{{incidents: [{week(3, 5, 5, ', known: 2026-03-09')}]}}"
    assert found(tmp_path, context, late, "2026-03-09") == "none"
    assert found(tmp_path, context, late, "2026-03-10") == "blue"


def test_a_silent_feed_can_raise_and_never_clear(context: Context, tmp_path: Path) -> None:
    silent = "down: [{on: 2026-03-05..2026-03-07}]"
    assert found(tmp_path, context, f"{{{silent}}}", "2026-03-08") == "unknown"
    assert found(tmp_path, context, f"{{{silent}, incidents: [{week(3, 4, 4)}]}}", "2026-03-08") == "blue"
    other = "down: [{feed: rescue, on: 2026-03-05..2026-03-07}]"
    assert found(tmp_path, context, f"{{{other}}}", "2026-03-08") == "none"


def test_an_area_nobody_reports_on_is_unknown(context: Context, tmp_path: Path) -> None:
    assert found(tmp_path, context, "{unmonitored: [{area: A}]}", "2026-03-08") == "unknown"
    for until in ("2026-03-03", "2026-03-07"):
        given = f"{{unmonitored: [{{area: A, until: {until}}}]}}"
        assert found(tmp_path, context, given, "2026-03-08") == "unknown"
    assert found(tmp_path, context, "{unmonitored: [{area: B}]}", "2026-03-08") == "none"


def test_real_areas_are_the_real_tree(context: Context, tmp_path: Path) -> None:
    incident = '{area: "0310", category: property.burglary, on: 2026-03-07, each: 5}'
    expect = '{"03": yellow, "01": none}'
    test = f"{{name: x, given: {{incidents: [{incident}]}}, at: 2026-03-08, expect: {expect}}}"
    assert judged(tmp_path, context, BURGLARY, test).passed


def test_what_lies_below_counts_above(context: Context, tmp_path: Path) -> None:
    below = "{area: A1, category: property.burglary, on: 2026-03-07, each: 5}"
    assert found(tmp_path, context, f"{{incidents: [{below}]}}", "2026-03-08") == "yellow"


def test_a_rate_is_of_the_population_given(context: Context, tmp_path: Path) -> None:
    rates = BURGLARY.replace("at_least: 3", "rate_at_least: 3").replace("at_least: 5", "rate_at_least: 5")
    given = f"{{incidents: [{week(3, 7)}]}}"
    assert found(tmp_path, context, given, "2026-03-08", rates) == "blue"
    given = f"{{incidents: [{week(3, 7)}], population: {{A: 200000}}}}"
    assert found(tmp_path, context, given, "2026-03-08", rates) == "none"


def test_a_draft_is_tested_as_if_it_stood(context: Context, tmp_path: Path) -> None:
    draft = BURGLARY.replace("status: stable", "status: draft")
    assert found(tmp_path, context, f"{{incidents: [{week(5, 7)}]}}", "2026-03-08", draft) == "yellow"


def test_an_immediate_finding_lasts_and_then_lapses(context: Context, tmp_path: Path) -> None:
    boom = "{incidents: [{area: A, category: violence.explosion, on: 2026-03-07T20:00}]}"
    assert found(tmp_path, context, boom, "2026-03-07T19:59", EXPLOSION) == "none"
    assert found(tmp_path, context, boom, "2026-03-07T20:00", EXPLOSION) == "blue"
    assert found(tmp_path, context, boom, "2026-03-08", EXPLOSION) == "blue"
    assert found(tmp_path, context, boom, "2026-03-08T20:01", EXPLOSION) == "none"


def test_an_old_report_raises_nothing_at_once(context: Context, tmp_path: Path) -> None:
    old = "{incidents: [{area: A, category: violence.explosion, on: 2026-03-03, known: 2026-03-07}]}"
    assert found(tmp_path, context, old, "2026-03-08", EXPLOSION) == "none"


def test_a_quiet_immediate_rule_says_so(context: Context, tmp_path: Path) -> None:
    test = "{name: x, given: {down: [{on: 2026-03-01}]}, at: 2026-03-08, expect: {A: blue}}"
    (failure,) = judged(tmp_path, context, EXPLOSION, test).failures
    assert failure.why == ("nothing became known there that the rule counts",)


def test_a_correlation_names_what_its_patterns_found(context: Context, tmp_path: Path) -> None:
    incident = "{area: A1, category: traffic.crash, on: 2026-01-10, each: 6}"
    test = f"{{name: x, given: {{incidents: [{incident}]}}, at: 2026-01-11, expect: {{A: yellow}}}}"
    verdict = judged_beside(tmp_path, context, test)
    assert verdict.failures == (
        Failure("A", "yellow", "none", ("finding of public-safety.crash-day: A1 (2026-01-11)",)),
    )


def test_the_rules_behind_a_correlation_see_its_background(context: Context, tmp_path: Path) -> None:
    """Six crashes where six a day are the usual are no crash day."""
    given = (
        "{background: [{area: A1, category: traffic.crash, each: 6 per 1d},"
        " {area: A2, category: traffic.crash, each: 6 per 1d}]}"
    )
    test = f"{{name: x, given: {given}, at: 2026-01-11, expect: {{A: none}}}}"
    assert judged_beside(tmp_path, context, test).passed


def test_weekly_rules_are_judged_on_mondays(context: Context, tmp_path: Path) -> None:
    weekly = BURGLARY.replace("cycle: daily", "cycle: weekly").replace("blue: {", "blue: {delay_on: 2, ")
    weekly = weekly.replace("window: 7d", "window: 14d")
    given = f"{{incidents: [{week(4, 3, 3)}]}}"
    assert found(tmp_path, context, given, "2026-03-09", weekly) == "none"
    assert found(tmp_path, context, given, "2026-03-16", weekly) == "blue"
