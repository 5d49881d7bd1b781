"""What a receiver reads, in its language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from engine.model.demand import Demand
from engine.model.finding import Finding, Held, RungTrace, Signal
from engine.model.grade import Confidence, Domain, Grade
from engine.model.incident import Incident
from engine.model.warning import Change, RiskWarning, Step
from engine.notify.evidence import Task, evidence, tasks
from engine.notify.message import Story, number, subject
from engine.notify.sentence import short
from engine.notify.told import body
from engine.notify.whereabouts import Whereabouts

Tell = Callable[..., Story]


@pytest.fixture
def tell(make: SimpleNamespace) -> Tell:
    def tell_(
        change: Change | None = None, warning: RiskWarning | None = None, findings: tuple[Finding, ...] = ()
    ) -> Story:
        change, warning = change or make.change(), warning or make.warning()
        reference = make.reference
        return Story(
            change=change, warning=warning, evidence=evidence(warning, findings, reference),
            tasks=tasks(change, warning, reference), reference=reference,
            sensitive=reference.sensitive(warning.rules),
        )  # fmt: skip

    return tell_


def test_the_whole_message_in_english(tell: Tell, make: SimpleNamespace) -> None:
    assert body(tell(findings=(make.finding(),)), "en") == """\
[ORANGE warning] Burglary surge, Uppsala County: raised from yellow

Why: Burglary surge: 7 in 7 days
Evidence: 7 incidents, 2026-03-01 to 2026-03-07; 2.15 would be usual; orange from 7; 3 more for red
Confidence: medium (14% of the reports could not be placed this exactly)
Risk: Burglary
Since: 2026-03-06 08:00 CET
To do:
- Call a meeting: duty centre, by 2026-03-08 12:00 CET
- Evening patrols: police, as asked before
How we know: forewarn warnings why 03.burglary.d20260305
"""


def test_the_whole_message_in_chinese(tell: Tell, make: SimpleNamespace) -> None:
    assert body(tell(findings=(make.finding(),)), "zh") == """\
【橙色预警】乌普萨拉省：入室盗窃激增（由黄色升级）

