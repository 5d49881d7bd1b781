"""Reports and exports in the console: opened, taken along, and only within sight."""

from __future__ import annotations

import csv
import io
import json

import pytest
from openpyxl import load_workbook

from engine.cycle.reporting import keep
from engine.cycle.world import World
from engine.model.period import Cycle
from engine.model.staff import Office
from tests.console.conftest import SignIn


@pytest.fixture(autouse=True, scope="module")
def reported(world: World):
    for area in ("C", "T1"):
        keep.make(world, world.settings.calendar.last_due(Cycle.DAILY, world.clock()), area, world.clock())


def at(area: str) -> str:
    return f"/report/daily/2026-03-10/{area}"


def test_a_report_is_opened_and_taken_along_in_every_form(signed: SignIn):
    client = signed(Office.VIEWER)
    client.timeout = None  # what makes documents is imported at the first
    assert at("C") in client.get("/reports").text
    shown = client.get(f"{at('C')}?lang=zh")
    assert "每日排查简报" in shown.text and "style-src 'sha256-" in shown.headers["content-security-policy"]
    assert client.get(f"{at('C')}?form=docx").content.startswith(b"PK")
    told = json.loads(client.get(f"{at('C')}?form=json&take=true").content)
    assert told == client.get("/v1/reports/daily/2026-03-10/C").json()
    assert "attachment" in client.get(f"{at('C')}?take=true").headers["content-disposition"]


def test_what_lies_beyond_an_area_is_not_there(signed: SignIn):
    client = signed(Office.VIEWER, area="T1")
    assert client.get(at("T1")).status_code == 200
    assert at("C") not in client.get("/reports").text and client.get(at("C")).status_code == 404
    assert {one["area"] for one in client.get("/v1/reports").json()["items"]} == {"T1"}
    rows = list(csv.DictReader(io.StringIO(client.get("/v1/export/warnings").text.lstrip("\ufeff"))))
    assert {row["area"] for row in rows} <= {"T1"}
    assert client.get("/v1/export/warnings?area=C").status_code == 404


@pytest.mark.parametrize("version", ["2", "0", "x"])
def test_a_version_that_was_never_made_is_no_page(signed: SignIn, version: str):
    assert signed(Office.VIEWER).get(f"{at('C')}?version={version}").status_code == 404


def test_exports_in_every_form_hold_the_same_rows(signed: SignIn):
    client = signed(Office.VIEWER)
    client.timeout = None
    rows = list(csv.DictReader(io.StringIO(client.get("/v1/export/findings").text.lstrip("\ufeff"))))
    features = client.get("/v1/export/findings?form=geojson").json()["features"]
    book = load_workbook(io.BytesIO(client.get("/v1/export/findings?form=xlsx").content))
    assert len(rows) == len(features) == book["findings"].max_row - 1 > 0
    assert [row["rule"] for row in rows] == [one["properties"]["rule"] for one in features]


def test_panels_say_of_which_rule(signed: SignIn):
    client = signed(Office.VIEWER)
    refused = client.get("/v1/export/panels")
    assert refused.status_code == 400 and "--rule" in refused.json()["detail"]
    assert client.get("/v1/export/panels?rule=county.burglary-surge").status_code == 200
