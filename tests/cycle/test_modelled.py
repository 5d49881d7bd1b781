"""Models of chances in a service: learned by the monthly run, kept by hash, in force until the next."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from engine import app
from engine.chance import model
from engine.chance.model import Lack
from engine.console.whys import Names
from engine.cycle import collect, modelled, why, worth
from engine.cycle import run as running
from engine.cycle.panels import StorePanels
from engine.cycle.source import LedgerSource
from engine.cycle.world import World
from engine.judge.asked import Kept, asks
from engine.store import configuration, runs
from tests.story import county

RULE = """
id: county.likely-burglaries
title: {en: Burglaries to come, zh: 入室盗窃可能增多}
domain: public-safety
topic: burglary
cycle: daily
level: town
for: 1d
status: stable
owner: crime-desk
review_by: 2027-06-30
why: {en: Burglaries come in runs., zh: 入室盗窃往往接连发生。}
indicator: {count: incidents, where: {category: property.burglary}}
window: 1d
grades: {blue: {chance: {at_least: 0.001, within: 1d, of: 1}}}
"""
APRIL = datetime(2026, 4, 1, 8, tzinfo=UTC)
SECOND = date(2026, 4, 2)


@pytest.fixture
def lived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The county, judged to the second of April by a service for which a few events are enough."""
    monkeypatch.setattr(model, "EVENTS", 2)
    root = county.build(tmp_path)
    (root / "rules" / "chance.yaml").write_text(RULE, encoding="utf-8")
    with app.world(root, clock=lambda: APRIL + timedelta(days=1)) as world:
        running.prepare(world, county.FIRST)
        collect.poll(world, world.settings.feeds["log"])
        running.catch_up(world, APRIL + timedelta(days=1))
        yield world


def test_a_service_keeps_what_a_backtest_learns_again(lived: World) -> None:
    (asked,) = asks(lived.book.rules["county.likely-burglaries"])
    with lived.store.read() as tx:
        hash_ = runs.learned(tx, APRIL + timedelta(seconds=1))
        content = json.loads(configuration.get(tx, hash_) or "")
        kept = modelled.read(json.loads(configuration.get(tx, content[modelled.MODELS][asked.key]) or ""))
        panels = StorePanels(tx, lived.settings)
        before, after = (panels.models.of(asked, day) for day in (APRIL.date(), SECOND))
        assert worth.in_force(tx, APRIL + timedelta(days=1)) is not None
    assert isinstance(kept, Kept) and kept.morning == APRIL.date() and kept.model.came >= 2
    assert (before, after) == (None, kept)
    with LedgerSource.of(lived).open() as (again, _):
        assert again.models.of(asked, SECOND) == kept
        assert again.models.of(asked, APRIL.date()) != kept


def test_what_is_kept_is_read_to_the_last_digit() -> None:
    plain = model.Model(
        columns=("here 2",), centre=(0.123456,), scale=(1.0,), beta=(0.5,), level=-2.0, slope=1.0,
        bent=(0.1, 0.9), usual=0.05, told=100, came=12, places={"T1": 0.2},
    )  # fmt: skip
    for one in (Kept(plain, SECOND, 0.25), Lack(12, 3)):
        assert modelled.read(json.loads(json.dumps(modelled.written(one)))) == one


def test_why_tells_it_in_both_languages(lived: World) -> None:
    rule = lived.book.rules["county.likely-burglaries"]
    area = lived.settings.tree.at(rule.level)[0]
    known, unknown = (why.rule(lived, rule, area, APRIL + timedelta(days=n)) for n in (1, 0))
    names = Names({}, {}, {}, (rule,))
    said, chinese = _lines(known), _lines(names.chinese(known))
    (line,) = (one for one in said if one.startswith("chance: held, "))
    assert " within 1d, needs 0.1 %" in line
    assert any(one.startswith("learned on 2026-04-01 from ") for one in said)
    assert any(one.endswith(" on a usual day in a usual place") for one in said)
    assert any(one.startswith("概率：成立，1天内") for one in chinese)
    assert not any("horizons" in one or "usual" in one or "odds" in one for one in chinese)
    assert any(one.startswith("chance: unknown (no chance has been learned yet") for one in _lines(unknown))
    assert any(one.startswith("概率：无法判断（尚未学得") for one in _lines(names.chinese(unknown)))


def _lines(node: why.Node) -> list[str]:
    return [str(node["say"]), *(line for one in node.get("because", ()) for line in _lines(one))]
