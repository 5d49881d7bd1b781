"""A warning's life, told cycle by cycle: delays, cool-down, blindness, people's acts, scores."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.act import Act, ActKind
from engine.model.finding import Held, Outcome, RungTrace, Signal, Trace
from engine.model.grade import Confidence, Domain, Grade
from engine.model.period import Calendar, Cycle, Period
from engine.model.rule import Rule, RuleBook, Rung, Status, Test, Window
from engine.model.text import Text
from engine.model.warning import RiskWarning, Standing, Step
from engine.warn.conclude import Before, Conclusion, Terms, conclude
from engine.warn.score import scores

CALENDAR = Calendar()
DAY = date(2026, 3, 2)  # a Monday
TERMS = Terms()


def rule(**but: object) -> Rule:
    test = Test.of("at_least", count=3)
    rungs = (Rung(Grade.BLUE, (test,)), Rung(Grade.YELLOW, (test,)), Rung(Grade.ORANGE, (test,)))
    usual = Rule(
        id="s.burglary", title=Text("Burglary surge"), domain=Domain.SAFETY, topic="burglary",
        cycle=Cycle.DAILY, level="county", rungs=rungs, window=Window(days=7), hash="h1",
    )  # fmt: skip
    return replace(usual, **but)


def outcome(of: Rule, *held: Held, area: str = "A") -> Outcome:
    traces = tuple(
        RungTrace(rung.grade, state, (Signal("at_least", state, 7.0, needed=3.0),))
        for rung, state in zip(of.rungs, held, strict=True)
    )
    trace = Trace(of.id, of.hash, area, ("a", "b"), 7.0, rungs=traces)
    return Outcome(of.id, of.hash, area, held, trace if Held.HELD in held else None)


H, N, U = Held.HELD, Held.NOT, Held.UNKNOWN


class Life:
    """One place lived through day by day, as the cycle would."""

    def __init__(self, *rules: Rule) -> None:
        self.book = RuleBook({one.id: one for one in rules})
        self.standing: dict[tuple[str, str], Standing] = {}
        self.warnings: dict[tuple[str, str], RiskWarning] = {}
        self.acts: list[Act] = []
        self.day = DAY

    def live(
        self, *outcomes: Outcome, cycle: Cycle = Cycle.DAILY, period: Period | None = None,
        withheld: Set[str] = frozenset(),
    ) -> Conclusion:  # fmt: skip
        period = period or CALENDAR.period(cycle, self.day)
        before = Before(self.standing, self.warnings, self.acts)
        done = conclude(self.book, period, outcomes, before, TERMS, withheld=withheld)
        self.standing = {**self.standing, **{(s.rule, s.area): s for s in done.standing}}
        self.warnings = {(w.area, w.topic): w for w in done.warnings if w.open}
        if cycle is Cycle.DAILY:
            self.day += timedelta(days=1)
        return done

    @property
    def grade(self) -> Grade:
        return next((w.grade for w in self.warnings.values()), Grade.NONE)


def steps(done: Conclusion) -> list[tuple[Step, Grade, Grade]]:
    return [(change.step, change.before, change.after) for change in done.changes]


def test_it_opens_rises_falls_and_is_lifted_each_once_with_a_reason():
    burglary = rule()
    life = Life(burglary)
    opened = life.live(outcome(burglary, H, N, N))
    assert steps(opened) == [(Step.ISSUED, Grade.NONE, Grade.BLUE)]
    assert opened.warnings[0].id == "A.burglary.d20260302"
    assert opened.changes[0].reason == "Burglary surge: 7 in 7 days (blue from 3)"
    assert steps(life.live(outcome(burglary, H, H, H))) == [(Step.UPGRADED, Grade.BLUE, Grade.ORANGE)]
    assert steps(life.live(outcome(burglary, H, H, H))) == []
    assert steps(life.live(outcome(burglary, H, H, N))) == [(Step.DOWNGRADED, Grade.ORANGE, Grade.YELLOW)]
    lifted = life.live()
    assert steps(lifted) == [(Step.LIFTED, Grade.YELLOW, Grade.NONE)]
    assert lifted.changes[0].reason == "Burglary surge: below its thresholds again"
    assert lifted.warnings[0].lifted_at == lifted.changes[0].at
    assert steps(life.live()) == []


def test_a_rung_holds_when_a_higher_one_does():
    burglary = rule()
    life = Life(burglary)
    life.live(outcome(burglary, N, N, H))
    assert life.grade is Grade.ORANGE
    assert life.standing["s.burglary", "A"].on == (1, 1, 1)


def test_delays_count_consecutive_cycles_and_unknown_freezes_them():
    slow = rule(rungs=(Rung(Grade.BLUE, (Test.of("at_least", count=1),), delay_on=2, delay_off=2),))
    life = Life(slow)
    grades = []
    for held in (H, N, H, U, H, N, U, H, N, N):
        life.live(*([] if held is N else [outcome(slow, held)]))
        grades.append(life.grade)
    on, off = Grade.BLUE, Grade.NONE
    assert grades == [off, off, off, off, on, on, on, on, on, off]


def test_what_nobody_can_see_is_held_not_lifted_and_says_so():
    burglary = rule()
    life = Life(burglary)
    life.live(outcome(burglary, H, H, N))
    blind = life.live(outcome(burglary, U, U, U))
    assert steps(blind) == [(Step.HELD, Grade.YELLOW, Grade.YELLOW)]
    assert blind.warnings[0].confidence is Confidence.LOW
    assert steps(life.live(outcome(burglary, U, U, U))) == []
    seeing = life.live(outcome(burglary, H, H, N))
    assert steps(seeing) == [] and seeing.warnings[0].blind_since is None
    assert steps(life.live()) == [(Step.LIFTED, Grade.YELLOW, Grade.NONE)]


def test_what_only_a_longer_past_could_tell_is_held_blind_though_the_count_is_below_the_higher_rungs():
    burglary = rule()
    life = Life(burglary)
    life.live(outcome(burglary, H, H, H))
    blind = life.live(outcome(burglary, U, N, N))
    assert steps(blind) == [(Step.DOWNGRADED, Grade.ORANGE, Grade.BLUE)]
    assert blind.warnings[0].blind_since == blind.changes[0].at
    assert blind.warnings[0].confidence is Confidence.LOW


def test_what_is_withheld_is_as_if_nobody_had_judged():
    burglary = rule()
    life = Life(burglary)
    life.live(outcome(burglary, H, N, N))
    before = life.standing["s.burglary", "A"]
    assert steps(life.live(withheld={"s.burglary"})) == []
    assert life.standing["s.burglary", "A"] == before
    assert steps(life.live()) == [(Step.LIFTED, Grade.BLUE, Grade.NONE)]


def test_the_monthly_analysis_lets_what_was_blind_too_long_expire():
    burglary = rule()
    life = Life(burglary)
    life.live(outcome(burglary, H, N, N))
    for _ in range(40):
        assert not any(step[0] is Step.LIFTED for step in steps(life.live(outcome(burglary, U, U, U))))
    expired = life.live(period=CALENDAR.period(Cycle.MONTHLY, date(2026, 4, 30)), cycle=Cycle.MONTHLY)
    assert steps(expired) == [(Step.EXPIRED, Grade.BLUE, Grade.NONE)]


def test_cool_down_blocks_the_same_grade_and_lets_a_higher_one_through():
    cool = rule(cool_down=timedelta(days=3))
    life = Life(cool)
    life.live(outcome(cool, H, N, N))
    life.live()
    assert steps(life.live(outcome(cool, H, N, N))) == []
    assert steps(life.live(outcome(cool, H, H, N))) == [(Step.ISSUED, Grade.NONE, Grade.YELLOW)]


def test_what_a_cool_down_held_back_does_not_rise_while_nobody_can_tell():
    cool = rule(cool_down=timedelta(days=3))
    life = Life(cool)
    life.live(outcome(cool, H, N, N))
    life.live()
    life.live(outcome(cool, H, N, N))
    life.live(outcome(cool, H, N, N))
    assert steps(life.live(outcome(cool, U, U, U))) == []
    assert steps(life.live(outcome(cool, H, N, N))) == [(Step.ISSUED, Grade.NONE, Grade.BLUE)]


@pytest.mark.parametrize("change", [date(2026, 3, 29), date(2026, 10, 25)])
@pytest.mark.parametrize("stored", [True, False])
def test_days_of_cool_down_are_days_by_the_clock_also_where_it_changes(change: date, stored: bool):
    """Lifted the morning before the clocks change, raised again three mornings later, and not before."""
    cool, calendar = rule(cool_down=timedelta(days=3)), Calendar(ZoneInfo("Europe/Stockholm"))
    life, cell = Life(cool), ("s.burglary", "A")
    opened = []
    for back, held in enumerate((True, False, True, True, True)):
        period = calendar.period(Cycle.DAILY, change + timedelta(days=back - 3))
        done = life.live(*([outcome(cool, H, N, N)] if held else []), period=period)
        opened.append([step for step, _, _ in steps(done)])
        lifted_at = life.standing[cell].lifted_at
        if stored and lifted_at is not None:
            life.standing[cell] = replace(life.standing[cell], lifted_at=lifted_at.astimezone(UTC))
    assert opened == [[Step.ISSUED], [Step.LIFTED], [], [], [Step.ISSUED]]


def test_a_changed_rule_starts_its_counters_anew():
    old = rule(rungs=(Rung(Grade.BLUE, (Test.of("at_least", count=1),), delay_on=2),))
    life = Life(old)
    life.live(outcome(old, H))
    new = replace(old, hash="h2")
    life.book = RuleBook({new.id: new})
    life.live(outcome(new, H))
    assert life.grade is Grade.NONE
    life.live(outcome(new, H))
    assert life.grade is Grade.BLUE


def test_a_rule_changed_while_it_is_blind_has_been_blind_since_before():
    old = rule()
    life = Life(old)
    life.live(outcome(old, H, N, N))
    (went_blind,) = life.live(outcome(old, U, U, U)).warnings
    new = replace(old, hash="h2")
    life.book = RuleBook({new.id: new})
    (still,) = life.live(outcome(new, U, U, U)).warnings
    assert still.blind_since == went_blind.blind_since is not None


def test_what_a_rule_found_on_trial_is_no_warning_when_it_is_promoted():
    held_twice = (Rung(Grade.BLUE, (Test.of("at_least", count=1),), delay_on=2, delay_off=2),)
    trial = rule(rungs=held_twice, status=Status.TRIAL, hash="h1")
    life = Life(trial)
    life.live(outcome(trial, H))
    life.live(outcome(trial, H))
    assert life.standing["s.burglary", "A"].grade is Grade.BLUE
    stable = replace(trial, status=Status.STABLE, hash="h2")
    life.book = RuleBook({stable.id: stable})
    for held in ((), (outcome(stable, H),)):
        assert steps(life.live(*held)) == []
    assert steps(life.live(outcome(stable, H))) == [(Step.ISSUED, Grade.NONE, Grade.BLUE)]


def test_a_rule_no_longer_in_force_lifts_what_it_opened():
    burglary = rule()
    life = Life(burglary)
    life.live(outcome(burglary, H, N, N))
    life.book = RuleBook({})
    done = life.live()
    assert steps(done) == [(Step.LIFTED, Grade.BLUE, Grade.NONE)]
    assert done.changes[0].reason == "s.burglary is no longer in force"


def test_an_immediate_finding_stands_for_its_time_and_no_other_cycle_judges_it():
    each = rule(id="s.explosion", topic="explosions", cycle=Cycle.IMMEDIATE,
                window=Window(hours=48, lasts=timedelta(hours=24)))  # fmt: skip
    life = Life(each)
    known = datetime(2026, 3, 2, 3, 15, tzinfo=UTC)
    opened = life.live(outcome(each, H, N, N), cycle=Cycle.IMMEDIATE, period=CALENDAR.immediate(known))
    assert opened.warnings[0].id == "A.explosions.i20260302T031500"
    life.day = date(2026, 3, 1)
    assert steps(life.live()) == [], "five hours later it still stands"
    done = life.live()
    assert steps(done) == [(Step.LIFTED, Grade.BLUE, Grade.NONE)]


def immediate() -> tuple[Rule, Life]:
    """A rule that found orange at 10:00, for 36 hours."""
    each = rule(id="s.explosion", topic="explosions", cycle=Cycle.IMMEDIATE,
                window=Window(hours=24, lasts=timedelta(hours=36)))  # fmt: skip
    life = Life(each)
    at_once(life, outcome(each, H, H, H), hours=0)
    return each, life


def at_once(life: Life, found: Outcome, *, hours: float) -> Conclusion:
    """The judgement of what became known so many hours after 10:00."""
    known = datetime(2026, 3, 2, 10, tzinfo=UTC) + timedelta(hours=hours)
    return life.live(found, cycle=Cycle.IMMEDIATE, period=CALENDAR.immediate(known))


@pytest.mark.parametrize("held", [(H, N, N), (H, H, N), (N, N, N)])
def test_one_more_incident_neither_ends_a_finding_before_its_time_nor_prolongs_a_higher_grade(
    held: tuple[Held, ...]
):
    each, life = immediate()
    assert steps(at_once(life, outcome(each, *held), hours=25.5)) == []
    at_once(life, outcome(each, *held, area="B"), hours=35.9)
    assert life.standing["s.explosion", "A"].grade is Grade.ORANGE
    at_once(life, outcome(each, *held, area="B"), hours=36)
    left = Grade(held.count(H))
    assert life.standing["s.explosion", "A"].grade is left
    at_once(life, outcome(each, *held, area="B"), hours=61.4)
    assert life.standing["s.explosion", "A"].grade is left
    at_once(life, outcome(each, *held, area="B"), hours=61.5)
    assert life.standing["s.explosion", "A"].grade is Grade.NONE


def test_it_ends_at_its_minute_grade_by_grade_and_says_so():
    each, life = immediate()
    at_once(life, outcome(each, H, N, N), hours=20)
    ended = []
    while (end := life.standing["s.explosion", "A"].until) is not None:
        done = life.live(cycle=Cycle.IMMEDIATE, period=Calendar.ending(end, UTC))
        ((change,),) = (done.changes,)
        ended.append((change.at, change.step, change.after, change.reason))
    first = datetime(2026, 3, 2, 10, 0, 1, tzinfo=UTC)
    assert ended == [
        (first + timedelta(hours=36), Step.DOWNGRADED, Grade.BLUE,
         "Burglary surge: the time of orange is up; s.explosion still stands"),
        (first + timedelta(hours=56), Step.LIFTED, Grade.NONE,
         "Burglary surge: has had its time and nothing new came"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rests", "grade", "ends"), [((None,) * 3, Grade.NONE, None), ((0, None, None), Grade.BLUE, 36)]
)
def test_what_is_taken_back_ends_at_once_what_rests_on_nothing_else(rests, grade, ends):
    each, life = immediate()
    known = datetime(2026, 3, 2, 10, 0, 1, tzinfo=UTC)
    moments = tuple(None if one is None else known + timedelta(hours=one) for one in rests)
    done = at_once(life, replace(outcome(each, N, N, N), rests_on=moments), hours=5)
    standing = life.standing["s.explosion", "A"]
    assert standing.grade is grade
    assert standing.until == (None if ends is None else known + timedelta(hours=ends))
    assert "what it rested on was taken back or corrected" in done.changes[0].reason


def test_nothing_opens_whose_time_is_up_where_everything_is_judged_already():
    each, life = immediate()
    late = Before(judged=datetime(2026, 3, 2, 11, tzinfo=UTC))
    for hours, opens in ((-36, False), (-34, True)):
        period = CALENDAR.immediate(datetime(2026, 3, 2, 10, tzinfo=UTC) + timedelta(hours=hours))
        done = conclude(life.book, period, [outcome(each, H, H, H)], late, TERMS)
        assert bool(done.changes) is opens


def test_what_reaches_us_later_and_was_known_earlier_shortens_no_finding():
    each, life = immediate()
    until = life.standing["s.explosion", "A"].until
    at_once(life, outcome(each, H, N, N), hours=-3)
    assert life.standing["s.explosion", "A"].until == until is not None


def test_after_its_time_an_immediate_finding_is_what_holds_then():
    each, life = immediate()
    done = at_once(life, outcome(each, H, N, N), hours=36)
    assert steps(done) == [(Step.DOWNGRADED, Grade.ORANGE, Grade.BLUE)]


def test_trial_rules_are_remembered_and_warn_of_nothing():
    trial = rule(status=Status.TRIAL)
    done = Life(trial).live(outcome(trial, H, H, H))
    assert (done.warnings, done.changes, done.scores) == ((), (), ())
    assert done.findings[0].trial and done.standing[0].trial


def test_a_person_outranks_automation_until_the_end_they_gave():
    burglary = rule()
    life = Life(burglary)
    life.live(outcome(burglary, H, N, N))
    regrade = Act(
        id="act-1", kind=ActKind.REGRADE, area="A", topic="burglary", grade=Grade.RED, by="duty-1",
        at=datetime(2026, 3, 3, 12, tzinfo=UTC), until=datetime(2026, 3, 5, 12, tzinfo=UTC), reason="a child",
    )  # fmt: skip
    life.acts = [regrade]
    assert steps(life.live(outcome(burglary, H, N, N))) == [(Step.UPGRADED, Grade.BLUE, Grade.RED)]
    life.live(outcome(burglary, H, N, N))
    assert life.grade is Grade.RED
    assert steps(life.live(outcome(burglary, H, N, N))) == [(Step.DOWNGRADED, Grade.RED, Grade.BLUE)]


standings = st.builds(
    lambda area, number, grade: Standing(
        rule=f"r{number}", area=area, topic="t", domain=Domain.SAFETY, rule_hash="", on=(), off=(),
        grade=grade,
    ),
    st.sampled_from("AB"), st.integers(0, 9), st.sampled_from(list(Grade)),
)  # fmt: skip


@given(st.lists(standings, max_size=6), standings)
def test_more_harm_never_lowers_a_score(some: list[Standing], more: Standing):
    place = (more.area, Domain.SAFETY)
    before, after = (scores(of, TERMS.points).get(place) for of in (some, [*some, more]))
    assert (after.value if after else 0.0) >= (before.value if before else 0.0)
    assert after is None or 0 < after.value < 100


@pytest.mark.parametrize(("grades", "value"), [([1], 10.0), ([1, 2], 37.0), ([4, 4], 99.0)])
def test_the_score_is_the_complement_of_the_product(grades: list[int], value: float):
    some = [
        Standing(rule=f"r{n}", area="A", topic="t", domain=Domain.CYBER, rule_hash="", on=(), off=(),
                 grade=Grade(grade))
        for n, grade in enumerate(grades)
    ]  # fmt: skip
    assert scores(some, TERMS.points)["A", Domain.CYBER].value == pytest.approx(value)


def test_what_is_protected_enters_no_score():
    harm = Standing(
        rule="r", area="A", topic="t", domain=Domain.SOCIAL, rule_hash="", on=(), off=(), grade=Grade.RED
    )
    crowd = replace(harm, rule="crowd", topic="crowd-safety")
    assert scores([crowd], TERMS.points) == {}
    assert scores([harm, crowd], TERMS.points) == scores([harm], TERMS.points)
