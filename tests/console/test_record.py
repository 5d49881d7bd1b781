"""What became of a rule: its volume, what people found, the rules beside it, its text; and its page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from lxml import html

from engine.console import record
from engine.cycle.world import World
from engine.model.act import Act, ActKind, Verdict
from engine.model.grade import Grade
from engine.model.period import Calendar
from engine.model.rule import Status
from engine.model.staff import Office
from engine.store import judgement
from tests.console.conftest import SignIn
from tests.store.test_judgement import WARNING

AT = datetime(2026, 3, 10, 12, tzinfo=UTC)
ID = "county.burglary-surge"


def begun(*days: str) -> list:
    moments = [datetime.fromisoformat(day).replace(tzinfo=UTC) for day in days]
    return [replace(WARNING, id=f"A.theft.{day}", since=at) for day, at in zip(days, moments, strict=True)]


def test_twelve_months_are_counted_and_a_month_without_a_warning_is_among_them():
    warned = begun("2025-03-31", "2025-04-01", "2026-03-01", "2026-03-10")
    found = record.months(warned, Calendar(), AT.date())
    assert [first for first, _ in found][:: record.MONTHS - 1] == [date(2025, 4, 1), date(2026, 3, 1)]
    assert [many for _, many in found] == [1, *[0] * 10, 2]


def closed(of: str, verdict: Verdict) -> Act:
    return Act(
        kind=ActKind.CLOSE, at=AT, by="anna", via="cli", warning=of, area="A", topic="theft", verdict=verdict
    )


def test_people_s_clear_verdicts_are_counted_each_warning_once():
    warned = begun("2026-03-01", "2026-03-02", "2026-03-03")
    acts = [
        closed(warned[0].id, Verdict.FALSE_ALARM), replace(closed(warned[0].id, Verdict.CONFIRMED), id="2"),
        replace(closed(warned[1].id, Verdict.FALSE_ALARM), id="3"),
        replace(closed(warned[2].id, Verdict.UNCLEAR), id="4"),
    ]  # fmt: skip
    assert record.judged(acts, warned) == record.Judged(right=1, told=2)
    low, high = record.judged(acts, warned).between
    assert 0 < low < 0.5 < high < 1


def test_rules_of_the_same_risk_and_level_stand_beside_each_other(world: World):
    rule = world.book.rules[ID]
    other = replace(rule, id="county.other", status=Status.TRIAL)
    deeper = replace(rule, id="county.deeper", level="county")
    book = replace(world.book, rules={one.id: one for one in (rule, other, deeper)})
    cells = [
        (ID, "T1", AT, Grade.BLUE), (ID, "T1", AT - timedelta(days=1), Grade.BLUE),
        (ID, "T2", AT, Grade.NONE), (other.id, "T1", AT + timedelta(hours=1), Grade.YELLOW),
        (other.id, "T2", AT, Grade.BLUE),
    ]  # fmt: skip
    found = list(record.beside(rule, book, cells, Calendar()))
    assert found == [record.Beside(other, own=2, others=2, both=1)]


@pytest.mark.parametrize(
    ("text", "line", "shown"),
    [
        ("rules:\n  - id: a\n    title: A\n\n  - id: b\n", 2, "- id: a\n  title: A"),
        ("rules:\n- id: a\n  grades:\n    blue: {}\n", 2, "- id: a\n  grades:\n    blue: {}"),
        ("# a modeline\nid: a\ntitle: A\n", 1, "id: a\ntitle: A"),
        ("", 1, ""),
    ],
)
def test_a_rule_is_shown_as_it_is_written(world: World, tmp_path: Path, text: str, line: int, shown: str):
    path = tmp_path / "rule.yaml"
    path.write_text(text, encoding="utf-8")
    assert record.excerpt(replace(world.book.rules[ID], path=str(path), line=line)) == shown


def test_a_file_that_is_gone_shows_nothing(world: World, tmp_path: Path):
    assert record.excerpt(replace(world.book.rules[ID], path=str(tmp_path / "gone.yaml"))) == ""


def test_the_page_tells_why_and_why_not(signed: SignIn, world: World):
    with world.store.read() as tx:
        warned = {one.area for one in judgement.warnings(tx, topic="burglary")}
    assert "T1" in warned
    client = signed(Office.VIEWER)
    page = html.fromstring(client.get(f"/rule/{ID}?area=T1&day=2026-03-06").text)
    tree = page.xpath("//section[@id='why']//div")[0].text_content()
    assert f"{ID} at daily 2026-03-06" in tree and "observed" in tree
    assert f"id: {ID}" in page.xpath("//pre")[0].text
    assert client.get(f"/rule/{ID}?area=C").status_code == 404, "a rule of towns judges no county"
    assert client.get(f"/rule/{ID}?area=T1&day=never").status_code == 404
    assert signed(Office.VIEWER, area="T2").get(f"/rule/{ID}?area=T1").status_code == 404


@pytest.mark.parametrize(
    ("asked", "judged"),
    [("", "2026-03-10"), ("9999-12-31", "2026-03-10"), ("2026-03-11", "2026-03-10"), ("0001-01-01", "1970")],
)
def test_no_day_is_too_early_or_too_late_to_ask_about(signed: SignIn, asked: str, judged: str):
    page = html.fromstring(signed(Office.VIEWER).get(f"/rule/{ID}?area=T1&day={asked}").text)
    assert f"{ID} at daily {judged}" in page.xpath("//section[@id='why']//div")[0].text_content()


def test_an_analyst_measures_a_rule_and_a_viewer_does_not(signed: SignIn):
    assert signed(Office.VIEWER).post(f"/rule/{ID}/measure").status_code == 404
    page = html.fromstring(signed(Office.ANALYST).post(f"/rule/{ID}/measure").text)
    names, figures = (page.xpath(f"//dl[@id='measured']//{tag}/text()") for tag in ("dt", "b"))
    told = dict(zip(names, figures, strict=True))
    assert int(told["warnings"]) > 0 and "by chance alone" in told
    assert "does not speak of this risk" in page.text_content()
