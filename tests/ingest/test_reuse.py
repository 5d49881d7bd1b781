"""An id that is given again: another incident where day, place and kind all differ, else a correction."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.ingest.reuse import Apart
from engine.model.area import AreaTree
from engine.model.incident import Incident, Precision

DAY = timedelta(days=1)
AT = datetime(2026, 3, 8, 12, tzinfo=UTC)
FIRST = Incident(feed="f", source_id="17", occurred_at=AT, known_at=AT, areas=("A1",), category="fire")
OTHER: dict[str, Any] = {"occurred_at": AT - timedelta(days=400), "areas": ("B1",), "category": "theft"}


@pytest.fixture
def apart(tree: AreaTree) -> Apart:
    return Apart(tree, ZoneInfo("Europe/Stockholm"))


@pytest.mark.parametrize(("changed", "another"), [
    ({}, True),
    ({"occurred_at": AT}, False),
    ({"occurred_at": AT + timedelta(hours=13)}, True),  # another local day
    ({"areas": ("A1", "B1")}, False),
    ({"areas": ("A",)}, False),  # the county it lies in
    ({"areas": ("A2",)}, True),
    ({"areas": ("gone",)}, True),  # no area of the tree any more
    ({"category": "fire"}, False),
    ({"category": "fire.wood"}, False),
    ({"category": "fireworks"}, True),
    ({"precision": Precision.REPORTED}, False),
    ({"areas": (), "category": "", "withdrawn": True}, False),
])  # fmt: skip
def test_all_three_must_differ(apart: Apart, changed: dict[str, Any], another: bool) -> None:
    later = replace(FIRST, **OTHER | changed)
    (found,) = apart.tell([later], {"17": [FIRST]})
    assert (found.source_id != "17") is another is bool(apart.found)


def test_within_a_batch_and_against_every_earlier_one(apart: Apart) -> None:
    second = replace(FIRST, **OTHER)
    third = replace(FIRST, occurred_at=AT + timedelta(days=400), areas=("A2",), category="abuse")
    corrected = replace(second, occurred_at=AT - timedelta(days=401), severity=2)
    gone = replace(third, areas=(), category="", withdrawn=True)
    found = apart.tell([FIRST, second, third, corrected, FIRST, gone], {})
    assert [one.source_id for one in found] == [
        "17", "17@2025-02-01", "17@2027-04-12", "17@2025-02-01", "17", "17@2027-04-12",
    ]  # fmt: skip
    assert apart.found == [("17", "17@2025-02-01"), ("17", "17@2027-04-12")]


@pytest.mark.parametrize(("changed", "another"), [
    ({"occurred_at": AT + timedelta(days=1)}, True),
    ({"occurred_at": AT + timedelta(days=365)}, True),
    ({"occurred_at": AT + timedelta(hours=5)}, False),  # on the day on which it was told
    ({"occurred_at": AT - timedelta(days=1)}, False),
    ({"occurred_at": AT + timedelta(days=1), "precision": Precision.REPORTED}, False),
    ({"occurred_at": AT + timedelta(days=1), "areas": (), "category": "", "withdrawn": True}, False),
])  # fmt: skip
def test_nobody_reports_what_has_not_happened(tree: AreaTree, changed: dict[str, Any], another: bool) -> None:
    """Of the same kind at the same place: a number that is given anew each day, or each year."""
    apart = Apart(tree, ZoneInfo("Europe/Stockholm"), timedelta(hours=1))
    later = replace(FIRST, **{"known_at": AT + timedelta(days=366)} | changed)
    (found,) = apart.tell([later], {"17": [FIRST]})
    assert (found.source_id != "17") is another is bool(apart.found)
    again = Apart(tree, ZoneInfo("Europe/Stockholm"), timedelta(hours=1))
    assert (again.tell([FIRST], {"17": [later]})[0].source_id != "17") is another, "whichever comes first"
    foretold = Apart(tree, ZoneInfo("Europe/Stockholm"))
    assert foretold.tell([later], {"17": [FIRST]}) == [later]


def days(*numbers: int, **changed: Any) -> list[Incident]:
    return [replace(FIRST, occurred_at=AT + timedelta(days=n), known_at=AT + timedelta(days=9), **changed)
            for n in numbers]  # fmt: skip


@pytest.mark.parametrize(("ahead", "at_once", "another"), [
    (timedelta(hours=1), True, True),
    (timedelta(hours=1), False, False),  # it says when it knew: the later word counts
    (None, True, False),  # what is foretold, or in force, moves on
])  # fmt: skip
def test_two_days_in_one_answer_are_two_incidents(
    tree: AreaTree, ahead: timedelta | None, at_once: bool, another: bool
) -> None:
    """Numbers that begin anew each day, of the same kind at the same place."""
    apart = Apart(tree, ZoneInfo("Europe/Stockholm"), ahead, at_once)
    found = [one.source_id for one in apart.tell(days(0, 1, 1, 2), {})]
    assert found == (["17", "17@2026-03-09", "17@2026-03-09", "17@2026-03-10"] if another else ["17"] * 4)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_whatever_their_order_the_next_answer_finds_them_again(tree: AreaTree, order: Any) -> None:
    def answer(known: list[Incident]) -> list[Incident]:
        apart = Apart(tree, ZoneInfo("Europe/Stockholm"), timedelta(hours=1), at_once=True)
        return apart.tell(days(*order), {"17": known} if known else {})

    first = answer([])
    assert len({one.source_id for one in first}) == 3
    assert answer(sorted(first, key=lambda one: one.source_id)) == first
    # What was corrected between two answers is the same incident still.
    apart = Apart(tree, ZoneInfo("Europe/Stockholm"), timedelta(hours=1), at_once=True)
    moved = apart.tell(days(3), {"17": first[:1]})
    assert [one.source_id for one in moved] == ["17"] and not apart.found


def test_one_that_was_known_and_one_that_is_new(tree: AreaTree) -> None:
    apart = Apart(tree, ZoneInfo("Europe/Stockholm"), timedelta(hours=1), at_once=True)
    found = apart.tell(days(0, 1), {"17": days(0)})
    assert [one.source_id for one in found] == ["17", "17@2026-03-09"]
    assert apart.found == [("17", "17@2026-03-09")]


def _reports(ids: list[str], **changed: Any) -> list[Incident]:
    """Reports of one day at as many moments, by turns in two counties."""
    return [
        replace(FIRST, source_id=id_, **{
            "occurred_at": AT - timedelta(minutes=n), "areas": ("A1", "B1")[n % 2 : n % 2 + 1], **changed
        })
        for n, id_ in enumerate(ids)
    ]  # fmt: skip


@pytest.mark.parametrize(("ids", "changed", "mixed"), [
    (["0"] * 8, {}, 4), (["fire", "theft"] * 4, {}, None),
    ([str(n) for n in range(8)], {}, None),
    (["0"] * 8, {"areas": ("A1",)}, None),  # several rows of one: each crew has its own moment
    (["0"] * 8, {"occurred_at": AT}, None),  # a place that is corrected
    ([*"00000", *map(str, range(1, 30))], {}, None),
])  # fmt: skip
def test_ids_that_tell_nothing_apart(
    tree: AreaTree, ids: list[str], changed: dict[str, Any], mixed: int | None
) -> None:
    for at_once in (True, False):
        apart = Apart(tree, ZoneInfo("Europe/Stockholm"), timedelta(0), at_once)
        apart.tell(_reports(ids, **changed), {})
        found = apart.mixed(AT.date())
        assert (found and found[1]) == (mixed if at_once else None)
        assert apart.mixed(AT.date() + DAY) is None, "it is history"
