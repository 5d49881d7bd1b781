"""No list of a page is cut without a word of how many more there are."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx
from lxml import html

from engine.console.few import Some
from engine.console.look import FOLDER
from engine.console.serve import console
from engine.cycle.world import World
from engine.model.text import Text

TEMPLATES = sorted(FOLDER.glob("templates/*.html"))


def test_the_first_of_many_know_how_many_more_there_are():
    assert (list(Some([1, 2, 3], 2)), Some([1, 2, 3], 2).more, Some([1, 2, 3], 2).rest) == ([1, 2], 1, [3])
    assert (list(Some([1], 2)), Some([1], 2).more) == ([1], 0)
    assert Some([1, 2], 2, of=9).more == 7 and list(Some([1, 2, 3], 2).alone) == [1, 2]
    assert Some([1, 2, 3], 2).alone.more == 0


def test_no_template_cuts_a_list_by_itself():
    """What is left out of `buttons` opens beside them."""
    for path in TEMPLATES:
        text = re.sub(r"offers\[.*?]", "", path.read_text(encoding="utf-8"))
        assert re.findall(r"\w+\[\w*:[^\]]*\]", text) == [], path.name


def test_every_template_that_cuts_one_says_how_many_more():
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r"set (\w+) = some\(", text):
            told = rf"{name}\.more|rest(_row)?\({name}\b"
            assert re.search(told, text), f"{path.name}: {name}"


def test_a_wall_says_of_how_many_more_feeds_it_has_no_room_for(world: World):
    feed = next(iter(world.settings.feeds.values()))
    feeds = {f"log{n}": replace(feed, id=f"log{n}", title=Text(f"Log {n}")) for n in range(5)}
    many = replace(world, settings=replace(world.settings, feeds=feeds))
    with console(lambda: many, 0) as link, httpx.Client(follow_redirects=True, timeout=None) as client:
        page = html.fromstring(client.get(str(client.get(link).url.join("/wall"))).text)
    (seen,) = page.xpath("//section[@class='sys2']")
    assert len(seen.xpath(".//div[@class='bf hatch']")) == 3 and "2 more" in seen.text_content()


def test_a_wall_says_how_much_more_stands_and_changed(browser: httpx.Client, world: World):
    page = html.fromstring(browser.get("/wall").text)
    (three,) = page.xpath("//section[@class='three']")
    stands = len(html.fromstring(browser.get("/warnings").text).xpath("//table[@id='list']/tbody/tr"))
    more = f"{stands - 3} more" if stands > 3 else ""
    assert len(three.xpath(".//li")) == min(stands, 3) and "".join(three.xpath("h2/span/text()")) == more
