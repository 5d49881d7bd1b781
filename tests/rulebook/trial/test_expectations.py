"""What a rule test may expect beside a grade: the change, the signals, who is notified."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.load import read
from engine.rulebook.trial import trial
from engine.rulebook.trial.trial import Verdict

BURGLARY = (Path(__file__).parents[1] / "good" / "burglary-surge.yaml").read_text().split("tests:")[0]
EXPLOSION = (Path(__file__).parents[1] / "good" / "explosion.yaml").read_text().split("tests:")[0]


def verdict(
    folder: Path, context: Context, given: str, at: str, expect: str, rule: str = BURGLARY
) -> Verdict:
    """The verdict on one test of area A."""
    test = f"{{name: x, given: {given}, at: {at}, expect: {{A: {expect}}}}}"
    (folder / "rule.yaml").write_text(f"{rule}tests:\n  - {test}\n")
    loaded = read(folder, context)
    assert [problem for problem in loaded.problems if problem.level is Level.ERROR] == []
    (found,) = trial.run(loaded, context)
    return found


def burst(day: str, each: int) -> str:
    return f"{{area: A, category: property.burglary, on: {day}, each: {each}}}"


#: Three on the first of March, three more on the fourth: blue from the 2nd, yellow from the 5th, blue
#: from the 9th, over on the 12th.
LIFE = f"{{incidents: [{burst('2026-03-01', 3)}, {burst('2026-03-04', 3)}]}}"


@pytest.mark.parametrize(
    ("at", "grade", "change"),
    [
        ("2026-03-02", "blue", "issued"),
        ("2026-03-03", "blue", "none"),
        ("2026-03-05", "yellow", "upgraded"),
        ("2026-03-08", "yellow", "none"),
        ("2026-03-09", "blue", "downgraded"),
        ("2026-03-12", "none", "lifted"),
        ("2026-03-13", "none", "none"),
    ],
)
def test_the_change_is_what_the_last_judgement_did(
    at: str, grade: str, change: str, context: Context, tmp_path: Path
) -> None:
    expect = f"{{grade: {grade}, change: {change}}}"
    assert verdict(tmp_path, context, LIFE, at, expect).failures == ()
    (failure,) = verdict(tmp_path, context, LIFE, at, "{change: expired}").failures
    assert (failure.expected, failure.found) == ("change expired", f"change {change}")


def test_a_blind_warning_is_held(context: Context, tmp_path: Path) -> None:
    given = f"{LIFE[:-1]}, down: [{{on: 2026-03-08..2026-03-12}}]}}"
    assert verdict(tmp_path, context, given, "2026-03-12", "{grade: yellow, change: held}").failures == ()


@pytest.mark.parametrize(
    ("each", "signals"), [(1, "[]"), (2, "[rare]"), (3, "[at_least, rare]"), (5, "[at_least, rare]")]
)
def test_the_signals_are_of_the_highest_rung_that_held_or_the_lowest(
    each: int, signals: str, context: Context, tmp_path: Path
) -> None:
    given = f"{{incidents: [{burst('2026-03-07', each)}]}}"
    assert verdict(tmp_path, context, given, "2026-03-08", f"{{signals: {signals}}}").failures == ()
    (failure,) = verdict(tmp_path, context, given, "2026-03-08", "{signals: [at_least]}").failures
    assert failure.expected == "signals at_least"


def test_notified_are_those_whom_a_route_tells_of_the_change(context: Context, tmp_path: Path) -> None:
    assert verdict(tmp_path, context, LIFE, "2026-03-05", "{notified: [duty]}").failures == ()
    assert verdict(tmp_path, context, LIFE, "2026-03-12", "{notified: [duty]}").failures == ()
    assert verdict(tmp_path, context, LIFE, "2026-03-08", "{notified: []}").failures == ()
    (failure,) = verdict(tmp_path, context, LIFE, "2026-03-08", "{notified: [duty]}").failures
    assert (failure.expected, failure.found) == ("notified duty", "notified nobody")


def test_several_differences_stand_side_by_side(context: Context, tmp_path: Path) -> None:
    expect = "{grade: yellow, change: issued, signals: [at_least, rare], notified: [duty]}"
    (failure,) = verdict(tmp_path, context, LIFE, "2026-03-03", expect).failures
    assert failure.expected == "yellow, change issued, notified duty"
    assert failure.found == "blue, change none, notified nobody"


def test_an_immediate_rule_issues_and_has_signals(context: Context, tmp_path: Path) -> None:
    given = "{incidents: [{area: A, category: violence.explosion, on: 2026-03-07T20:00}]}"
    expect = "{grade: blue, change: issued, signals: [at_least], notified: [duty]}"
    assert verdict(tmp_path, context, given, "2026-03-07T20:30", expect, EXPLOSION).failures == ()
    assert verdict(tmp_path, context, "{}", "2026-03-07T20:30", "{signals: []}", EXPLOSION).failures == ()
