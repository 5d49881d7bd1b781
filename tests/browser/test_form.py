"""The form of the field on a telephone: to a warning at once, without a network, twice, and with a link that
was taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from engine.cycle import filling as forms
from engine.cycle.loops.service import Loops
from engine.store import incidents, judgement
from tests.browser.conftest import LOOKS, PATIENCE, barriers
from tests.browser.test_telephone import WIDE, WIDTHS, WORN, overflows
from tests.story import county, filling
from tests.story.conftest import wait_for

pytestmark = pytest.mark.xdist_group("browser")

KEPT = "Object.keys(localStorage).map((key) => localStorage.getItem(key)).join('')"
#: The page and what it is made of are kept for where there is no network: none of them is on its way still.
READY = """() => navigator.serviceWorker.ready.then(() => caches.open("forewarn-form"))
    .then((kept) => kept.keys()).then((found) => found.length >= 4)"""


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Loops, str]]:
    root = filling.build(tmp_path_factory.mktemp("county"))
    with filling.service(root) as (loops, _, address):
        yield loops, address


Telephone = Callable[..., tuple[BrowserContext, Page]]


@pytest.fixture
def telephone(chromium: Browser) -> Iterator[Telephone]:
    """A telephone on the morning of the county."""
    contexts: list[BrowserContext] = []

    def open_(address: str, **how: object) -> tuple[BrowserContext, Page]:
        size = {"width": 390, "height": 844}
        context = chromium.new_context(viewport=size, is_mobile=True, has_touch=True, **how)  # type: ignore[arg-type]
        contexts.append(context)
        context.clock.install(time=county.END)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(address)
        return context, page

    yield open_
    for context in contexts:
        context.close()


def fill(page: Page, town: str, kind: str, note: str = "") -> None:
    page.get_by_label("Where").select_option(town)
    page.get_by_text(kind, exact=True).click()
    page.get_by_label("In a few words").fill(note)
    page.get_by_role("button", name="Report").click()


def stored(loops: Loops) -> int:
    with loops.world.store.read() as tx:
        return incidents.count(tx)


def test_what_is_reported_warns_at_once_and_nothing_of_it_stays(
    field: tuple[Loops, str], telephone: Telephone
):
    loops, address = field
    _, page = telephone(address + filling.link(loops))
    before = stored(loops)
    fill(page, "T1", "An explosion", "behind the mill")
    expect(page.get_by_role("status")).to_have_text("Taken, thank you.")
    assert page.evaluate(KEPT) == ""
    assert stored(loops) == before + 1

    def warned() -> bool:
        with loops.world.store.read() as tx:
            return any(one.area == "T1" for one in judgement.warnings(tx, open_only=True))

    wait_for(warned)


def test_without_a_network_it_is_kept_opens_again_and_is_sent_once(
    field: tuple[Loops, str], telephone: Telephone
):
    loops, address = field
    context, page = telephone(address + filling.link(loops))
    page.wait_for_function(READY)
    page.wait_for_load_state("networkidle")  # the worker keeps once more what it hands over
    before = stored(loops)
    context.set_offline(True)
    page.wait_for_function("() => !navigator.onLine")
    fill(page, "T2", "A break-in", "the shop by the bridge")
    fill(page, "T3", "A break-in")
    expect(page.locator("#waiting li")).to_have_count(2)
    expect(page.locator("#waiting li").first).to_contain_text("Westtown, 2026-03-11")
    assert "the shop by the bridge" in page.evaluate(KEPT)
    page.reload()
    expect(page.locator("#waiting li")).to_have_count(2)
    assert stored(loops) == before
    context.set_offline(False)
    expect(page.locator("#waiting")).to_be_hidden()
    assert page.evaluate(KEPT) == ""
    assert stored(loops) == before + 2


def test_what_was_taken_and_not_answered_is_sent_again_and_counts_once(
    field: tuple[Loops, str], telephone: Telephone
):
    loops, address = field
    _, page = telephone(address + filling.link(loops))
    before = stored(loops)

    def lost(route: object) -> None:
        route.fetch()  # type: ignore[attr-defined]
        route.abort()  # type: ignore[attr-defined]

    page.route("**/f/*", lost, times=1)
    fill(page, "T3", "A break-in")
    expect(page.locator("#waiting li")).to_have_count(1)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#waiting")).to_be_hidden()
    assert stored(loops) == before + 1


def test_a_link_that_was_taken_back_loses_nothing_and_a_new_one_sends_it(
    field: tuple[Loops, str], telephone: Telephone
):
    loops, address = field
    _, page = telephone(address + filling.link(loops, "T2"))
    before = stored(loops)
    with loops.world.store.begin() as tx:
        forms.revoke(tx, "wardens", "T2", loops.world.clock())
    fill(page, "T2", "A break-in")
    expect(page.locator("#waiting li")).to_contain_text("This link was taken back")
    answer = page.reload()
    assert answer is not None and answer.status == 410
    page.goto(address + filling.link(loops, "T3"))
    expect(page.locator("#waiting li")).to_contain_text("Choose a place of the list.")
    assert stored(loops) == before
    page.get_by_role("button", name="Mend").click()
    fill(page, "T3", "A break-in")
    expect(page.get_by_role("status")).to_have_text("Taken, thank you.")
    assert (stored(loops), page.evaluate(KEPT)) == (before + 1, "")


@pytest.mark.parametrize(("language", "theme"), LOOKS)
def test_it_keeps_nobody_out_and_is_no_wider_than_a_telephone(
    field: tuple[Loops, str], telephone: Telephone, language: str, theme: str
):
    loops, address = field
    complaints: list[str] = []
    context, page = telephone(f"{address}{filling.link(loops)}?lang={language}", color_scheme=theme)
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.reload()
    assert barriers(page) == []
    page.evaluate(WORN, WIDE)
    assert [width for width in WIDTHS if overflows(page, width)] == []
    assert complaints == []
    assert context.cookies() == []


def test_without_scripts_it_is_a_form_as_any_other(field: tuple[Loops, str], telephone: Telephone):
    loops, address = field
    before = stored(loops)
    _, page = telephone(address + filling.link(loops, "T3"), java_script_enabled=False)
    page.get_by_text("A break-in", exact=True).click()
    page.get_by_label("When").fill("2026-03-01T10:00")
    page.locator("form").evaluate("form => form.noValidate = true")
    page.get_by_role("button", name="Report").click()
    expect(page.get_by_role("alert")).to_contain_text("That is more than 3 days ago.")
    page.get_by_label("When").fill("2026-03-11T08:00")
    page.get_by_role("button", name="Report").click()
    expect(page.get_by_role("status")).to_have_text("Taken, thank you.")
    assert stored(loops) == before + 1
