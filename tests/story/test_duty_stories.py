"""Stories of a duty centre: rotas, reviews, tasks, plans, drills, supervision, verdicts, two services."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine import app
from engine.cycle import run as running
from engine.ingest import truth
from engine.model.grade import Grade
from tests.story.timeline import DAY, RULES, Story, story

HEAD = {"receivers": {"centre": "", "head": ""}}
ASK = "  - {id: all, receivers: [centre]}\n  - {id: ask, asks: [leader, two], receivers: [head]}\n"
ID = "T1.burglary.d20260302"


def tell(told: Story, line: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(told.command(f"{line} --format json").output)
    return found


# -- reviews


def test_each_week_and_each_month_whoever_decides_gets_an_agenda(tmp_path: Path) -> None:
    with story(tmp_path, routes=ASK, **HEAD) as told:
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        told.do("regrade", "eva", leader=True, grade=Grade.ORANGE)
        told.at("2 09:00")
        told.want(centre="issued yellow T1, upgraded orange T1", head="")
        told.at("8 08:00")
        told.want(head="weekly review 0 of 1")
        told.at("15 08:00")
        told.want(head="weekly review 0 of 1")
        told.at("22 08:00")
        told.want(head="weekly review 1 of 1")
        text = told.last("head")["text"]
        assert "close orange: Burglary, Easttown: no new evidence for" in text and "held by eva" in text
        told.at("29 08:00")
        told.at("31 08:00")
        told.want(head="weekly review 1 of 1, monthly review 1 of 1", centre="")
        assert told.grade("T1", "burglary") is Grade.ORANGE, "an agenda changes nothing"


def test_a_service_that_was_away_sends_the_last_agenda_only(tmp_path: Path) -> None:
    with story(tmp_path, routes=ASK, **HEAD) as told:
        told.at("09:00")
        told.do("raise", "eva", on="T1.burglary", grade=Grade.YELLOW, leader=True)
        told.at("24 09:00")
        told.want(head="weekly review 1 of 1")
        told.at("24 10:00")
        told.want(head="")


def test_the_agenda_goes_to_whom_the_settings_name_and_each_route_asks_only_for_its_own(
    tmp_path: Path,
) -> None:
    routes = f"{ASK}  - {{id: west, areas: [T2], asks: [leader], receivers: [west]}}\n"
    for name, wanted in (("", {"head": 2, "west": 1}), ("reviews: [centre]\n", {"centre": 2})):
        with story(
            tmp_path / (name[:7] or "routes"), routes=routes, files={"config/duty.yaml": name},
            receivers={"centre": "", "head": "", "west": "language: zh, "},
        ) as told:  # fmt: skip
            told.at("09:00")
            for area in ("T1", "T2"):
                told.do("raise", "eva", on=f"{area}.burglary", grade=Grade.YELLOW, leader=True)
            told.at("8 08:00")
            got = {
                id_: [one for one in all_ if one["step"] == "review"] for id_, all_ in told.post.got.items()
            }
            many = {
                id_: sum(len(of["lines"]) for of in one["situations"])  # type: ignore[attr-defined]
                for id_, (one, *_) in _some(got)
            }
            assert many == wanted
            assert all(not more for _, (_, *more) in _some(got))
            if not name:
                assert "维持黄色：Westtown" in told.last("west")["text"]


def test_a_situation_is_one_proposal_with_its_lines_inside(tmp_path: Path) -> None:
    routes = f"{ASK}  - {{id: west, areas: [T2], asks: [leader], receivers: [west]}}\n"
    with story(
        tmp_path, routes=routes, receivers={"centre": "", "head": "", "west": "language: zh, "}
    ) as told:
        told.at("09:00")
        for area, grade in (("C", Grade.ORANGE), ("T1", Grade.YELLOW), ("T2", Grade.BLUE)):
            told.do("raise", "eva", on=f"{area}.burglary", grade=grade, leader=True)
        told.at("8 08:00")
        (one,) = told.last("head")["situations"]
        assert (one["decision"], one["grade"]) == ("keep", "orange")
        assert one["situation"] == one["lines"][0]["warning"]
        assert [line["area"] for line in one["lines"]] == ["C", "T1", "T2"]
        text = told.last("head")["text"]
        assert "0 to decide" in text and "and 2 more" in text and "\n  - keep yellow: Easttown: " in text
        (west,) = told.last("west")["situations"]
        assert [line["area"] for line in west["lines"]] == ["T2"], "each its own lines of it"
        (row,) = tell(told, "forewarn warnings review")
        assert row["situation"] == one["situation"] and str(row["lines"]).count("keep ") == 3
        assert {told.grade(area, "burglary") for area in ("C", "T1", "T2")} == {
            Grade.ORANGE, Grade.YELLOW, Grade.BLUE,
        }, "an agenda changes nothing"  # fmt: skip


def _some(got: dict[str, list[dict[str, object]]]) -> list[tuple[str, list[dict[str, object]]]]:
    return [(id_, all_) for id_, all_ in got.items() if all_]


# -- rotas


ROTA = """
rotas:
  - id: desk
    title: Duty desk
    zone: Europe/Stockholm
    shifts:
      - {name: day, hours: 08:00-20:00, since: 2026-01-05, teams: [lin]}
      - {name: night, hours: 20:00-08:00, since: 2026-01-05, teams: [berg]}
