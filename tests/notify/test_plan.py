"""Who hears: routes, one message a key, and whoever heard it rise hears it fall."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import SimpleNamespace

import pytest

from engine.model.area import AreaTree
from engine.model.grade import Domain, Grade
from engine.model.message import Notification, Route
from engine.model.warning import Change, Step
from engine.notify.plan import plan

Plan = Callable[..., tuple[Notification, ...]]


@pytest.fixture
def told(make: SimpleNamespace) -> Plan:
    """Plan `changes` of the burglary warning for the receivers duty and chief."""

    def told_(
        *changes: Change, routes: tuple[Route, ...] = (), heard: Mapping[str, frozenset[str]] | None = None,
        **given: object,
    ) -> tuple[Notification, ...]:  # fmt: skip
        warning = make.warning()
        return plan(
            changes or (make.change(),), given.get("warnings", {warning.id: warning}), routes,
            {name: make.receiver(name) for name in ("chief", "duty")},
            given.get("reference", make.reference), at=make.at, heard=heard or {},
        )  # fmt: skip

    return told_


def to_duty(**given: object) -> tuple[Route, ...]:
    return (Route(id="r", receivers=("duty",), **given),)  # type: ignore[arg-type]


MATCHING = {
    "everything": {},
    "its area": {"areas": ("03",)},
    "an area above": {"areas": ("04", "SE")},
    "its domain": {"domains": (Domain.CYBER, Domain.SAFETY)},
    "its topic": {"topics": ("burglary",)},
    "its grade": {"grade": Grade.ORANGE},
}
OTHERS = {
    "another area": {"areas": ("04",)},
    "an area below": {"areas": ("0380",)},
    "another domain": {"domains": (Domain.CYBER,)},
    "another topic": {"topics": ("fire",)},
    "a higher grade": {"grade": Grade.RED},
    "all but one condition": {"areas": ("03",), "topics": ("burglary",), "domains": (Domain.POLITICAL,)},
}


@pytest.mark.parametrize("route", MATCHING)
def test_a_route_matches(told: Plan, route: str) -> None:
    assert [note.receiver for note in told(routes=to_duty(**MATCHING[route]))] == ["duty"]


@pytest.mark.parametrize("route", OTHERS)
def test_a_route_does_not_match(told: Plan, route: str) -> None:
    assert told(routes=to_duty(**OTHERS[route])) == ()


def test_two_routes_to_one_receiver_make_one_message(told: Plan) -> None:
    routes = (*to_duty(), Route(id="s", receivers=("duty", "chief")))
    assert [note.receiver for note in told(routes=routes)] == ["chief", "duty"]


def test_every_channel_gets_its_own_message(make: SimpleNamespace) -> None:
    warning, change = make.warning(), make.change()
    notes = plan(
        [change], {warning.id: warning}, to_duty(), {"duty": make.receiver("duty", "webhook", "file")},
        make.reference, at=make.at, heard={},
    )  # fmt: skip
    assert [note.key for note in notes] == [f"{change.key}/duty/webhook", f"{change.key}/duty/file"]


@pytest.mark.parametrize("step", [Step.HELD, Step.PROPOSED, Step.DECLINED])
def test_what_is_not_issued_is_not_pushed(told: Plan, make: SimpleNamespace, step: Step) -> None:
    heard = {make.warning().id: frozenset({"duty"})}
    assert told(make.change(step), routes=to_duty(), heard=heard) == ()


@pytest.mark.parametrize(
    ("step", "before", "after"),
    [(Step.DOWNGRADED, "orange", "blue"), (Step.LIFTED, "orange", "none"), (Step.EXPIRED, "blue", "none")],
)
def test_whoever_heard_it_rise_hears_it_fall(
    told: Plan, make: SimpleNamespace, step: Step, before: str, after: str
) -> None:
    heard = {make.warning().id: frozenset({"duty"})}
    fall = make.change(step, before, after)
    routes = to_duty(grade=Grade.ORANGE)
    assert [note.receiver for note in told(fall, routes=routes, heard=heard)] == ["duty"]
    assert told(fall, routes=routes) == ()


def test_a_rise_goes_by_the_routes_alone(told: Plan, make: SimpleNamespace) -> None:
    heard = {make.warning().id: frozenset({"duty"})}
    assert told(make.change(), heard=heard) == ()


def test_a_rise_and_a_fall_planned_together(told: Plan, make: SimpleNamespace) -> None:
    rise, fall = make.change(Step.ISSUED, "none"), make.change(Step.LIFTED, "orange", "none")
    notes = told(rise, fall, routes=to_duty(grade=Grade.ORANGE))
    assert [note.step for note in notes] == ["issued", "lifted"]


def test_a_receiver_that_is_gone_is_left_out(told: Plan, make: SimpleNamespace) -> None:
    heard = {make.warning().id: frozenset({"gone", "duty"})}
    fall = make.change(Step.LIFTED, "orange", "none")
    assert [note.receiver for note in told(fall, heard=heard)] == ["duty"]


def test_a_warning_outlives_its_area(told: Plan, make: SimpleNamespace) -> None:
    reference = replace(make.reference, tree=AreaTree(()), topics={}, rules={})
    heard = {make.warning().id: frozenset({"duty"})}
    (note,) = told(make.change(Step.LIFTED, "orange", "none"), heard=heard, reference=reference)
    assert "Burglary surge, 03" in note.subject


def test_the_same_plan_has_the_same_bytes(told: Plan, make: SimpleNamespace) -> None:
    routes = (Route(id="r", receivers=("duty", "chief")),)
    assert told(routes=routes) == told(routes=routes[::-1])
    (note, _) = told(routes=routes)
    assert (note.planned_at, note.state, note.attempts) == (make.at, "pending", 0)
    assert (note.change, note.grade) == (make.change().key, Grade.ORANGE)
