"""What stands beside a warning: what it claims, who lives there, what it counted, what came before."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from engine.console import background
from engine.console.scene import read
from engine.cycle import why
from engine.cycle.world import World
from engine.model.act import Act, ActKind, Verdict
from engine.model.area import Area, AreaTree
from engine.model.chance import Chance
from engine.model.grade import Grade
from engine.model.text import Text
from engine.model.warning import RiskWarning, Step
from engine.store import judgement
from engine.warn.past import Span


@pytest.fixture
def one(world: World) -> RiskWarning:
    with world.store.read() as tx:
        return judgement.warnings(tx, open_only=True)[0]


def test_who_and_what_lies_in_an_area_is_what_the_tree_says():
    tree = AreaTree.of(["county", "town"], [
        Area("C", Text("County"), "county", population=9000), Area("T", Text("Town"), "town", parent="C"),
        Area("S", Text("School"), "town", parent="T", kind="school"),
    ])  # fmt: skip
    assert background.exposed(tree, "C") == background.Exposed(9000, (tree["S"],))
    assert background.exposed(tree, "T") == background.Exposed(None, (tree["S"],))


def test_those_here_come_first_and_only_what_had_ended(world: World, one: RiskWarning):
    tree, day, one = world.settings.tree, timedelta(days=1), replace(one, area="T2")
    level = [area.code for area in tree if area.level == tree[one.area].level and area.code != one.area]
    past = [
        replace(one, id="here", since=one.since - 9 * day, lifted_at=one.since - 8 * day),
        replace(one, id="there", area=level[0], since=one.since - 3 * day, lifted_at=one.since - 2 * day),
        replace(one, id="hidden", area=level[1], since=one.since - 3 * day, lifted_at=one.since - 2 * day),
        replace(one, id="open", area=level[0], since=one.since - 3 * day, lifted_at=None),
        replace(one, id="later", since=one.since + day, lifted_at=one.since + 2 * day),
        replace(one, id="else", topic="another", since=one.since - 3 * day, lifted_at=one.since - 2 * day),
    ]
    found = background.similar(one, past, tree, lambda code: code != level[1])
    assert [each.id for each in found] == ["here", "there"]


def test_peoples_word_on_how_it_ended_counts(one: RiskWarning):
    closed = {"kind": ActKind.CLOSE, "by": "x", "via": "cli", "at": one.since, "area": "", "topic": ""}
    found = background.ended([one], {}, [Act(**closed, warning=one.id, verdict=Verdict.AVERTED, reason="so")])
    assert (found[0].verdict, found[0].top, found[0].step) == (Verdict.AVERTED, one.grade, None)


def test_a_life_is_whole(one: RiskWarning):
    day, begins = timedelta(days=1), one.since
    spans = [Span(Grade.BLUE, begins, begins + day), Span(Grade.RED, begins + day, None)]
    drawn = background.life(spans, begins + 4 * day)
    assert [(each.left, each.width) for each in drawn] == [(0, 25), (25, 75)] and background.life(
        [], begins
    ) == []


def test_the_page_tells_all_of_it(browser: httpx.Client, world: World):
    with world.store.read() as tx:
        (*before, one) = (each for each in judgement.warnings(tx) if each.topic == "explosions")
    assert one.open and {each.area for each in before} == {"T1", "T2"}
    with world.store.begin() as tx:
        judgement.save_warnings(tx, [replace(one, chance=Chance(0.5, 0.31, 0.72, 7, 14, 3))])
    try:
        said = browser.get(f"/warning/{one.id}", params={"lang": "en"}).text
    finally:
        with world.store.begin() as tx:
            judgement.save_warnings(tx, [one])
    assert "7 of 14 such warnings came true within 3 days" in said and "50 % (31 %–72 %)" in said
    residents = world.settings.tree[one.area].population
    assert residents and f"{residents:,} residents" in said and 'class="life"' in said
    assert all(f"/warning/{each.id}" in said for each in before)


def test_what_a_finding_counted_stands_below_it_the_latest_first(
    browser: httpx.Client, world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(background, "LEADING", 2)
    with world.store.read() as tx:
        (one,) = judgement.warnings(tx, area="T1", open_only=True)
        (finding, *_) = why.behind(tx, one, judgement.changes(tx, warning=one.id))
        counted = why.incidents(world, tx, finding)
    said = browser.get(f"/warning/{one.id}", params={"lang": "en"}).text
    at = [said.index(f">{each.source_id}<") for each in counted]
    assert len(at) == 3 and at == sorted(at)
    assert at[1] < said.index(">1 earlier<") < at[2]


def test_the_distance_to_each_grade_is_told(browser: httpx.Client, world: World):
    told = 0
    scene = read(world)
    for warning in scene.open:
        for behind in scene.evidence.of(warning.id):
            if behind.missing and behind.next_grade:
                told += 1
                said = browser.get(f"/warning/{warning.id}", params={"lang": "en"}).text
                assert re.search(rf">{behind.missing:g} more<", re.sub(r"\s+", " ", said)), warning.id
    assert told, "the county has a warning below the highest grade"


def test_steps_have_words():
    from engine.console import words

    assert set(Step) <= set(words.STEPS)
