"""Tests of routes: who is told, by the code that plans the messages; and what is wrong with a test."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.model.grade import Domain, Grade
from engine.model.message import Route
from engine.model.problem import Problem
from engine.rulebook.context import Context
from engine.rulebook.trial import routing
from engine.rulebook.trial.trial import Verdict

ROUTES = (
    Route(id="county", areas=("01",), receivers=("county",)),
    Route(id="nation", grade=Grade.ORANGE, receivers=("centre",)),
    Route(id="roads", domains=(Domain.SAFETY,), topics=("traffic",), receivers=("roads",)),
)


@pytest.fixture
def around(context: Context) -> Context:
    return replace(context, routes=ROUTES)


def problems(folder: Path, context: Context, *tests: str) -> list[Problem]:
    path = folder / "routes.test.yaml"
    path.write_text("tests:\n" + "".join(f"  - {{name: t, {test}}}\n" for test in tests))
    return routing.read(path, context)[1]


def verdict(folder: Path, context: Context, test: str) -> Verdict:
    assert problems(folder, context, test) == []
    (found,) = routing.run(routing.read(folder / "routes.test.yaml", context)[0], context)
    return found


def told(folder: Path, context: Context, given: str, when: str) -> str:
    """Who is told, as a failed test says it."""
    test = f"given: {{{given}}}, when: {{{when}}}, expect: [roads, county, centre]"
    found = verdict(folder, context, test)
    return found.failures[0].found if found.failures else "everybody"


@pytest.mark.parametrize(
    ("given", "when", "who"),
    [
        ("", 'area: "01", topic: burglary, to: blue', "county"),
        ("", 'area: "0110", topic: burglary, from: yellow, to: orange', "centre and county"),
        ("", 'area: "03", topic: burglary, to: yellow', "nobody"),
        ("", 'area: "01", topic: traffic, to: red', "everybody"),
        ("", 'area: "01", topic: burglary, from: red, to: none', "nobody"),
        ("", 'area: "03", topic: burglary, from: red, to: blue, heard: [centre]', "centre"),
        ('silences: [{area: "01", topic: burglary}]', 'area: "01", topic: burglary, to: orange', "nobody"),
        ('silences: [{area: "01", topic: burglary}]', 'area: "01", topic: burglary, to: red',
         "centre and county"),
        ('silences: [{area: "03", topic: burglary}]', 'area: "01", topic: burglary, to: blue', "county"),
        ('silences: [{area: "01", topic: burglary, grade: blue}]', 'area: "01", topic: burglary, to: yellow',
         "county"),
        ("warnings: [{area: SE, topic: traffic, grade: red, heard: [centre, roads]}]",
         'area: "01", topic: traffic, to: orange', "everybody"),
    ],
)  # fmt: skip
def test_who_is_told(given: str, when: str, who: str, around: Context, tmp_path: Path) -> None:
    assert told(tmp_path, around, given, when) == who


def test_inhibition_is_the_configured_one(around: Context, tmp_path: Path) -> None:
    given = "warnings: [{area: SE, topic: traffic, grade: red, heard: [centre]}]"
    when = 'area: "01", topic: traffic, to: orange'
    assert told(tmp_path, replace(around, inhibit=True), given, when) == "county and roads"


def test_a_failure_names_the_routes_that_carried_it(around: Context, tmp_path: Path) -> None:
    test = 'when: {area: "01", topic: burglary, to: orange}, expect: [county]'
    found = verdict(tmp_path, around, test)
    assert (found.rule, found.name, found.line) == ("routes", "t", 2)
    assert found.why == (
        "01: expected county, found centre and county",
        "  the route county leads to county",
        "  the route nation leads to centre",
    )


def test_a_failure_names_what_muted_it(around: Context, tmp_path: Path) -> None:
    test = (
        'given: {silences: [{area: "03", topic: burglary}]},'
        ' when: {area: "03", topic: burglary, to: orange}, expect: [centre]'
    )
    found = verdict(tmp_path, replace(around, inhibit=True), test)
    assert found.why[1:3] == ("  a silence mutes it", "  the route nation leads to centre")


@pytest.mark.parametrize(
    ("test", "says"),
    [
        ('when: {area: "011", topic: burglary, to: red}, expect: []', "unknown area '011' (did you mean"),
        ('when: {area: "01", topic: burglry, to: red}, expect: []', "(did you mean 'burglary'?)"),
        ('when: {area: "01", topic: burglary, to: red}, expect: [conty]', "(did you mean 'county'?)"),
        ('when: {area: "01", topic: burglary, to: red, heard: [x]}, expect: []', "no route leads to 'x'"),
        ('when: {area: "01", topic: burglary, to: none}, expect: []', "nothing changes"),
        ('when: {area: "01", topic: burglary, too: red}, expect: []', "unknown key 'too'"),
        ('given: {silences: [{area: XX, topic: fraud}]}, when: {area: SE, topic: fraud, to: red}, expect: []',
         "unknown area 'XX'"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(test: str, says: str, around: Context, tmp_path: Path) -> None:
    (found,) = problems(tmp_path, around, test)
    assert found.line == 2
    assert says in found.sentence


def test_a_missing_file_holds_no_test(around: Context, tmp_path: Path) -> None:
    found, mistakes = routing.read(tmp_path / "routes.test.yaml", around)
    assert (found.tests, mistakes) == ((), [])


def test_a_broken_file_is_a_mistake(around: Context, tmp_path: Path) -> None:
    (tmp_path / "routes.test.yaml").write_text("tests: [")
    (found,) = routing.read(tmp_path / "routes.test.yaml", around)[1]
    assert found.name == "yaml"
