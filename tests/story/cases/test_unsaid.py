"""Reports that come as ever and no longer say by what a rule counts them (how severe they were, the measure
that it adds up) lift nothing: the number of what nobody says is not zero."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
import yaml

from engine import app
from engine.cycle import run as running
from tests.story.cases.office import PLAIN, Office

BEGINS, DAYS = 2, 3
BURGLARIES = {"category": "property.burglary"}
HECTARES = {"sum": "hectares", "where": BURGLARIES}
SEVERE = {"count": "incidents", "where": {**BURGLARIES, "severity": ">=2"}}
SIZED = {"measures": {"hectares": "size"}}
GRADED = {"severity": {"field": "size", "table": {"9": 3, "0": 1}}}


@dataclass(frozen=True)
class Said:
    """By what a rule counts, how that is mapped, and what the source writes of it from some day on."""

    indicator: dict[str, Any]
    mapping: dict[str, Any]
    size: Callable[[str], str] = str
    column: str = "size"
    #: What operators hear beside that reports say too little.
    told: tuple[str, ...] = ()


LESS = {
    "another decimal sign": Said(HECTARES, SIZED, lambda size: f'"{size},0"', told=("partly",)),
    "no number": Said(HECTARES, SIZED, lambda size: ""),
    "another name of its column": Said(HECTARES, SIZED, column="area_ha", told=("partly",)),
    "another name, where an empty field means none": Said(
        HECTARES, {"measures": {"hectares": {"field": "size", "otherwise": 0}}}, column="ha", told=("partly",)
    ),
    "another word for how severe": Said(SEVERE, GRADED, lambda size: "grave", told=("partly",)),
    "no word for how severe": Said(SEVERE, GRADED, lambda size: ""),
    "another name of the severity's column": Said(SEVERE, GRADED, column="level", told=("partly",)),
}


def lived(office: Office, said: Said) -> None:
    """Two burglaries a day in each county, of no size but on the first day in the county at hand."""
    office.feed({"path": "in.csv"}, PLAIN | said.mapping, max_silence="36h")
    path = office.root / "rules/r.yaml"
    rules = yaml.safe_load(path.read_text(encoding="utf-8"))
    rules["rules"][1] |= {"indicator": said.indicator, "window": "2d"}
    path.write_text(yaml.safe_dump(rules, allow_unicode=True), encoding="utf-8")
    first, rows = office.now, list[str]()
    with app.world(office.root) as world:
        running.prepare(world, first - timedelta(seconds=1))
        for n in range(DAYS):
            write, day = said.size if n >= BEGINS else str, first + timedelta(days=n)
            rows += [_row(day, area, number, write) for area in ("01", "02", "03") for number in (1, 2)]
            column = said.column if n >= BEGINS else "size"
            office.put("in.csv", f"id,when,area,type,{column}\n" + "".join(rows))
            for hours in (18, 21):
                office.now = day + timedelta(hours=hours)
                running.tick(world)


def _row(day: datetime, area: str, number: int, write: Callable[[str], str]) -> str:
    size = write("9" if (day.day, area) == (1, "01") else "0")
    return f"{area}{number}-{day:%d},{day:%Y-%m-%d} 0{number}:00,{area},burglary,{size}\n"


@pytest.mark.parametrize("said", [Said(HECTARES, SIZED), Said(SEVERE, GRADED)], ids=["sum", "severity"])
def test_what_is_said_to_be_nothing_lifts(office: Office, said: Said) -> None:
    """Without which what follows would mean nothing."""
    lived(office, said)
    assert office.steps("burglary") == ["issued", "lifted"]
    assert (office.told(), office.status()["state"]) == ([], "ok")


@pytest.mark.parametrize("name", LESS)
def test_what_is_not_said_lifts_nothing(office: Office, name: str) -> None:
    said = LESS[name]
    lived(office, said)
    assert office.steps("burglary") == ["issued", "held"]
    (warning,) = [one for one in office.warnings() if one["topic"] == "burglary"]
    assert (warning["area"], warning["confidence"]) == ("01", "low")
    what = "hectares" if said.indicator is HECTARES else "severity"
    why = office.call("warnings", "show", warning["id"]).stdout
    assert f"2 of 6 reports of 2026-03-03 do not say their {what}" in why.replace("\n", " ")
    assert sorted(office.told()) == [*said.told, "unsaid"]
    status = office.status()
    assert (status["name"], status["state"]) == ("f", "unsaid")
    assert f"reports do not say their {what}, by which public-safety.burglary counts" in status["detail"]


@pytest.mark.parametrize(
    "said",
    [
        Said(HECTARES, {"measures": {"hectares": {"field": "size", "otherwise": 0}}}, lambda size: ""),
        Said(SEVERE, {"severity": {**GRADED["severity"], "otherwise": 1}}, lambda size: ""),
    ],
    ids=["sum", "severity"],
)
def test_what_an_empty_field_means_may_be_said(office: Office, said: Said) -> None:
    lived(office, said)
    assert office.steps("burglary") == ["issued", "lifted"]
    assert (office.told(), office.status()["state"]) == ([], "ok")
