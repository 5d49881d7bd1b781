"""Which warnings hang together, who leads, and that ids stay while situations split and join."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.duty.situation import Fold, Situation, situations
from engine.model.area import Area, AreaTree
from engine.model.grade import Confidence, Domain, Grade
from engine.model.text import Text
from engine.model.warning import Change, RiskWarning, Step

AT = datetime(2026, 3, 3, 8, tzinfo=UTC)
DAY = timedelta(days=1)
#: A county with towns in a row, each a neighbour of the next, and another county.
TREE = AreaTree.of(
    ["county", "town"],
    [
        Area("C", Text("C"), "county"), Area("D", Text("D"), "county"), Area("Dx", Text("Dx"), "town", "D"),
        *(
            Area(f"T{n}", Text(f"T{n}"), "town", "C",
                 neighbours=frozenset(f"T{m}" for m in (n - 1, n + 1) if 1 <= m <= 5))
            for n in range(1, 6)
        ),
    ],
)  # fmt: skip


def line(area: str, grade: Grade = Grade.YELLOW, days: float = 0, lifted: float | None = None,
         topic: str = "burglary") -> RiskWarning:  # fmt: skip
    since = AT + days * DAY
    return RiskWarning(
        id=f"{area}.{topic}.{days}", area=area, topic=topic, domain=Domain.SAFETY, grade=grade, score=0.0,
        confidence=Confidence.HIGH, title_en="", since=since, judged_at=since,
        lifted_at=None if lifted is None else AT + lifted * DAY,
    )  # fmt: skip


def told(*lines: RiskWarning) -> dict[str, str]:
    """The areas of each situation, the leading one first, by the area of its id."""
    return {one.id.split(".")[0]: " ".join(w.area for w in one.lines) for one in situations(lines, TREE)}


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([line("T1"), line("T2", days=1)], {"T1": "T1 T2"}),
        ([line("T1"), line("T3")], {"T1": "T1", "T3": "T3"}),
        ([line("T1"), line("T3"), line("T2", days=1)], {"T1": "T1 T3 T2"}),
        ([line("C"), line("T1"), line("T5")], {"C": "C T1 T5"}),
        ([line("C"), line("Dx")], {"C": "C", "Dx": "Dx"}),
        ([line("T1"), line("T2", topic="fire")], {"T1": "T1", "T2": "T2"}),
        # the highest grade leads, then the highest level, then the earliest
        ([line("T1"), line("T2", Grade.ORANGE, 2)], {"T1": "T2 T1"}),
        ([line("T1"), line("C", days=2)], {"T1": "C T1"}),
        ([line("T2", days=1), line("T1")], {"T1": "T1 T2"}),
        # what ended within a day before the other began belongs to it, and leads nothing
        ([line("T1", Grade.RED, 0, 1), line("T2", days=1.9)], {"T1": "T2 T1"}),
        ([line("T1", Grade.RED, 0, 1), line("T2", days=2.1)], {"T2": "T2"}),
        ([line("T1", days=0, lifted=1)], {}),
        # what was only proposed is no line
        ([line("T1"), line("T2", Grade.NONE)], {"T1": "T1"}),
        # an area that is gone stands alone
        ([line("gone"), line("T2")], {"gone": "gone", "T2": "T2"}),
    ],
)
def test_what_hangs_together(lines: list[RiskWarning], found: dict[str, str]) -> None:
    assert told(*lines) == found
    assert told(*reversed(lines)) == found


def test_ids_stay_when_a_situation_splits_and_joins() -> None:
    first, bridge, last = line("T1"), line("T2", days=1), line("T3", days=2)
    assert told(first, bridge, last) == {"T1": "T1 T2 T3"}
    gone = replace(bridge, lifted_at=AT + 1.5 * DAY)
    far = replace(last, since=AT + 4 * DAY)
    assert told(first, gone, far) == {"T1": "T1 T2", "T3": "T3"}
    assert told(first, gone, far, line("T2", days=5)) == {"T1": "T1 T3 T2 T2"}


LINES = st.lists(
    st.builds(line, st.sampled_from(["C", "D", "Dx", "T1", "T2", "T3", "T4", "T5"]),
              st.sampled_from([Grade.BLUE, Grade.ORANGE]), st.sampled_from([0, 1, 2, 5])),
    max_size=8, unique_by=lambda one: one.id,
)  # fmt: skip


@given(LINES, st.randoms())
def test_every_open_line_is_in_one_situation_whatever_their_order(lines: list[RiskWarning], random) -> None:
    found = situations(lines, TREE)
    assert sorted(one.id for each in found for one in each.lines) == sorted(one.id for one in lines)
    assert {one.id for one in found} <= {one.id for one in lines}
    random.shuffle(lines)
    assert situations(lines, TREE) == found


def rise(one: RiskWarning) -> Change:
    return Change(warning=one.id, step=Step.ISSUED, at=one.since, before=Grade.NONE, after=one.grade,
                  reason="", by="daily/1")  # fmt: skip


@pytest.mark.parametrize(
    ("new", "heard", "territory", "folds"),
    [
        (line("T2", days=1), "T1", "", True),
        (line("T2", Grade.ORANGE, 1), "T1", "", False),
        (line("T2", days=1), "", "", False),
        (line("T2", days=1), "T1", "T2", False),
        (line("T2", days=1), "T1", "C", False),
        (line("T2", days=1), "T1", "D", True),
        (line("Dx", days=1), "T1", "", False),
    ],
)  # fmt: skip
def test_who_need_not_hear_of_a_line_by_itself(
    new: RiskWarning, heard: str, territory: str, folds: bool
) -> None:  # fmt: skip
    first = line("T1")
    fold = Fold.over(situations([first, new], TREE), TREE.lineage, {"centre": {territory} - {""}})
    knows = {first.id: {"centre"} if heard else set[str]()}
    assert fold(rise(new), knows) == ({"centre"} if folds else frozenset())
    assert fold(replace(rise(new), step=Step.LIFTED), knows) == frozenset()


def test_a_situation_knows_its_lead() -> None:
    (one,) = situations([line("T1"), line("T2", Grade.RED, 1)], TREE)
    assert isinstance(one, Situation) and one.lead.area == "T2"