"""


@pytest.mark.parametrize(
    ("first", "last_of_night", "first_of_day"),
    [
        # 20:00 to 08:00 is 11 hours in the night of 29 March ...
        (datetime(2026, 3, 28, tzinfo=UTC), "2 05:58", "2 06:01"),
        # ... and 13 in that of 25 October.
        (datetime(2026, 10, 24, tzinfo=UTC), "2 06:58", "2 07:01"),
    ],
)
def test_a_rota_keeps_the_hours_of_the_wall_over_both_nights(
    tmp_path: Path, first: datetime, last_of_night: str, first_of_day: str
) -> None:
    with story(
        tmp_path, first, routes="  - {id: all, receivers: [desk]}\n", files={"config/rota.yaml": ROTA},
        receivers={"lin": "", "berg": "", "desk": ""},
    ) as told:  # fmt: skip
        path = tmp_path / "config/routes.yaml"
        text = path.read_text(encoding="utf-8")
        line = next(line for line in text.splitlines() if "id: desk" in line)
        path.write_text(text.replace(line, "  - {id: desk, title: Desk, rota: desk}"), encoding="utf-8")
        told.world = replace(told.world, settings=app.settings(tmp_path))
        told.at("12:00")
        told.do("raise", "eva", on="T1.burglary", grade=Grade.YELLOW, leader=True)
        told.at("12:01")
        assert (len(told.post.got["lin"]), len(told.post.got["berg"])) == (1, 0)
        told.at(last_of_night, tick=False)
        told.do("raise", "eva", on="T2.burglary", grade=Grade.YELLOW, leader=True)
        told.at(first_of_day, tick=False)
        told.do("raise", "eva", on="T3.burglary", grade=Grade.YELLOW, leader=True)
        told.at(first_of_day)
        assert [one["warning"]["area"] for one in told.post.got["berg"]] == ["T2"]
        assert [one["warning"]["area"] for one in told.post.got["lin"]] == ["T1", "T3"]


# -- inhibition


def test_what_a_worse_warning_above_kept_from_its_reader_is_told_when_that_falls(tmp_path: Path) -> None:
    with story(tmp_path) as told:
        with (tmp_path / "config/routes.yaml").open("a", encoding="utf-8") as file:
            file.write("inhibit: true\n")
        told.world = replace(told.world, settings=app.settings(tmp_path))
        told.at("09:00")
        told.do("raise", "eva", on="C.burglary", grade=Grade.ORANGE, leader=True)
        told.do("raise", "eva", on="T1.burglary", grade=Grade.YELLOW, leader=True)
        told.at("09:01")
        told.want(centre="issued orange C")
        told.do("lift", "eva", on="C.burglary", leader=True)
        told.at("09:02")
        told.want(centre="lifted none C, issued yellow T1")


# -- tasks, plans, drills, supervision


PLAN = """
id: explosion
title: {en: Explosion, zh: 爆炸}
owner: desk
review_by: 2027-06-30
topics: [explosions]
grade: yellow
roles: [{id: lead, title: {en: Lead, zh: 组长}, department: police}]
steps:
  - {id: patrol, measure: patrols, role: lead, due: 30m}
  - {id: again, measure: patrols, after: [patrol], due: 2h}
