"""The editor of rules in a browser: an error as one types, its mend by one press, a draft tried and kept."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from engine.console import drafting
from engine.cycle.world import World
from engine.model.staff import Office
from tests.browser.conftest import LOOKS, Opener, barriers
from tests.browser.test_acting import signed
from tests.console.test_acts import link, world

__all__ = ["link", "signed", "world"]

pytestmark = pytest.mark.xdist_group("browser")

PATH = "/rule/county.burglary-surge/edit"


def written(page: Page, was: str, what: str) -> None:
    """As if somebody had selected a word and typed another."""
    page.evaluate(
        """([was, what]) => {
          const text = document.querySelector("#text");
          const at = text.value.indexOf(was);
          text.focus();
          text.setSelectionRange(at, at + was.length);
          document.execCommand("insertText", false, what);
        }""",
        [was, what],
    )


def test_an_error_shows_as_one_types_and_a_press_mends_it(signed: Opener):
    page = signed(PATH, Office.ANALYST)
    text = page.locator("#text")
    before = text.input_value()
    written(page, "cycle: daily", "cycle: dayly")
    row = page.locator(".probs [data-line]").filter(has_text="dayly")
    expect(row).to_be_visible()
    line = int(row.get_attribute("data-line") or 0)
    expect(page.locator(f".gut li:nth-child({line})")).to_have_class("bad")
    row.get_by_role("button", name="Mend").click()
    expect(row).to_have_count(0)
    assert text.input_value() == before
    expect(page.locator("#draft")).to_contain_text("In words")


def test_by_keys_alone(signed: Opener):
    page = signed(PATH, Office.ANALYST)
    before = page.locator("#text").input_value()
    written(page, "domain: public-safety", "domian: public-safety")
    expect(page.locator(".probs [data-mend]")).to_have_count(1)
    page.keyboard.press("Control+Home")
    chosen = "text => text.value.slice(text.selectionStart, text.selectionEnd)"
    for _ in range(page.locator(".probs [data-line]").count()):
        page.keyboard.press("F8")
        if "domian" in page.locator("#text").evaluate(chosen):
            break
    assert "domian" in page.locator("#text").evaluate(chosen)
    page.keyboard.press("Alt+Enter")
    expect(page.locator(".probs [data-mend]")).to_have_count(0)
    assert page.locator("#text").input_value() == before
    page.keyboard.press("Tab")
    expect(page.locator("#text")).not_to_be_focused()


def test_a_draft_is_tried_beside_what_stands_and_kept_as_a_patch(signed: Opener, world: World):
    page = signed(PATH, Office.ANALYST)
    written(page, "blue: {at_least: 3}", "blue: {at_least: 1}")
    page.get_by_role("button", name="Try on the last days").click()
    expect(page.locator("#tried tbody tr").first).to_be_visible()
    page.get_by_role("button", name="Keep as a draft").click()
    expect(page.locator("#draft")).to_contain_text("county-burglary-surge.patch")
    with page.expect_download() as loaded:
        page.get_by_role("link", name="The patch").click()
    assert "+" in loaded.value.path().read_text() and "at_least: 1" in loaded.value.path().read_text()
    for kept in (world.settings.root / drafting.KEPT).iterdir():
        kept.unlink()


@pytest.mark.parametrize(("language", "theme"), LOOKS)
def test_nothing_keeps_anybody_out(signed: Opener, language: str, theme: str):
    page = signed(f"{PATH}?lang={language}&theme={theme}", Office.ANALYST)
    assert barriers(page) == []


def test_without_scripts_it_checks_by_a_press(signed: Opener):
    page = signed(PATH, Office.ANALYST, java_script_enabled=False)
    page.get_by_label("The file").fill("rules: [")
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".probs li").first).to_be_visible()
