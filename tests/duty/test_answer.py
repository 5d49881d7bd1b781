"""The table of time: who is asked when, row by row; and whatever happens, the same is planned again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.duty.answer import Asking, Round, Terms, Told, due, open_round
from engine.model.act import Act, ActKind
from engine.model.grade import Confidence, Domain, Grade
from engine.model.message import Ask
from engine.model.warning import Change, RiskWarning, Step

AT = datetime(2026, 3, 3, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TERMS = Terms(
    by_grade={Grade.ORANGE: Asking(20 * MINUTE, 5 * MINUTE, 3), Grade.RED: Asking(5 * MINUTE, 2 * MINUTE, 4)},
    lasts=timedelta(hours=2), chains={"centre": ("deputy", "head")},
)  # fmt: skip
WARNING = RiskWarning(
    id="w", area="A", topic="t", domain=Domain.SAFETY, grade=Grade.ORANGE, score=0.0,
    confidence=Confidence.HIGH, title_en="", since=AT, judged_at=AT,
)  # fmt: skip
RISE = Change(
    warning="w", step=Step.ISSUED, at=AT, before=Grade.NONE, after=Grade.ORANGE, reason="", by="daily/1"
)


def act(kind: str, minutes: float, receiver: str = "centre") -> Act:
    at = AT + minutes * MINUTE
    return Act(id=f"{kind}-{minutes}", kind=ActKind(kind), area="A", topic="t", at=at, warning="w",
               receiver=receiver)  # fmt: skip


def told(receiver: str = "centre", minutes: float = 0, ask: str = "") -> Told:
    return Told(RISE.key, receiver, AT + minutes * MINUTE, ask)


def asked(
    minutes: float, *acts: Act, sent: tuple[Told, ...] = (told(),), warning: RiskWarning = WARNING,
    change: Change = RISE, terms: Terms = TERMS,
) -> list[Ask]:  # fmt: skip
    found = due([warning], {"w": change}, sent, acts, terms, AT + minutes * MINUTE)
    return [one for _, one in found]


def keys(found: list[Ask]) -> str:
    return ", ".join(f"{one.receiver} {one.key}" for one in found)


DEPUTY = told("deputy", 20, "instead")


@pytest.mark.parametrize(
    ("minutes", "sent", "wanted"),
    [
        # 1, 2 and 4 times the step after it was told, each once, and then no more of them
        (0, (told(),), ""),
        (4.9, (told(),), ""),
        (5, (told(),), "centre remind-1"),
        (9.9, (told(),), "centre remind-1"),
        (10, (told(),), "centre remind-2"),
        # four times the step, and the time of the next in the chain
        (20, (told(),), "centre remind-3, deputy instead"),
        (20, (told(), DEPUTY), "centre remind-3"),
        (25, (told(), DEPUTY), "centre remind-3, deputy remind-1"),
        (40, (told(), DEPUTY), "centre remind-3, deputy remind-3, head instead"),
        (600, (told(), DEPUTY), "centre remind-3, deputy remind-3, head instead"),
        (600, (told(), DEPUTY, told("head", 600, "instead")),
         "centre remind-3, deputy remind-3"),
        # counted from when it was told: later, and never before
        (10, (told(minutes=6),), ""),
        (11, (told(minutes=6),), "centre remind-1"),
        # nobody is asked who was told of nothing
        (600, (), ""),
        # who is told by a route of their own is told in nobody's place: the one after them is
        (20, (told(), told("deputy", 0)), "centre remind-3, deputy remind-3, head instead"),
    ],
)  # fmt: skip
def test_who_is_asked_while_nobody_answers(minutes: float, sent: tuple[Told, ...], wanted: str) -> None:
    assert keys(asked(minutes, sent=sent)) == wanted


@pytest.mark.parametrize(
    ("minutes", "acts", "wanted"),
    [
        # an answer ends it, whoever of the chain gives it; another receiver's does not
        (30, [act("acknowledge", 3)], ""),
        (30, [act("acknowledge", 3, "deputy")], ""),
        (19, [act("acknowledge", 3, "else")], "centre remind-2"),
        # an answer that was given before the rise is none to it
        (6, [act("acknowledge", -1)], "centre remind-1"),
        # it lasts two hours, and then everybody is asked anew
        (122, [act("acknowledge", 3)], ""),
        (123, [act("acknowledge", 3)], "centre again/acknowledge-3"),
        (143, [act("acknowledge", 3)], "centre again/acknowledge-3, deputy instead/acknowledge-3"),
        (130, [act("acknowledge", 3), act("acknowledge", 124)], ""),
        # taken back
        (10, [act("acknowledge", 3), act("unacknowledge", 9)], "centre again/unacknowledge-9"),
        (10, [act("acknowledge", 3), act("unacknowledge", 9, "deputy")], ""),
        (30, [act("acknowledge", 3), act("unacknowledge", 9), act("acknowledge", 12)], ""),
        # renewed before it is over, it lasts its time from then; what the deputy said stands by itself
        (150, [act("acknowledge", 3), act("acknowledge", 60)], ""),
        (180, [act("acknowledge", 3), act("acknowledge", 60)], "centre again/acknowledge-60"),
        (30, [act("acknowledge", 3), act("acknowledge", 5, "deputy"), act("unacknowledge", 9)], ""),
        (9, [act("acknowledge", 3), act("acknowledge", 5), act("unacknowledge", 9)],
         "centre again/unacknowledge-9"),
        # what will be done is not known yet
        (6, [act("acknowledge", 7)], "centre remind-1"),
    ],
)  # fmt: skip
def test_who_is_asked_after_an_answer(minutes: float, acts: list[Act], wanted: str) -> None:
    assert keys(asked(minutes, *acts)) == wanted


def test_who_read_of_it_before_their_message_arrived_is_not_asked() -> None:
    late = (told(minutes=60),)
    assert keys(asked(70, act("acknowledge", 30), sent=late)) == ""
    assert keys(asked(65, act("acknowledge", -1), sent=late)) == "centre remind-1"
    assert keys(asked(155, act("acknowledge", 30), sent=late)) == "centre again/acknowledge-30"


def test_the_reminders_of_a_new_asking_have_keys_of_their_own() -> None:
    again = told("centre", 123, "again/acknowledge-3")
    found = asked(128, act("acknowledge", 3), sent=(told(), again))
    assert keys(found) == "centre remind-1/acknowledge-3"


@pytest.mark.parametrize(
    ("grade", "minutes", "wanted"),
    [(Grade.RED, 2, "centre remind-1"), (Grade.ORANGE, 2, ""), (Grade.YELLOW, 600, "")],
)
def test_the_grade_at_which_it_stands_says_how_soon(grade: Grade, minutes: float, wanted: str) -> None:
    assert keys(asked(minutes, warning=replace(WARNING, grade=grade))) == wanted


def test_a_proposal_asks_by_the_grade_that_waits_and_tells_nobody_else() -> None:
    proposal = replace(RISE, step=Step.PROPOSED, before=Grade.NONE, after=Grade.RED)
    sent = (Told(proposal.key, "centre", AT),)
    found = asked(600, sent=sent, change=proposal, warning=replace(WARNING, grade=Grade.NONE))
    assert keys(found) == "centre remind-4"


def test_what_became_due_says_when_and_since_when_and_for_whom() -> None:
    (reminder, instead) = asked(39)
    assert (reminder.step, reminder.number, reminder.at) == ("reminder", 3, AT + 20 * MINUTE)
    assert (instead.step, instead.of, instead.at) == ("escalation", "centre", AT + 20 * MINUTE)
    assert reminder.since == instead.since == AT
    (again, _) = asked(143, act("acknowledge", 3))
    assert (again.step, again.since) == ("again", AT + 123 * MINUTE)


def test_the_oldest_is_asked_first() -> None:
    other = replace(WARNING, id="v")
    rise = replace(RISE, warning="v", at=AT + MINUTE)
    sent = [told(), Told(rise.key, "centre", AT - MINUTE)]
    found = due([WARNING, other], {"w": RISE, "v": rise}, sent, (), TERMS, AT + 6 * MINUTE)
    assert [change.warning for change, _ in found] == ["v", "w"]


ACTS = st.lists(
    st.builds(
        act, st.sampled_from(["acknowledge", "unacknowledge"]), st.integers(0, 400),
        st.sampled_from(["centre", "deputy", "head", "else"]),
    ),
    max_size=6, unique_by=lambda one: one.id,
)  # fmt: skip
TICKS = st.lists(st.integers(0, 600), min_size=1, max_size=25)


def lived(ticks: list[int], acts: list[Act], again: bool) -> list[tuple[str, str, int]]:
    """The messages of a history of ticks; again: each tick planned twice, as by two services."""
    sent, book = [told()], {("centre", "")}
    made: list[tuple[str, str, int]] = []
    for tick in sorted(ticks):
        known = [one for one in acts if one.at <= AT + tick * MINUTE]
        for _ in range(1 + again):
            for one in asked(tick, *known, sent=tuple(sent)):
                if (one.receiver, one.key) not in book:
                    book.add((one.receiver, one.key))
                    sent.append(told(one.receiver, tick, one.key))
                    made.append((one.receiver, one.key, tick))
    return made


@given(TICKS, ACTS)
def test_planned_twice_and_by_two_it_is_the_same(ticks: list[int], acts: list[Act]) -> None:
    """A service that begins anew knows only what is stored: it plans what the other would have."""
    once, twice = lived(ticks, acts, False), lived(ticks, acts, True)
    assert len({(receiver, key) for receiver, key, _ in once}) == len(once), "no key twice"
    assert twice == once


@given(TICKS, ACTS)
def test_nobody_is_asked_while_an_answer_holds(ticks: list[int], acts: list[Act]) -> None:
    for receiver, _, tick in lived(ticks, acts, False):
        assert receiver in ("centre", "deputy", "head")
        at = AT + tick * MINUTE
        group = ("centre", "deputy", "head")
        known = [one for one in acts if one.at <= at]
        assert open_round(AT, group, known, TERMS.lasts, at) is not None


@pytest.mark.parametrize(
    ("acts", "minutes", "found"),
    [
        ([], 0, Round(AT)),
        ([act("acknowledge", 1)], 1, None),
        ([act("acknowledge", 1)], 121, Round(AT + 121 * MINUTE, "acknowledge-1")),
        ([act("acknowledge", 1), act("acknowledge", 60)], 121, None),
        ([act("acknowledge", 1), act("acknowledge", 60)], 180, Round(AT + 180 * MINUTE, "acknowledge-60")),
        ([act("unacknowledge", 1)], 2, Round(AT)),
    ],
)
def test_which_asking_is_open(acts: list[Act], minutes: float, found: Round | None) -> None:
    assert open_round(AT, ("centre",), acts, TERMS.lasts, AT + minutes * MINUTE) == found
