"""A shift in a browser: what is reported warns at once, and a task is worked off."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from engine.cycle import collect
from engine.cycle import run as running
from engine.cycle.world import World
from engine.model.staff import Office
from engine.store import judgement
from tests.browser.conftest import Opener
from tests.browser.test_acting import signed
from tests.console.test_acts import link, world
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