依据：2026-03-01至2026-03-07发生7起；通常为2.15；7起为橙色；再增加3即为红色
可信度：中（14%的报告无法精确到本级地区）
风险：入室盗窃
起始时间：2026-03-06 08:00 CET
应采取的措施：
- 会商研判：duty centre，2026-03-08 12:00 CET前完成
- 加强夜间巡逻：公安机关，时限同前
查看研判依据：forewarn warnings why 03.burglary.d20260305
"""


@pytest.mark.parametrize(
    ("step", "before", "after", "line"),
    [
        (Step.ISSUED, "none", "orange", "[ORANGE warning] Burglary surge, Uppsala County"),
        (Step.DOWNGRADED, "red", "yellow",
         "[YELLOW warning] Burglary surge, Uppsala County: lowered from red"),
        (Step.LIFTED, "red", "none", "[Lifted] Burglary surge, Uppsala County: RED warning is over"),
        (Step.EXPIRED, "blue", "none",
         "[Expired] Burglary surge, Uppsala County: BLUE warning can no longer be judged"),
    ],
)  # fmt: skip
def test_the_subject_says_what_happened(
    tell: Tell, make: SimpleNamespace, step: Step, before: str, after: str, line: str
) -> None:
    assert subject(tell(make.change(step, before, after)), "en") == line


@pytest.mark.parametrize("domain", [Domain.POLITICAL, Domain.SOCIAL, Domain.CYBER])
def test_colours_are_advisory_outside_public_safety(
    tell: Tell, make: SimpleNamespace, domain: Domain
) -> None:
    story = tell(make.change(Step.ISSUED, "none"), make.warning(domain=domain))
    assert subject(story, "en") == "[ORANGE advisory level] Burglary surge, Uppsala County"
    assert subject(story, "zh") == "【橙色提示级别】乌普萨拉省：入室盗窃激增"
    assert "not statutory" in body(story, "en")
    assert "不属于法定预警" in body(story, "zh")


def test_an_expired_warning_is_unknown_and_not_over(tell: Tell, make: SimpleNamespace) -> None:
    text = body(tell(make.change(Step.EXPIRED, "orange", "none"), findings=(make.finding(),)), "en")
    assert "Expired means unknown, not over" in text
    assert "Evidence" not in text
    assert "Measures asked for under this warning end here." in text


def test_a_first_warning_says_by_when_everything_is_due(tell: Tell, make: SimpleNamespace) -> None:
    text = body(tell(make.change(Step.ISSUED, "none")), "en")
    assert "- Evening patrols: police, by 2026-03-09 08:00 CET" in text


def test_a_measure_of_a_higher_grade_is_not_asked_for(tell: Tell, make: SimpleNamespace) -> None:
    story = tell(make.change(Step.DOWNGRADED, "orange", "yellow"))
    assert [(task.measure.code, task.due) for task in story.tasks] == [("patrol", None)]
    assert "To do" not in body(tell(make.change(Step.DOWNGRADED, "orange", "blue")), "en")


def test_a_measure_that_was_asked_for_before_keeps_its_time(tell: Tell, make: SimpleNamespace) -> None:
    first = make.change(Step.ISSUED, "none", "yellow", at=make.at - timedelta(days=2), by="daily/2026-03-05")
    later = make.change(Step.DOWNGRADED, "orange", "yellow")
    asked = tasks(later, make.warning(), make.reference, [first, later])
    text = body(replace(tell(later), tasks=asked), "en")
    assert "- Evening patrols: police, by 2026-03-07 08:00 CET (asked before)\n" in text
    text = body(replace(tell(later), tasks=asked), "zh")
    assert "- 加强夜间巡逻：公安机关，2026-03-07 08:00 CET前完成（此前已要求）\n" in text


def incident(number: int, area: str, day: int, hour: int = 12) -> Incident:
    at = datetime(2026, 3, day, hour, tzinfo=UTC)
    given = {"feed": "log", "occurred_at": at, "known_at": at, "category": "burglary"}
    return Incident(source_id=str(number), areas=(area,), **given)  # type: ignore[arg-type]


SEVEN = [
    incident(n, area, day)
    for n, (area, day) in enumerate(
        [("0380", 1), ("0380", 1), ("0381", 2), ("03", 3), ("0380", 4), ("0382", 5), ("0381", 6)]
    )
]


def test_where_and_when_it_happened_is_told(tell: Tell, make: SimpleNamespace) -> None:
    behind = evidence(make.warning(), [make.finding()], make.reference, lambda finding: SEVEN)
    text = body(replace(tell(), evidence=behind), "en")
    assert "Where: Uppsala (3), Town 1 (2), elsewhere in Uppsala County (1), Town 2 (1)\n" in text
    assert "When: 2 Mar (1), 3 Mar (1), 4 Mar (1), 5 Mar (1), 6 Mar (1); 2 earlier\n" in text
    text = body(replace(tell(), evidence=behind), "zh")
    assert "地点：Uppsala（3起）、Town 1（2起）、乌普萨拉省其他地点（1起）" in text
    assert "时间：3月2日（1起）" in text


def test_who_else_tells_of_it_is_told(tell: Tell, make: SimpleNamespace) -> None:
    told = [replace(one, also=(("rescue", str(n)),) if n < 3 else ()) for n, one in enumerate(SEVEN)]
    behind = evidence(make.warning(), [make.finding()], make.reference, lambda finding: told)
    assert "Also told by: rescue (3)\n" in body(replace(tell(), evidence=behind), "en")
    assert "另有来源报告：rescue（3起）\n" in body(replace(tell(), evidence=behind), "zh")


def test_days_are_those_of_the_place(make: SimpleNamespace) -> None:
    late = [incident(0, "0380", 1, hour=23)]
    (one,) = evidence(make.warning(), [make.finding(observed=1.0)], make.reference, lambda finding: late)
    assert one.happened.days == (("2026-03-02", 1),)


@pytest.mark.parametrize("known", [SEVEN[:6], [*SEVEN, incident(7, "0380", 6)]])
def test_what_does_not_add_up_is_not_told(make: SimpleNamespace, known: list[Incident]) -> None:
    (one,) = evidence(make.warning(), [make.finding()], make.reference, lambda finding: known)
    assert one.happened == Whereabouts()


def test_of_a_sensitive_count_no_place_and_no_day_is_told(make: SimpleNamespace) -> None:
    found = make.finding(rule="home-violence")
    (one,) = evidence(make.warning(), [found], make.reference, lambda finding: SEVEN)
    assert (one.happened, one.before, one.starts) == (Whereabouts(), (), ())


def test_a_rung_that_rests_on_an_alert_says_so_before_its_counts(make: SimpleNamespace, tell: Tell) -> None:
    held = Signal("alert", Held.HELD, 0.0)
    found = make.finding(observed=0.0, trace={"rungs": (RungTrace(Grade.ORANGE, Held.HELD, (held,)),)})
    assert "Evidence: an alert is in force; 0 incidents, " in body(tell(findings=(found,)), "en")
    behind = evidence(make.warning(), [found], make.reference)
    assert short(behind, make.reference, "zh") == "有预警信息生效；7天内0起"
    assert not evidence(make.warning(), [make.finding()], make.reference)[0].alerted


def test_the_gravest_findings_are_told_and_the_rest_is_counted(tell: Tell, make: SimpleNamespace) -> None:
    findings = tuple(make.finding(rule=f"rule-{n}") for n in range(5))
    lines = [line for line in body(tell(findings=findings), "en").splitlines() if "Evidence" in line]
    assert len(lines) == 4
    assert lines[3] == "Evidence: 2 more, see below how"


def test_findings_of_other_places_topics_and_trials_are_no_evidence(
    tell: Tell, make: SimpleNamespace
) -> None:
    others = (make.finding(area="04"), make.finding(topic="fire"), make.finding(trial=True))
    assert tell(findings=others).evidence == ()


def test_a_correlation_names_the_places(tell: Tell, make: SimpleNamespace) -> None:
    towns = [f"038{n}" for n in range(8)]
    match = make.matched("finding traffic", *towns)
    text = body(tell(findings=(make.finding(trace={"matches": (match,)}),)), "en")
    assert "finding traffic in Uppsala, Town 1, Town 2, Town 3, Town 4 and 3 more" in text
    text = body(tell(findings=(make.finding(trace={"matches": (make.matched("x", "03"),)}),)), "zh")
    assert "依据：乌普萨拉省：x" in text


def test_an_immediate_window_is_told_in_moments(tell: Tell, make: SimpleNamespace) -> None:
    window = ("2026-03-07T06:30:00+01:00", "2026-03-08T06:30:00+01:00")
    text = body(tell(findings=(make.finding(trace={"window": window}),)), "en")
    assert "7 incidents, 2026-03-07 06:30 to 2026-03-08 06:30" in text


def test_a_window_of_one_day_is_one_day(tell: Tell, make: SimpleNamespace) -> None:
    text = body(tell(findings=(make.finding(trace={"window": ("2026-03-07", "2026-03-08")}),)), "en")
    assert "7 incidents, on 2026-03-07" in text


def test_a_persons_reason_is_told_in_every_language(tell: Tell, make: SimpleNamespace) -> None:
    story = tell(make.change(by="act-7", reason="Holiday season"), findings=(make.finding(),))
    assert "原因：Holiday season\n" in body(story, "zh")


def test_a_finding_that_stands_higher_than_it_holds(tell: Tell, make: SimpleNamespace) -> None:
    rungs = (
        RungTrace(Grade.YELLOW, Held.HELD, (Signal("at_least", Held.HELD, 5.0, 1.0, 4.0),)),
        RungTrace(Grade.ORANGE, Held.NOT, (Signal("at_least", Held.NOT, 5.0, 1.0, 8.0),), missing=3.0),
    )
    text = body(tell(findings=(make.finding(observed=5.0, trace={"rungs": rungs}),)), "en")
    assert "1 would be usual; yellow from 4; 3 more for orange\n" in text


def test_one_incident_is_one(tell: Tell, make: SimpleNamespace) -> None:
    assert "Evidence: 1 incident, " in body(tell(findings=(make.finding(observed=1.0),)), "en")


def test_a_sum_names_what_is_added_up(make: SimpleNamespace, tell: Tell) -> None:
    text = body(tell(findings=(make.finding(rule="burnt"),)), "en")
    assert "Evidence: 7 hectares, 2026-03-01 to 2026-03-07" in text


def test_numbers_that_are_none_are_left_out(tell: Tell, make: SimpleNamespace) -> None:
    nothing = float("nan")
    rungs = (RungTrace(Grade.ORANGE, Held.HELD, (Signal("rare", Held.HELD, 7.0, nothing, nothing),)),)
    text = body(tell(findings=(make.finding(trace={"rungs": rungs}),)), "en")
    assert "Evidence: 7 incidents, 2026-03-01 to 2026-03-07\n" in text
    assert "Evidence: 2.15 would be" in body(tell(findings=(make.finding(observed=nothing),)), "en")


def test_confidence_needs_no_cause_when_high(tell: Tell, make: SimpleNamespace) -> None:
    warning = make.warning(confidence=Confidence.HIGH, confidence_cause="")
    assert "Confidence: high\n" in body(tell(warning=warning), "en")


def test_no_name_breaks_out_of_its_line(tell: Tell, make: SimpleNamespace) -> None:
    story = tell(warning=make.warning(title_en="Surge\r\nBcc:\x00\u202eall@example.org"))
    assert subject(story, "en").startswith("[ORANGE warning] Surge Bcc: all@example.org, Uppsala")
    assert len(body(story, "en").splitlines()) == len(body(tell(), "en").splitlines())


@pytest.mark.parametrize(
    ("value", "shown"), [(7.0, "7"), (0.5, "0.5"), (2.146, "2.15"), (1234.56, "1234.6"), (2.999, "3")]
)
def test_numbers_are_short(value: float, shown: str) -> None:
    assert number(value) == shown


@pytest.mark.parametrize(
    ("zone", "evening"),
    [
        ("Europe/Stockholm", datetime(2026, 3, 28, 20)), ("Europe/Stockholm", datetime(2026, 10, 24, 20)),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 20)), ("Australia/Lord_Howe", datetime(2026, 10, 3, 20)),
        ("Asia/Kathmandu", datetime(2026, 3, 28, 20)),
    ],
)  # fmt: skip
def test_by_when_is_so_long_after_the_change_whatever_the_clocks_do(
    make: SimpleNamespace, zone: str, evening: datetime
) -> None:
    begun = evening.replace(tzinfo=ZoneInfo(zone))
    change = make.change(Step.ISSUED, "none", "orange", at=begun)
    asked = tasks(change, make.warning(), make.reference)
    assert asked and {(one.due or begun) - begun.astimezone(UTC) - one.measure.within for one in asked} == {
        timedelta(0)
    }


def test_what_was_asked_is_told_as_it_was_asked(make: SimpleNamespace) -> None:
    first, then = make.at - timedelta(days=2), make.change(Step.UPGRADED, "yellow", "orange")
    (now, *_) = tasks(then, make.warning(), make.reference)
    other = replace(now.measure, department="health", within=timedelta(hours=1), grade=Grade.YELLOW)
    made = [Demand(warning=make.warning().id, measure=other, grade=Grade.YELLOW, at=first)]
    assert tasks(then, make.warning(), make.reference, demands=made) == (
        Task(other, first + timedelta(hours=1), again=True),
    )
    assert tasks(then, make.warning(), make.reference, demands=()) == (), "a recorded one asks what was asked"
    proposed = replace(then, step=Step.PROPOSED)
    codes = [one.measure.code for one in tasks(proposed, make.warning(), make.reference, demands=made)]
    assert sorted(codes) == sorted({one.measure.code for one in tasks(then, make.warning(), make.reference)})
