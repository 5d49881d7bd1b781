"""A county whose wardens report by a form: its service's loops, and the page as a telephone meets it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from engine.console.public.serve import public
from engine.cycle import filling
from engine.cycle.loops.service import Loops
from engine.duty.link import FormLink
from tests.story import county, pushing

#: The variable that holds what signs the links.
SECRET = "WARDENS_SECRET"
FORM = """
title: {en: What you saw, zh: 巡查上报}
intro: {en: For the wardens of the county., zh: 供各镇巡查员使用。}
places: {areas: [C], level: town}
back: 3d
questions:
  - id: kind
    ask: {en: What is it?, zh: 是什么情况？}
    kind: choice
    choices:
      bang: {en: An explosion, zh: 爆炸}
      break-in: {en: A break-in, zh: 入室盗窃}
  - {id: hurt, ask: {en: How many are hurt?, zh: 几人受伤？}, kind: number, needed: false, most: 500}
  - {id: note, ask: {en: In a few words, zh: 简要说明}, kind: text, needed: false, most: 200}
"""
FEED = """
  - id: wardens
    title: {en: Reports of the wardens, zh: 巡查员上报}
    connector: form
    subject: incident
    options: {form: wardens}
    max_silence: 2d
    covers: {areas: [C], categories: [property, violence], from: 2026-01-01}
    map:
      source_id: id
      occurred_at: at
      place: {code: area}
      category: {field: kind, table: {bang: violence.explosion, break-in: property.burglary}}
      measures: {hurt: hurt}
      title: note
      keep_text: true
"""


def build(root: Path, address: str = "https://report.example.org/") -> Path:
    """The county, one feed of which is a form, and a page for whoever has a link."""
    county.build(root)
    (root / "config" / "forms").mkdir()
    (root / "config" / "forms" / "wardens.yaml").write_text(FORM, encoding="utf-8")
    path = root / "config" / "feeds.yaml"
    path.write_text(path.read_text(encoding="utf-8").rstrip() + FEED, encoding="utf-8")
    with (root / "config" / "engine.yaml").open("a", encoding="utf-8") as file:
        file.write(f'push_timeout: 10m\npublic: {{address: "{address}", secret: "${{{SECRET}}}"}}\n')
    return root


@contextmanager
def service(root: Path) -> Iterator[tuple[Loops, str, str]]:
    """The loops, and where the console and the public pages listen."""
    with (
        patch.dict(os.environ, {SECRET: "0123456789abcdef"}),
        pushing.service(root) as (loops, console),
        public(lambda: loops.world, "127.0.0.1", 0, loops.take) as port,
    ):
        yield loops, console, f"http://127.0.0.1:{port}"


def link(loops: Loops, area: str = "", days: int = 30, feed: str = "wardens") -> str:
    """The path of a new link."""
    now = loops.world.clock()
    made = filling.address(loops.world, FormLink(feed, area, now, now + timedelta(days=days)))
    return made.removeprefix(str(loops.world.settings.engine.public.address).rstrip("/"))
