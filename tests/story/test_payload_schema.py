"""Everything that a county's life sends agrees with the published schema, and holds nothing beyond it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from engine.cli import forewarn
from engine.model.grade import Grade
from engine.model.message import Channel, Receiver
from engine.model.text import Text
from engine.notify import report, schema, wording
from engine.notify.notice import Notice, Trouble, notices
from engine.store import outbox
from tests.story.timeline import SECRET, Story, story

ROOT = Path(__file__).parents[2]
DUTY = """
answers: {yellow: {within: 20m, remind: 5m, repeats: 2}, orange: {within: 20m, remind: 5m, repeats: 2}}
situations: {every: 1h}
limits: {read: 10m}
supervision: {after: 5m, receivers: [head]}
reviews: [head]
"""
PLAN = """
id: burglars
title: {en: Burglars about, zh: 入室盗窃处置}
owner: desk
review_by: 2027-06-30
topics: [burglary]
grade: orange
roles: [{id: lead, title: {en: Lead, zh: 组长}, department: police}]
steps: [{id: patrol, measure: patrols, role: lead, due: 30m}]
stand_down: {when: {en: quiet, zh: 平稳}}
"""
ENGINE = f"""
database: sqlite:///data/forewarn.db
public: {{address: "https://warn.example.org/", secret: "${{{SECRET}}}"}}
"""
CAP = (
    "  - {id: public, title: Feed, channels: [{kind: cap, path: data/cap, sender: duty@county.example,"
    " sender_name: Duty centre, web: 'https://county.example/'}]}\n"
)
RECEIVERS = {
    "centre": "chain: [head], ", "head": "language: zh, operator: true, ",
    "slow": 'digest: ["12:00"], ', "police": "department: police, language: zh, ",
}  # fmt: skip
ROUTES = "  - {id: all, receivers: [centre, slow, public]}\n"


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What was planned in some days, and what arrived with its links."""
    files = {"config/duty.yaml": DUTY, "config/engine.yaml": ENGINE, "config/plans/burglars.yaml": PLAN}
    given = {"receivers": RECEIVERS, "routes": ROUTES, "files": files, "also": CAP}
    with story(tmp_path_factory.mktemp("county"), **given) as told:
        told.push("T1", "burglary", 4)
        for town in ("T1", "T2", "T3"):
            told.push(town, "explosion")
        told.at("2 08:00")
        for moment in ("2 08:06", "2 08:30"):
            told.at(moment)
        told.do("raise", "anna", on="T3.burglary", grade=Grade.YELLOW, leader=True)
        told.do("raise", "anna", on="C.burglary", grade=Grade.YELLOW, leader=True)
        told.at("2 09:40")
        told.command("forewarn drill all --area T1 --who anna")
        told.at("2 11:00")
        told.at("8 08:00")
        told.at("12 09:00")
        return _all(told)


def _all(told: Story) -> list[dict[str, Any]]:
    with told.world.store.read() as tx:
        planned = [json.loads(one.payload) for one in outbox.listing(tx, limit=10_000)]
    return [*planned, *(one for got in told.post.got.values() for one in got)]


def closed(value: Any) -> Any:
    """The schema as it is today: what it does not name yet is refused, where readers must take it."""
    if isinstance(value, list):
        return [closed(one) for one in value]
    if not isinstance(value, dict):
        return value
    found = {key: closed(one) for key, one in value.items()}
    if "required" in found and not str(found.get("description", "")).startswith("What every message"):
        found["unevaluatedProperties"] = False
    return found


def test_every_message_agrees_with_the_schema_and_holds_nothing_beyond_it(sent: list[dict[str, Any]]):
    jsonschema.Draft202012Validator.check_schema(schema.schema())
    exact = jsonschema.Draft202012Validator(closed(schema.schema()))
    for one in sent:
        (of,) = [name for name, found in schema.schema()["$defs"].items() if _format(found) == one["format"]]
        own = exact.evolve(schema={"$ref": f"#/$defs/{of}", "$defs": exact.schema["$defs"]})
        assert [f"{one['key']}: {error.json_path} {error.message}" for error in own.iter_errors(one)] == []
        assert exact.is_valid(one)


