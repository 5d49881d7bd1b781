"""Live parts: what a page shows, made once for all who see the same, and small."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from lxml import html

from engine.console.pages import now, warnings
from engine.console.scene import Scenes
from engine.cycle.world import World
from engine.model.staff import Office
from tests.console.conftest import SignIn

CLOCK = re.compile(r"data-at=.[0-9.]*.|\d\d:\d\d:\d\d")


@pytest.mark.parametrize(("path", "part"), [("/", "/part/now"), ("/wall", "/part/wall")])
def test_a_part_is_what_the_page_shows(browser: httpx.Client, path: str, part: str):
    """Each live element of the page, and nothing of its frame."""
    whole, live = (html.fromstring(browser.get(one).text) for one in (path, part))
    ids = whole.xpath("//*[@data-live]/@id")
    assert ids
    for id_ in ids:
        pieces = [html.tostring(one.get_element_by_id(id_), encoding="unicode") for one in (whole, live)]
        assert CLOCK.sub("", pieces[0]).strip() == CLOCK.sub("", pieces[1]).strip()
    assert live.xpath("/html/@data-state") and not live.xpath("//nav | //script[@src]")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """For whom parts were made."""
    calls: list[str] = []
    real = now._desk

    def counted(request, *rest):  # type: ignore[no-untyped-def]
        calls.append(request.state.visitor.name)
        return real(request, *rest)

    monkeypatch.setattr(now, "_desk", counted)
    monkeypatch.setattr(Scenes, "_eased", Scenes._whole)
    return calls


def test_many_who_look_cost_one_and_a_new_state_one_more(signed: SignIn, world: World, made: list[str]):
    one, analyst, other = signed(Office.VIEWER), signed(Office.ANALYST), signed(Office.VIEWER)
    with world.store.begin() as tx:
        tx.seq()
    with ThreadPoolExecutor(8) as pool:
        told = set(pool.map(lambda n: (one, other)[n % 2].get("/part/now").text, range(16)))
    assert len(made) == 1 == len(told)
    analyst.get("/part/now")
    assert len(made) == 2, "another right may show another button"
    with world.store.begin() as tx:
        tx.seq()
    one.get("/part/now")
    assert len(made) == 3


def test_whoever_may_act_has_parts_of_their_own(signed: SignIn, made: list[str]):
    for client in (signed(Office.OFFICER), signed(Office.OFFICER)):
        assert client.get("/part/now").text == client.get("/part/now").text
    assert len(made) == 2


def test_what_is_narrowed_is_not_given_to_others(signed: SignIn):
    whole, part = (signed(Office.VIEWER, area=top).get("/part/now").text for top in ("", "T1"))
    assert "The County" in whole and "The County" not in part


@pytest.mark.parametrize("path", ["/", "/part/now", "/v1/warnings"])
def test_what_is_long_is_sent_compressed(browser: httpx.Client, path: str):
    packed, plain = (browser.get(path, headers={"accept-encoding": how}) for how in ("gzip", "identity"))
    assert packed.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
    assert CLOCK.sub("", packed.text) == CLOCK.sub("", plain.text)
    assert packed.num_bytes_downloaded < plain.num_bytes_downloaded


def test_a_long_list_has_pages(browser: httpx.Client, monkeypatch: pytest.MonkeyPatch):
    def rows(path: str) -> html.HtmlElement:
        return html.fromstring(browser.get(path).text)

    whole = len(rows("/warnings?every=true").xpath("//tbody/tr"))
    monkeypatch.setattr(warnings, "MOST", 2)
    seen, path = 0, "/warnings?every=true"
    while path:
        page = rows(path)
        seen += len(page.xpath("//tbody/tr"))
        following = [one.get("href") for one in page.xpath("//p[@class='more2']/a") if one.text == "More"]
        path = f"/warnings{following[0]}" if following else ""
    assert seen == whole > 2
    assert browser.get("/warnings?after=-1").status_code == 404
