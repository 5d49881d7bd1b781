"""A shift in a browser: what is reported warns at once, a task is worked off, a warning raised and closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from engine.cycle import collect
from engine.cycle import run as running
from engine.cycle.world import World
from engine.model.act import ActKind, Verdict
from engine.model.staff import Office
from engine.store import acts, judgement
from tests.browser.conftest import Opener
from tests.browser.test_acting import signed
from tests.console.test_acts import link, proposed, told, world
from tests.story import county

__all__ = ["link", "signed", "world"]

pytestmark = pytest.mark.xdist_group("browser")


def test_what_is_reported_warns_on_an_open_page_without_a_reload(signed: Opener, world: World):
    page = signed("/", Office.OFFICER)
    page.evaluate("window.stays = true")
    known = county.END + timedelta(milliseconds=1)
    with (world.settings.root / "log.csv").open("a", encoding="utf-8") as log:
        for number in (1, 2):
            at = known - timedelta(minutes=number)
            log.write(f"now-{number},{at.isoformat()},{known.isoformat()},T3,explosion\n")
    for feed in world.settings.feeds.values():
        assert not collect.poll(world, feed).error
    later = replace(world, clock=lambda: county.END + timedelta(minutes=1))
    running.keep_up(later, later.clock())
    with world.store.read() as tx:
        new = next(one for one in judgement.warnings(tx, area="T3") if one.open and one.topic == "explosions")
    expect(page.locator(f"#queue [data-warning='{new.id}']").first).to_be_visible()
    assert page.evaluate("window.stays") is True


def test_a_task_is_accepted_and_done(signed: Opener, world: World):
    page = signed("/plans", Office.OFFICER)
    task = page.locator("li.task").first
    before = page.locator("li.task").count()
    task.get_by_role("button", name="Accept").click()
    expect(page.locator("li.task").first.get_by_role("button", name="Accept")).to_have_count(0)
    page.locator("li.task").first.get_by_role("link", name="Done").click()
    box = page.get_by_role("dialog")
    box.get_by_role("textbox").fill("two patrols went out")
    page.keyboard.press("Control+Enter")
    expect(page.locator("li.task")).to_have_count(before - 1)


def test_a_warning_is_raised_by_hand_from_its_area(signed: Opener, world: World):
    page = signed("/area/T1", Office.OFFICER)
    page.get_by_role("link", name="Raise by hand").click()
    box = page.get_by_role("dialog")
    box.get_by_label("Risk").select_option("explosions")
    box.get_by_role("radio", name="Yellow").check()
    box.get_by_label("Why").fill("the fire brigade reports by radio")
    page.keyboard.press("Control+Enter")
    expect(box).to_be_hidden()
    with world.store.read() as tx:
        acted = [one for one in acts.every(tx, [ActKind.RAISE]) if one.area == "T1"]
    assert [one.topic for one in acted] == ["explosions"]


def test_a_warning_is_closed_with_a_verdict_by_keys_alone(signed: Opener, world: World):
    one = told(world)
    page = signed(f"/warning/{one.id}", Office.APPROVER)
    page.keyboard.press("c")
    box = page.get_by_role("dialog")
    expect(box.get_by_role("radio").first).to_be_focused()
    page.keyboard.press("ArrowUp")  # round to the last: unclear
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.name") != "why":
        page.keyboard.press("Tab")
    page.keyboard.type("two officers looked")
    page.keyboard.press("Control+Enter")
    expect(box).to_be_hidden()
    with world.store.read() as tx:
        (closed,) = [act for act in acts.of(tx, [one.id]) if act.kind is ActKind.CLOSE]
    assert (closed.verdict, closed.reason) == (Verdict.UNCLEAR, "two officers looked")


def test_what_is_declined_is_proposed_no_more(signed: Opener, world: World):
    one = proposed(world)
    page = signed(f"/warning/{one.id}", Office.APPROVER)
    page.keyboard.press("d")
    box = page.get_by_role("dialog")
    box.get_by_label("Why").fill("a parade, not a riot")
    page.keyboard.press("Control+Enter")
    expect(box).to_be_hidden()
    expect(page.get_by_role("button", name="Issue orange")).to_have_count(0)
    with world.store.read() as tx:
        (declined,) = [act for act in acts.of(tx, [one.id]) if act.kind is ActKind.DECLINE]
        now = judgement.warning(tx, one.id)
    assert declined.reason == "a parade, not a riot" and now is not None and now.proposed is None
