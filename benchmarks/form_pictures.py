"""Pictures of the form for telephones as grid workers see it, in both languages, light and dark.

    python -m benchmarks.form_pictures [build/pictures]

The form is that of the kit `county-cn`, 360 pixels wide: behind a link it is shown empty, filled in, with a
report that waits for a network, taken, and gone; to whoever has an account, within the console. Into
docs/pictures go those that docs/feeds.md shows.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from concurrent.futures import Future
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.console_pictures import asked, signed_in
from benchmarks.mail_pictures import THEMES, Theme, beside
from engine import app
from engine.console.entrance import SESSION
from engine.console.public.serve import public
from engine.console.serve import console
from engine.cycle import filling, intake
from engine.cycle import run as running
from engine.cycle.intake import Post, Taken
from engine.cycle.world import World
from engine.duty.link import FormLink
from engine.kits.files import files
from engine.kits.kit import KITS

PROJECT = Path(__file__).parents[1]
#: A small telephone.
SIZE = {"width": 360, "height": 740}
WORDS = {"en": "Half a metre of water under the old bridge", "zh": "老桥下积水约半米，车辆无法通行"}
FEED, TOWN = "grid-form", "999901101"
#: The form's feed stands in the kit as comments, to be switched on; so does the address of the page.
_OFF = {"feeds": re.compile(r"(?m)^# {3}- id: grid-form\n(?:# .*\n?)+"),
        "engine": re.compile(r"(?m)^# public: .*$")}  # fmt: skip


def main() -> None:
    folder = asked(__doc__).folder
    os.environ["FOREWARN_LINKS"] = "pictures are taken of a made-up county"
    with ExitStack() as stack:
        root = made(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        world = stack.enter_context(app.world(root))
        running.prepare_ledger(world)
        port = stack.enter_context(public(lambda: world, "127.0.0.1", 0, lambda post: taken(world, post)))
        base = stack.enter_context(console(lambda: world, 0)).partition("/enter")[0]
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        key, now = signed_in(world), world.clock()
        path = filling.address(world, FormLink(FEED, TOWN, now, now + timedelta(days=90)))
        link = f"http://127.0.0.1:{port}/{path.split('/', 3)[3]}"
        for language in ("en", "zh"):
            shown = []
            for theme in THEMES:
                pictures = visit(browser, link, language, theme, folder)
                pictures.append(inside(browser, f"{base}/forms/{FEED}", key, language, theme, folder))
                shown += pictures[:1] if theme == "dark" else pictures[1:3]
                print(*pictures, sep="\n", flush=True)
            beside(shown, PROJECT / "docs" / "pictures" / f"form-{language}.png")


def made(root: Path) -> Path:
    """The kit's county, its form switched on."""
    for path, body in files(KITS["county-cn"], datetime.now(UTC)).items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    for name, pattern in _OFF.items():
        file = root / "config" / f"{name}.yaml"
        text = file.read_text(encoding="utf-8")
        found = pattern.search(text)
        assert found is not None, f"{file} no longer holds the form, to be switched on"
        file.write_text(text.replace(found[0], re.sub("(?m)^# ", "", found[0])), encoding="utf-8")
    return root


def taken(world: World, post: Post) -> Future[Taken]:
    """What the service beside the page does with what is filled in."""
    answer = Future[Taken]()
    answer.set_result(intake.take(world, [post])[0])
    return answer


def visit(browser: Browser, link: str, language: str, theme: Theme, folder: Path) -> list[Path]:
    """The form behind a link: empty, filled in, taken, waiting for a network, and a link that is no more."""
    context = telephone(browser, language, theme)
    page, found = context.new_page(), list[Path]()

    def shot(name: str) -> None:
        found.append(folder / f"form-{name}-{language}-{theme}.png")
        page.screenshot(path=found[-1], full_page=True)

    address = f"{link}?lang={language}"
    page.goto(address, wait_until="networkidle")
    shot("empty")
    fill(page, language)
    shot("filled")
    context.set_offline(True)
    page.click("button.first")
    page.wait_for_selector("#waiting li")
    shot("waiting")
    context.set_offline(False)
    page.goto(address, wait_until="networkidle")
    fill(page, language)
    page.click("button.first")
    page.wait_for_selector("#told:not([hidden])")
    shot("taken")
    page.goto(f"{link[:-4]}AAAA?lang={language}", wait_until="networkidle")
    shot("gone")
    context.close()
    return found


def telephone(browser: Browser, language: str, theme: Theme) -> BrowserContext:
    """A browser as small, and as coarse to point with, in the language of its user."""
    return browser.new_context(
        viewport=SIZE, color_scheme=theme, reduced_motion="reduce", has_touch=True, device_scale_factor=2,
        locale={"zh": "zh-CN"}.get(language, "en-GB"), timezone_id="Asia/Shanghai",
    )  # fmt: skip


def fill(page: Page, language: str) -> None:
    page.select_option("#area", index=1)
    page.check("input[value=flood]")
    page.fill("[name=hurt]", "2")
    page.fill("[name=note]", WORDS[language])


def inside(browser: Browser, address: str, key: str, language: str, theme: Theme, folder: Path) -> Path:
    """The same for whoever has an account, within the console."""
    context = telephone(browser, language, theme)
    context.add_cookies([{"name": SESSION, "value": key, "url": address.partition("/forms")[0]}])
    page = context.new_page()
    page.goto(f"{address}?lang={language}&theme={theme}", wait_until="networkidle")
    file = folder / f"form-console-{language}-{theme}.png"
    page.screenshot(path=file, full_page=True)
    page.goto(f"{address.partition('/forms')[0]}/feeds?lang={language}&theme={theme}", wait_until="load")
    page.screenshot(path=folder / f"form-feeds-{language}-{theme}.png", full_page=True)
    context.close()
    return file


if __name__ == "__main__":
    main()
