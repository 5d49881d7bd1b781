"""Calendars: those that come with the engine, those of files, and what lies outside of what they know."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine.cycle.config.calendars import bundled, load
from engine.cycle.config.reading import Reading
from engine.errors import ConfigError

SHANGHAI = ZoneInfo("Asia/Shanghai")
FAIRS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//fairs//
BEGIN:VEVENT
UID:1
SUMMARY:Spring fair
DTSTART;VALUE=DATE:20260405
DTEND;VALUE=DATE:20260407
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:Market
DTSTART;TZID=Asia/Shanghai:20260411T220000
DTEND;TZID=Asia/Shanghai:20260412T020000
RRULE:FREQ=MONTHLY;COUNT=3
END:VEVENT
BEGIN:VEVENT
UID:3
SUMMARY:Called off
STATUS:CANCELLED
DTSTART;VALUE=DATE:20260901
END:VEVENT
END:VCALENDAR
"""
ENTRY = "calendars:\n  - {id: fairs, title: Fairs, path: fairs.ics, from: 2026-01-01, to: 2026-06-10}\n"


def days(of: str) -> set[date]:
    return {date.fromordinal(day) for day in bundled()[of].days.days}


def test_what_comes_with_the_engine_is_whole() -> None:
    """Every day off and every working day by what the notices say of each year together."""
    off, on = days("cn-holidays"), days("cn-working-days")
    assert not off & on
    assert all(day.weekday() >= 5 for day in on), "only a day of a weekend is worked instead"
    assert [sum(day.year == year for day in off) for year in (2023, 2024, 2025, 2026)] == [26, 28, 28, 33]
    assert [sum(day.year == year for day in on) for year in (2023, 2024, 2025, 2026)] == [7, 8, 5, 6]
    assert {date(2024, 2, 10), date(2025, 1, 28), date(2026, 2, 17)} <= off, "the first day of spring"


def test_outside_of_its_years_nobody_knows() -> None:
    known = bundled()["cn-holidays"].days
    last = date(2026, 12, 31).toordinal()
    assert known.within(last, last) is False
    assert known.within(last, last + 1) is None
    assert known.within(date(2022, 12, 31).toordinal(), date(2023, 1, 1).toordinal()) is True


def reading(root: Path, written: str, content: str | None = FAIRS) -> Reading:
    (root / "config").mkdir()
    (root / "config/calendars.yaml").write_text(written, encoding="utf-8")
    if content is not None:
        (root / "fairs.ics").write_text(content, encoding="utf-8")
    return Reading(root, {})


def test_a_file_of_entries(tmp_path: Path) -> None:
    found = load(reading(tmp_path, ENTRY), SHANGHAI)
    fairs = found["fairs"].days
    wanted = [date(2026, 4, 5), date(2026, 4, 6), date(2026, 4, 11), date(2026, 4, 12), date(2026, 5, 11),
              date(2026, 5, 12)]  # fmt: skip
    assert sorted(map(date.fromordinal, fairs.days)) == wanted, "whole days, nights, and none cancelled"
    assert (fairs.first, fairs.last) == (date(2026, 1, 1).toordinal(), date(2026, 6, 10).toordinal())
    assert found.keys() == {"cn-holidays", "cn-working-days", "fairs"}


def test_the_file_belongs_to_the_configuration(tmp_path: Path) -> None:
    """A run names the configuration that it judged by, and another calendar is another one."""
    hashes = []
    for content in (FAIRS, FAIRS.replace("20260407", "20260408")):
        root = tmp_path / str(len(hashes))
        root.mkdir()
        one = reading(root, ENTRY, content)
        load(one, SHANGHAI)
        hashes.append(one.hash())
    assert len(set(hashes)) == 2


@pytest.mark.parametrize(
    ("old", "new", "content", "says"),
    [
        ("", "", None, "fairs.ics cannot be read: No such file"),
        ("", "", "no calendar", "fairs.ics cannot be read: this is no iCalendar text"),
        ("", "", FAIRS.replace("Asia/Shanghai:20260411", "Asia/Shangai:20260411"), "which is no"),
        ("", "", FAIRS.replace("DATE:20260407", "DATE:20260307"), "'Spring fair' ends before it begins"),
        ("from: 2026-01-01", "from: 2026-07-01", FAIRS, "'to' comes after 'from'"),
        ("path: ", "path: config/../../", FAIRS, "../fairs.ics leads out of the root folder; put the file"),
        ("path: ", "path: /", FAIRS, "/fairs.ics leads out of the root folder"),
        ("to: 2026-06-10", "to: 2026-01-31", FAIRS, "has no entry from 2026-01-01 to 2026-01-31"),
        ("id: fairs", "id: cn-holidays", FAIRS, "comes with the engine"),
    ],
)  # fmt: skip
def test_mistakes(tmp_path: Path, old: str, new: str, content: str | None, says: str) -> None:
    one = reading(tmp_path, ENTRY.replace(old, new), content)
    load(one, SHANGHAI)
    with pytest.raises(ConfigError) as caught:
        one.finish()
    assert any(says in problem.sentence for problem in caught.value.problems)


def test_a_year_is_read_on_the_day(tmp_path: Path) -> None:
    """An entry of a moment at midnight touches its own day alone."""
    text = FAIRS.replace("T020000", "T000000")
    found = load(reading(tmp_path, ENTRY, text), SHANGHAI)["fairs"].days.days
    assert date(2026, 4, 11).toordinal() in found
    assert (date(2026, 4, 11) + timedelta(days=1)).toordinal() not in found


@pytest.mark.parametrize("called", ["Demonstration at the town hall", "书记接访日", "Opposition rally"])
def test_no_entry_is_a_day_of_what_people_may_lawfully_do(tmp_path: Path, called: str) -> None:
    looked = reading(tmp_path, ENTRY, FAIRS.replace("Market", called))
    load(looked, SHANGHAI)
    assert [(one.name, one.line) for one in looked.problems] == [("charter", 2)]
    assert called in looked.problems[0].sentence


@pytest.mark.parametrize("called", ["Easter Monday", "Eid al-Fitr", "古尔邦节", "Labour Day"])
def test_a_public_holiday_may_be_a_faith_s(tmp_path: Path, called: str) -> None:
    looked = reading(tmp_path, ENTRY, FAIRS.replace("Market", called))
    load(looked, SHANGHAI)
    assert looked.problems == []
