"""The list of warnings, and the warm start, against the history they come from."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from engine import app
from engine.backtest.history import Span, Spell
from engine.backtest.listing import COLUMNS
from engine.backtest.output import as_json, as_text
from engine.backtest.page import as_page
from engine.backtest.run import Backtest
from engine.backtest.warm import LEAST, warmed
from engine.cli.backtest import as_csv
from engine.cycle.world import World
from engine.model.grade import Domain, Grade
from engine.model.period import Calendar, Cycle
from engine.model.rule import Rule, RuleBook, Rung
from engine.model.text import Text
from tests.backtest.conftest import tried
from tests.story import county

SURGE = "county.burglary-surge"


def test_every_form_lists_the_same_warnings(done: Backtest):
    opened = sorted(
        (rule, f"{spell.opened.astimezone(done.span.calendar.zone):%Y-%m-%d %H:%M}", spell.place[0])
        for rule, spells in done.history.rules.items() for spell in spells if spell.opened > done.span.since
    )
    assert len(opened) > 5
    rows = list(csv.DictReader(io.StringIO(as_csv(done))))
    assert tuple(rows[0]) == COLUMNS
    assert sorted((row["rule"], row["opened"], row["area"]) for row in rows) == opened
    assert [row["why"] for row in json.loads(as_json(done))["warnings"]] == [row["why"] for row in rows]
    text, page = as_text(done), as_page(done)
    assert all(row["why"] in text and row["why"] in page for row in rows)


def test_a_row_says_what_became_of_it_and_what_it_was_opened_by(done: Backtest):
    """T2's surge of 5 to 8 March is true; T1 had no event; what no truth speaks of has no outcome."""
    rows = [row for row in done.listed if row["rule"] == SURGE]
    by_area = {area: {row["outcome"] for row in rows if row["area"] == area} for area in ("T1", "T2")}
    assert by_area["T1"] <= {"false"} and "hit" in by_area["T2"]
    assert {row["outcome"] for row in done.listed if row["topic"] == "explosions"} == {None}
    for row in rows:
        assert row["incidents"] == len(str(row["counted"]).split()) >= 3
        assert str(row["steps"]).startswith(f"{row['opened']} ") and str(row["counted"]).startswith("log/")


def test_sensitive_counts_are_no_small_numbers(world: World, county_span: Span):
    book = {id_: rule for id_, rule in world.book.rules.items() if id_ == SURGE}
    kinds = dict(world.settings.taxonomy.categories)
    kinds["property.burglary"] = replace(kinds["property.burglary"], sensitive=True)
    taxonomy = replace(world.settings.taxonomy, categories=kinds)
    veiled = replace(
        world, book=RuleBook(book), settings=replace(world.settings, taxonomy=taxonomy)
    )  # fmt: skip
    rows = tried(veiled, county_span, None).listed
    assert rows and all(row["counted"] == "" for row in rows)
    assert all(row["incidents"] is None or int(str(row["incidents"])) >= 5 for row in rows)


def within(spells: list[Spell], span: Span) -> list[Spell]:
    """Those that still stood, or opened, in the span."""
    return [one for one in spells if one.closed is None or one.closed > span.since]


def test_a_backtest_starts_as_warm_as_one_that_began_long_before(county_root: Path, county_span: Span):
    """What stands on its first day is what a longer one has standing then, and it is counted only there."""
    late = replace(county_span, first=county_span.first + timedelta(days=5))
    with app.world(county_root, clock=lambda: county.END) as world:
        whole, part = (tried(world, span, None) for span in (county_span, late))
    for rule, spells in whole.history.rules.items():
        assert part.history.rules.get(rule, []) == within(spells, late), rule
    assert part.history.warnings == within(whole.history.warnings, late)
    assert any(one.opened <= late.since for one in part.history.warnings)
    counted = {row["rule"]: row["warnings"] for row in part.assessment.rules}
    for rule in world.book.rules:
        assert counted[rule] == sum(one.opened > late.since for one in whole.history.rules.get(rule, []))


@pytest.mark.parametrize(
    ("cycle", "hold", "days"), [(Cycle.DAILY, 2, LEAST), (Cycle.WEEKLY, 8, 65), (Cycle.MONTHLY, 2, 95)]
)
def test_slow_rules_start_earlier(cycle: Cycle, hold: int, days: int):
    rule = Rule(
        id="x.y", title=Text("y"), domain=Domain.SAFETY, topic="t", cycle=cycle, level="town",
        rungs=(Rung(Grade.BLUE, (), delay_off=hold),),
    )  # fmt: skip
    span = warmed(Span(county.FIRST.date(), county.FIRST.date(), Calendar()), RuleBook({"x.y": rule}))
    assert span.warm == days and span.since - span.begin == timedelta(days=days)
