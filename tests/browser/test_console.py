"""The console in a browser: live, by keyboard, on a telephone, in both languages, for everybody."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from playwright.sync_api import Locator, expect

from engine.cycle.world import World
from engine.model.grade import Grade
from engine.store import judgement
from tests.browser.conftest import LOOKS, Opener, barriers, dressed

pytestmark = pytest.mark.xdist_group("browser")

PAGES = [
    "/",
    "/wall",
    "/warnings?every=true",
    "/area/T1",
    "/rules",
    "/rule/county.burglary-surge?area=T1",
    "/feeds",
    "/faults",
    "/runs",
    "/reports",
]


@pytest.mark.parametrize(("language", "theme"), LOOKS)
def test_nothing_keeps_anybody_out(opened: Opener, world: World, theme: str, language: str):
    with world.store.read() as tx:
        (first, *_) = judgement.warnings(tx)
    page = opened()
    for path in [*PAGES, f"/warning/{first.id}"]:
        address = page.url.partition("?")[0].partition("//")[2].partition("/")[0]
        page.goto(f"http://{address}{dressed(path, language, theme)}")
        assert barriers(page) == [], path


def test_a_new_warning_appears_without_a_reload(opened: Opener, world: World):
    page = opened()
    page.evaluate("window.stays = true")
    with world.store.read() as tx:
        (old, *_) = judgement.warnings(tx, open_only=True)
    new = replace(old, id="T1.new.by-hand", area="T1", grade=Grade.RED, title_en="Quite new")
    expect(page.locator("[data-warning='T1.new.by-hand']")).to_have_count(0)
    with world.store.begin() as tx:
        judgement.save_warnings(tx, [new])
        tx.seq()
    expect(page.locator("[data-warning='T1.new.by-hand']")).to_have_count(1)
    assert page.evaluate("window.stays") is True
    with world.store.begin() as tx:
        judgement.save_warnings(tx, [replace(new, lifted_at=new.since)])
        tx.seq()
    expect(page.locator("#queue [data-warning='T1.new.by-hand']")).to_have_count(0)


def test_by_keyboard_alone(opened: Opener):
    page = opened()
    rows = page.locator("#queue [data-warning]:visible")
    chosen = page.locator(".row.sel [data-warning]").get_attribute("data-warning")
    named = [row.get_attribute("data-warning") for row in rows.all()]
    at = len(named) - 1 - named[::-1].index(chosen)  # below what waits, each stands once
    first, second = named[at], named[at + 1]
    page.keyboard.press("j")
    expect(page.locator(".row.sel [data-warning]")).to_have_attribute("data-warning", str(second))
    expect(page.locator("[data-detail]")).to_have_attribute("data-detail", str(second))
    page.keyboard.press("k")
    expect(page.locator("[data-detail]")).to_have_attribute("data-detail", str(first))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/warning/{first}")
    page.keyboard.press("Escape")
    page.wait_for_url(lambda url: "/warning/" not in url)


def test_days_go_back_and_forth_and_the_page_says_which(opened: Opener):
    page = opened()
    now = page.locator("#asof").inner_text()
    page.keyboard.press("[")
    assert page.locator("#asof").inner_text() != now
    expect(page.locator(".dcol.on")).to_have_attribute("data-day", "28")
    page.keyboard.press("]")
    expect(page.locator("#asof")).to_have_text(now)
    page.locator(".dcol").nth(3).click(force=True)
    expect(page.locator(".dcol.on")).to_have_attribute("data-day", "3")


def test_the_clock_goes_on_and_the_next_screening_comes_nearer(opened: Opener):
    page = opened()
    clock, left = page.locator("[data-clock]"), page.locator("[data-until]").first
    first = (clock.inner_text(), left.inner_text())
    expect(clock).not_to_have_text(first[0])
    expect(left).not_to_have_text(first[1])


def test_without_scripts_everything_can_be_read(opened: Opener, world: World):
    page = opened(java_script_enabled=False)
    page.locator("#queue [data-warning]").nth(1).click()
    page.wait_for_url("**/?warning=*")
    page.locator("[data-detail] h1 a").click()
    page.wait_for_url("**/warning/*")
    expect(page.locator("h1")).to_be_visible()


def test_language_and_theme_are_pressed_and_kept(opened: Opener):
    page = opened("/feeds", color_scheme="light")
    light = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.get_by_role("link", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.get_by_role("link", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") != light
    page.goto(page.url.partition("/feeds")[0] + "/runs")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [1440, 1100, 390])
def test_no_label_of_the_days_stands_on_another(opened: Opener, language: str, width: int):
    page = opened(f"/?lang={language}", width=width)
    boxes = [one.bounding_box() for one in page.locator(".axis > *").all()]
    told = page.locator(".axis > *").evaluate_all(
        "all => all.map((one) => { const range = document.createRange(); range.selectNodeContents(one);"
        " const box = range.getBoundingClientRect(); return [box.left, box.right]; })"
    )
    assert len(boxes) == len(told) == 5
    assert all(right + 4 <= left for (_, right), (left, _) in pairwise(told)), told


@pytest.mark.parametrize("size", [(1920, 1080), (1440, 900), (1280, 1024), (2560, 1080)])
def test_a_wall_fills_its_screen_whatever_its_shape_and_cuts_nothing(opened: Opener, size: tuple[int, int]):
    page = opened("/wall", width=size[0], height=size[1])
    assert page.locator("#wall").bounding_box() == {"x": 0, "y": 0, "width": size[0], "height": size[1]}
    for part in ("wmap", "doms", "three", "chg", "sys2"):
        (one,) = page.locator(f".{part}").all()
        over = one.evaluate("one => [one.scrollWidth - one.clientWidth, one.scrollHeight - one.clientHeight]")
        assert max(over) <= 1, part
    boxes = map(Locator.bounding_box, page.locator(".wall > section").all())
    assert abs(max(box["y"] + box["height"] for box in boxes if box) - size[1]) <= 1


def test_a_map_tells_whoever_does_not_see_it_where_and_what(opened: Opener, world: World):
    page = opened()
    shapes = page.locator(".map [data-code]")
    names = {code: world.settings.tree[code].name.en for code in ("T1", "T2", "T3")}
    told = dict(zip(shapes.evaluate_all("all => all.map((one) => one.dataset.code)"),
                    shapes.locator("title").all_text_contents(), strict=True))  # fmt: skip
    assert told.keys() == names.keys() and all(told[code].startswith(f"{names[code]}: ") for code in names)
    grades = {one.partition(": ")[2] for one in told.values()}
    assert grades - {"none"}, "something stands"
    page.locator(".dcol").first.click(force=True)
    expect(shapes.locator("title")).to_have_text([f"{names[code]}: none" for code in told])
