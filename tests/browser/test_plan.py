"""A plan in a browser: begun, and its first step done, by whoever may."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from engine.console.serve import console
from engine.cycle import acting
from engine.cycle.world import World, clock_from
from engine.model.act import Act, ActKind
from engine.model.grade import Grade
from engine.model.staff import Office
from engine.store import acts
from tests.browser.conftest import Opener
from tests.browser.test_acting import signed
from tests.console.conftest import judged
from tests.console.test_acts import PEOPLE
from tests.story import county
from tests.story.test_duty_stories import PLAN

__all__ = ["signed"]

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The county with a plan, and a warning raised by hand that calls for it."""
    root = county.build(tmp_path_factory.mktemp("plan"))
    for name, text in (PEOPLE | {"config/plans/explosion.yaml": PLAN}).items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text.lstrip(), encoding="utf-8")
    with judged(root) as opened:
        opened = replace(opened, clock=clock_from(county.END))
        acting.do(opened, Act(
            kind=ActKind.RAISE, area="T1", topic="explosions", grade=Grade.YELLOW, by="chief", via="cli",
            at=opened.clock(), reason="the fire brigade reports by radio",
        ))  # fmt: skip
        yield opened


@pytest.fixture(scope="module")
def link(world: World) -> Iterator[str]:
    with console(lambda: world, 0) as link:
        yield link


def test_a_plan_is_begun_and_its_step_done(signed: Opener, world: World):
    page = signed("/plans", Office.APPROVER)
    page.get_by_role("link", name="Start").first.click()
    page.get_by_role("dialog").get_by_role("button").first.click()
    step = page.locator(".steps li").first
    step.get_by_role("button", name="Done").click()
    expect(page.locator(".steps li").first.get_by_role("button", name="Done")).to_have_count(0)
    with world.store.read() as tx:
        kinds = [act.kind for act in acts.every(tx, [ActKind.PLAN_START, ActKind.STEP_DONE])]
    assert kinds == [ActKind.PLAN_START, ActKind.STEP_DONE]
