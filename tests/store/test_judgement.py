"""What a run concludes comes back as it was, and what stood before stays readable."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from engine.errors import StoreError
from engine.model.finding import Finding, Held, MatchTrace, RungTrace, Signal, Trace
from engine.model.grade import Confidence, Domain, Grade
from engine.model.period import Calendar, Cycle
from engine.model.warning import Change, RiskWarning, Score, Standing, Step
from engine.store import judgement, runs, standing
from engine.store.database import Store

AT = datetime(2025, 3, 2, 8, tzinfo=UTC)

SIGNAL = Signal(
    "rare", Held.HELD, 7, expected=1.25, needed=4.0, pvalue=1e-4, facts={"alpha": 0.01, "prior": "pooled"}
)
TRACE = Trace(
    "burglary", "abc", "A", ("2025-02-23", "2025-03-02"), 7.0, baseline=(1.0, float("nan"), 2.5),
    rungs=(RungTrace(Grade.BLUE, Held.HELD, (SIGNAL,)), RungTrace(Grade.RED, Held.UNKNOWN, (), missing=3.0)),
    matches=(MatchTrace("finding traffic", Held.HELD, ("A", "B"), (("A", "2025-03-01"),)),),
    confidence=Confidence.MEDIUM, confidence_cause="not located",
)  # fmt: skip
FINDING = Finding(
    rule="burglary", rule_hash="abc", area="A", topic="theft", domain=Domain.SAFETY, cycle="daily",
    period="2025-03-01", at=AT, grade=Grade.BLUE, trace=TRACE,
)  # fmt: skip
STANDING = Standing(
    rule="burglary", area="A", topic="theft", domain=Domain.SAFETY, rule_hash="abc", on=(3, 0), off=(0, 2),
    grade=Grade.BLUE, since=AT, raised_at=AT + timedelta(hours=1), until=AT + timedelta(days=1),
    ends=((Grade.BLUE, AT + timedelta(days=2)), (Grade.YELLOW, AT + timedelta(days=1))), found_as="abd",
    lifted_at=AT - timedelta(days=9),
    lifted_grade=Grade.ORANGE, confidence=Confidence.LOW, confidence_cause="late", blind_since=AT, trial=True,
)  # fmt: skip
BARE = Standing(
    rule="fire", area="B", topic="fire", domain=Domain.SAFETY, rule_hash="x", on=(), off=(),
)  # fmt: skip
WARNING = RiskWarning(
    id="A.theft.d20250301", area="A", topic="theft", domain=Domain.SAFETY, grade=Grade.BLUE, score=10.5,
    confidence=Confidence.HIGH, confidence_cause="", title_en="Thefts", title_zh="盗窃", since=AT,
    judged_at=AT, rules=("burglary", "theft"),
)  # fmt: skip
CHANGE = Change(
    warning=WARNING.id, step=Step.ISSUED, at=AT, before=Grade.NONE, after=Grade.BLUE, reason="7 against 1.2",
    by="daily 2025-03-01",
)  # fmt: skip
SCORE = Score(area="A", domain=Domain.SAFETY, value=10.5, parts=(("burglary", "A", "blue", 10.0),))


@dataclass(frozen=True)
class Conclusion:
    standing: tuple[Standing, ...] = ()
    findings: tuple[Finding, ...] = ()
    warnings: tuple[RiskWarning, ...] = ()
    changes: tuple[Change, ...] = ()
    scores: tuple[Score, ...] = ()


def save(store: Store, day: int, **concluded: object) -> int:
    """Judge one day; the number of its run."""
    period = Calendar().period(Cycle.DAILY, date(2025, 3, day))
    with store.begin() as tx:
        claim = runs.claim(tx, period, "a", AT, timedelta(minutes=1))
        assert claim is not None
        judgement.save(tx, claim.run, Conclusion(**concluded))  # type: ignore[arg-type]
        runs.finish(tx, claim, now=AT)
    return claim.run


def test_everything_comes_back_as_it_was(store: Store) -> None:
    run = save(
        store, 1, standing=(STANDING, BARE), findings=(FINDING,), warnings=(WARNING,), changes=(CHANGE,),
        scores=(SCORE,),
    )  # fmt: skip
    with store.read() as tx:
        assert standing.now(tx) == {("burglary", "A"): STANDING, ("fire", "B"): BARE}
        (found,) = judgement.findings(tx, run=run)
        assert judgement.warnings(tx) == [WARNING]
        assert judgement.changes(tx) == [CHANGE]
        assert judgement.scores(tx) == [SCORE]
    np.testing.assert_array_equal(found.trace.baseline, TRACE.baseline)
    assert replace(found, trace=replace(found.trace, baseline=())) == replace(
        FINDING, trace=replace(TRACE, baseline=())
    )


def test_a_run_that_concludes_nothing_writes_nothing(store: Store) -> None:
    save(store, 1)
    with store.read() as tx:
        assert standing.now(tx) == {}
        assert judgement.findings(tx) == judgement.warnings(tx) == judgement.changes(tx) == []


def test_the_latest_standing_stands_and_the_past_can_be_asked_for(store: Store) -> None:
    later = replace(STANDING, on=(4, 1), grade=Grade.YELLOW)
    save(store, 1, standing=(STANDING, BARE))
    save(store, 2, standing=(later,))
    with store.read() as tx:
        assert standing.now(tx, ["burglary"]) == {("burglary", "A"): later}
        assert standing.now(tx)["fire", "B"] == BARE
        assert standing.now(tx, seq=1) == {("burglary", "A"): STANDING, ("fire", "B"): BARE}
        assert standing.now(tx, seq=0) == {}


def test_what_stood_through_a_stretch_is_its_beginning_and_every_step(store: Store) -> None:
    """By the moment each run was due; a run of the same moment but a later cycle is not seen yet."""
    grades = [Grade.BLUE, Grade.NONE, Grade.YELLOW, Grade.RED]
    rows = [replace(STANDING, grade=grade) for grade in grades]
    for day, one in enumerate(rows, start=1):
        save(store, day, standing=(one, replace(BARE, on=(day,))))
    calendar = Calendar()

    def stood(since: int, until: int, cycle: Cycle = Cycle.DAILY) -> list[tuple[datetime, Standing]]:
        with store.read() as tx:
            period = calendar.period(cycle, date(2025, 3, until))
            return standing.past(tx, ["burglary"], calendar.cut_at(date(2025, 3, since + 1)), period)

    due = [calendar.cut_at(date(2025, 3, day + 1)) for day in range(1, 5)]
    assert stood(2, 3) == [(due[1], rows[1]), (due[2], rows[2])]
    assert stood(0, 4) == list(zip(due, rows, strict=True))
    assert stood(3, 3) == [(due[2], rows[2])]
    with store.begin() as tx:
        week = calendar.period(Cycle.WEEKLY, date(2025, 3, 2))
        claim = runs.claim(tx, week, "a", AT, timedelta(minutes=1))
        assert claim is not None
        judgement.save(tx, claim.run, Conclusion(standing=(replace(STANDING, on=(9, 9)),)))
    assert stood(1, 2)[-1][1] == rows[1], "the daily run of that Monday came before the weekly one"
    assert stood(1, 2, Cycle.WEEKLY)[-1][1].on == (9, 9)


def test_the_next_end_is_that_of_what_stands_now(store: Store) -> None:
    with store.read() as tx:
        assert standing.next_end(tx) is None
    save(store, 1, standing=(STANDING, replace(STANDING, area="B", until=AT + timedelta(hours=2))))
    save(store, 2, standing=(replace(STANDING, area="B", until=None),))
    with store.read() as tx:
        assert standing.next_end(tx) == STANDING.until


def test_findings_are_found_by_what_they_are(store: Store) -> None:
    tomorrow = replace(FINDING, at=AT + timedelta(days=1), period="2025-03-02")
    elsewhere = replace(FINDING, area="B", rule="robbery", topic="robbery")
    first = save(store, 1, findings=(FINDING, elsewhere))
    save(store, 2, findings=(tomorrow,))

    def periods(**wanted: object) -> list[tuple[str, str]]:
        with store.read() as tx:
            found = judgement.findings(tx, **wanted)  # type: ignore[arg-type]
        return [(one.rule, one.period) for one in found]

    assert periods(area="A", topic="theft") == [("burglary", "2025-03-01"), ("burglary", "2025-03-02")]
    assert periods(run=first) == [("burglary", "2025-03-01"), ("robbery", "2025-03-01")]
    assert periods(since=AT + timedelta(seconds=1)) == [("burglary", "2025-03-02")]
    assert periods(rule="robbery", since=AT) == [("robbery", "2025-03-01")]


def test_standing_findings_are_the_latest_of_what_stands(store: Store) -> None:
    """One held by its delay has no finding of today: the one that raised it is shown."""
    again = replace(FINDING, at=AT + timedelta(days=1), period="2025-03-02")
    over = replace(FINDING, area="B")
    save(store, 1, standing=(STANDING, replace(STANDING, area="B")), findings=(FINDING, over))
    save(store, 2, standing=(replace(STANDING, on=(4, 0)),), findings=(again,))
    save(store, 3, standing=(replace(STANDING, area="B", grade=Grade.NONE), replace(STANDING, off=(1, 1))))
    with store.read() as tx:
        found = judgement.standing_findings(tx, {("A", "theft"), ("B", "theft")})
        assert [(one.area, one.period) for one in found] == [("A", "2025-03-02")]
        assert judgement.standing_findings(tx, {("A", "robbery"), ("B", "theft")}) == []


def test_warnings_are_replaced_and_listed_by_whether_they_are_open(store: Store) -> None:
    lifted = replace(WARNING, grade=Grade.NONE, lifted_at=AT + timedelta(days=2))
    other = replace(WARNING, id="B.theft.d20250301", area="B")
    save(store, 1, warnings=(other, WARNING))
    save(store, 2, warnings=(lifted,))
    with store.read() as tx:
        assert judgement.warnings(tx) == [lifted, other]
        assert judgement.warnings(tx, open_only=True) == [other]
        assert judgement.warnings(tx, lifted_since=AT + timedelta(days=2)) == [lifted, other]
        assert judgement.warnings(tx, lifted_since=AT + timedelta(days=3)) == [other]


def test_changes_are_told_in_their_order_and_once(store: Store) -> None:
    raised = replace(CHANGE, step=Step.UPGRADED, by="daily 2025-03-02", at=AT + timedelta(days=1))
    save(store, 1, warnings=(WARNING,), changes=(CHANGE,))
    save(store, 2, changes=(raised,))
    with store.read() as tx:
        assert judgement.changes(tx, warning=WARNING.id) == [CHANGE, raised]
        assert judgement.changes(tx, warning="other") == []
        assert judgement.changes(tx, since=AT + timedelta(hours=1)) == [raised]
    with pytest.raises(StoreError), store.begin() as tx:
        judgement.add_changes(tx, None, [CHANGE])


def test_a_change_of_no_warning_is_refused(store: Store) -> None:
    with pytest.raises(StoreError), store.begin() as tx:
        judgement.add_changes(tx, None, [CHANGE])


def test_scores_are_the_whole_map_of_the_last_run(store: Store) -> None:
    save(store, 1, scores=(SCORE, replace(SCORE, area="B")))
    save(store, 2, scores=(replace(SCORE, value=30.0),))
    with store.read() as tx:
        assert judgement.scores(tx) == [replace(SCORE, value=30.0)]
