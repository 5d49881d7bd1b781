"""Who would hear and why, row by row."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from engine.model.act import Act, ActKind
from engine.model.grade import Grade
from engine.model.message import Route
from engine.model.warning import Step
from engine.notify.who import reasons

ROUTES = (
    Route(id="all", grade=Grade.YELLOW, receivers=("duty",)),
    Route(id="grave", grade=Grade.RED, receivers=("duty", "chief")),
    Route(id="mute", receivers=("mute",)),
)


def told(make: SimpleNamespace, change: object, **more: object) -> dict[str, tuple[bool, str]]:
    receivers = {name: make.receiver(name) for name in ("duty", "chief")}
    found = reasons(
        change, make.warning(), ROUTES, ("03", "SE"), receivers, more.pop("told", {}), **more  # type: ignore[arg-type]
    )  # fmt: skip
    return {one.receiver: (one.hears, one.why) for one in found}


def test_each_route_that_leads_there_is_named(make: SimpleNamespace):
    found = told(make, make.change(before="yellow", after="red"))
    assert found["duty"] == (True, "all, grave") and found["chief"] == (True, "grave")
    assert found["mute"] == (False, "it has no channel")
    assert "chief" not in told(make, make.change())


def test_who_heard_it_rise_hears_it_fall(make: SimpleNamespace):
    fall = make.change(Step.LIFTED, "orange", "none")
    assert told(make, fall, told={make.warning().id: {"chief"}})["chief"] == (True, "it heard it rise")


@pytest.mark.parametrize(("grade", "hears"), [(Grade.ORANGE, False), (Grade.YELLOW, True)])
def test_a_silence_is_told_with_its_reason(make: SimpleNamespace, grade: Grade, hears: bool):
    silence = Act(
        id="s", kind=ActKind.SILENCE, area="03", topic="burglary", at=make.at - timedelta(hours=1),
        until=make.at + timedelta(hours=1), grade=grade, reason="known", by="lin",
    )  # fmt: skip
    found = told(make, make.change(), acts=[silence])["duty"]
    assert found[0] is hears and (hears or found[1] == "silenced until 2026-03-08 08:00 UTC: known")


def test_who_knows_of_the_worse_is_spared(make: SimpleNamespace):
    worse = make.warning(id="SE.burglary.x", area="SE", grade=Grade.RED)
    known = {"told": {worse.id: {"duty"}}, "warnings": [worse]}
    found = told(make, make.change(), inhibit=True, **known)["duty"]
    assert found == (False, "it knows of a worse warning of the topic in an area above")
    assert told(make, make.change(), **known)["duty"][0]
