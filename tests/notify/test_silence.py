"""Silences mute what a person has on their desk already; inhibition mutes the lesser of two for who knows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from types import SimpleNamespace

import pytest

from engine.model.act import Act, ActKind
from engine.model.grade import Grade
from engine.model.message import Route
from engine.model.warning import Change, RiskWarning, Step
from engine.notify.audience import freed, silenced, silencing
from engine.notify.plan import plan

ROUTES = (
    Route(id="county", areas=("03",), receivers=("county",)),
    Route(id="country", areas=("SE",), grade=Grade.YELLOW, receivers=("country",)),
)


def told(
    make: SimpleNamespace, changes: Sequence[Change], warnings: Sequence[RiskWarning] = (), **given: object
) -> list[str]:
    listed = warnings or [make.warning()]
    notes = plan(
        changes, {one.id: one for one in listed}, ROUTES,
        {name: make.receiver(name) for name in ("county", "country")}, make.reference, at=make.at,
        **{"heard": {}, **given},  # type: ignore[arg-type]
    )  # fmt: skip
    return [f"{note.receiver} {note.warning}" for note in notes]


def silence(make: SimpleNamespace, **given: object) -> Act:
    return Act(
        **{
            "id": "a1", "kind": ActKind.SILENCE, "area": "03", "topic": "burglary",
            "at": make.at - timedelta(hours=1), "until": make.at + timedelta(days=1), **given,
        }  # type: ignore[arg-type]
    )  # fmt: skip


BOTH = ["country 03.burglary.d20260305", "county 03.burglary.d20260305"]


@pytest.mark.parametrize(
    ("step", "before", "after", "grade", "passes"),
    [
        (Step.UPGRADED, "yellow", "orange", Grade.YELLOW, True),
        (Step.UPGRADED, "yellow", "orange", Grade.ORANGE, False),
        (Step.UPGRADED, "yellow", "orange", None, True),
        (Step.DOWNGRADED, "orange", "yellow", None, False),
        (Step.DOWNGRADED, "orange", "yellow", Grade.BLUE, True),
        (Step.ISSUED, "none", "orange", None, False),
        (Step.ISSUED, "none", "red", None, True),
        (Step.UPGRADED, "orange", "red", Grade.RED, True),
        (Step.ISSUED, "none", "orange", Grade.YELLOW, True),
    ],
)
def test_a_silence_holds_up_to_its_grade(
    step: Step, before: str, after: str, grade: Grade | None, passes: bool, make: SimpleNamespace
) -> None:
    change = make.change(step, before, after)
    found = told(make, [change], acts=[silence(make, grade=grade)])
    assert found == (BOTH if passes else [])


@pytest.mark.parametrize("step", [Step.LIFTED, Step.EXPIRED])
def test_the_end_of_a_warning_passes(step: Step, make: SimpleNamespace) -> None:
    heard = {make.warning().id: {"county"}}
    found = told(make, [make.change(step, "orange", "none")], acts=[silence(make)], heard=heard)
    assert found == BOTH[1:]


def test_a_silence_mutes_nothing_else(make: SimpleNamespace) -> None:
    change = make.change(Step.ISSUED, "none", "orange")
    hour = timedelta(hours=1)
    others: list[dict[str, object]] = [
        {"area": "04"}, {"topic": "fire"}, {"kind": ActKind.ACKNOWLEDGE}, {"until": make.at},
        {"at": make.at + hour},
    ]  # fmt: skip
    for other in others:
        assert told(make, [change], acts=[silence(make, **other)]) == BOTH, other
    assert told(make, [change], acts=[silence(make, until=None)]) == []


def nation(make: SimpleNamespace, **given: object) -> RiskWarning:
    worse = {"id": "SE.burglary.d20260301", "area": "SE", "grade": Grade.RED, **given}
    found: RiskWarning = make.warning(**worse)
    return found


def test_who_knows_of_the_worse_is_not_told_of_the_lesser(make: SimpleNamespace) -> None:
    both, heard = [make.warning(), nation(make)], {"SE.burglary.d20260301": {"country"}}
    assert told(make, [make.change()], both, heard=heard) == BOTH
    assert told(make, [make.change()], both, heard=heard, inhibit=True) == BOTH[1:]
    assert told(make, [make.change()], both, heard={}, inhibit=True) == BOTH


def test_the_worse_is_told_first_in_the_same_run(make: SimpleNamespace) -> None:
    risen = make.change(Step.ISSUED, "none", "red", warning="SE.burglary.d20260301")
    found = told(make, [make.change(), risen], [make.warning(), nation(make)], inhibit=True)
    assert found == ["country SE.burglary.d20260301", "county 03.burglary.d20260305"]


def test_only_an_open_and_worse_warning_of_the_topic_above_inhibits(make: SimpleNamespace) -> None:
    others: list[dict[str, object]] = [
        {"grade": Grade.ORANGE}, {"topic": "fire"}, {"area": "04"}, {"lifted_at": make.at},
    ]  # fmt: skip
    heard = {"SE.burglary.d20260301": {"country"}}
    for other in others:
        both = [make.warning(), nation(make, **other)]
        assert told(make, [make.change()], both, heard=heard, inhibit=True) == BOTH, other


def test_an_inhibited_fall_is_still_told(make: SimpleNamespace) -> None:
    heard = {"SE.burglary.d20260301": {"country"}, make.warning().id: {"country", "county"}}
    lifted = make.change(Step.LIFTED, "orange", "none")
    assert told(make, [lifted], [make.warning(), nation(make)], heard=heard, inhibit=True) == BOTH


def test_who_was_spared_the_lesser_hears_of_it_when_the_worse_falls(make: SimpleNamespace) -> None:
    lesser, rise = make.warning(), make.change()
    heard = {"SE.burglary.d20260301": {"country"}, lesser.id: {"county"}}
    lifted = make.change(Step.LIFTED, "red", "none", warning="SE.burglary.d20260301")
    over = [lesser, nation(make, lifted_at=make.at)]
    listed = {one.id: one for one in over}
    assert freed([lifted], listed, make.reference.lineage) == [lesser]
    found = told(make, [lifted], over, heard=heard, inhibit=True, muted={rise: {"county"}})
    assert found == ["country SE.burglary.d20260301", f"country {lesser.id}"]
    knows = {rise: {"county", "country"}}
    assert told(make, [lifted], over, heard=heard, inhibit=True, muted=knows) == found[:1]


def test_a_lesser_stays_muted_while_a_worse_stands(make: SimpleNamespace) -> None:
    lowered = make.change(Step.DOWNGRADED, "red", "orange", warning="SE.burglary.d20260301")
    heard = {"SE.burglary.d20260301": {"country"}}
    for grade, more in ((Grade.ORANGE, []), (Grade.BLUE, [f"country {make.warning().id}"])):
        both = [make.warning(grade=Grade.YELLOW), nation(make, grade=grade)]
        rise = make.change(Step.ISSUED, "none", "yellow")
        found = told(make, [lowered], both, heard=heard, inhibit=True, muted={rise: {"county"}})
        assert found == ["country SE.burglary.d20260301", *more]


def test_only_open_warnings_below_the_fallen_one_that_did_not_change_are_freed(make: SimpleNamespace) -> None:
    lifted = make.change(Step.LIFTED, "red", "none", warning="SE.burglary.d20260301")
    lineage, over = make.reference.lineage, nation(make, lifted_at=make.at)
    for other in ({"topic": "fire"}, {"lifted_at": make.at}):
        listed = {one.id: one for one in (make.warning(**other), over)}
        assert freed([lifted], listed, lineage) == []
    listed = {one.id: one for one in (make.warning(), over)}
    assert freed([lifted, make.change()], listed, lineage) == []
    assert freed([make.change(Step.UPGRADED, "orange", "red", warning=over.id)], listed, lineage) == []


def test_what_is_looked_up_by_place_mutes_what_all_of_them_would(make: SimpleNamespace) -> None:
    acts = [
        silence(make), silence(make, id="a2", area="01"), silence(make, id="a3", topic="fire"),
        silence(make, id="a4", warning="another"),
        Act(id="a5", kind=ActKind.UNSILENCE, area="", topic="", at=make.at, target="a1"),
    ]  # fmt: skip
    change = make.change(Step.ISSUED, "none", "yellow")
    for some in (acts[:1], acts[1:4], acts[:4], acts[1:], acts):
        own = silencing(some)(make.warning())
        assert silenced(change, make.warning(), own) is silenced(change, make.warning(), some)
        assert {act.id for act in own} <= {"a1", "a4", "a5"}
