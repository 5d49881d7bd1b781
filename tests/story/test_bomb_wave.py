"""Over the whole timeline: the volumes measured for the starter rules, and the wave of winter 2024/25."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from engine import app
from engine.backtest.replay import relive
from engine.cycle.panels import StorePanels
from engine.cycle.world import World
from engine.judge import Conclusion
from engine.model.grade import Grade
from engine.model.period import Cycle, Period
from engine.model.warning import Step
from tests.story.conftest import Timeline

pytestmark = pytest.mark.xdist_group("timeline")

FIRST = datetime(2023, 10, 15, 6, tzinfo=UTC)
WEEKS = 115

#: Openings a week, all grades and yellow or more, as measured when the thresholds were chosen.
MEASURED = {
    "public-safety.explosion-shooting": (2.90, 0), "public-safety.violence-burst": (0.14, 0.14),
    "public-safety.explosion-wave": (0.04, 0.04), "public-safety.explosion-wave-nation": (0.02, 0.02),
    "public-safety.crash-day": (0.52, 0.24), "public-safety.injury-crashes": (0.19, 0.10),
    "public-safety.fire-surge": (0.40, 0.20), "public-safety.burglary-surge": (0.38, 0.15),
    "public-safety.theft-surge": (0.16, 0.03), "social-stability.disorder-burst": (0.26, 0.16),
    "social-stability.fights-threats": (0.07, 0.02), "social-stability.alcohol-disorder": (0.09, 0.02),
    "political.rescue-services": (0.18, 0), "political.officials": (0.04, 0.01),
    "political.suspect-objects": (0.09, 0.03), "political.protected-sites": (0.33, 0),
    "political.protected-sites-nation": (0.03, 0.03), "cyber.fraud-surge": (0.17, 0.12),
    "cyber.exploited-burst": (0.09, 0.08), "x.winter-front": (0.18, 0.18), "x.bomb-chain": (0.02, 0.02),
    "x.disorder-and-responders": (0.10, 0),
}  # fmt: skip


@pytest.fixture(scope="module")
def world(ingested: Path) -> Iterator[World]:
    with app.world(ingested) as opened:
        yield opened


@pytest.fixture(scope="module")
def history(world: World, timeline: Timeline) -> list[tuple[Period, Conclusion]]:
    """Every period since the first, lived through with what was known then."""
    found = [one for one in timeline if one[0].due_at > FIRST]
    return list(relive(world.book, found, world.terms))


def openings(history: list[tuple[Period, Conclusion]], at_least: Grade) -> Counter[str]:
    opened: Counter[str] = Counter()
    before: dict[tuple[str, str], Grade] = {}
    for _, concluded in history:
        for one in concluded.standing:
            cell = (one.rule, one.area)
            opened[one.rule] += before.get(cell, Grade.NONE) < at_least <= one.grade
            before[cell] = one.grade
    return opened


@pytest.mark.parametrize("rule", sorted(MEASURED))
def test_a_rule_raises_about_as_often_as_was_measured(history, rule: str):
    """Within a third, or within two openings in all where the rule hardly ever fires; what was measured was
    written to the hundredth."""
    for grade, measured in zip((Grade.BLUE, Grade.YELLOW), MEASURED[rule], strict=True):
        found = openings(history, grade)[rule]
        slack = max(measured * WEEKS / 3, 2) + 0.005 * WEEKS
        assert abs(found - measured * WEEKS) <= slack, (grade, found / WEEKS)


def test_together_they_raise_as_much_as_was_measured(history):
    rules = set(MEASURED)
    for grade, measured in ((Grade.BLUE, 6.4), (Grade.YELLOW, 1.6)):
        found = sum(n for rule, n in openings(history, grade).items() if rule in rules) / WEEKS
        assert abs(found - measured) <= measured / 3


def findings(history, rule: str, area: str) -> dict[date, tuple[Grade, float]]:
    """By the last day of the judged period."""
    return {
        period.end.date(): (finding.grade, finding.trace.observed)
        for period, concluded in history for finding in concluded.findings
        if (finding.rule, finding.area) == (rule, area)
    }  # fmt: skip


def test_the_bomb_wave_is_found_when_it_began_and_when_it_spread(history):
    stockholm = findings(history, "public-safety.explosion-wave", "01")
    assert stockholm[date(2024, 10, 7)] == (Grade.YELLOW, 6)
    assert not any(date(2024, 7, 1) < end < date(2024, 10, 7) for end in stockholm)
    nation = findings(history, "public-safety.explosion-wave-nation", "SE")
    assert nation[date(2024, 12, 9)] == (Grade.ORANGE, 16)


def test_the_peak_week_of_stockholm_county_holds_fifteen(world: World):
    rule = world.book.rules["public-safety.violence-burst"]
    assert rule.indicator is not None
    with world.store.read() as tx:
        deltas = StorePanels(tx, world.settings).deltas(
            rule.indicator, "county", date(2024, 10, 1).toordinal(), date(2025, 3, 1).toordinal()
        )
    first = date(2024, 10, 1).toordinal()
    days = deltas.grid(first, date(2025, 2, 28).toordinal(), date(2025, 3, 1).toordinal())
    stockholm = days[deltas.areas.index("01")]
    weeks = {date.fromordinal(first + n): stockholm[n - 6 : n + 1].sum() for n in range(6, stockholm.size)}
    assert weeks[date(2025, 1, 28)] == max(weeks.values()) == 15


LOADS = {
    "police 2023": datetime(2023, 10, 25, 8, 31, 30, tzinfo=UTC),
    "police 2025": datetime(2025, 5, 20, 7, 47, 44, tzinfo=UTC),
    "catalogue 2024": datetime(2024, 6, 21, tzinfo=UTC),
    "catalogue 2025": datetime(2025, 8, 26, tzinfo=UTC),
}


#: What the days themselves justify: 8 reports of fraud in the 7 days of which half was told afterwards.
JUSTIFIED = {"police 2025": [("01.fraud.d20250520", 8)]}


@pytest.mark.parametrize("load", sorted(LOADS))
def test_what_came_in_bulk_after_a_silence_raises_what_its_days_justify(history, load: str):
    """Each report counts on the day on which it happened, and none on the day on which it came."""
    at = LOADS[load]
    rises = [
        change for period, concluded in history for change in concluded.changes
        if at <= period.due_at <= at + timedelta(hours=26) and change.step in (Step.ISSUED, Step.UPGRADED)
        and (period.start == at or period.cycle is not Cycle.IMMEDIATE)
        and change.warning.startswith("SE.exploited") == load.startswith("catalogue")
    ]  # fmt: skip
    told = [
        (change.warning, finding.trace.observed)
        for period, concluded in history for change in concluded.changes if change in rises
        for finding in concluded.findings if change.warning.startswith(f"{finding.area}.{finding.topic}.")
    ]  # fmt: skip
    assert told == JUSTIFIED.get(load, []) and len(rises) == len(told)


def test_while_a_feed_is_silent_what_stood_is_held_and_says_so(history):
    held = [
        change.warning for period, concluded in history for change in concluded.changes
        if change.step is Step.HELD and period.key == "2025-05-17"
    ]
    assert "21.burglary.d20250512" in held
