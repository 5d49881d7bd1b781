"""Stories of situations: the lead is sent, the rest folds, and nobody is left without what stands."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from engine import app
from engine.cycle import asking
from engine.duty.situation import OVERLAP
from engine.model.grade import Grade
from engine.store import judgement, situations
from tests.story import county
from tests.story.timeline import Story, raised, story

ROUTES = """
  - {id: all, receivers: [centre]}
  - {id: town, areas: [T2], receivers: [town]}
"""
FOLDED = {
    "receivers": {"centre": "", "town": "territory: [T2], "}, "routes": ROUTES,
    "files": {"config/duty.yaml": "situations: {every: 2h}\n"},
}  # fmt: skip


def test_the_lead_is_sent_and_the_rest_comes_as_one_update(tmp_path: Path) -> None:
    with story(tmp_path, **FOLDED) as told:
        told.at("09:00")
        raised(told, "C", Grade.ORANGE)
        for area in ("T1", "T2", "T3"):
            raised(told, area)
        told.at("09:05")
        told.want(centre="issued orange C", town="issued yellow T2")
        told.at("10:55")
        told.want(centre="", town="")
        told.at("11:05")
        told.want(centre="situation 3 of 4", town="")
        text = told.last("centre")["text"]
        assert text.startswith("[Situation] Burglary: 4 open, orange in The County leads")
        assert "- yellow: Easttown, since 2026-03-02 09:00 (new)" in text
        told.at("20:00")
        told.want(centre="", town="")


def test_what_is_graver_than_anything_told_is_told_at_once(tmp_path: Path) -> None:
    with story(tmp_path, **FOLDED) as told:
        told.at("09:00")
        raised(told, "C")
        raised(told, "T1", Grade.ORANGE)
        told.at("09:05")
        told.want(centre="issued yellow C, issued orange T1")


def test_lines_of_one_run_fold_under_the_gravest(tmp_path: Path) -> None:
    with story(tmp_path, **FOLDED) as told:
        told.at("09:00")
        raised(told, "C", Grade.BLUE)
        told.push("T1", "burglary", 2)
        told.push("T2", "burglary", 4)
        told.push("T3", "burglary", 2)
        told.at("2 08:00")
        told.want(centre="issued blue C, issued orange T2", town="issued orange T2")
        told.at("2 10:05")
        told.want(centre="situation 2 of 4")


def test_the_end_of_a_folded_line_comes_with_the_next_update(tmp_path: Path) -> None:
    with story(tmp_path, **FOLDED) as told:
        told.at("09:00")
        raised(told, "C", Grade.ORANGE)
        raised(told, "T1")
        told.at("11:05")
        told.want(centre="issued orange C, situation 1 of 2")
        told.do("lift", "chief", on="T1.burglary", leader=True)
        told.at("12:00")
        told.want(centre="")
        told.at("13:10")
        told.want(centre="situation 1 of 2")
        assert "Easttown, since 2026-03-02 09:00, over (new)" in told.last("centre")["text"]


def test_a_county_and_its_towns_that_split_leave_nobody_without_what_stands(tmp_path: Path) -> None:
    with story(tmp_path, **FOLDED) as told:
        told.at("09:00")
        raised(told, "C", Grade.ORANGE)
        raised(told, "T1")
        raised(told, "T3")
        told.at("09:30")
        told.want(centre="issued orange C")
        whole = told.situations()
        assert [len(one.lines) for one in whole] == [3]
        told.do("lift", "chief", on="C.burglary", leader=True)
        told.at("09:31")
        told.want(centre="lifted none C")
        told.at("11:32")
        told.want(centre="situation 2 of 3")
        told.at("2 09:31")
        parts = told.situations()
        assert [len(one.lines) for one in parts] == [1, 1]
        names = {one.lead.area: one.id for one in parts}
        assert names["T1"] == whole[0].id, "the part with the earliest line goes on by its name"
        assert names["T3"] != whole[0].id
        told.want(centre="")


def test_a_county_and_four_towns_split_in_four_when_the_county_falls(tmp_path: Path) -> None:
    areas = county.FILES["config/areas.csv"] + "T4,Southtown,,town,C,10000,,\n"
    files = {**FOLDED["files"], "config/areas.csv": areas}
    with story(tmp_path, **{**FOLDED, "files": files}) as told:
        told.at("09:00")
        raised(told, "C", Grade.ORANGE)
        for town in ("T1", "T2", "T3", "T4"):
            raised(told, town)
        told.at("09:30")
        told.want(centre="issued orange C")
        (whole,) = told.situations()
        assert len(whole.lines) == 5
        told.do("lift", "chief", on="C.burglary", leader=True)
        told.at("09:31")
        told.want(centre="lifted none C")
        told.at("2 09:31")
        parts = told.situations()
        assert sorted(one.lead.area for one in parts) == ["T1", "T2", "T3", "T4"]
        assert len({one.id for one in parts}) == 4
        assert [one.lead.area for one in parts if one.id == whole.id] == ["T1"], "a name is given once"


def test_a_part_that_nobody_was_told_of_is_told_when_it_splits_off(tmp_path: Path) -> None:
    files = {"config/duty.yaml": "situations: {every: 3d}\n"}
    with story(tmp_path, **{**FOLDED, "files": files}) as told:
        told.at("09:00")
        raised(told, "C", Grade.ORANGE)
        raised(told, "T1")
        told.do("lift", "chief", on="C.burglary", leader=True)
        told.at("10:00")
        told.want(centre="issued orange C, lifted none C")
        raised(told, "T3")
        told.at("2 08:00")
        told.want(centre="issued yellow T3")
        told.at("2 12:00")
        told.want(centre="issued yellow T1")


def test_without_the_setting_every_line_is_told(tmp_path: Path) -> None:
    with story(tmp_path, **{**FOLDED, "files": {}}) as told:
        told.at("09:00")
        raised(told, "C", Grade.ORANGE)
        raised(told, "T1")
        told.at("12:00")
        told.want(centre="issued orange C, issued yellow T1")


def test_a_situation_is_called_the_same_for_as_long_as_it_goes_on(tmp_path: Path) -> None:
    with story(tmp_path, **FOLDED) as told:
        told.at("09:00")
        raised(told, "C", Grade.ORANGE)
        (begun,) = told.situations()
        raised(told, "T1")
        told.do("lift", "chief", on="C.burglary", leader=True)
        told.at("3 12:00")
        (one,) = told.situations()
        assert (one.id, one.lead.area, len(one.lines)) == (begun.id, "T1", 1)
        listed = json.loads(told.command("forewarn warnings situations --format json").stdout)
        assert [row["id"] for row in listed] == [begun.id]
        told.do("lift", "chief", on="T1.burglary", leader=True)
        told.at("5 13:00")
        raised(told, "T1")
        (after,) = told.situations()
        assert after.id not in {begun.id, one.lead.id}, "what begins anew is called anew"


def called(told: Story) -> dict[str, str]:
    """What the situation of each line is called that is open, or ended within a day."""
    with told.world.store.read() as tx:
        lines = [one.id for one in judgement.warnings(tx, lifted_since=told.now - OVERLAP)]
        return {row.warning: row.situation for row in situations.of(tx, lines)}


@pytest.mark.parametrize("seed", range(2))
def test_names_hold_through_acts_ticks_restarts_and_two_services(tmp_path: Path, seed: int) -> None:
    chosen, was, over = Random(seed), dict[str, str](), set[str]()
    with story(tmp_path, **FOLDED) as told, ExitStack() as others:
        told.at("09:00")
        worlds = [told.world]
        for number in range(1, 25):
            area = chosen.choice(["C", "T1", "T2", "T3"])
            warning = told.warning(area, "burglary")
            told.world = chosen.choice(worlds)
            if warning is not None and warning.open and warning.issued:
                told.do("lift", "chief", on=f"{area}.burglary", leader=True)
            else:
                raised(told, area, chosen.choice([Grade.YELLOW, Grade.ORANGE]))
            hours = chosen.choice([0, 3, 26])
            moment = told.now + timedelta(hours=hours, minutes=number)
            told.at(f"{(moment - told.first).days + 1} {moment:%H:%M}", tick=chosen.random() < 0.7)
            if number % 8 == 0:
                again = app.world(tmp_path, clock=lambda: told.now, owner=f"service-{number}")
                worlds = [told.world, replace(others.enter_context(again), correlate=told.world.correlate)]
            now = called(told)
            assert not set(now.values()) & over
            gone = set(was.values()) - set(now.values())
            for name in gone:
                on = {now[line] for line in now if was.get(line) == name}
                assert not on or on & set(was.values()), "what goes on has joined what was there"
            over |= gone
            was = now
            with told.world.store.begin() as tx:
                asking.ask(told.world, tx, told.now)
            with told.world.store.begin() as tx:
                assert asking.ask(told.world, tx, told.now) == 0, "planned twice is planned once"
