"""The table of precedence, row by row: what passes, what waits, and for whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.duty.authority import Authority, Unanswered
from engine.model.act import Act, ActKind, Role
from engine.model.grade import Confidence, Domain, Grade
from engine.model.warning import Issuer, RiskWarning, Standing
from engine.warn.call import Call, call
from engine.warn.passage import Passage

AT = datetime(2026, 3, 3, 8, tzinfo=UTC)
NONE, BLUE, YELLOW, ORANGE, RED = Grade
ITSELF, UNANSWERED, HAND, DUTY, LEADER, TWO = Issuer
ISSUERS = {BLUE: ITSELF, YELLOW: DUTY, ORANGE: LEADER, RED: TWO}
AUTHORITY = Authority(
    issuers={(Domain.SAFETY, grade): issuer for grade, issuer in ISSUERS.items()},
    unanswered={ORANGE: Unanswered(timedelta(minutes=30), issues=True)},
)
PROPOSAL = "w/daily/1/proposed"


def finding(grade: Grade, **but: object) -> Standing:
    usual = Standing(
        rule="r", area="A", topic="t", domain=Domain.SAFETY, rule_hash="", on=(), off=(), grade=grade,
        since=AT - timedelta(days=1),
    )  # fmt: skip
    return replace(usual, **but)


def warning(grade: Grade, issuer: Issuer = ITSELF, proposed: Grade | None = None) -> RiskWarning:
    return RiskWarning(
        id="w", area="A", topic="t", domain=Domain.SAFETY, grade=grade, score=0.0,
        confidence=Confidence.HIGH, title_en="", since=AT, judged_at=AT, issuer=issuer, proposed=proposed,
        proposed_at=AT if proposed is not None else None, proposal=PROPOSAL if proposed is not None else "",
    )  # fmt: skip


def act(kind: ActKind, by: str = "anna", role: Role = Role.LEADER, **but: object) -> Act:
    usual = {"id": f"{kind}-{by}", "area": "A", "topic": "t", "at": AT, "reason": "why", "change": PROPOSAL}
    return Act(kind=kind, by=by, role=role, **{**usual, **but})  # type: ignore[arg-type]


def passes(open_: RiskWarning | None, called: Call, *acts: Act, minutes: float = 0) -> Passage:
    return AUTHORITY(open_, called, acts, Domain.SAFETY, AT + timedelta(minutes=minutes))


def found(grade: Grade, **but: object) -> Call:
    return Call(grade, (finding(grade, **but),) if grade else ())


@pytest.mark.parametrize(
    ("now", "issuer", "called", "grade", "proposed", "needs"),
    [
        # a rise, by the authority of the grade; what automation may issue itself it issues meanwhile
        (NONE, ITSELF, BLUE, BLUE, None, ITSELF),
        (NONE, ITSELF, YELLOW, BLUE, YELLOW, DUTY),
        (NONE, ITSELF, ORANGE, BLUE, ORANGE, LEADER),
        (NONE, ITSELF, RED, BLUE, RED, TWO),
        (BLUE, ITSELF, ORANGE, BLUE, ORANGE, LEADER),
        (ORANGE, LEADER, RED, ORANGE, RED, TWO),
        # nothing new
        (ORANGE, LEADER, ORANGE, ORANGE, None, ITSELF),
        # a fall: automation takes back what itself, a hand or the officer on duty issued
        (YELLOW, ITSELF, BLUE, BLUE, None, ITSELF),
        (YELLOW, UNANSWERED, NONE, NONE, None, ITSELF),
        (RED, UNANSWERED, NONE, NONE, None, ITSELF),
        (YELLOW, HAND, BLUE, BLUE, None, ITSELF),
        (YELLOW, DUTY, NONE, NONE, None, ITSELF),
        (ORANGE, LEADER, YELLOW, ORANGE, YELLOW, LEADER),
        (ORANGE, LEADER, NONE, ORANGE, NONE, LEADER),
        (RED, TWO, ORANGE, RED, ORANGE, TWO),
    ],
)  # fmt: skip
def test_what_a_call_comes_to(
    now: Grade, issuer: Issuer, called: Grade, grade: Grade, proposed: Grade | None, needs: Issuer
) -> None:
    open_ = warning(now, issuer) if now else None
    passage = passes(open_, found(called))
    assert (passage.grade, passage.proposed) == (grade, proposed)
    assert proposed is None or passage.needs is needs


@pytest.mark.parametrize(
    ("proposed", "approvals", "passed"),
    [
        (YELLOW, [("anna", Role.DUTY)], DUTY),
        (YELLOW, [("chief", Role.LEADER)], DUTY),
        (ORANGE, [("anna", Role.DUTY)], None),
        (ORANGE, [("chief", Role.LEADER)], LEADER),
        (RED, [("chief", Role.LEADER)], None),
        (RED, [("chief", Role.LEADER), ("chief", Role.LEADER)], None),
        (RED, [("chief", Role.LEADER), ("Chief ", Role.LEADER)], None),
        (RED, [("chief", Role.LEADER), ("anna", Role.DUTY)], None),
        (RED, [("chief", Role.LEADER), ("deputy", Role.LEADER)], TWO),
    ],
)
def test_whose_word_lets_a_proposal_pass(
    proposed: Grade, approvals: list[tuple[str, Role]], passed: Issuer | None
) -> None:
    given = [act(ActKind.ISSUE, by, role, id=f"{n}") for n, (by, role) in enumerate(approvals)]
    passage = passes(warning(BLUE, proposed=proposed), found(proposed), *given)
    if passed is None:
        assert (passage.grade, passage.proposed) == (BLUE, proposed)
    else:
        assert (passage.grade, passage.issuer, passage.by) == (proposed, passed, given[-1].id)


def test_an_approval_of_another_proposal_says_nothing() -> None:
    given = act(ActKind.ISSUE, change="w/daily/0/proposed")
    assert passes(warning(BLUE, proposed=ORANGE), found(ORANGE), given).grade is BLUE


@pytest.mark.parametrize(
    ("proposed", "immediate", "minutes", "goes_out"),
    [
        (YELLOW, False, 60 * 24, False),
        (ORANGE, False, 29, False),
        (ORANGE, False, 30, True),
        (RED, False, 9, False),
        (RED, False, 10, True),
        (YELLOW, True, 9, False),
        (YELLOW, True, 10, True),
        (ORANGE, True, 10, True),
    ],
)
def test_what_happens_when_nobody_answers(
    proposed: Grade, immediate: bool, minutes: float, goes_out: bool
) -> None:
    called = found(proposed, until=AT + timedelta(days=1)) if immediate else found(proposed)
    open_ = warning(BLUE, proposed=proposed)
    passage = passes(open_, called, minutes=minutes)
    assert (passage.grade, passage.issuer) == ((proposed, UNANSWERED) if goes_out else (BLUE, ITSELF))
    if goes_out:
        assert AT + timedelta(minutes=minutes) in set(AUTHORITY.deadlines(open_))


def test_a_fall_that_nobody_answers_keeps_the_grade() -> None:
    open_ = warning(RED, TWO, proposed=BLUE)
    assert passes(open_, found(BLUE), minutes=60 * 24 * 30).grade is RED
    assert list(AUTHORITY.deadlines(open_)) == []


@pytest.mark.parametrize(
    ("now", "grade", "role", "passes_at", "needs"),
    [
        (NONE, YELLOW, Role.DUTY, YELLOW, None),
        (NONE, ORANGE, Role.DUTY, NONE, LEADER),
        (NONE, ORANGE, Role.LEADER, ORANGE, None),
        (NONE, RED, Role.DUTY, NONE, TWO),
        (NONE, RED, Role.LEADER, NONE, TWO),
        (RED, YELLOW, Role.LEADER, YELLOW, None),
    ],
)
def test_a_grade_by_hand(
    now: Grade, grade: Grade, role: Role, passes_at: Grade, needs: Issuer | None
) -> None:  # fmt: skip
    kind = ActKind.REGRADE if now else ActKind.RAISE
    called = Call(grade, (), act(kind, role=role, grade=grade))
    passage = passes(warning(now) if now else None, called)
    assert passage.grade is passes_at
    assert passage.proposed is (None if needs is None else grade)
    assert needs is None or passage.needs is needs


@pytest.mark.parametrize(("who", "passed"), [("anna", False), ("chief", True)])
def test_nobody_lets_their_own_red_pass(who: str, passed: bool) -> None:
    called = Call(RED, (), act(ActKind.RAISE, "anna", grade=RED))
    open_ = replace(warning(NONE), proposed=RED, proposed_at=AT, proposal=PROPOSAL)
    passage = passes(open_, called, act(ActKind.ISSUE, who))
    assert passage.grade is (RED if passed else NONE)
    assert passes(open_, called, minutes=10).issuer is UNANSWERED


@pytest.mark.parametrize(
    ("kind", "grade", "seen", "now", "called"),
    [
        # what a person decided outranks automation, up to what they saw
        (ActKind.REGRADE, BLUE, ORANGE, [ORANGE], BLUE),
        (ActKind.REGRADE, ORANGE, BLUE, [BLUE], ORANGE),
        (ActKind.REGRADE, ORANGE, BLUE, [], ORANGE),
        (ActKind.REGRADE, BLUE, YELLOW, [ORANGE], ORANGE),
        (ActKind.LIFT, None, ORANGE, [ORANGE], NONE),
        (ActKind.CLOSE, None, ORANGE, [RED], RED),
        (ActKind.DECLINE, BLUE, ORANGE, [ORANGE], BLUE),
        (ActKind.DECLINE, BLUE, ORANGE, [RED], RED),
        (ActKind.RAISE, YELLOW, NONE, [], YELLOW),
        (ActKind.RAISE, YELLOW, NONE, [RED], RED),
        (ActKind.RAISE, YELLOW, NONE, [BLUE], YELLOW),
    ],
)  # fmt: skip
def test_what_a_person_decided_outranks_what_they_saw(
    kind: ActKind, grade: Grade | None, seen: Grade, now: list[Grade], called: Grade
) -> None:
    decided = act(kind, grade=grade, seen=seen)
    standing = [finding(one) for one in now]
    assert call(warning(YELLOW), standing, [decided], AT).grade is called
    over = replace(decided, until=AT - timedelta(seconds=1))
    assert call(warning(YELLOW), standing, [over], AT).grade is max(now, default=NONE)


def test_what_rises_beside_a_persons_grade_is_proposed_by_the_authority_of_its_own() -> None:
    regraded = act(ActKind.REGRADE, grade=BLUE, seen=YELLOW)
    called = call(warning(BLUE, LEADER), [finding(RED)], [regraded], AT)
    passage = passes(warning(BLUE, LEADER), called)
    assert (passage.grade, passage.proposed, passage.needs) == (BLUE, RED, TWO)


@pytest.mark.parametrize(
    ("issuer", "role", "passed", "needs"),
    [
        (ITSELF, Role.DUTY, True, None),
        (DUTY, Role.DUTY, True, None),
        (LEADER, Role.DUTY, False, LEADER),
        (LEADER, Role.LEADER, True, None),
        (TWO, Role.LEADER, False, TWO),
    ],
)
def test_a_grade_by_hand_passes_by_the_authority_of_its_domain(
    issuer: Issuer, role: Role, passed: bool, needs: Issuer | None
) -> None:
    authority = Authority({(Domain.SAFETY, YELLOW): issuer})
    called = Call(YELLOW, (), act(ActKind.RAISE, role=role, grade=YELLOW))
    passage = authority(None, called, [], Domain.SAFETY, AT)
    assert (passage.grade is YELLOW, passage.proposed) == (passed, None if passed else YELLOW)
    assert needs is None or passage.needs is needs
