"""Pictures of e-mails as people see them: one warning, nine areas, a digest; both languages, light and dark.

    python -m benchmarks.mail_pictures [build/pictures]

They are made of the messages that templates are tried with, and of the counties of the bundled configuration.
Into docs/pictures go those that docs/notifications.md shows.
"""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from typing import Any, Literal

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from benchmarks.console_pictures import asked
from engine import app
from engine.model.grade import Grade
from engine.model.message import Notification
from engine.notify.areas import gathered
from engine.notify.digest import digest
from engine.notify.letter.letter import letter
from engine.notify.payload import canonical
from engine.notify.template.dress import samples

PROJECT = Path(__file__).parents[1]
AT = datetime(2026, 3, 8, 7, tzinfo=UTC)
LINK = "https://warn.example.org/a/0a1b2c"
MANY = 9
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")


def main() -> None:
    folder = asked(__doc__).folder
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for language in ("en", "zh"):
            for name, payload in mails(language):
                files = [folder / f"mail-{name}-{language}-{theme}.png" for theme in THEMES]
                for file, theme in zip(files, THEMES, strict=True):
                    picture(browser, payload, theme, file)
                    print(file)
                shown = "mail" if name == "one" else f"mail-{name}"
                beside(files, PROJECT / "docs" / "pictures" / f"{shown}-{language}.png")


def mails(language: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(name, payload) of each, with its links."""
    one = samples(language)[0]
    yield "one", one | {"answer": {"link": LINK, "reply": ""}}
    places = app.settings(PROJECT).tree.areas.values()
    counties = [place.name.say(language) for place in places if place.level == "county"]
    notes = [_note(one, place, number) for number, place in enumerate(counties[: MANY + 5])]
    *_, areas = gathered(notes[:MANY])
    yield "areas", _linked(areas, notes)
    labels = app.settings(PROJECT).grades.labels
    lesser = [replace(_note(one, place, 10), key=place) for place in counties[:MANY]]
    *_, waited = gathered(lesser)
    yield "digest", _linked(digest([*notes[MANY:], waited], labels, AT, UTC), notes)


def _note(payload: Mapping[str, Any], place: str, number: int) -> Notification:
    """The sample as it would tell of another county; the later the less grave."""
    word = ("orange", "orange", "yellow", "yellow", "yellow", "blue")[min(number // 2, 5)]
    own = json.loads(json.dumps(payload))
    own["change"] |= {"step": "issued", "before": "none", "after": word}
    own["warning"] |= {"id": f"{number + 1:02}.burglary.d20260305", "grade": word}
    label = app.settings(PROJECT).grades.labels[Grade.named(word)].say(own["language"])
    own["told"] |= {"place": place, "grade": label.lower()}
    mark = f"【{label}预警】{place}：{own['told']['title']}" if own["language"] == "zh" else (
        f"[{label.upper()} warning] {own['told']['title']}, {place}"
    )  # fmt: skip
    own["subject"] = mark
    own["evidence"][0]["observed"] = 9 - number // 2
    name = str(number)
    return Notification(
        key=name, change=name, warning=name, receiver="duty", channel="mail", step="issued", planned_at=AT,
        grade=Grade.named(word), subject=mark, body=own["text"], payload=canonical(own),
    )  # fmt: skip


def _linked(note: Notification, notes: list[Notification]) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads(note.payload)
    each = [{"name": one.subject, "link": f"{LINK}{number}"} for number, one in enumerate(notes)]
    return payload | {"answer": {"link": LINK, "reply": "", "each": each[:12]}}


def picture(browser: Browser, payload: Mapping[str, Any], theme: Theme, file: Path) -> None:
    """One letter as a mail program with this theme shows it."""
    made = letter(payload, payload["subject"])
    html = made.html
    for name, content in made.pictures.items():
        html = html.replace(f"cid:{name}", f"data:image/png;base64,{base64.b64encode(content).decode()}")
    context = browser.new_context(viewport={"width": 680, "height": 400}, color_scheme=theme)
    page = context.new_page()
    page.set_content(html, wait_until="load")
    page.screenshot(path=file, full_page=True)
    context.close()


def beside(files: list[Path], to: Path) -> None:
    """One picture of several; in few colours, the rare ones among them."""
    taken = [Image.open(file).convert("RGB") for file in files]
    whole = Image.new("RGB", (sum(one.width for one in taken), max(one.height for one in taken)), "white")
    for place, one in zip(accumulate((one.width for one in taken), initial=0), taken, strict=False):
        whole.paste(one, (place, 0))
    few = whole.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(to, optimize=True)


if __name__ == "__main__":
    main()
