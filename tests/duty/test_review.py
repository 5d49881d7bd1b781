"""What is proposed for what stands, row by row; nothing is ever lowered by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engine.duty.review import agenda, matters, review
from engine.model.act import Act, ActKind
from engine.model.grade import Confidence, Domain, Grade
from engine.model.period import Cycle
from engine.model.review import Decision, Review
from engine.model.text import Text
from engine.model.warning import RiskWarning, Standing

AT = datetime(2026, 3, 30, 8, tzinfo=UTC)
DAY = timedelta(days=1)
NONE, BLUE, YELLOW, ORANGE, RED = Grade
WARNING = RiskWarning(
    id="w", area="A", topic="t", domain=Domain.SAFETY, grade=YELLOW, score=0.0, confidence=Confidence.HIGH,
    title_en="", since=AT - 40 * DAY, judged_at=AT,
)  # fmt: skip
HELD = Act(id="1", kind=ActKind.REGRADE, area="A", topic="t", at=AT - DAY, grade=YELLOW, by="eva",
           reason="patrols", until=AT + DAY)  # fmt: skip


def finding(grade: Grade, **but: object) -> Standing:
    usual = Standing(
        rule="r", area="A", topic="t", domain=Domain.SAFETY, rule_hash="", on=(), off=(), grade=grade,
        since=AT - 3 * DAY,
    )  # fmt: skip
    return replace(usual, **but)


@pytest.mark.parametrize(
    ("standing", "acts", "days", "cycle", "decision", "to", "why"),
    [
        ([YELLOW], [], 1, Cycle.WEEKLY, "keep", YELLOW, "r has found it since 2026-03-27"),
        ([ORANGE], [HELD], 1, Cycle.WEEKLY, "raise", ORANGE,
         "r finds orange; held by eva until 2026-03-31 (patrols)"),
        ([BLUE], [HELD], 1, Cycle.WEEKLY, "lower", BLUE, "r finds no more than blue; held by eva"),
        ([], [HELD], 1, Cycle.WEEKLY, "keep", YELLOW, "nothing stands behind it; held by eva"),
        ([], [HELD], 14, Cycle.WEEKLY, "close", NONE, "no new evidence for 14 days; held by eva"),
        ([], [], 27, Cycle.MONTHLY, "keep", YELLOW, "nothing stands behind it"),
        ([YELLOW], [], 28, Cycle.MONTHLY, "close", NONE, "no new evidence for 28 days"),
        ([], [], None, Cycle.MONTHLY, "close", NONE, "no new evidence for 40 days"),
    ],
)  # fmt: skip
def test_what_is_proposed(
    standing: list[Grade], acts: list[Act], days: int | None, cycle: Cycle, decision: str, to: Grade, why: str
) -> None:
    found = None if days is None else AT - days * DAY
    one = review(WARNING, [finding(grade) for grade in standing], acts, found, cycle, AT)
    assert (one.decision, one.to) == (decision, to)
    assert one.why.en.startswith(why)


def test_what_waits_is_named_and_what_nobody_can_see_is_kept() -> None:
    waits = replace(WARNING, proposed=RED, proposed_at=AT - DAY)
    assert review(waits, [], (), AT, Cycle.WEEKLY, AT).why.en == "proposed since 2026-03-29 and not answered"
    blind = finding(BLUE, blind_since=AT - 20 * DAY)
    one = review(WARNING, [blind], (), AT - 30 * DAY, Cycle.MONTHLY, AT)
    assert (one.decision, one.why.en) == (Decision.KEEP, "nobody has been able to tell since 2026-03-10")


def test_a_rule_on_trial_proposes_nothing() -> None:
    one = review(WARNING, [finding(RED, trial=True)], (), AT, Cycle.WEEKLY, AT)
    assert one.decision is Decision.KEEP


def test_the_agenda_begins_with_what_asks_for_a_change() -> None:
    red = replace(WARNING, id="r", area="B", grade=RED)
    standing = {("A", "t"): [finding(ORANGE)], ("B", "t"): [finding(RED, area="B")]}
    lines = agenda([red, WARNING], standing, {}, {("A", "t"): AT, ("B", "t"): AT}, Cycle.WEEKLY, AT)
    assert [(one.warning.id, one.decision) for one in lines] == [("w", "raise"), ("r", "keep")]


@pytest.mark.parametrize(
    ("lines", "decision", "to", "why", "open_"),
    [
        # (the grade at which a line stands, what is proposed for it), the leading one first
        ([(YELLOW, YELLOW)], "keep", YELLOW, 0, False),
        ([(YELLOW, NONE)], "close", NONE, 0, True),
        ([(ORANGE, YELLOW), (YELLOW, YELLOW)], "lower", YELLOW, 0, True),
        # one that goes on keeps the whole, and the other is still to be decided
        ([(YELLOW, YELLOW), (BLUE, NONE)], "keep", YELLOW, 0, True),
        ([(YELLOW, NONE), (BLUE, BLUE)], "lower", BLUE, 1, True),
        ([(ORANGE, ORANGE), (BLUE, RED)], "raise", RED, 1, True),
        ([(ORANGE, NONE), (YELLOW, NONE)], "close", NONE, 0, True),
        ([(NONE, RED)], "raise", RED, 0, True),
    ],
)
def test_what_is_proposed_for_a_situation(
    lines: list[tuple[Grade, Grade]], decision: str, to: Grade, why: int, open_: bool
) -> None:
    reviews = [
        Review(replace(WARNING, id=f"w{n}", grade=grade), Decision.of(grade, next_), next_, Text(f"why {n}"))
        for n, (grade, next_) in enumerate(lines)
    ]
    (one,) = matters(reversed(reviews), {f"w{n}": "s" for n in range(9)})
    assert (one.situation, one.decision, one.to, one.why.en, one.open) == (
        "s",
        decision,
        to,
        f"why {why}",
        open_,
    )
    assert one.lines == tuple(reviews)


def test_each_situation_stands_once_and_what_is_in_none_alone() -> None:
    lines = [
        Review(replace(WARNING, id=id_, grade=grade), Decision.KEEP, grade, Text(""))
        for id_, grade in (("a", BLUE), ("b", RED), ("c", YELLOW), ("d", ORANGE))
    ]
    found = matters(lines, {"a": "s", "c": "s"})
    assert [(one.situation, [line.warning.id for line in one.lines]) for one in found] == [
        ("b", ["b"]), ("d", ["d"]), ("s", ["c", "a"]),
    ]  # fmt: skip


def test_days_are_those_of_the_zone_in_which_it_looks() -> None:
    shanghai = AT.astimezone(ZoneInfo("Asia/Shanghai"))
    late = finding(YELLOW, since=datetime(2026, 3, 26, 23, tzinfo=UTC))
    assert review(WARNING, [late], (), AT, Cycle.WEEKLY, shanghai).why.en == "r has found it since 2026-03-27"
