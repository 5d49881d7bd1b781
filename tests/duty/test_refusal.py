"""Every sentence that refuses an act, and that the act passes where it does not apply."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.duty.refusal import Sight, refused
from engine.model.act import Act, ActKind, Role, Verdict
from engine.model.grade import Confidence, Domain, Grade
from engine.model.warning import Change, Issuer, RiskWarning, Step

AT = datetime(2026, 3, 3, 8, tzinfo=UTC)
NONE, BLUE, YELLOW, ORANGE, RED = Grade
WARNING = RiskWarning(
    id="w", area="A", topic="t", domain=Domain.SAFETY, grade=YELLOW, score=0.0, confidence=Confidence.HIGH,
    title_en="", since=AT, judged_at=AT,
)  # fmt: skip
ISSUED = Change(
    warning="w", step=Step.ISSUED, at=AT, before=NONE, after=YELLOW, reason="five", by="daily/2026-03-02"
)
PROPOSED = replace(ISSUED, step=Step.PROPOSED, before=YELLOW, after=ORANGE, issuer=Issuer.LEADER)
RED_ASKED = replace(PROPOSED, after=RED, issuer=Issuer.TWO)
WAITING = replace(WARNING, proposed=ORANGE, proposed_at=AT, proposal=PROPOSED.key)
OVER = replace(WARNING, lifted_at=AT)


def act(kind: str, **but: object) -> Act:
    usual = {"area": "A", "topic": "t", "at": AT, "reason": "because", "by": "anna", "change": PROPOSED.key}
    return Act(kind=ActKind(kind), **{**usual, **but})  # type: ignore[arg-type]


def sight(warning: RiskWarning | None = WARNING, **but: object) -> Sight:
    usual = {"last": ISSUED, "told": {"centre"}, "today": date(2026, 3, 3)}
    return Sight(warning=warning, **{**usual, **but})  # type: ignore[arg-type]


PROPOSAL = {"warning": WAITING, "proposal": PROPOSED}
RED_PROPOSAL = {"warning": replace(WAITING, proposed=RED), "proposal": RED_ASKED}


@pytest.mark.parametrize(
    ("kind", "done", "on", "said"),
    [
        ("comment", {"by": ""}, {}, "nobody is named"),
        ("regrade", {"reason": "", "grade": ORANGE}, {}, "to regrade needs a reason"),
        ("regrade", {"until": AT, "grade": ORANGE}, {}, "which is over"),
        ("acknowledge", {}, {"warning": None}, "there is no such warning"),
        ("acknowledge", {"receiver": "centre"}, {"warning": OVER}, "is over since 2026-03-03 08:00"),
        ("acknowledge", {}, {}, "for which receiver? Told of it: centre"),
        ("acknowledge", {"receiver": "else"}, {}, "'else' was not told"),
        ("acknowledge", {"receiver": "centre"}, {"warning": replace(WARNING, grade=NONE)}, "only proposed"),
        ("unacknowledge", {"receiver": "centre"}, {}, "'centre' has not acknowledged it"),
        ("issue", {}, {}, "no proposal waits"),
        ("issue", {}, PROPOSAL, "orange needs a leader"),
        ("issue", {"role": Role.LEADER}, {**PROPOSAL, "author": act("raise")}, "asked for orange by hand"),
        ("issue", {"role": Role.LEADER}, {**RED_PROPOSAL, "acts": [act("issue", change=RED_ASKED.key)]},
         "anna has let it pass already"),
        ("decline", {"role": Role.LEADER}, {}, "no proposal waits"),
        ("decline", {}, PROPOSAL, "to decline takes a leader"),
        ("regrade", {"grade": YELLOW}, {}, "it stands at yellow already"),
        ("regrade", {"grade": BLUE}, {}, "to lower a warning takes a leader"),
        ("regrade", {"grade": NONE}, {}, "lift or close it"),
        ("lift", {}, {}, "to lift takes a leader"),
        ("close", {}, {}, "what was it in the end?"),
        ("close", {"verdict": Verdict.CONFIRMED}, {}, "on which day did it happen?"),
        ("close", {"verdict": Verdict.CONFIRMED, "outcome": date(2026, 3, 4)}, {}, "has not come yet"),
        ("close", {"verdict": Verdict.AVERTED}, {}, "averted means that something was done"),
        ("close", {"verdict": Verdict.UNCLEAR}, {"warning": replace(WARNING, grade=RED)}, "takes a leader"),
        ("comment", {"by": "x" * 101}, {}, "the name has 101 characters, 100 at most"),
        ("comment", {"reason": "x" * 2001}, {}, "the reason has 2,001 characters, 2,000 at most"),
        ("comment", {"reason": ""}, {}, "to comment needs a reason"),
        ("issue", {"role": Role.LEADER, "by": " Anna"}, {**PROPOSAL, "author": act("raise")}, "by hand"),
        ("issue", {"role": Role.LEADER, "by": "ANNA"},
         {**RED_PROPOSAL, "acts": [act("issue", change=RED_ASKED.key)]}, "ANNA has let it pass already"),
        # whoever may not let a graver one pass does not take it away either
        ("regrade", {"grade": ORANGE}, RED_PROPOSAL, "red is proposed, and to do with less takes a leader"),
        ("close", {"verdict": Verdict.UNCLEAR}, PROPOSAL, "orange is proposed, and to do with less"),
        ("close", {"verdict": Verdict.CONFIRMED, "outcome": date(2025, 11, 1)}, {}, "92 days before"),
        ("raise", {"grade": BLUE}, {}, "w is open there already"),
        ("raise", {}, {"warning": None}, "needs a grade"),
        ("silence", {}, {"warning": replace(WARNING, grade=RED)}, "red is never silenced"),
        ("silence", {"grade": RED}, {}, "red is never silenced"),
        ("silence", {"grade": ORANGE}, {}, "to silence orange takes a leader"),
        ("silence", {"until": AT + timedelta(days=8)}, {}, "yellow is silenced until 2026-03-10 08:00"),
        ("silence", {}, {"warning": None}, "none is never silenced"),
    ],
)  # fmt: skip
def test_it_is_refused(kind: str, done: dict[str, object], on: dict[str, object], said: str) -> None:
    assert said in refused(act(kind, **done), sight(**on))  # type: ignore[arg-type]


DONE = act("task-done")


@pytest.mark.parametrize(
    ("kind", "done", "on"),
    [
        ("acknowledge", {"receiver": "centre"}, {}),
        ("unacknowledge", {"receiver": "centre"}, {"acts": [act("acknowledge", receiver="centre")]}),
        ("issue", {"role": Role.LEADER}, PROPOSAL),
        ("issue", {"role": Role.LEADER, "by": "eva"}, {**PROPOSAL, "author": act("raise")}),
        ("decline", {"role": Role.LEADER}, PROPOSAL),
        ("decline", {}, {**PROPOSAL, "proposal": replace(PROPOSED, issuer=Issuer.DUTY)}),
        ("regrade", {"grade": ORANGE}, {}),
        ("regrade", {"grade": BLUE, "role": Role.LEADER}, {}),
        ("lift", {"role": Role.LEADER}, {}),
        ("close", {"verdict": Verdict.CONFIRMED, "outcome": date(2026, 3, 3)}, {}),
        ("close", {"verdict": Verdict.AVERTED}, {"acts": [DONE]}),
        ("verdict", {"verdict": Verdict.FALSE_ALARM}, {"warning": OVER}),
        ("comment", {}, {"warning": OVER}),
        ("raise", {"grade": RED}, {"warning": None}),
        ("raise", {"grade": RED}, {"warning": OVER}),
        ("close", {"verdict": Verdict.AVERTED}, {"acts": [act("step-done")]}),
        ("close", {"verdict": Verdict.UNCLEAR, "role": Role.LEADER}, PROPOSAL),
        ("close", {"verdict": Verdict.UNCLEAR},
         {**PROPOSAL, "proposal": replace(PROPOSED, issuer=Issuer.DUTY)}),
        ("regrade", {"grade": ORANGE}, PROPOSAL),
        ("unsilence", {}, {"warning": None}),
        ("silence", {"until": AT + timedelta(days=7)}, {}),
        ("silence", {"grade": BLUE}, {"warning": None}),
        ("silence", {"grade": ORANGE, "role": Role.LEADER}, {}),
    ],
)
def test_it_may_be_done(kind: str, done: dict[str, object], on: dict[str, object]) -> None:
    assert refused(act(kind, **done), sight(**on)) == ""  # type: ignore[arg-type]


def test_a_measure_done_after_the_end_averted_nothing() -> None:
    late = replace(DONE, at=AT + timedelta(hours=1))
    wish = act("verdict", verdict=Verdict.AVERTED)
    assert "averted means" in refused(wish, sight(OVER, acts=[late]))


@pytest.mark.parametrize(
    ("seen", "moved"), [("", False), ("yellow", False), (ISSUED.key, False), ("orange", True), ("w/x", True)]
)
def test_what_has_moved_since_it_was_seen_is_said(seen: str, moved: bool) -> None:
    said = refused(act("comment"), sight(), seen)
    assert said.startswith(f"it has moved since {seen} was seen: issued to yellow") is moved


@pytest.mark.parametrize(
    ("kind", "seen", "moved"),
    [
        # what settles a proposal, or puts less in its place, is done on the grade that waits
        ("issue", "orange", False), ("issue", "yellow", True), ("issue", PROPOSED.key, False),
        ("decline", "orange", False), ("decline", "yellow", True),
        ("regrade", "orange", False), ("regrade", "yellow", True),
        ("close", "orange", False), ("close", "yellow", True), ("lift", "yellow", True),
        # anything else may be said of either
        ("comment", "yellow", False), ("comment", "orange", False), ("comment", "red", True),
        ("acknowledge", "yellow", False), ("silence", "yellow", False),
    ],
)  # fmt: skip
def test_on_which_grade_of_two_it_may_be_done(kind: str, seen: str, moved: bool) -> None:
    wish = act(kind, role=Role.LEADER, grade=RED, verdict=Verdict.UNCLEAR, receiver="centre")
    said = refused(wish, sight(**{**PROPOSAL, "last": PROPOSED}), seen)  # type: ignore[arg-type]
    assert said.startswith(f"it has moved since {seen} was seen: proposed to orange") is moved


def test_the_lowering_of_what_stands_may_be_seen_as_either() -> None:
    falling = replace(PROPOSED, before=ORANGE, after=NONE)
    on = sight(replace(WARNING, grade=ORANGE, proposed=NONE), proposal=falling, last=falling)
    for seen in ("orange", "none"):
        assert refused(act("close", role=Role.LEADER, verdict=Verdict.UNCLEAR), on, seen) == ""


@pytest.mark.parametrize("seen", ["purple", "Yellow", "2026-03-02"])
def test_what_was_never_there_cannot_have_been_seen(seen: str) -> None:
    assert refused(act("comment"), sight(), seen).startswith(f"'{seen}' is no grade, and no change of w")
