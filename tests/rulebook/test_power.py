"""How likely a rung is to hold at a rise, from what was counted, and the check that makes use of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import poisson

from engine.model.grade import Grade
from engine.model.incident import Incident
from engine.model.period import Calendar
from engine.model.rule import Rule, Rung, Test
from engine.rulebook import power
from engine.rulebook.context import Context, Ledger
from engine.rulebook.language import strictness
from engine.rulebook.load import check, load
from engine.rulebook.trial.draft import DraftPanels

BURGLARY = (Path(__file__).parent / "good" / "burglary-surge.yaml").read_text()
EXPLOSION = (Path(__file__).parent / "good" / "explosion.yaml").read_text()
CUT = date(2026, 3, 2)
PLAIN = BURGLARY.split("tests:")[0].replace(", rare: {alpha: 0.01}", "").replace(", rare: {alpha: 0.001}", "")


def ledger(context: Context, weekly: int, areas: Sequence[str] = ("01",)) -> Ledger:
    """So many burglaries in every week of a year, on its Mondays."""
    monday = datetime(2026, 2, 23, 12, tzinfo=UTC)
    given = [
        Incident(
            feed="police", source_id=f"{area}-{week}-{n}", areas=(area,), category="property.burglary",
            occurred_at=monday - timedelta(weeks=week), known_at=monday - timedelta(weeks=week),
        )
        for area in areas for week in range(60) for n in range(weekly)
    ]  # fmt: skip
    return Ledger(DraftPanels(context.tree, Calendar(), given), CUT)


def rule(folder: Path, context: Context, text: str) -> Rule:
    (folder / "rule.yaml").write_text(text)
    (found,) = load(folder, context).rules.values()
    return found


def test_the_usual_is_the_mean_of_the_windows(context: Context, tmp_path: Path) -> None:
    found = power.usual(rule(tmp_path, context, PLAIN), ledger(context, 3, ["01", "0310"]))
    assert found.tolist() == [3.0, 3.0, 0.0], "01, 03 (by its municipality), 04"


def test_no_chance_is_told_of_a_stock(context: Context, tmp_path: Path) -> None:
    counts = rule(tmp_path, context, PLAIN)
    stock = rule(tmp_path, context, PLAIN.replace("count: incidents", "stock: open"))
    assert (power.judgeable(counts), power.judgeable(stock)) == (True, False)


def test_a_fixed_number_is_met_as_a_poisson_count_meets_it(context: Context, tmp_path: Path) -> None:
    one, counted = rule(tmp_path, context, PLAIN), ledger(context, 1)
    found = power.chances(one, counted, power.usual(one, counted))
    assert found[Grade.BLUE][0] == pytest.approx(poisson.sf(2, 2))
    assert found[Grade.YELLOW][0] == pytest.approx(poisson.sf(4, 4))
    assert found[Grade.BLUE][1] == 0


def test_every_test_of_the_rung_must_hold(context: Context, tmp_path: Path) -> None:
    counted = ledger(context, 5)
    plain, rare = rule(tmp_path, context, PLAIN), rule(tmp_path, context, BURGLARY)
    usual = power.usual(plain, counted)
    blue = [power.chances(one, counted, usual)[Grade.BLUE][0] for one in (rare, plain)]
    assert blue[0] < blue[1]


def test_a_rate_without_a_population_never_holds(context: Context, tmp_path: Path) -> None:
    towns = PLAIN.replace("level: county", "level: municipality").replace("at_least", "rate_at_least")
    one, counted = rule(tmp_path, context, towns), ledger(context, 5, ["0110"])
    found = power.chances(one, counted, power.usual(one, counted))
    assert np.all(found[Grade.BLUE] == 0)


@pytest.mark.parametrize(
    ("text", "can"),
    [
        (BURGLARY, True),
        (BURGLARY.replace("rare: {alpha", "trend: {alpha"), False),
        (BURGLARY.replace("count: incidents", "sum: injured"), False),
        (EXPLOSION, False),
    ],
)
def test_only_counts_judged_by_themselves_have_a_chance(
    text: str, can: bool, context: Context, tmp_path: Path
) -> None:
    assert power.judgeable(rule(tmp_path, context, text)) is can


def said(folder: Path, context: Context, text: str, counted: Ledger | None) -> list[str]:
    (folder / "rule.yaml").write_text(text)
    problems = check(folder, replace(context, ledger=counted))[1]
    return [f"{problem.line}: {problem.sentence}" for problem in problems if problem.name == "hardly-fires"]


def test_a_rung_far_above_the_usual_is_named_with_its_line(context: Context, tmp_path: Path) -> None:
    high = PLAIN.replace("yellow: {at_least: 5", "yellow: {at_least: 20")
    (found,) = said(tmp_path, context, high, ledger(context, 2))
    line = 1 + high[: high.index("yellow:")].count("\n")
    assert found.startswith(f"{line}: even at 4 times the usual 2 a window (in 01) its chance ")


def test_nothing_is_said_without_data_or_where_nothing_was_counted(context: Context, tmp_path: Path) -> None:
    high = PLAIN.replace("yellow: {at_least: 5", "yellow: {at_least: 20")
    assert said(tmp_path, context, high, None) == []
    assert said(tmp_path, context, high, ledger(context, 0)) == []
    assert said(tmp_path, context, high.replace("status: stable", "status: draft"), ledger(context, 2)) == []
    assert said(tmp_path, context, PLAIN, ledger(context, 3)) == []


def test_one_area_in_which_it_can_hold_is_enough(context: Context, tmp_path: Path) -> None:
    assert said(tmp_path, context, PLAIN, ledger(context, 3, ["04"])) == []


CLUMPED = PLAIN.replace("at_least: 3", "rare: {alpha: 0.01, dispersion: none}, at_least: 3").replace(
    "at_least: 5", "rare: {alpha: 0.001, dispersion: none}, at_least: 5"
)


def in_clumps(context: Context) -> Ledger:
    """Twenty burglaries in every third week, one in the others."""
    monday = datetime(2026, 2, 23, 12, tzinfo=UTC)
    given = [
        Incident(
            feed="police", source_id=f"{week}-{n}", areas=("01",), category="property.burglary",
            occurred_at=monday - timedelta(weeks=week), known_at=monday - timedelta(weeks=week),
        )
        for week in range(120) for n in range(1 if week % 3 else 20)
    ]  # fmt: skip
    return Ledger(DraftPanels(context.tree, Calendar(), given), CUT)


def test_how_often_a_rung_held_in_a_year_is_counted_beside_what_it_promises(
    context: Context, tmp_path: Path
) -> None:
    found = power.realised(rule(tmp_path, context, CLUMPED), in_clumps(context))
    held, judged, alpha = found[Grade.BLUE]
    assert (judged, alpha) == (52 * 3, 0.01)
    assert held == 18, "every third of 52 weeks, in one of three counties"
    assert power.realised(rule(tmp_path, context, PLAIN), in_clumps(context)) == {}


def test_of_a_rule_that_chooses_its_areas_only_those_are_counted(context: Context, tmp_path: Path) -> None:
    chosen = rule(tmp_path, context, CLUMPED.replace("level: county\n", 'level: county\nareas: ["03"]\n'))
    _, judged, _ = power.realised(chosen, in_clumps(context))[Grade.BLUE]
    assert judged == 52


def test_a_promise_that_the_centres_own_past_broke_is_named(context: Context, tmp_path: Path) -> None:
    def broken(text: str) -> list[str]:
        (tmp_path / "rule.yaml").write_text(text)
        problems = check(tmp_path, replace(context, ledger=in_clumps(context)))[1]
        return [problem.sentence for problem in problems if problem.name == "realised-rate"]

    (blue, *_) = broken(CLUMPED)
    assert "promise 1.00% false alarms, and held at 11.5% of 156 judgements in a year: 12 times" in blue
    assert broken(CLUMPED.replace(", dispersion: none", "")) == []


def test_of_alternatives_the_easier_decides(context: Context, tmp_path: Path) -> None:
    usual = ledger(context, 1)
    alone = PLAIN.replace("  yellow: {at_least: 5}\n", "")
    hard, either = (
        rule(tmp_path, context, alone.replace("{at_least: 3}\n", f"{of}\n"))
        for of in ("{at_least: 9}", "{any: [{at_least: 9}, {at_least: 4}]}")
    )
    expected = power.usual(hard, usual)
    assert power.chances(either, usual, expected)[Grade.BLUE][0] == pytest.approx(poisson.sf(3, 2))
    assert power.chances(hard, usual, expected)[Grade.BLUE][0] == pytest.approx(poisson.sf(8, 2))


@pytest.mark.parametrize(
    ("rung", "promised"),
    [
        (((), ((), (0.01,))), 0.01), (((), ((0.02,), (0.01, 0.003))), 0.023),
        (((0.001,), ((), (0.01,))), 0.001),
        (((0.05,), ((0.01,), (0.02,))), 0.03), (((0.01,), ((0.009,), (0.009,))), 0.01),
    ],
)  # fmt: skip
def test_what_a_rung_of_alternatives_promises(rung: tuple[Any, Any], promised: float) -> None:
    """rung: the alphas of the tests that must hold, and of those of each alternative; none is a number."""

    def tests(alphas: tuple[float, ...]) -> tuple[Test, ...]:
        return tuple(Test.of("rare", alpha=of) for of in alphas)

    ways = tuple(tests(way) or (Test.of("at_least", count=3),) for way in rung[1])
    one = Rung(Grade.BLUE, tests(rung[0]), any=ways)
    assert strictness.promised(one) == pytest.approx(promised)