def _format(found: dict[str, Any]) -> str:
    return str(found.get("properties", {}).get("format", {}).get("const"))


def test_the_story_sends_every_format_there_is(sent: list[dict[str, Any]]):
    made = {"forewarn.notice/1", "forewarn.report-made/1"}
    assert {one["format"] for one in sent} | made == schema.formats()
    steps = {one["step"] for one in sent if one["format"] == "forewarn.notification/1"}
    assert steps >= {"issued", "reminder", "escalation", "exercise", "lifted"}
    assert any("answer" in one for one in sent)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_trouble_and_every_report_agrees_with_the_schema(language: str):
    channel = Channel(kind="file", options={"path": "a"})
    head = Receiver(id="head", title="Head", language=language, channels=(channel,), operator=True)
    at = datetime(2026, 3, 2, 8, tzinfo=UTC)
    told = [
        one
        for trouble in Trouble
        for one in notices(Notice(trouble, "log", "what to do", at), {"head": head})
    ]
    said = (Text("Daily", "日报"), Text("County", "全县"), (Text("Nothing new.", "无新情况。"),))
    for version, link in ((1, ""), (2, "https://warn.example.org/")):
        told += report.messages(("daily", "2026-03-01", "C", version), said, head, link, at, at)
    assert len(told) == len(Trouble) + 2
    exact = jsonschema.Draft202012Validator(closed(schema.schema()))
    for one in told:
        assert [error.message for error in exact.iter_errors(json.loads(one.payload))] == []


def test_no_format_is_made_that_the_schema_does_not_know():
    made = {
        found for path in (ROOT / "engine").rglob("*.py")
        for found in re.findall(r'"(forewarn\.[a-z-]+/\d+)"', path.read_text(encoding="utf-8"))
    }  # fmt: skip
    assert made - {"forewarn.backtest/1", "forewarn.report/1"} == schema.formats()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", "forewarn.notification/2"),
        ("planned_at", "2026-03-02 08:00"),
        ("language", "sv"),
        ("change", {}),
    ],
)
def test_what_disagrees_is_refused(sent: list[dict[str, Any]], key: str, value: object):
    one = next(one for one in sent if one["format"] == "forewarn.notification/1")
    valid = jsonschema.Draft202012Validator(schema.schema()).is_valid
    assert valid(one) and valid(one | {"a key that comes later": 1})
    assert not valid(one | {key: value})


def test_a_drill_leaves_the_house_as_an_exercise_and_as_nothing_else(sent: list[dict[str, Any]]):
    cap = [one for one in sent if one["format"] == "forewarn.cap/1"]
    drilled = [one for one in cap if one["warning"].startswith("exercise/")]
    assert [one["status"] for one in drilled] == ["Exercise"]
    assert drilled[0]["note"] == "EXERCISE 演练: all"
    english, chinese = drilled[0]["infos"]
    assert english["headline"].startswith("[EXERCISE] ") and chinese["headline"].startswith("[演练] ")
    assert {one["status"] for one in cap if one not in drilled} == {"Actual"}


def test_departments_are_named_in_the_readers_language(sent: list[dict[str, Any]]):
    read = [one for one in sent if one["receiver"] == "head" and one.get("told", {}).get("tasks")]
    assert read and all("公安机关" in one["text"] and "police" not in one["text"] for one in read)


def test_every_department_of_the_bundled_measures_has_a_name_in_both_languages():
    listed = yaml.safe_load((ROOT / "config/measures.yaml").read_text(encoding="utf-8"))["measures"]
    named = {one["department"] for one in listed}
    assert named and named <= wording.DEPARTMENTS.keys()


def test_the_command_prints_the_schema():
    done = CliRunner().invoke(forewarn, ["message", "schema"])
    assert done.exit_code == 0 and json.loads(done.output) == schema.schema()
