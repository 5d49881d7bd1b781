"""What machines read: canonical, complete, and the same bytes every time."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from engine.model.message import Notification, Route
from engine.model.text import Text
from engine.notify.payload import canonical
from engine.notify.plan import plan


@pytest.fixture
def note(make: SimpleNamespace) -> Notification:
    warning = make.warning()
    (planned,) = plan(
        [make.change()], {warning.id: warning}, [Route(id="r", receivers=("duty",))],
        {"duty": make.receiver("duty")}, make.reference, at=make.at, heard={}, findings=[make.finding()],
    )  # fmt: skip
    return planned


def test_it_is_canonical(note: Notification) -> None:
    data = json.loads(note.payload)
    again = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert again == note.payload


def test_it_says_what_the_message_says(note: Notification) -> None:
    data = json.loads(note.payload)
    assert data["format"] == "forewarn.notification/1"
    assert (data["key"], data["subject"], data["text"]) == (note.key, note.subject, note.body)
    assert data["planned_at"] == "2026-03-08T07:00:00Z"
    assert data["change"] == {
        "key": "03.burglary.d20260305/daily/2026-03-07/upgraded", "step": "upgraded", "before": "yellow",
        "after": "orange", "at": "2026-03-08T07:00:00Z", "reason": "Burglary surge: 7 in 7 days",
        "by": "daily/2026-03-07", "issuer": "itself",
    }  # fmt: skip


def test_it_carries_the_warning(note: Notification) -> None:
    warning = json.loads(note.payload)["warning"]
    assert warning["area_name"] == {"en": "Uppsala County", "zh": "乌普萨拉省"}
    assert (warning["grade"], warning["advisory"], warning["confidence"]) == ("orange", False, "medium")
    assert (warning["since"], warning["lifted_at"]) == ("2026-03-06T07:00:00Z", None)


def test_it_carries_evidence_and_measures(note: Notification) -> None:
    data = json.loads(note.payload)
    assert data["evidence"] == [
        {
            "rule": "burglary-surge", "rule_hash": "0123456789abcdef", "grade": "orange",
            "unit": "incidents", "first": "2026-03-01", "last": "2026-03-07", "observed": 7,
            "expected": 2.146, "rung": "orange", "needed": 7, "missing": 3, "next_grade": "red",
            "matches": [], "before": [], "places": [], "days": [], "also_told_by": [],
            "starts": [
                {"grade": "yellow", "from": 4, "holds": True}, {"grade": "orange", "from": 7, "holds": True},
                {"grade": "red", "from": 10, "holds": False},
            ],
        }
    ]  # fmt: skip
    assert data["measures"] == [
        {
            "code": "call", "what": {"en": "Call a meeting", "zh": "会商研判"},
            "department": "duty centre", "due": "2026-03-08T11:00:00Z", "again": False,
        },
        {
            "code": "patrol", "what": {"en": "Evening patrols", "zh": "加强夜间巡逻"},
            "department": "police", "due": None, "again": True,
        },
    ]  # fmt: skip


def test_numbers_have_twelve_significant_digits() -> None:
    assert canonical({"b": 1 / 3, "a": 2.0, "c": Text("x")}) == (
        '{"a":2,"b":0.333333333333,"c":{"en":"x","zh":"x"}}'
    )


def test_what_json_cannot_say_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical({"a": float("inf")})
