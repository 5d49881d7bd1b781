"""Which right each act takes, which office has it, and how far each sees."""

from __future__ import annotations

import pytest

from engine.model.act import ActKind, Role
from engine.model.grade import Grade
from engine.model.staff import Office, Right, Visitor, rights
from engine.staff.rights import answers_for, needed, reaches

#: The table of roles, as the documentation has it: what each may, by the first letters of the offices.
TABLE = {
    (ActKind.ACKNOWLEDGE, Grade.RED): "dpa", (ActKind.TASK_DONE, Grade.NONE): "dpa",
    (ActKind.COMMENT, Grade.NONE): "dpa", (ActKind.STEP_DONE, Grade.NONE): "dpa",
    (ActKind.ISSUE, Grade.YELLOW): "dpa", (ActKind.ISSUE, Grade.ORANGE): "pa",
    (ActKind.ISSUE, Grade.RED): "pa", (ActKind.SILENCE, Grade.YELLOW): "dpa",
    (ActKind.SILENCE, Grade.ORANGE): "pa", (ActKind.CLOSE, Grade.RED): "dpa",
    (ActKind.VERDICT, Grade.NONE): "dpa", (ActKind.RAISE, Grade.ORANGE): "dpa",
    (ActKind.REGRADE, Grade.BLUE): "pa", (ActKind.LIFT, Grade.NONE): "pa",
    (ActKind.DECLINE, Grade.YELLOW): "pa", (ActKind.PLAN_START, Grade.RED): "dpa",
}  # fmt: skip
LETTERS = {
    "v": Office.VIEWER, "d": Office.OFFICER, "n": Office.ANALYST, "p": Office.APPROVER,
    "a": Office.ADMINISTRATOR,
}  # fmt: skip


@pytest.mark.parametrize(("kind", "grade"), TABLE)
def test_who_may_do_what(kind: ActKind, grade: Grade):
    may = {letter for letter, office in LETTERS.items() if needed(kind, grade) in rights([office])}
    assert may == set(TABLE[kind, grade])


def test_every_act_takes_a_right_that_some_office_has_and_a_viewer_has_not():
    for kind in ActKind:
        assert needed(kind, Grade.RED) in rights([Office.APPROVER]) - rights([Office.VIEWER])


def test_offices_add_up_and_only_who_commands_is_a_leader():
    assert Right.DRAFT in rights([Office.OFFICER, Office.ANALYST])
    assert [office for office in Office if Visitor(name="x", via="console", rights=rights([office])).role
            is Role.LEADER] == [Office.APPROVER, Office.ADMINISTRATOR]  # fmt: skip


@pytest.mark.parametrize(
    ("top", "lineage", "seen"),
    [
        ("", ["T1", "C"], True), ("C", ["T1", "C"], True), ("T1", ["T1", "C"], True),
        ("T1", ["C"], False), ("T1", ["T2", "C"], False), ("T1", ["T11"], False),
    ],
)  # fmt: skip
def test_how_far_somebody_sees(top: str, lineage: list[str], seen: bool):
    assert reaches(top, lineage) is seen


def test_for_whom_somebody_answers():
    own = Visitor(name="x", via="console", rights=frozenset(), receivers=("police",))
    assert answers_for(own, "police") and not answers_for(own, "fire")
    assert answers_for(Visitor(name="y", via="console", rights=frozenset()), "fire")
