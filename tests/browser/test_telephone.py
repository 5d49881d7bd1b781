"""On a telephone nothing is wider than it, whatever its fonts: every page, folded parts open."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser, Page

from engine.console.serve import console
from engine.cycle.world import World
from engine.model.staff import Office
from tests.browser.conftest import Opener, long
from tests.browser.test_acting import signed
from tests.console.test_acts import link, proposed, told, world

__all__ = ["link", "signed", "world"]

pytestmark = pytest.mark.xdist_group("browser")

WIDTHS = (390, 360, 320)
#: As wide as fonts come, and wider.
WIDE = """* {
  font-family: 'DejaVu Sans', 'Noto Sans CJK SC', sans-serif !important; letter-spacing: .04em !important;
}"""
WORN = """css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
  document.querySelectorAll("details").forEach((one) => (one.open = true));
}"""
PAGES = (
    "/", "/warnings?every=true", "/areas", "/area/T1", "/rules", "/rule/county.burglary-surge?area=T1",
    "/feeds", "/faults", "/runs", "/plans", "/rota", "/reports", "/audit", "/settings",
    "/sign-in", "/password",
)  # fmt: skip
HIDDEN = """[
  ...document.querySelectorAll("#queue .r1 > :last-child, #queue .sit > b, .counts > *, .clock")
].filter(
  (one) => one.getBoundingClientRect().right > 1 + Math.min(
    innerWidth, one.closest("li, .tile, .bar").getBoundingClientRect().right
  )
).map((one) => one.textContent)"""
#: What asks before it is done.
ACTS = ("close", "silence", "comment", "regrade", "lift")


def test_nor_is_the_editor(signed: Opener):
    page = signed("/rule/county.burglary-surge/edit", Office.ANALYST, is_mobile=True, has_touch=True)
    page.evaluate(WORN, WIDE)
    assert [width for width in WIDTHS if overflows(page, width)] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_is_wider_than_it(signed: Opener, world: World, language: str):
    page = signed("/sign-in", Office.ADMINISTRATOR, width=390, height=844, is_mobile=True, has_touch=True)
    base = page.url.partition("/sign-in")[0]
    for path in paths(told(world).id, proposed(world).id):
        answer = page.goto(f"{base}{path}{'&' if '?' in path else '?'}lang={language}")
        assert answer is not None and answer.ok, path
        page.evaluate(WORN, WIDE)
        assert [width for width in WIDTHS if overflows(page, width)] == [], path


def paths(one: str, waits: str) -> Iterator[str]:
    yield from (*PAGES, f"/?warning={waits}", f"/warning/{one}", f"/warning/{waits}")
    yield from (f"/act/{kind}?on={one}" for kind in ACTS)


def overflows(page: Page, width: int) -> bool:
    page.set_viewport_size({"width": width, "height": 844})
    wide: int = page.evaluate("Math.max(document.documentElement.scrollWidth, innerWidth)")
    return wide > width


def test_a_long_name_hides_nothing_that_stands_beside_it(chromium: Browser, world: World):
    """By when something is due, how long it has stood, what it is about: on a desk and on a telephone."""
    named = long(world)
    with console(lambda: named, 0) as entrance:
        page = chromium.new_page()
        page.goto(entrance)
        for language, width in product(("en", "zh"), (1440, 1280, 390, 320)):
            page.set_viewport_size({"width": width, "height": 844})
            page.goto(f"{entrance.partition('/enter')[0]}/?lang={language}")
            assert page.locator("#queue .r1").count() > 3
            assert (page.evaluate(HIDDEN), overflows(page, width)) == ([], False), (language, width)
        page.close()
