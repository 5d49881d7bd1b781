"""Nothing keeps anybody out where names are long, where there is nothing, and where OpenID is the way in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from engine import app
from engine.console.serve import console
from engine.cycle.world import World, clock_from
from engine.kits import files, kit
from engine.model.staff import Office
from tests.browser.conftest import LOOKS, PATIENCE, barriers, dressed, long
from tests.console.conftest import session
from tests.console.test_acts import link, proposed, told, world
from tests.console.test_elsewhere import asking
from tests.story import county

__all__ = ["link", "world"]

pytestmark = pytest.mark.xdist_group("browser")

EMPTY = ("/", "/wall", "/rules", "/feeds", "/plans", "/rota")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The least that is a configuration, and nothing has happened yet."""
    root = tmp_path_factory.mktemp("empty")
    for name, body in files.files(kit.KITS["empty"], county.END).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(body)
    with app.world(root, clock=clock_from(county.END)) as opened:
        yield opened


@pytest.fixture(scope="module")
def bases(world: World, empty: World) -> Iterator[dict[str, str]]:
    """The consoles, by what there is of them."""
    with ExitStack() as stack:
        named = long(world)
        found = {"much": stack.enter_context(console(lambda: named, 0)).partition("/enter")[0]}
        found["nothing"] = stack.enter_context(console(lambda: empty, 0)).partition("/enter")[0]
        yield found | {"openid": stack.enter_context(asking(world, issuer="https://id.example"))}


@pytest.mark.parametrize(("language", "theme"), LOOKS)
@pytest.mark.parametrize("where", ["much", "nothing", "openid"])
def test_nothing_keeps_anybody_out(
    chromium: Browser, bases: dict[str, str], world: World, empty: World, where: str, language: str,
    theme: str,
):  # fmt: skip
    of, base = empty if where == "nothing" else world, bases[where]
    much = ("/wall", "/area/T1", f"/warning/{told(world).id}", f"/?warning={proposed(world).id}")
    paths = {"much": much, "nothing": EMPTY, "openid": ("/settings", "/password", "/sign-in?next=/feeds")}
    context = chromium.new_context()
    context.add_cookies([{"name": "forewarn_session", "value": session(of, *Office), "url": base}])
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    for path in paths[where]:
        answer = page.goto(base + dressed(path, language, theme))
        assert answer is not None and answer.ok and barriers(page) == [], path
    context.close()
