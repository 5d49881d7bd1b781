"""What a source pushes, on a page that is open: it warns within the second, and nobody reloads anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from engine.model.staff import Office
from tests.browser.conftest import PATIENCE
from tests.console.conftest import session
from tests.story import county, pushing

pytestmark = pytest.mark.xdist_group("browser")


def test_what_is_pushed_warns_on_an_open_page_without_a_reload(chromium: Browser, tmp_path: Path):
    root = pushing.build(tmp_path / "county")
    with pushing.service(root) as (loops, address), pushing.source(loops.world, address) as source:
        context = chromium.new_context()
        key = session(loops.world, Office.OFFICER)
        context.add_cookies([{"name": "forewarn_session", "value": key, "url": address}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(address)
        page.evaluate("window.stays = true")
        expect(page.locator("#queue [data-warning]")).to_have_count(0)
        report = {"id": "one", "at": county.END.isoformat(), "town": "T1", "kind": "explosion"}
        assert source.post("/v1/incidents", json=report).status_code == 202
        expect(page.locator("#queue [data-warning^='T1.explosions.']").first).to_be_visible()
        assert page.evaluate("window.stays") is True
        context.close()