stand_down: {when: {en: quiet, zh: 平稳}}
"""
POLICE = {"centre": "", "police": "department: police, ", "head": ""}
PLANNED = {"receivers": POLICE, "files": {"config/plans/explosion.yaml": PLAN}}
WATCHED = "supervision: {after: 1h, grade: yellow, receivers: [head]}\n"


def test_a_step_that_fails_holds_what_comes_after_it(tmp_path: Path) -> None:
    with story(tmp_path, **PLANNED) as told:
        told.at("09:00")
        told.push("T1", "explosion", 2)
        told.at("09:01")
        (running_,) = tell(told, "forewarn plans list --running")
        id_ = running_["id"]
        if running_["state"] == "proposed":
            told.command(f"forewarn plans start {id_} --who eva")
        told.at("09:05")
        done = told.command(f"forewarn plans step {id_} patrol failed --who kay --why 'no car is free'")
        assert done.exit_code == 0, done.output
        steps = {one["step"]: one["state"] for one in tell(told, f"forewarn plans show {id_}")}
        assert steps == {"patrol": "failed", "again": "waiting"}
        told.at("14:00")
        steps = {one["step"]: one["state"] for one in tell(told, f"forewarn plans show {id_}")}
        assert steps == {"patrol": "failed", "again": "waiting"}, "nothing is late that may not begin"


def test_a_task_that_stays_overdue_reaches_whoever_supervises_once(tmp_path: Path) -> None:
    with story(tmp_path, receivers=POLICE, files={"config/duty.yaml": WATCHED}) as told:
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        told.want(police="asked patrols", head="")
        told.push("T1", "burglary", 2)
        told.at("3 08:02")
        told.want(police="overdue patrols", head="")
        told.at("3 09:02")
        told.want(police="", head="supervision done")
        told.at("3 12:00")
        told.want(police="", head="")


def test_a_task_that_was_done_in_time_is_nobodys_concern(tmp_path: Path) -> None:
    with story(tmp_path, receivers=POLICE, files={"config/duty.yaml": WATCHED}) as told:
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        (task,) = tell(told, "forewarn tasks list --for police")
        told.at("2 20:00")
        assert told.command(f"forewarn tasks done {task['id']} --who kay --for police").exit_code == 0
        told.push("T1", "burglary", 2)
        for moment in ("3 08:02", "3 12:00"):
            told.at(moment)
        told.want(police="asked patrols", head="")


def test_a_drill_beside_the_real_thing_is_marked_and_answers_nothing_real(tmp_path: Path) -> None:
    with story(tmp_path, receivers=POLICE, files={"config/duty.yaml": "answers: {yellow: {within: 20m, remind: 5m}}\n"}) as told:  # fmt: skip # noqa: E501
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        told.want(centre="issued yellow T1")
        told.at("2 08:02")
        begun = told.command("forewarn drill all --area T1 --grade yellow --who lin")
        drill = begun.output.splitlines()[0].removeprefix("exercise: ")
        (message,) = told.post.got["centre"][1:]
        told.read["centre"] += 1
        assert message["exercise"] is True and message["subject"].startswith("[EXERCISE]")
        told.at("2 08:03", tick=False)  # the worker that delivers has a clock that runs
        assert told.command(f"forewarn drills answer {drill} --for centre --who lin").exit_code == 0
        told.at("2 08:06")
        told.want(centre="reminder yellow T1")  # the real one was not answered
        told.do("acknowledge", "anna", receiver="centre")
        told.at("2 09:00")
        told.want(centre="")


def test_a_step_of_a_plan_that_was_done_may_have_averted_it(tmp_path: Path) -> None:
    with story(tmp_path, **PLANNED) as told:
        told.at("09:00")
        told.push("T1", "explosion", 2)
        told.at("09:01")
        id_ = tell(told, "forewarn plans list --running")[0]["id"]
        warning = told.warning("T1", "explosions").id  # type: ignore[union-attr]
        for line in (
            f"plans start {id_} --who eva", f"plans step {id_} patrol done --who kay",
            f"warnings close {warning} --who eva --verdict averted --why patrols",
        ):  # fmt: skip
            assert told.command(f"forewarn {line}").exit_code == 0, line
        over = told.command(f"forewarn plans start explosion --area T1 --who eva --warning {warning}")
        assert f"the warning {warning} is over" in str(over.exception)


def test_a_drill_of_a_plan_is_marked_first_and_last_and_is_nobodys_work(tmp_path: Path) -> None:
    with story(tmp_path, **PLANNED) as told:
        told.at("09:00")
        begun = told.command("forewarn drill explosion --area T1 --who lin")
        drill = begun.output.splitlines()[0].removeprefix("exercise: ")
        for got in told.post.got["police"]:
            first, *_, last = str(got["text"]).splitlines()
            assert str(got["subject"]).startswith("[EXERCISE] ")
            assert first == last == "THIS IS AN EXERCISE. Nothing of what follows has happened."
        assert [said["step"] for said in told.post.got["police"]] == ["running", "asked"]
        refused = told.command(f"forewarn drills answer {drill} --for police --who kay")
        assert "is the drill of a plan: answer its tasks" in str(refused.exception)
        assert told.command(f"forewarn tasks done {drill}/patrol --who kay").exit_code == 0
        note = json.loads(told.command("forewarn handover --format json").output)
        assert not any(note[name] for name in ("acts", "overdue", "plans"))


# -- verdicts


def test_verdicts_feed_the_scorecard_and_a_truth_that_can_be_read(tmp_path: Path) -> None:
    with story(tmp_path) as told:
        for area in ("T1", "T2"):
            told.push(area, "burglary", 2)
        told.at("2 08:00")
        for area, verdict in (("T1", "false-alarm"), ("T2", "confirmed --outcome 2026-03-02")):
            done = told.command(
                f"forewarn warnings close {area}.burglary.d20260302 --who anna --verdict {verdict} --why seen"
            )
            assert done.exit_code == 0, done.output
        (card,) = tell(told, "forewarn rules scorecard county.burglary --from 2026-03-02 --to 2026-03-08")
        assert (card["right"], card["wrong"]) == (1, 1)
        path = tmp_path / "truth.csv"
        path.write_text(told.command("forewarn warnings truth").output, encoding="utf-8")
        settings = told.world.settings
        read = truth.read(path, settings.tree, settings.domains)
        assert [(one.area, str(one.start)) for one in read.events] == [("T2", "2026-03-02")]
        stated = {one.area for one in read.stated or ()}
        unknown = {one.area for one in read.unknown}
        assert "T1" in stated and "T3" in unknown and "C" not in unknown


def test_nobody_has_said_anything(tmp_path: Path) -> None:
    with story(tmp_path) as told:
        told.at("09:00")
        result = told.command("forewarn warnings truth")
        assert "nobody has said" in str(result.exception)


# -- more than one service, and receivers that are away


def test_two_services_tell_each_thing_once(tmp_path: Path) -> None:
    asks = {"config/duty.yaml": "answers: {yellow: {within: 20m, remind: 5m, repeats: 2}}\n"}
    with story(tmp_path, files=asks) as told, app.world(
        tmp_path, clock=lambda: told.now, owner="other"
    ) as other:  # fmt: skip
        for moment in ("2 08:00", "2 08:06", "2 08:11", "3 08:00"):
            if moment == "2 08:00":
                told.push("T1", "burglary", 2)
            told.at(moment, tick=False)
            running.tick(other)
            told.at(moment)
            running.tick(other)
        told.want(centre="issued yellow T1, reminder yellow T1, reminder yellow T1, lifted none T1")


def test_a_receiver_that_is_away_for_two_hours_gets_everything_once_and_in_order(tmp_path: Path) -> None:
    with story(tmp_path) as told:
        told.post.down.add("centre")
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        told.do("regrade", "eva", leader=True, grade=Grade.ORANGE)
        for moment in ("2 08:30", "2 09:00", "2 09:30"):
            told.at(moment)
        told.want(centre="")
        told.post.down.clear()
        for moment in ("2 10:01", "2 11:00", "2 12:00"):
            told.at(moment)
        told.want(centre="issued yellow T1, upgraded orange T1")


def test_rules_that_were_taken_away_end_what_stands_with_that_reason(tmp_path: Path) -> None:
    with story(tmp_path) as told:
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        (tmp_path / "rules/all.yaml").write_text(
            RULES.replace("cycle: daily", "cycle: daily\n    #", 1).replace("stable", "retired", 1),
            encoding="utf-8",
        )
        told.world = replace(told.world, book=app.home(tmp_path, DAY.date()).book)
        told.at("3 08:00")
        told.want(centre="issued yellow T1, lifted none T1")
        assert "retired" in told.last("centre")["text"]
