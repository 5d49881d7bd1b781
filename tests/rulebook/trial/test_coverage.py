"""Coverage counts what tests that pass ask for, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.rulebook.context import Context
from engine.rulebook.load import read
from engine.rulebook.trial.coverage import Coverage, coverage

GOOD = Path(__file__).parents[1] / "good"
BURGLARY = (GOOD / "burglary-surge.yaml").read_text().split("tests:")[0]
EXPLOSION = (GOOD / "explosion.yaml").read_text().split("tests:")[0]
WINTER = (GOOD / "winter-front.yaml").read_text()


def covered(folder: Path, context: Context, rule: str, *tests: str) -> Coverage:
    """The coverage of a rule with these tests, each `given; at; expect` in flow style."""
    written = "tests:\n" if tests else ""
    for number, test in enumerate(tests):
        given, at, expect = test.split("; ")
        written += f"  - {{name: t{number}, given: {given}, at: {at}, expect: {{{expect}}}}}\n"
    (folder / "rule.yaml").write_text(rule + written)
    (found,) = coverage(read(folder, context), context)
    return found


def shown(found: Coverage, kind: str) -> set[str]:
    return {point.what for point in found.shown if point.kind == kind}


def burst(day: str, each: int, area: str = "A") -> str:
    return f"{{incidents: [{{area: {area}, category: property.burglary, on: {day}, each: {each}}}]}}"


def test_without_tests_nothing_is_covered(context: Context, tmp_path: Path) -> None:
    found = covered(tmp_path, context, BURGLARY)
    assert (found.percent, found.missing) == (0.0, found.points)
    assert [point.what for point in found.points if point.kind == "condition"][:2] == [
        "blue: at_least holds", "blue: at_least fails alone",
    ]  # fmt: skip


def test_a_failed_test_covers_nothing(context: Context, tmp_path: Path) -> None:
    found = covered(tmp_path, context, BURGLARY, f"{burst('2026-03-07', 5)}; 2026-03-08; A: blue")
    assert found.shown == frozenset()


def test_areas_that_are_not_asked_for_cover_nothing(context: Context, tmp_path: Path) -> None:
    found = covered(tmp_path, context, BURGLARY, f"{burst('2026-03-07', 5)}; 2026-03-08; B: none")
    assert shown(found, "data state") == {"observed zero"}
    assert shown(found, "rung") == set()


def test_a_condition_fails_alone_or_shows_nothing(context: Context, tmp_path: Path) -> None:
    quiet = covered(tmp_path, context, BURGLARY, f"{burst('2026-03-07', 1)}; 2026-03-08; A: none")
    assert shown(quiet, "condition") == set(), "both tests fail: neither is seen to matter"
    few = covered(tmp_path, context, BURGLARY, f"{burst('2026-03-07', 2)}; 2026-03-08; A: none")
    assert "blue: at_least fails alone" in shown(few, "condition")
    assert "blue: rare holds" in shown(few, "condition")
    usual = "{background: [{area: A, each: 5 per 7d}]}; 2026-03-08; A: none"
    assert {"blue: rare fails alone", "yellow: rare fails alone", "yellow: at_least holds"} <= shown(
        covered(tmp_path, context, BURGLARY, usual), "condition"
    )


def test_a_hold_is_tested_at_its_edge(context: Context, tmp_path: Path) -> None:
    held = BURGLARY.replace("gap: 7d\n", "gap: 7d\nhold: 3\n")
    wanted = {
        "2026-03-09": set(),
        "2026-03-10": {"hold waits"},
        "2026-03-11": {"hold is over"},
        "2026-03-12": set(),
    }
    for at, delays in wanted.items():
        grade = "blue" if at < "2026-03-11" else "none"
        found = covered(tmp_path, context, held, f"{burst('2026-03-01', 3)}; {at}; A: {grade}")
        assert shown(found, "delay") == delays, at


def test_a_delay_before_a_grade_too(context: Context, tmp_path: Path) -> None:
    slow = BURGLARY.replace("blue: {at_least", "blue: {delay_on: 3, at_least")
    wanted = {
        "2026-03-02": ("none", set()), "2026-03-03": ("none", {"blue delay_on waits"}),
        "2026-03-04": ("blue", {"blue delay_on is over"}), "2026-03-05": ("blue", set()),
    }  # fmt: skip
    for at, (grade, delays) in wanted.items():
        found = covered(tmp_path, context, slow, f"{burst('2026-03-01', 3)}; {at}; A: {grade}")
        assert shown(found, "delay") == delays, at


def test_a_cool_down_keeps_and_lets_go(context: Context, tmp_path: Path) -> None:
    cool = BURGLARY.replace("gap: 7d\n", "gap: 7d\ncool_down: 5d\n")
    again = "{area: A, category: property.burglary, on: 2026-03-09, each: 3}"
    given = f"{burst('2026-03-01', 3)[:-2]}, {again}]}}"
    kept = covered(tmp_path, context, cool, f"{given}; 2026-03-13; A: none")
    assert shown(kept, "delay") == {"cool_down waits"}
    gone = covered(tmp_path, context, cool, f"{given}; 2026-03-14; A: blue")
    assert shown(gone, "delay") == {"cool_down is over"}


@pytest.mark.parametrize(
    ("test", "state"),
    [
        ("{down: [{on: 2026-03-07}]}; 2026-03-08; A: unknown", "lower bound"),
        ("{unmonitored: [{area: A}]}; 2026-03-08; A: unknown", "unmonitored"),
        ("{unmonitored: [{area: A}]}; 2026-03-08; B: none", "observed zero"),
        ("{series: {A: 0x26 1}}; 2026-03-08; A: none", "observed"),
    ],
)
def test_every_data_state(test: str, state: str, context: Context, tmp_path: Path) -> None:
    assert shown(covered(tmp_path, context, BURGLARY, test), "data state") == {state}


def test_an_immediate_rule_lasts_and_lapses(context: Context, tmp_path: Path) -> None:
    boom = "{incidents: [{area: A, category: violence.explosion, on: 2026-03-07T20:00}]}"
    stands = f"{boom}; 2026-03-08T19:00; A: blue"
    over = f"{boom}; 2026-03-08T21:00; A: none"
    quiet = "{down: [{on: 2026-03-01}]}; 2026-03-08; A: none"
    assert covered(tmp_path, context, EXPLOSION, stands, over, quiet).percent == 100
    assert covered(tmp_path, context, EXPLOSION, stands, quiet).percent < 100


def correlated(folder: Path, context: Context, *tests: str, rule: str = WINTER) -> Coverage:
    (folder / "rule.yaml").write_text(rule)
    written = "tests:\n"
    for number, test in enumerate(tests):
        given, at, expect = test.split("; ")
        named = f"rule: x.winter-front, name: more {number}"
        written += f"  - {{{named}, given: {given}, at: {at}, expect: {{{expect}}}}}\n"
    (folder / "rule.test.yaml").write_text(written)
    return next(one for one in coverage(read(folder, context), context) if one.rule.correlation)


def test_a_correlation_counts_its_matches(context: Context, tmp_path: Path) -> None:
    crashes = "{incidents: [{area: A1, category: traffic.crash, on: 2026-01-10, each: 6}]}"
    found = correlated(tmp_path, context, f"{crashes}; 2026-01-11; A: none")
    assert shown(found, "condition") >= {"yellow: at least 2 holds", "yellow: at least 2 fails alone"}
    assert "observed" in shown(found, "data state")
    blind = "{unmonitored: [{area: A1}, {area: A2}]}; 2026-01-11; A: unknown"
    assert "unmonitored" in shown(correlated(tmp_path, context, blind), "data state")
    silent = "{down: [{on: 2026-01-10}], population: {A1: 9, A2: 9}}; 2026-01-11; A: unknown"
    assert "lower bound" in shown(correlated(tmp_path, context, silent), "data state")


def test_absence_is_a_condition_of_its_own(context: Context, tmp_path: Path) -> None:
    absent = "      none:\n        - incident: {where: {category: violence}, level: county}\n    grades:"
    rule = WINTER.replace("    grades: {yellow: 2", f"{absent} {{yellow: 2", 1)
    assert rule != WINTER
    crashes = ", ".join(
        f"{{area: {area}, category: traffic.crash, on: 2026-01-10, each: 6}}" for area in ("A1", "A2")
    )
    violence = "{area: A1, category: violence, on: 2026-01-10}"
    found = correlated(
        tmp_path, context, f"{{incidents: [{crashes}]}}; 2026-01-11; A: yellow",
        f"{{incidents: [{crashes}, {violence}]}}; 2026-01-11; A: none", rule=rule,
    )  # fmt: skip
    conditions = {what for what in shown(found, "condition") if what.startswith("no ")}
    assert {what.rpartition("county ")[2] for what in conditions} == {"holds", "fails alone"}


EITHER = BURGLARY.replace(
    "{at_least: 3, rare: {alpha: 0.01}}", "{any: [{at_least: 3, rare: {alpha: 0.01}}, {at_least: 9}]}"
).replace("  yellow: {at_least: 5, rare: {alpha: 0.001}}\n", "")


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        (burst("2026-03-07", 3), {"blue: any 1 at_least holds", "blue: any 1 rare holds",
                                  "blue: any 2 at_least fails alone"}),
        (burst("2026-03-07", 2), {"blue: any 1 at_least fails alone", "blue: any 2 at_least fails alone"}),
        ("{background: [{area: A, each: 9 per 7d}]}",
         {"blue: any 2 at_least holds"}),
        ("{background: [{area: A, each: 8 per 7d}]}",
         {"blue: any 1 rare fails alone", "blue: any 2 at_least fails alone"}),
        (burst("2026-03-07", 9), set()),
    ],
)  # fmt: skip
def test_an_alternative_shows_itself_where_no_other_holds(
    context: Context, tmp_path: Path, given: str, seen: set[str]
) -> None:
    assert "any" in EITHER
    grade = "none" if all("fails" in one for one in seen) and seen else "blue"
    found = covered(tmp_path, context, EITHER, f"{given}; 2026-03-08; A: {grade}")
    # Where one alternative decides, the other's tests are seen to fail or not at all.
    assert {one for one in shown(found, "condition") if grade == "none" or "holds" in one} == {
        one for one in seen if grade == "none" or "holds" in one
    }
