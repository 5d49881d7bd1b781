"""The command line to whoever reads in Chinese: headings, states, confirmations; programs get codes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from engine.cli import (
    accounts,
    acts,
    clock,
    cycles,
    diff,
    doctor,
    drill,
    faults,
    feeds,
    incidents,
    inwords,
    language,
    links,
    messages,
    mutate,
    plans,
    privacy,
    problems,
    report,
    rota,
    route,
    scorecard,
    silences,
    tasks,
    workshop,
)  # fmt: skip
from engine.cli import warnings as warned
from engine.model.act import ActKind, Role, Verdict
from engine.model.grade import Grade
from engine.model.lap import Beat, LapState
from engine.model.response import ResponseState, StepState
from engine.model.review import Decision
from engine.model.task import TaskState
from engine.model.warning import Step
from tests.story.timeline import raised, story

COLUMNS = (
    acts._SHOWN, clock._LAPS, clock._LINES, drill._DRILLS, drill._ANSWERS, messages._COLUMNS, plans._PLANS,
    plans._RUNNING, plans._STEPS, rota._COLUMNS, route._COLUMNS, silences._SHOWN, silences._MUTED,
    tasks._COLUMNS, warned.COLUMNS, accounts._ACCOUNTS, accounts._AUDIT, accounts._TOKENS, cycles._COLUMNS,
    diff._SHIFT, doctor._COLUMNS, faults._COLUMNS, feeds._COLLECTED, incidents._LINKS, incidents._RULINGS,
    links._COLUMNS, mutate._COLUMNS, privacy._SHOWN, problems._PROBLEM, problems._VERDICT, report.COLUMNS,
    scorecard._CARD, workshop._LOAD, workshop._TRIAL,
)  # fmt: skip
MODULES = (
    acts, clock, drill, messages, plans, rota, route, silences, tasks, warned, accounts, cycles, faults,
    feeds, incidents, links, privacy, report, scorecard, workshop,
)  # fmt: skip
STATES = (ActKind, Beat, Decision, Grade, LapState, ResponseState, Role, Step, StepState, TaskState, Verdict)


@pytest.mark.parametrize("columns", COLUMNS, ids=" ".join)
def test_every_heading_has_its_words(columns: tuple[str, ...]) -> None:
    headings = [inwords.heading(column) for column in columns]
    assert not [one for one in headings if re.search("[a-z]", one)]
    assert len(set(headings)) == len(columns), "no two columns of a listing are called the same"


def test_every_listing_says_in_words_that_there_is_nothing() -> None:
    said = [
        words for module in MODULES
        for words in re.findall(r'empty="([^"]+)"', Path(str(module.__file__)).read_text("utf-8"))
    ]  # fmt: skip
    assert len(said) > 10
    assert not [words for words in said if words not in inwords.PHRASES]


@pytest.mark.parametrize("kind", STATES, ids=lambda kind: kind.__name__)
def test_every_state_has_its_words(kind: type) -> None:
    for one in kind:  # type: ignore[attr-defined]
        assert re.search("[\u4e00-\u9fff]", str(inwords.cell("state", one))), one


def test_what_people_wrote_and_what_programs_read_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(language.LANGUAGE, "zh")
    with story(tmp_path, receivers={"centre": ""}) as told:
        told.at("08:00")
        raised(told, "T1")
        told.at("08:01")
        warning = told.warning("T1", "burglary")
        assert warning is not None
        id_ = warning.id
        read = told.command(f"forewarn warnings ack {id_} --who lin --for centre --why over").output
        assert read.startswith(f"签收：{id_}（黄色），编号 ")
        quiet = told.command(f"forewarn silence add {id_} --who lin --why holds").output
        assert quiet.startswith(f"静默：{id_}（黄色），至2026-03-09 ")
        higher = told.command(
            f"forewarn warnings regrade {id_} orange --who eva --as leader --why nobody"
        ).output
        assert "升级：黄色 -> 橙色（nobody）" in higher
        listed = told.command("forewarn warnings acts").output.splitlines()
        assert listed[0].split()[:4] == ["时间", "操作", "人员", "职务"]
        assert "签收" in listed[2] and "over" in listed[2] and "值班员" in listed[2]
        assert "生效中" in told.command("forewarn silence list").output
        assert "当前无事态" not in told.command("forewarn warnings situations").output
        assert told.command("forewarn clock list").output == "没有正在计时的环节\n"
        (row,) = json.loads(told.command("forewarn silence list --format json").output)
        assert (row["state"], row["grade"], row["why"]) == ("holds", "yellow", "holds")
        monkeypatch.delenv(language.LANGUAGE)
        assert told.command("forewarn clock list").output == "no clock is running\n"
