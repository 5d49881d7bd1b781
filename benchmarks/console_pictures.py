"""Pictures of every page of the console over the demo, as people see it.

    python -m benchmarks.console_pictures [--root FOLDER] [build/pictures]

Into the folder: every page in both languages, light and dark, on a desk, a wall and a telephone. Into
docs/pictures: those that docs/console.md shows. Without a root the demo is made on the morning of the bomb
wave's peak, 27 January 2025, from what was known then.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import secrets
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
from engine.console.entrance import SESSION
from engine.console.serve import console
from engine.cycle import acting, collect, desk
from engine.cycle import run as running
from engine.cycle.world import World, clock_from
from engine.model.act import Act, ActKind
from engine.model.staff import Account, Office, Session
from engine.staff.sessions import digest
from engine.store import judgement, meta, outbox, sessions, staff

PROJECT = Path(__file__).parents[1]
MOMENT = datetime(2025, 1, 27, 8, 6, 9, tzinfo=ZoneInfo("Europe/Stockholm"))
#: When each row of the bundled tables was known, by its column.
TOLD = {
    "se_police.csv.gz": "first_seen", "se_police_polls.csv.gz": "polled_at", "kev.csv.gz": "entered",
    "kev_polls.csv.gz": "polled_at",
}  # fmt: skip
#: So many days before it are judged.
DAYS = 60
NAME = "chief"
DESK, WALL, PHONE = (1440, 900), (1920, 1080), (390, 844)
#: (page, language, theme, size) of those in docs/.
SHOWN = {
    ("now", "en", "light", DESK),
    ("now", "zh", "dark", DESK),
    ("wall", "en", "dark", WALL),
    ("warning", "en", "light", DESK),
    ("editor", "en", "light", DESK),
}


def main() -> None:
    given = asked(__doc__, "--root")
    with ExitStack() as stack:
        root = given.root or demo(Path(stack.enter_context(tempfile.TemporaryDirectory())) / "demo")
        world = stack.enter_context(app.world(root, clock=clock_from(MOMENT)))
        base = stack.enter_context(console(lambda: world, 0)).partition("/enter")[0]
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        key = signed_in(world)
        pages = {size: stack.enter_context(opened(browser, size, base, key)) for size in (DESK, WALL, PHONE)}
        for name, path, language, theme, size in wanted(world):
            kind = {WALL: "", DESK: "", PHONE: "-phone"}[size]
            file = given.folder / f"{name}{kind}-{language}-{theme}.png"
            picture(
                pages[size], f"{base}{path}{'&' if '?' in path else '?'}lang={language}&theme={theme}", file
            )
            print(file, flush=True)
            if (name, language, theme, size) in SHOWN:
                shutil.copy(file, PROJECT / "docs" / "pictures" / f"console-{name}-{language}.png")


def asked(said: str | None, *others: str) -> argparse.Namespace:
    """What every command that draws is given: the folder for its pictures, made here, and other paths."""
    parser = argparse.ArgumentParser(description=said, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=PROJECT / "build" / "pictures")
    for name in others:
        parser.add_argument(name, type=Path)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    return given


def signed_in(world: World) -> str:
    """The session of somebody who sees every page."""
    key, now, offices = (
        secrets.token_urlsafe(16),
        world.clock(),
        frozenset({Office.ADMINISTRATOR, Office.ANALYST}),
    )
    with world.store.begin() as tx:
        if staff.find(tx, NAME) is None:
            staff.add(tx, Account(name=NAME, title="Chief of the centre", offices=offices, since=now), "")
        sessions.add(tx, Session(id=digest(key), account=NAME, since=now, seen_at=now))
    return key


def demo(root: Path) -> Path:
    """The project's own configuration and data, judged up to `MOMENT`."""
    for name in ("config", "rules"):
        shutil.copytree(PROJECT / name, root / name)
    for name, column in TOLD.items():
        cut(root / "config" / "demo" / name, column)
    with app.world(root, clock=lambda: MOMENT) as world:
        running.prepare_ledger(world)
        for feed in world.settings.feeds.values():
            collect.poll(world, feed)
        with world.store.begin() as tx:
            meta.put(tx, "demo", MOMENT.isoformat())
        running.prepare(world, MOMENT - timedelta(days=DAYS))
        running.tick(world)
        acted(world)
    return root


def cut(file: Path, column: str) -> None:
    """Keep the rows of a gzipped table that were known at `MOMENT`."""
    with gzip.open(file, "rt", encoding="utf-8", newline="") as source:
        rows = csv.DictReader(source)
        kept = [row for row in rows if datetime.fromisoformat(row[column]) <= MOMENT]
    with gzip.open(file, "wt", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, list(kept[0]))
        writer.writeheader()
        writer.writerows(kept)


def acted(world: World) -> None:
    """What the night shift did: the gravest is read and being worked on, one is known to be nothing."""
    with world.store.read() as tx:
        found = sorted(judgement.warnings(tx, open_only=True), key=lambda one: (-one.grade, -one.score))
        told = {one.warning: one.receiver for one in outbox.addressed(tx)}
        tasks = [one for one in desk.tasks(world, tx, world.clock()) if one.open]
    first = next(one for one in found if one.id in told)
    done = {"by": "night-officer", "via": "console", "at": world.clock(), "area": "", "topic": ""}
    acting.do(world, Act(kind=ActKind.ACKNOWLEDGE, warning=first.id, receiver=told[first.id], **done))
    acting.do(world, Act(kind=ActKind.COMMENT, warning=first.id, reason="Bomb unit on its way", **done))
    for kind, why in ((ActKind.TASK_ACCEPT, ""), (ActKind.TASK_DONE, "Both patrols are out")):
        mine = next(one for one in tasks if one.warning == first.id)
        desk.answer(world, Act(kind=kind, target=mine.id, reason=why, **done))


def wanted(world: World) -> Iterator[tuple[str, str, str, str, tuple[int, int]]]:
    """(name, path, language, theme, size) of every picture."""
    with world.store.read() as tx:
        gravest = max(judgement.warnings(tx, open_only=True), key=lambda one: (one.grade, one.score))
    rule = gravest.rules[0]
    pages = {
        "now": "/", "warnings": "/warnings", "warning": f"/warning/{gravest.id}",
        "area": f"/area/{gravest.area}", "rules": "/rules", "rule": f"/rule/{rule}",
        "editor": f"/rule/{rule}/edit", "feeds": "/feeds", "faults": "/faults", "runs": "/runs",
        "plans": "/plans", "rota": "/rota", "audit": "/audit", "settings": "/settings",
        "act": f"/act/close?on={gravest.id}", "reports": "/reports", "sign-in": "/sign-in",
        "password": "/password",
    }  # fmt: skip
    how = product(pages.items(), ("en", "zh"), ("light", "dark"), (DESK, PHONE))
    for (name, path), language, theme, size in how:
        yield name, path, language, theme, size
    for language in ("en", "zh"):
        yield "wall", "/wall", language, "dark", WALL


def picture(page: Page, address: str, file: Path) -> None:
    """One page as a browser of this size shows it; whole where it is longer than the window."""
    page.goto(address, wait_until="load")
    page.screenshot(path=file, full_page="/wall" not in address)


@contextmanager
def opened(browser: Browser, size: tuple[int, int], base: str, key: str) -> Iterator[Page]:
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    context.add_cookies([{"name": SESSION, "value": key, "url": base}])
    yield context.new_page()
    context.close()


if __name__ == "__main__":
    main()
