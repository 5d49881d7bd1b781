"""Acts come back as they were written, whole, and the same one twice is one."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

from engine.model.act import Act, ActKind, Role, Verdict
from engine.model.grade import Grade
from engine.store import acts
from engine.store.database import Store

AT = datetime(2025, 3, 2, 8, tzinfo=UTC)
WHOLE = Act(
    kind=ActKind.CLOSE, area="A", topic="theft", at=AT, until=AT + timedelta(days=3), grade=Grade.NONE,
    seen=Grade.RED, reason="patrols went out", by="duty-1", role=Role.LEADER, via="cli",
    warning="A.theft.d20250301", change="A.theft.d20250301/daily/issued", receiver="centre", target="t1",
    verdict=Verdict.AVERTED, outcome=date(2025, 3, 4),
).named()  # fmt: skip


def test_an_act_comes_back_as_it_was(store: Store) -> None:
    usual = Act(kind=ActKind.COMMENT, area="", topic="", at=AT)
    same = {f.name for f in fields(Act) if getattr(WHOLE, f.name) == getattr(usual, f.name)}
    assert same == {"at"}, "every field is put to the test"
    with store.begin() as tx:
        assert acts.add(tx, [WHOLE]) == 1
        assert acts.named(tx, WHOLE.id) == WHOLE
        assert acts.named(tx, "") is None


def test_the_same_act_twice_is_one(store: Store) -> None:
    with store.begin() as tx:
        assert acts.add(tx, [WHOLE]) == 1
        assert acts.add(tx, [replace(WHOLE, id="").named(), replace(WHOLE, by="duty-2").named()]) == 1
        assert len(acts.every(tx)) == 2


def test_acts_are_in_force_until_their_end(store: Store) -> None:
    silence = Act(id="1", kind=ActKind.SILENCE, area="A", topic="theft", at=AT, until=AT + timedelta(days=1))
    regrade = Act(id="2", kind=ActKind.REGRADE, area="A", topic="theft", at=AT, grade=Grade.RED)
    with store.begin() as tx:
        acts.add(tx, [regrade, silence])
        assert acts.in_force(tx, AT - timedelta(seconds=1)) == []
        assert acts.in_force(tx, AT) == [silence, regrade]
        assert acts.in_force(tx, AT + timedelta(days=1)) == [regrade]


def test_acts_are_found_by_what_they_are_about(store: Store) -> None:
    moments = [AT + timedelta(hours=hour) for hour in range(3)]
    about = [
        Act(id=f"{n}", kind=kind, area="A", topic="theft", at=at, warning=f"w{n % 2}", target=f"t{n}")
        for n, (kind, at) in enumerate(
            zip((ActKind.COMMENT, ActKind.ISSUE, ActKind.COMMENT), moments, strict=True)
        )
    ]
    with store.begin() as tx:
        acts.add(tx, about)
        assert acts.of(tx, ["w0"]) == [about[0], about[2]]
        assert acts.every(tx, [ActKind.COMMENT]) == [about[0], about[2]]
        assert acts.every(tx, target="t1") == [about[1]]
        assert acts.every(tx, since=moments[1]) == about[1:]
