"""What those who command a plan are told, and that they are told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from engine.model.grade import Grade
from engine.model.plan import Plan, StandDown
from engine.model.response import Response, ResponseState
from engine.model.text import Text
from engine.notify.muster import about, musters

PLAN = Plan(
    id="fire", title=Text("Fire", "火灾"), owner="desk", review_by=date(2027, 1, 1),
    stand_down=StandDown(Text("out"), timedelta(hours=6), ()),
)  # fmt: skip


@pytest.fixture
def response(make: SimpleNamespace) -> Response:
    return Response(
        id="fire/03.fire.d20260308", plan=PLAN, area="03", warning="03.fire.d20260308", grade=Grade.ORANGE,
        state=ResponseState.PROPOSED, since=make.at, reason="Fires: 9 in 7 days",
    )  # fmt: skip


def told(make: SimpleNamespace, response: Response, known: frozenset[str] = frozenset()) -> list[str]:
    receivers = {"a": make.receiver("a"), "b": make.receiver("b", "file", "smtp", language="zh")}
    found = musters(response, {"a", "b", "gone"}, receivers, make.reference, make.at, known)
    return [f"{one.key}: {one.subject}" for one in found]


def test_it_is_proposed_to_everybody_by_every_channel(make: SimpleNamespace, response: Response):
    assert told(make, response) == [
        "plan/fire/03.fire.d20260308/proposed/a/file: Plan proposed: Fire, Uppsala County (Orange)",
        "plan/fire/03.fire.d20260308/proposed/b/file: 提请启动预案：火灾，乌普萨拉省（橙色）",
        "plan/fire/03.fire.d20260308/proposed/b/smtp: 提请启动预案：火灾，乌普萨拉省（橙色）",
    ]


def test_who_was_told_is_not_told_again_until_it_begins(make: SimpleNamespace, response: Response):
    known = frozenset({about(response, "b")})
    assert [one.split("/")[4] for one in told(make, response, known)] == ["a"]
    begun = replace(response, state=ResponseState.RUNNING)
    assert len(told(make, begun, known)) == 3


def test_a_drill_says_so_and_what_is_over_is_told_to_nobody(make: SimpleNamespace, response: Response):
    drill = replace(response, id="exercise/fire/03/x", state=ResponseState.RUNNING)
    assert told(make, drill)[0].endswith(": [EXERCISE] Plan begun: Fire, Uppsala County (Orange)")
    assert told(make, replace(response, state=ResponseState.LAPSED)) == []
