"""However the work is split, what is found and concluded is the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.backtest.history import Span
from engine.backtest.replay import relive
from engine.backtest.shard import find_all, plan, pool, selected
from engine.cycle.panels import StorePanels
from engine.cycle.source import LedgerSource
from engine.cycle.world import World
from engine.judge import Before, Conclusion, Correlator, Found, conclude, find, find_immediate
from engine.model.period import CALENDAR, Cycle, Period
from engine.model.rule import RuleBook, Status
from engine.model.warning import RiskWarning, Standing
from tests.backtest.conftest import moments_of

Lived = list[tuple[Period, Conclusion]]
BURGLARY, TOWNS = "county.burglary-surge", "county.several-towns"


@pytest.fixture
def found(world: World, county_span: Span) -> dict[Period, Found]:
    """What is found where every cycle is judged in one piece, all its rules at all its periods."""
    book, calendar = world.book, world.settings.calendar
    found: dict[Period, Found] = {}
    with world.store.read() as tx:
        panels = StorePanels(tx, world.settings)
        for cycle in CALENDAR:
            periods = list(calendar.due(cycle, county_span.since, county_span.until))
            cuts = [period.cut for period in periods]
            answers = find(book.of(cycle), panels, cuts, book=book)
            found |= dict(zip(periods, answers, strict=True))
        correlator = Correlator(book, panels.tree, calendar, world.correlate)
        for period in sorted(found, key=lambda period: period.rank):
            found[period] = correlator.step(book.of(period.cycle), period, found[period])
        for moment in moments_of(world, county_span):
            period = calendar.immediate(moment)
            outcomes = find_immediate(book.of(Cycle.IMMEDIATE), panels, period.start)
            found[period] = Found(period.cut, outcomes)
    return found


@pytest.fixture
def lived(world: World, found: dict[Period, Found]) -> Lived:
    """What is concluded of it."""
    in_order = sorted(found.items(), key=lambda item: item[0].rank)
    return list(relive(world.book, in_order, world.terms))


def relived(world: World, span: Span, workers: int, rules: tuple[str, ...] = ()) -> Lived:
    book, told = selected(world.book, rules), []
    with pool(workers) as executor:
        found = find_all(
            LedgerSource.of(world), world.book, book.rules, span.since, span.until,
            moments=moments_of(world, span), executor=executor, progress=lambda *done: told.append(done),
        )  # fmt: skip
        lived = list(relive(book, found, world.terms))
    assert told[-1][0] == told[-1][1] == len(told) > 3
    return lived


@pytest.mark.parametrize("workers", [1, 2])
def test_shards_give_what_one_piece_gives(world: World, county_span: Span, lived: Lived, workers: int):
    assert relived(world, county_span, workers) == lived
    assert sum(len(concluded.findings) for _, concluded in lived) > 20
    assert {period.cycle for period, _ in lived} >= {Cycle.IMMEDIATE, Cycle.DAILY, Cycle.WEEKLY}


def test_where_nothing_is_found_nothing_is_concluded_anew(
    world: World, found: dict[Period, Found], lived: Lived
):
    """An immediate run is concluded where it was told of something, and comes to what it would come to upon
    all that stands anywhere, but for when it was judged last."""
    standing: dict[tuple[str, str], Standing] = {}
    warnings: dict[tuple[str, str], RiskWarning] = {}
    elsewhere = 0
    for period, concluded in lived:
        one = found.get(period) or Found(period.cut)
        whole = conclude(world.book, period, one.outcomes, Before(standing, warnings), world.terms)
        assert _untimed(whole) == _untimed(concluded)
        standing |= {(row.rule, row.area): row for row in whole.standing}
        warnings = {(row.area, row.topic): row for row in whole.warnings if row.open}
        areas = {outcome.area for outcome in one.outcomes}
        elsewhere += period.cycle is Cycle.IMMEDIATE and any(place[0] not in areas for place in warnings)
    assert elsewhere


def _untimed(concluded: Conclusion) -> Conclusion:
    warnings = tuple(replace(one, judged_at=one.since) for one in concluded.warnings)
    return replace(concluded, scores=(), warnings=warnings)


def test_a_chosen_rule_finds_what_it_finds_among_all(world: World, county_span: Span, lived: Lived):
    for rule in (BURGLARY, TOWNS):
        alone = relived(world, county_span, 1, (rule,))
        findings = [one for _, concluded in lived for one in concluded.findings if one.rule == rule]
        assert [one for _, concluded in alone for one in concluded.findings] == findings != []


def test_correlations_go_together_and_first_and_threshold_rules_by_indicator(world: World, county_span: Span):
    calendar, span = world.settings.calendar, county_span
    shards = list(plan(calendar, world.book, world.book.rules, span.since, span.until))
    assert shards[0].rules == (TOWNS,)
    daily = [shard for shard in shards if shard.rules == (BURGLARY,)]
    periods = [period for shard in daily for period in shard.periods]
    assert periods == list(calendar.due(Cycle.DAILY, span.since, span.until)) and len(daily) > 2


def test_a_draft_is_tried_as_if_on_trial_and_nothing_is_chosen_by_mistake(world: World):
    drafts = selected(world.book, [BURGLARY])
    assert list(drafts.rules) == [BURGLARY] and drafts.rules[BURGLARY] is world.book.rules[BURGLARY]
    draft = replace(world.book.rules[BURGLARY], status=Status.DRAFT)
    book = RuleBook({**world.book.rules, BURGLARY: draft})
    assert BURGLARY not in selected(book, ()).rules
    assert selected(book, [BURGLARY]).rules[BURGLARY].status is Status.TRIAL
