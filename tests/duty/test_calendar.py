"""What calendars of several makers say about duty."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from engine.duty.calendar import CalendarError, entries, strangers

ZONE = ZoneInfo("Europe/Stockholm")
NAMES = {"Lin": "lin", "Berg ": "berg"}


def calendar(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\r\nUID:{n}\r\nDTSTAMP:20260101T000000Z\r\n{event}\r\nEND:VEVENT\r\n"
                   for n, event in enumerate(events))  # fmt: skip
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//made up//EN\r\n{body}END:VCALENDAR\r\n".encode()


def told(content: bytes, begins: str, ends: str) -> list[tuple[str, str, str]]:
    found = entries(content, NAMES, ZONE, *(datetime.fromisoformat(f"{at}+00:00") for at in (begins, ends)))
    return [(f"{one.begins:%m-%dT%H:%M}", f"{one.ends:%m-%dT%H:%M}", *one.team) for one in found]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("SUMMARY:Lin\r\nDTSTART:20260310T080000Z\r\nDTEND:20260310T200000Z",
         [("03-10T08:00", "03-10T20:00", "lin")]),
        ("SUMMARY:lin\r\nDTSTART:20260310T080000\r\nDTEND:20260310T200000",
         [("03-10T07:00", "03-10T19:00", "lin")]),
        ("SUMMARY:Berg\r\nDTSTART;TZID=Asia/Shanghai:20260310T080000\r\nDURATION:PT4H",
         [("03-10T00:00", "03-10T04:00", "berg")]),
        ("SUMMARY:Berg\r\nDTSTART;VALUE=DATE:20260310\r\nDTEND;VALUE=DATE:20260311",
         [("03-09T23:00", "03-10T23:00", "berg")]),
        ("SUMMARY:Berg\r\nDTSTART;VALUE=DATE:20260310", [("03-09T23:00", "03-10T23:00", "berg")]),
        ("SUMMARY:Berg\r\nSTATUS:CANCELLED\r\nDTSTART:20260310T080000Z\r\nDTEND:20260310T090000Z", []),
        ("SUMMARY:Dentist\r\nDTSTART:20260310T080000Z\r\nDTEND:20260310T090000Z", []),
    ],
    ids=["utc", "by the rota's zone", "by a zone of its own", "a whole day", "a day without an end",
         "cancelled", "else"],
)  # fmt: skip
def test_an_entry(event: str, expected: list[tuple[str, ...]]):
    assert told(calendar(event), "2026-03-09T00:00", "2026-03-12T00:00") == expected


def test_what_comes_again_keeps_the_hours_on_the_wall_over_the_change_of_the_clocks():
    weekly = calendar(
        "SUMMARY:Lin\r\nDTSTART;TZID=Europe/Stockholm:20260321T200000\r\n"
        "DTEND;TZID=Europe/Stockholm:20260322T080000\r\nRRULE:FREQ=WEEKLY\r\n"
        "EXDATE;TZID=Europe/Stockholm:20260404T200000"
    )
    assert told(weekly, "2026-03-20T00:00", "2026-04-12T00:00") == [
        ("03-21T19:00", "03-22T07:00", "lin"),
        ("03-28T19:00", "03-29T06:00", "lin"),
        ("04-11T18:00", "04-12T06:00", "lin"),
    ]


def test_titles_that_mean_nobody_are_told_once():
    event = "DTSTART:20260310T080000Z\r\nDTEND:20260310T090000Z"
    content = calendar(*(f"SUMMARY:{title}\r\n{event}" for title in ("Lin", "Sund", "Sund", "BERG")))
    assert strangers(content, NAMES) == ["Sund"]


@pytest.mark.parametrize(
    "content",
    [b"<html>sign in</html>", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", b"\xff\xfe\x00", b"",
     calendar("SUMMARY:Lin\r\nDTSTART:tomorrow\r\nDTEND:20260310T090000Z"),
     calendar("SUMMARY:Lin\r\nRRULE:FREQ=SECONDLY\r\nDTSTART:20260310T080000Z\r\nDTEND:20260310T090000Z"),
     calendar(
         f"SUMMARY:Lin\r\nRRULE:FREQ=HOURLY;BYMINUTE={','.join(map(str, range(60)))}"
         "\r\nDTSTART:20260310T080000Z\r\nDTEND:20260310T080030Z"
     ),
     calendar("SUMMARY:Lin\r\nRRULE:FREQ=NEVER\r\nDTSTART:20260310T080000Z\r\nDTEND:20260310T090000Z")],
    ids=["a page", "cut off", "no text", "empty", "no moment", "without number", "without end", "no rule"],
)  # fmt: skip
def test_what_is_no_calendar_says_so(content: bytes):
    with pytest.raises(CalendarError):
        entries(content, NAMES, ZONE, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
        strangers(content, NAMES)
