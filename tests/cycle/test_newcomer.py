"""A new feed beside older ones leaves rules without a past until it has one, and `guess --add` says so."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine import app
from engine.cli import forewarn
from engine.cycle.newcomer import emptied, until
from engine.model.feed import Feed
from engine.model.rule import Rule
from tests.cycle.test_comparable import RULE
from tests.story import county

CUT = date(2026, 12, 1)


def add(root: Path, kind: str, days: int, language: str = "en") -> str:
    """What is said as a feed with so many days of this kind is added."""
    now = datetime.now(UTC)
    with (root / "young.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["number", "occurred", "town", "type"])
        for n in range(4 * days):
            writer.writerow([f"A{n}", f"{now - timedelta(hours=6 * n):%Y-%m-%d %H:%M}", "Easttown", kind])
    call = ["--language", language, "--root", str(root), "feeds", "guess", str(root / "young.csv"), "--add"]
    done = CliRunner().invoke(forewarn, call)
    assert done.exit_code == 0, done.output
    return done.stderr


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = county.build(tmp_path / "county")
    (root / "rules/burglary.yaml").write_text(RULE.lstrip(), encoding="utf-8")
    return root


def test_a_young_feed_beside_an_older_one_says_whose_past_it_empties(root: Path) -> None:
    told = add(root, "Burglary", 5)
    assert "county.burglary has with it no past to compare with until" in told
    assert "forewarn ingest young FILE --history" in told


def test_in_chinese_too(root: Path) -> None:
    assert "county.burglary在" in add(root, "Burglary", 5, "zh")


def test_a_long_past_empties_nothing(root: Path) -> None:
    assert "no past to compare" not in add(root, "Burglary", 200)


def test_a_feed_alone_empties_nothing_and_another_only_where_both_tell(root: Path) -> None:
    at = app.home(root, CUT)
    (log,), tree = at.settings.feeds.values(), at.settings.tree
    rules = list(at.book.rules.values())

    def lost(areas: tuple[str, ...], since: date, others: list[Feed]) -> list[str]:
        covers = replace(log.covers, areas=areas, since=since)
        new = replace(log, id="new", covers=covers)
        return [rule.id for rule in emptied(rules, others, new, tree, CUT)]

    young = CUT - timedelta(days=5)
    assert lost(("T1",), young, [log]) == ["county.burglary"]
    assert lost(("T1",), young, []) == []
    assert lost(("T1",), log.covers.since, [log]) == []


def test_it_says_from_when_on_the_past_is_enough(root: Path) -> None:
    at = app.home(root, CUT)
    (rule,) = at.book.rules.values()
    assert isinstance(rule, Rule)
    first = until(rule, CUT)
    tree, (log,) = at.settings.tree, at.settings.feeds.values()
    new = replace(log, id="new", covers=replace(log.covers, since=CUT))
    assert emptied([rule], [log], new, tree, first) == []
    assert emptied([rule], [log], new, tree, first - timedelta(days=1)) == [rule]
