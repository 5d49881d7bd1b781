"""A browser, Debian's Chromium, in front of the small county's console."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

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
