"""A browser, Debian's Chromium, in front of the small county's console."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from engine.cycle.world import World
from engine.model.area import AreaTree
from engine.model.text import Text
from tests.console.conftest import link, world

__all__ = ["link", "world"]

#: Only a hang takes longer (milliseconds).
PATIENCE = 120_000
expect.set_options(timeout=PATIENCE)

#: Both languages and both themes in every run, the other pairs in `make soak`.
LOOKS = [
    ("en", "light"),
    ("zh", "dark"),
    pytest.param("en", "dark", marks=pytest.mark.soak),
    pytest.param("zh", "light", marks=pytest.mark.soak),
]

CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Ended with its module: while it runs, no other test of this process can run a loop of its own."""
    if CHROMIUM is None:
        assert not os.environ.get("FOREWARN_CI"), "Chromium is missing: apt-get install -y chromium"
        pytest.skip("no Chromium is installed")
    with sync_playwright() as playwright:
        # Its own sandbox needs what containers seldom allow; it opens pages of this machine alone.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


Opener = Callable[..., Page]


#: What every area and risk is called at worst.
LONG = Text(
    "Llanfairpwllgwyngyll and Saint-Maximin-la-Sainte-Baume by the Water, " * 2,
    "黔西南布依族苗族自治州望谟县" * 4,
)


def long(world: World) -> World:
    """A world in which every name is long."""
    areas = {code: replace(area, name=LONG) for code, area in world.settings.tree.areas.items()}
    topics = {id_: replace(topic, title=LONG) for id_, topic in world.settings.topics.items()}
    tree = AreaTree(world.settings.tree.levels, areas)
    return replace(world, settings=replace(world.settings, tree=tree, topics=topics))


def barriers(page: Page) -> list[tuple[str, str, list[str]]]:
    """What of a page keeps somebody out, as axe sees it, with the first elements that do."""
    found = Axe().run(page).response["violations"]
    grave = [one for one in found if one["impact"] in ("serious", "critical")]
    return [(one["id"], one["help"], [node["html"][:160] for node in one["nodes"][:3]]) for one in grave]


def dressed(path: str, language: str, theme: str) -> str:
    """The address of a page in a language and a theme."""
    return f"{path}{'&' if '?' in path else '?'}lang={language}&theme={theme}"


@pytest.fixture
def opened(chromium: Browser, link: str) -> Iterator[Opener]:
    """Opens a page as somebody who has the link; whatever a page complains of fails the test."""
    contexts, complaints = [], []

    def open_(path: str = "/", width: int = 1440, height: int = 900, **how: object) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, **how)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(link)
        if path != "/":
            page.goto(link.partition("/enter")[0] + path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []
