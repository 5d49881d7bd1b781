"""Pictures of every page of the console over the demo, as people see it.

    python -m benchmarks.console_pictures [--root FOLDER] [build/pictures]

Into the folder: every page in both languages, light and dark, on a desk, a wall and a telephone. Into
docs/pictures: those that docs/console.md shows. Without a root the demo is made on the morning of the bomb
wave's peak, 27 January 2025, from what was known then.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page, sync_playwright

from engine import app
from engine.console.serve import console
from engine.cycle import collect
from engine.cycle import run as running
from engine.cycle.world import World
from engine.store import judgement, meta

PROJECT = Path(__file__).parents[1]
MOMENT = datetime(2025, 1, 27, 8, 6, 9, tzinfo=ZoneInfo("Europe/Stockholm"))
#: So many days before it are judged.
DAYS = 60
DESK, WALL, PHONE = (1440, 900), (1920, 1080), (390, 844)
#: (page, language, theme, size) of those in docs/.
SHOWN = {
    ("now", "en", "light", DESK),
    ("now", "zh", "dark", DESK),
    ("wall", "en", "dark", WALL),
    ("warning", "en", "light", DESK),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=PROJECT / "build" / "pictures")
    parser.add_argument("--root", type=Path)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        root = asked.root or demo(Path(stack.enter_context(tempfile.TemporaryDirectory())) / "demo")
        world = stack.enter_context(app.world(root))
        link = stack.enter_context(console(lambda: world, 0))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, path, language, theme, size in wanted(world):
            kind = {WALL: "", DESK: "", PHONE: "-phone"}[size]
            file = asked.folder / f"{name}{kind}-{language}-{theme}.png"
            picture(browser, link, f"{path}?lang={language}&theme={theme}", size, file)
            print(file)
            if (name, language, theme, size) in SHOWN:
                shutil.copy(file, PROJECT / "docs" / "pictures" / f"console-{name}-{language}.png")


def demo(root: Path) -> Path:
    """The project's own configuration and data, judged up to `MOMENT`."""
    for name in ("config", "rules"):
        shutil.copytree(PROJECT / name, root / name)
    with app.world(root, clock=lambda: MOMENT) as world:
        running.prepare_ledger(world)
        for feed in world.settings.feeds.values():
            collect.poll(world, feed)
        with world.store.begin() as tx:
            meta.put(tx, "demo", MOMENT.isoformat())
        running.prepare(world, MOMENT - timedelta(days=DAYS))
        running.tick(world)
    return root


def wanted(world: World) -> Iterator[tuple[str, str, str, str, tuple[int, int]]]:
    """(name, path, language, theme, size) of every picture."""
    with world.store.read() as tx:
        gravest = max(judgement.warnings(tx, open_only=True), key=lambda one: (one.grade, one.score))
    pages = {
        "now": "/", "warnings": "/warnings", "warning": f"/warning/{gravest.id}",
        "area": f"/area/{gravest.area}", "rules": "/rules",
        "rule": f"/rule/{gravest.rules[0]}", "feeds": "/feeds", "runs": "/runs",
    }  # fmt: skip
    how = product(pages.items(), ("en", "zh"), ("light", "dark"), (DESK, PHONE))
    for (name, path), language, theme, size in how:
        yield name, path, language, theme, size
    for language in ("en", "zh"):
        yield "wall", "/wall", language, "dark", WALL


def picture(browser: Browser, link: str, path: str, size: tuple[int, int], file: Path) -> None:
    """One page as a browser of this size shows it; whole where it is longer than the window."""
    with opened(browser, size) as page:
        page.goto(link)
        page.goto(link.partition("/enter")[0] + path)
        page.wait_for_load_state("load")
        page.screenshot(path=file, full_page=size != WALL)


@contextmanager
def opened(browser: Browser, size: tuple[int, int]) -> Iterator[Page]:
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


if __name__ == "__main__":
    main()
