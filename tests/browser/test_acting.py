"""Acting in a browser: signing in, one press, dialogs, keys alone, a display; and nobody is kept out."""

from __future__ import annotations

import secrets

import pytest
from playwright.sync_api import Page, Route, expect

from engine.cycle.world import World
from engine.model.grade import Grade
from engine.model.staff import Office, TokenKind
from engine.staff import accounts, tokens
from engine.store import acts, judgement
from tests.browser.conftest import LOOKS, Opener, barriers, dressed
from tests.console.conftest import session
from tests.console.test_acts import link, proposed, told, world

__all__ = ["link", "world"]

pytestmark = pytest.mark.xdist_group("browser")

OWN = "four quite plain words"


@pytest.fixture
def signed(opened: Opener, world: World, link: str):  # type: ignore[no-untyped-def]
    """A page of somebody who is signed in."""

    def open_(path: str, *offices: Office, **how: object) -> Page:
        page = opened("/sign-in", **how)
        key = session(world, *offices)
        base = link.partition("/enter")[0]
        page.context.add_cookies([{"name": "forewarn_session", "value": key, "url": base}])
        page.goto(base + path)
        return page

    return open_


def done(world: World, id_: str) -> list[str]:
    with world.store.read() as tx:
        return [act.kind.value for act in acts.of(tx, [id_])]


def test_set_up_and_sign_in_and_out(opened: Opener, world: World, link: str):
    name = f"b{secrets.token_hex(6)}"
    with world.store.begin() as tx:
        given = accounts.add(tx, name, [Office.OFFICER], world.clock(), by="cli", via="cli")
    page = opened("/sign-in?next=/feeds")
    page.get_by_label("Account").fill(name)
    page.get_by_label("Password").fill(given)
    page.keyboard.press("Enter")
    page.wait_for_url("**/password")
    page.get_by_label("New password").fill(OWN)
    page.get_by_label("The same again").fill(OWN)
    page.keyboard.press("Enter")
    expect(page.locator(".who")).to_contain_text(f"{name} · Duty officer")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")


def test_a_key_acknowledges_without_a_reload(signed, world: World):  # type: ignore[no-untyped-def]
    one = told(world)
    page = signed(f"/warning/{one.id}", Office.OFFICER)
    page.evaluate("window.stays = true")
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Take back")).to_be_attached()
    assert page.evaluate("window.stays") is True and "acknowledge" in done(world, one.id)


def test_a_key_counts_while_the_focus_is_still_in_a_closed_dialog(signed, world: World):  # type: ignore[no-untyped-def]
    one = proposed(world)
    page = signed(f"/?warning={one.id}", Office.APPROVER)
    page.keyboard.press("d")
    expect(page.get_by_role("dialog").locator("textarea")).to_be_visible()
    page.evaluate(
        """() => {
            const field = document.querySelector("#ask textarea");
            document.querySelector("#ask").close();
            field.dispatchEvent(new KeyboardEvent("keydown", { key: "n", bubbles: true, cancelable: true }));
        }"""
    )
    expect(page.get_by_role("dialog").get_by_role("heading")).to_contain_text("Note")


def test_a_pane_that_comes_late_does_not_take_the_place_of_the_chosen_one(signed, world: World):  # type: ignore[no-untyped-def]
    one, two = proposed(world), told(world)
    page = signed(f"/?warning={one.id}", Office.APPROVER)
    held: list[Route] = []
    page.route(f"**/part/warning/{one.id}", lambda route: held.append(route))
    page.evaluate(
        """() => {
            const [ask, read] = [window.fetch, []];
            window.fetch = (...what) => {
                const answer = ask(...what);
                read.push(answer.then((one) => one.clone().text()));
                return answer;
            };
            window.settled = () => Promise.all(read).then(() => new Promise((done) => setTimeout(done)));
        }"""
    )
    page.locator(f"#queue [data-warning='{one.id}']").first.click()
    page.locator(f"#queue [data-warning='{two.id}']").first.click()
    pane = page.locator(f"#side a[href='/warning/{two.id}']").first
    expect(pane).to_be_attached()
    held[0].continue_()
    page.evaluate("() => window.settled()")
    assert pane.count() == 1


def test_a_decline_asks_for_its_reason_and_two_people_issue(signed, world: World):  # type: ignore[no-untyped-def]
    one = proposed(world)
    first = signed(f"/?warning={one.id}", Office.APPROVER)
    first.keyboard.press("d")
    box = first.get_by_role("dialog")
    expect(box.get_by_role("heading")).to_contain_text("Decline")
    first.keyboard.press("Escape")
    expect(box).to_be_hidden()
    first.keyboard.press("i")
    expect(first.locator("#side")).to_contain_text("one more is needed")
    second = signed(f"/?warning={one.id}", Office.APPROVER)
    second.get_by_role("button", name="Issue orange").click()
    expect(second.locator("#side .prb")).to_have_count(0)
    with world.store.read() as tx:
        now = judgement.warning(tx, one.id)
    assert now is not None and now.grade is Grade.ORANGE


def test_closing_with_a_verdict_by_keys_and_without_scripts(signed, world: World):  # type: ignore[no-untyped-def]
    one = told(world)
    page = signed(f"/act/close?on={one.id}&back=/warnings", Office.APPROVER, java_script_enabled=False)
    page.get_by_label("unclear").check()
    page.get_by_label("Why").fill("nothing was found")
    page.get_by_role("button", name="Close").click()
    page.wait_for_url("**/warnings")
    assert done(world, one.id)[-1] == "close"


def test_a_silence_shows_first_what_it_would_mute(signed, world: World):  # type: ignore[no-untyped-def]
    one = told(world)
    page = signed(f"/warning/{one.id}", Office.APPROVER)
    page.keyboard.press("s")
    expect(page.get_by_role("dialog")).to_contain_text("What it would mute")


def test_a_display_is_a_wall_and_no_more(opened: Opener, world: World, link: str):
    with world.store.begin() as tx:
        _, key = tokens.make(tx, "Wall", TokenKind.DISPLAY, world.clock(), by="cli", via="cli", area="T1")
    page = opened("/sign-in")
    page.context.clear_cookies()
    page.goto(f"{link.partition('/enter')[0]}/display?token={key}")
    page.wait_for_url("**/wall")
    expect(page.locator("h1")).to_have_text("Easttown")


@pytest.mark.parametrize(("language", "theme"), LOOKS)
def test_nothing_keeps_anybody_out(signed, world: World, theme: str, language: str):  # type: ignore[no-untyped-def]
    one = told(world)
    page = signed("/sign-in", Office.ADMINISTRATOR)
    base = page.url.partition("/sign-in")[0]
    paths = ["/", f"/warning/{one.id}", "/plans", "/rota", "/audit", "/settings", "/sign-in", "/password"]
    for path in [*paths, f"/act/close?on={one.id}", f"/act/silence?on={one.id}"]:
        page.goto(base + dressed(path, language, theme))
        assert barriers(page) == [], path
