"""config/rota.yaml: what may stand in it, and the line of every mistake."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine import app
from engine.cycle.gaps import problems
from engine.errors import ConfigError
from tests.story import county

ROUTES = """
receivers:
  - {id: lin, title: Officer on duty, channels: [{kind: file, path: data/outbox/lin.jsonl}]}
  - {id: berg, title: Officer on duty, channels: [{kind: file, path: data/outbox/berg.jsonl}]}
  - {id: desk, title: Duty desk, rota: desk}
routes:
  - {id: all, receivers: [desk]}
"""
ROTA = """
rotas:
  - id: desk
    title: Duty desk
    zone: Europe/Stockholm
    shifts:
      - {name: day, hours: 08:00-20:00, since: 2026-01-05, teams: [lin]}
      - {name: night, hours: 20:00-08:00, since: 2026-01-05, teams: [berg, [lin, berg]]}
    overrides:
      - {from: 2026-03-06T20:00, to: 2026-03-07T08:00, team: lin, why: swapped}
"""
ICS = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//made up//EN\r
BEGIN:VEVENT\r
UID:1\r
DTSTAMP:20260101T000000Z\r
SUMMARY:Lin\r
DTSTART;VALUE=DATE:20260302\r
DTEND;VALUE=DATE:20260303\r
RRULE:FREQ=DAILY\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:2\r
DTSTAMP:20260101T000000Z\r
SUMMARY:Holiday\r
DTSTART;VALUE=DATE:20260302\r
END:VEVENT\r
END:VCALENDAR\r
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    county.build(tmp_path)
    (tmp_path / "config/routes.yaml").write_text(ROUTES)
    (tmp_path / "config/rota.yaml").write_text(ROTA)
    (tmp_path / "config/duty.ics").write_text(ICS)
    return tmp_path


def said(root: Path, old: str, new: str, name: str = "rota.yaml") -> list[str]:
    """The problems once a piece of a file is exchanged: of settings that load, what is odd about them."""
    path = root / "config" / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    try:
        found = app.settings(root)
    except ConfigError as error:
        return [str(problem) for problem in error.problems]
    return [str(problem) for problem in (*found.problems, *problems(found.rotas, date(2026, 3, 2)))]


def test_a_rota_reaches_its_members_by_all_their_channels(root: Path):
    settings = app.settings(root)
    assert [channel.name for channel in settings.receivers["desk"].channels] == ["lin/file", "berg/file"]
    assert settings.problems == ()
    assert not list(problems(settings.rotas, date(2026, 3, 2)))


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ("08:00-20:00", "8-20", 7, "write hours as 08:00-20:00"),
        ("08:00-20:00", "08:00-24:30", 7, "write hours as"),
        ("teams: [lin]", "teams: [linn]", 7, "there is no receiver 'linn' (did you mean 'lin'?)"),
        ("teams: [lin]", "teams: []", 7, "at least 1 is needed"),
        ("teams: [lin]", "teams: [desk]", 7, "'desk' is a rota itself"),
        ("since: 2026-01-05, teams: [lin]", "since: monday, teams: [lin]", 7, "a day is needed"),
        ("teams: [lin]", "every: 12h, teams: [lin]", 7, "a turn lasts whole days, as in 7d"),
        ("Europe/Stockholm", "Europe/Stokholm", 5, "there is no time zone 'Europe/Stokholm'"),
        ("to: 2026-03-07T08:00", "to: 2026-03-06T08:00", 10, "an override ends after it begins"),
        ("to: 2026-03-07T08:00", "to: 2026-03-06T20:00+05:00", 10, "an override ends after it begins"),
        ("team: lin, why", "team: kay, why", 10, "there is no receiver 'kay'"),
        (
            "why: swapped}",
            "why: swapped}\n      - {from: 2026-03-07T07:00, to: 2026-03-07T09:00, team: berg}",
            11, "overlaps the override from 2026-03-06T20:00",
        ),
        (
            "why: swapped}",  # as the clocks of another zone have it
            "why: swapped}\n      - {from: 2026-03-07T09:00+05:00, to: 2026-03-07T13:00+05:00, team: berg}",
            11, "overlaps the override from 2026-03-06T20:00",
        ),
        ("title: Duty desk\n", "title: Persons under watch\n", 4, "lists or groups of persons"),
        ("shifts:", "calendar: {names: {Lin: lin}}\n    shifts:", 6, "either a path or a url"),
        ("shifts:", "calendar: {path: config/none.ics, names: {Lin: lin}}\n    shifts:", 6, "cannot be read"),
        ("shifts:", "calendar: {path: ../duty.ics, names: {Lin: lin}}\n    shifts:", 6, "out of the root"),
        ("shifts:", "calendar: {path: log.csv, names: {Lin: lin}}\n    shifts:", 6, "no iCalendar text"),
        ("shifts:", "calendar: {path: config/duty.ics, names: {Lin: x}}\n    shifts:", 6, "no receiver 'x'"),
        ("shifts:", "calendar: {url: '${NOWHERE}', names: {Lin: lin}}\n    shifts:", 6,
         "no variable NOWHERE"),
        ("shifts:", "calendar: {path: config/duty.ics, names: {Lin: lin}}\n    shifts:", 6,
         "entries of 'Holiday', which names nobody here"),
        ("20:00-08:00", "22:00-08:00", 3,
         "nobody of 'desk' is on duty from 2026-03-02 20:00 to 2026-03-02 22:00"),
        ("20:00-08:00", "22:00-08:00", 3, "and 26 more times within 28 days"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(root: Path, old: str, new: str, line: int, sentence: str):
    found = said(root, old, new)
    assert any(one.startswith(f"config/rota.yaml:{line}: ") and sentence in one for one in found), found


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ("rota: desk", "rota: dsk", 5, "there is no rota 'dsk' (did you mean 'desk'?)"),
        ("rota: desk", "rota: desk, channels: [{kind: file, path: x}]", 5, "those of who is on duty"),
    ],
)
def test_a_receiver_that_is_no_rota_of_the_file(root: Path, old: str, new: str, line: int, sentence: str):
    found = said(root, old, new, "routes.yaml")
    assert any(one.startswith(f"config/routes.yaml:{line}: ") and sentence in one for one in found), found


@pytest.mark.parametrize(
    "written",
    [
        "{from: 2026-03-07T13:00+05:00, to: 2026-03-07T10:00, team: berg}",
        "{from: 2026-03-07T07:00Z, to: 2026-03-07T08:00Z, team: berg}",
    ],
)
def test_overrides_in_several_zones_that_follow_each_other_are_sound(root: Path, written: str):
    assert not said(root, "why: swapped}", f"why: swapped}}\n      - {written}")


def test_a_calendar_alone_fills_a_rota(root: Path):
    text = ROTA.partition("    shifts:")[0] + "    calendar: {path: config/duty.ics, names: {Lin: lin}}\n"
    (root / "config/rota.yaml").write_text(text)
    settings = app.settings(root)
    assert settings.rotas["desk"].members == ("lin",)
    assert not list(problems(settings.rotas, date(2026, 3, 2)))
    (found,) = problems(settings.rotas, date(2026, 3, 1))
    assert str(found) == (
        "config/rota.yaml:3: [warning] nobody of 'desk' is on duty from 2026-03-01 00:00 to 2026-03-02 00:00:"
        " everybody of it is told then; fill the gap, or write always: false (rota-gap)"
    )
