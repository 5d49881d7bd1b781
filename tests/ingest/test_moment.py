"""Moments as sources write them, in zones, on days when the clocks change."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from engine.errors import RecordError
from engine.ingest.mapping import Moment
from engine.ingest.moment import reader

STOCKHOLM = ZoneInfo("Europe/Stockholm")
LATEST = datetime(2026, 3, 8, 12, tzinfo=UTC)


def read(value: Any, default: time = time(), latest: datetime = LATEST, **options: Any) -> str | None:
    moment = Moment.model_validate({"field": "f", **options})
    found = reader(moment, STOCKHOLM, default)({"f": value}, latest)
    return None if found is None else f"{found.at:%Y-%m-%dT%H:%M:%S%z}{' day' if found.bare else ''}"


@pytest.mark.parametrize(("text", "expected"), [
    ("2026-03-08T10:00:00Z", "2026-03-08T10:00:00+0000"),
    ("2026-03-08T10:00+08:00", "2026-03-08T02:00:00+0000"),
    ("2026-03-08 10:00:00", "2026-03-08T09:00:00+0000"),
    ("2026-07-08 10:00", "2026-07-08T08:00:00+0000"),
    ("2026-03-08 9:05:00 +01:00", "2026-03-08T08:05:00+0000"),
    ("2026-3-8 09:05 +0100", "2026-03-08T08:05:00+0000"),
    ("2026-03-08T10:00:00.123456Z", "2026-03-08T10:00:00+0000"),
    ("2026-03-08", "2026-03-07T23:00:00+0000 day"),
    # The hour that is skipped, and the first of the two that are repeated.
    ("2026-03-29 02:30", "2026-03-29T01:30:00+0000"),
    ("2026-10-25 02:30", "2026-10-25T00:30:00+0000"),
])  # fmt: skip
def test_iso(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize("text", [
    "yesterday", "2026-02-30", "2026-13-01T00:00:00", "2026-03-08T25:00:00Z", "08/03/2026", "20260308", "0",
    "2026-03-08T10:00:00+99:99", "2026-03-08 10:00 GMT+2:75",
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "二〇二六-03-08",
    "7" * 500,
])  # fmt: skip
def test_what_is_no_moment_is_a_reason(text: str) -> None:
    with pytest.raises(RecordError, match="'f' holds"):
        read(text)


@pytest.mark.parametrize("value", [None, "", "  \n"])
def test_an_empty_field_is_no_moment_and_no_mistake(value: str | None) -> None:
    assert read(value) is None


@pytest.mark.parametrize(("value", "form", "expected"), [
    (1746366018110, "epoch_ms", "2025-05-04T13:40:18+0000"),
    ("46082.4166667", "excel", "2026-03-01T09:00:00+0000"),
    ("46082", "excel", "2026-02-28T23:00:00+0000 day"),
    (44620.5, "excel_1904", "2026-03-01T11:00:00+0000"),
    ("Sun, 01 Mar 2026 08:00:00 GMT", "rfc822", "2026-03-01T08:00:00+0000"),
    ("1 Mar 26 8:00 +0100", "rfc822", "2026-03-01T07:00:00+0000"),
    ("Sun,  1 March 2026 08:00:00 -0500 (EST)", "rfc822", "2026-03-01T13:00:00+0000"),
    ("Sun, 01 Mar 2026 08:00:00", "rfc822", "2026-03-01T07:00:00+0000"),
    ("Sun, 01 Mar 2026 08:00:00 (UTC)", "rfc822", "2026-03-01T08:00:00+0000"),
    ("Sun, 01 Mar 2026 08:00:00 GMT+0800 (CST)", "rfc822", "2026-03-01T00:00:00+0000"),
    ("2026-03-01 08:00 UTC+8", "iso", "2026-03-01T00:00:00+0000"),
    ("2026-03-01T08:00:00 GMT-05:30", "iso", "2026-03-01T13:30:00+0000"),
    ("Sun, 01 Mar 2026 08:00:00 GMT", "%a, %d %b %Y %H:%M:%S %Z", "2026-03-01T08:00:00+0000"),
    ("Sun Mar 01 08:00:00 UTC 2026", "%a %b %d %H:%M:%S %Z %Y", "2026-03-01T08:00:00+0000"),
    ("2026-03-01 08:00 +0800", "%Y-%m-%d %H:%M %Z", "2026-03-01T00:00:00+0000"),
    ("2026-03-01 08:00 +08:00", "%Y-%m-%d %H:%M %z", "2026-03-01T00:00:00+0000"),
    ("2026-03-01 08:00Z", "%Y-%m-%d %H:%M%Z", "2026-03-01T08:00:00+0000"),
    ("2026-03-01 08:00:00 UTC", "iso", "2026-03-01T08:00:00+0000"),
    ("2026-03-01T08:00:00 gmt", "iso", "2026-03-01T08:00:00+0000"),
    ("\u00a02026-03-01 08:00\u3000", "iso", "2026-03-01T07:00:00+0000"),
    ("1746366018", "epoch", "2025-05-04T13:40:18+0000"),
    ("28-Jan-90", "%d-%b-%y", "1990-01-27T23:00:00+0000 day"),
    ("2026年3月8日 10:30", "%Y年%m月%d日 %H:%M", "2026-03-08T09:30:00+0000"),
])  # fmt: skip
def test_other_formats(value: Any, form: str, expected: str) -> None:
    assert read(value, format=form) == expected


@pytest.mark.parametrize("value", ["nan", "inf", "1e30", "-1e30"])
def test_an_epoch_that_is_no_moment_is_a_reason(value: str) -> None:
    with pytest.raises(RecordError):
        read(value, format="epoch")


def test_formats_are_tried_in_order() -> None:
    forms = ["iso", "%d.%m.%Y %H:%M"]
    assert read("2026-03-08T10:00Z", format=forms) == "2026-03-08T10:00:00+0000"
    assert read("08.03.2026 11:00", format=forms) == "2026-03-08T10:00:00+0000"


def test_two_fields_are_read_as_one_moment() -> None:
    moment = Moment.model_validate(
        {"fields": ["date", "time"], "format": "%Y%m%d %H%M", "zone": "Asia/Shanghai"}
    )
    found = reader(moment, STOCKHOLM, time())({"date": 20260308, "time": "0830"}, LATEST)
    assert found is not None and found.at == datetime(2026, 3, 8, 0, 30, tzinfo=UTC)


def test_a_bare_date_stands_for_the_time_asked_for() -> None:
    assert read("2026-03-08", time(23, 59, 59)) == "2026-03-08T22:59:59+0000 day"
    assert read("2026-03-08", at="12:00") == "2026-03-08T11:00:00+0000 day"


TITLE = r"^(?P<day>\d+) (?P<month>\w+) (?P<hour>\d+)[.:](?P<minute>\d+)"


@pytest.mark.parametrize(("text", "latest", "expected"), [
    ("8 mars 09:15, Brand, Ås", LATEST, "2026-03-08T08:15:00+0000"),
    ("8 mars 23.15, Brand, Ås", LATEST, "2025-03-08T22:15:00+0000"),
    ("31 december 23:50, Brand", datetime(2026, 1, 1, 1, tzinfo=UTC), "2025-12-31T22:50:00+0000"),
    ("1 januari 00:10, Brand", datetime(2025, 12, 31, 23, 30, tzinfo=UTC), "2025-12-31T23:10:00+0000"),
    ("29 februari 10:00, Brand", LATEST, "2024-02-29T09:00:00+0000"),
    ("5 May 10:00", datetime(2026, 6, 1, tzinfo=UTC), "2026-05-05T08:00:00+0000"),
])  # fmt: skip
def test_a_moment_inside_a_text_without_a_year(text: str, latest: datetime, expected: str) -> None:
    assert read(text, latest=latest, pattern=TITLE) == expected


@pytest.mark.parametrize("text", ["Brand i Ås", "31 februari 10:00", "8 smarch 10:00", "8 mars 29:00"])
def test_a_text_without_a_moment_is_a_reason(text: str) -> None:
    with pytest.raises(RecordError, match="no moment as mapped"):
        read(text, pattern=TITLE)


@pytest.mark.parametrize(
    ("clock", "expected"), [
        ("12:05AM", "00:05"), ("1:00 a.m.", "01:00"), ("12:30pm", "12:30"), ("11:59 PM", "23:59"),
    ],
)  # fmt: skip
def test_a_pattern_with_a_twelve_hour_clock(clock: str, expected: str) -> None:
    day = r"(?P<month>\w{3}) (?P<day>\d+) (?P<year>\d+)"
    pattern = day + r" (?P<hour>\d+):(?P<minute>\d+)(?P<half> ?[AaPp]\.?[Mm])"
    read_at = read(f"Oct 9 2017 {clock} Traffic", pattern=pattern, zone="UTC")
    assert read_at == f"2017-10-09T{expected}:00+0000"


def test_no_clock_has_thirteen_in_the_afternoon() -> None:
    pattern = r"(?P<month>\d+)-(?P<day>\d+) (?P<hour>\d+)(?P<half>PM)"
    with pytest.raises(RecordError, match="no moment as mapped"):
        read("10-09 13PM", pattern=pattern)


def test_a_pattern_with_a_year() -> None:
    pattern = r"(?P<year>\d{4})年(?P<month>\d+)月(?P<day>\d+)日"
    assert read("据报2024年5月3日发生", pattern=pattern) == "2024-05-02T22:00:00+0000 day"


def test_a_pattern_with_a_chinese_half_day() -> None:
    pattern = r"(?P<month>\d+)月(?P<day>\d+)日(?P<half>上午|下午)(?P<hour>\d+)时"
    found = read("3月8日下午1时许，某小区起火", pattern=pattern, zone="Asia/Shanghai")
    assert found == "2026-03-08T05:00:00+0000"


@pytest.mark.parametrize(("text", "form"), [
    ("Sun, 01 Mar 2026 08:00:00 (EST)", "rfc822"),
    ("2026-03-01 10:00 CET", "iso"), ("Sun, 01 Mar 2026 08:00:00 EST", "rfc822"),
    ("Sun, 01 Mar 2026 08:00:00 CST", "%a, %d %b %Y %H:%M:%S %Z"),
    ("Sun Mar 01 08:00:00 CST 2026", "%a %b %d %H:%M:%S %Z %Y"),
    ("2026-03-01 10:00 Europe/Stockholm", "%Y-%m-%d %H:%M %Z"),
])  # fmt: skip
def test_a_zone_by_an_unclear_name_is_refused_by_it(text: str, form: str) -> None:
    names = "CET", "EST", "CST", "Europe/Stockholm"
    name = next(word for word in re.split(r"[ ()]", text) if word in names)
    with pytest.raises(RecordError, match=f"'{name}' may mean several zones; it takes an offset"):
        read(text, format=form)
    with pytest.raises(RecordError, match=f"'{name}' may mean several zones"):
        read(text, format=[form, "epoch"])


@pytest.mark.parametrize(("text", "form"), [
    ("2026/03/01 10:00", "iso"), ("60", "excel"), ("-1", "excel"), ("3e9", "excel"), ("Brand", "rfc822"),
    ("Sun, 01 Xyz 2026 08:00:00 GMT", "rfc822"), ("Brand GMT", "%H:%M %Z"), ("2026-02-30 10:00 GMT", "iso"),
])  # fmt: skip
def test_a_text_in_another_notation_is_shown(text: str, form: str) -> None:
    with pytest.raises(RecordError, match=f"holds '{re.escape(text)}', which is no moment as mapped"):
        read(text, format=form)


@pytest.mark.parametrize(("text", "expected"), [
    ("2026年3月1日14时05分", "03-01 14:05"), ("2026年3月1日 14时05分30秒", "03-01 14:05"),
    ("２０２６年３月１日１４：０５", "03-01 14:05"), ("2026年3月1日14时", "03-01 14:00"),
    ("2026年3月1日下午2点半", "03-01 14:30"), ("2026年3月1日 上午 9:05", "03-01 09:05"),
    ("2026/3/1 下午 12:05", "03-01 12:05"), ("2026/3/1 上午12:05", "03-01 00:05"),
    ("2026年03月01日（星期日）凌晨1时许", "03-01 01:00"), ("2026年3月1日中午1点", "03-01 13:00"),
    ("2026年3月1日晚上8点整", "03-01 20:00"), ("2026-3-1 14:05:09", "03-01 14:05"),
    ("2026年3月1日下午14时", "03-01 14:00"), ("3月1日14时05分", "03-01 14:05"),
    ("2026年3月1日", "03-01 00:00 day"),
    # The same in Japanese, by the emperor's era, in Korean, and by the republic's years.
    ("2026年3月1日 午後2時05分", "03-01 14:05"), ("令和8年3月1日", "03-01 00:00 day"),
    ("2026년 3월 1일 오후 2시 5분", "03-01 14:05"), ("民國115年3月1日9時", "03-01 09:00"),
])  # fmt: skip
def test_moments_in_chinese(text: str, expected: str) -> None:
    day, clock, *bare = expected.split()
    found = read(text, format="zh", zone="UTC")
    assert found == " ".join([f"2026-{day}T{clock}:{found[17:19] if found else ''}+0000", *bare])


@pytest.mark.parametrize("text", [
    "2026年2月30日", "3/1 14:05", "2026年3月1日下午", "2026年3月1日25时", "2026年3月1日上午13时",
    "2026年3月1日晚上12点",
    "2026年3月1日晚上1点", "2026年13月1日", "三月一日", "2026年3月1日14时60分",
])  # fmt: skip
def test_chinese_that_is_no_moment(text: str) -> None:
    with pytest.raises(RecordError, match="no moment as mapped"):
        read(text, format="zh")


def test_without_a_year_the_latest_is_meant_whenever_it_is_asked() -> None:
    moment = Moment.model_validate({"field": "f", "format": "zh", "zone": "UTC"})
    ask = reader(moment, STOCKHOLM, time())
    found = [ask({"f": "3月8日"}, LATEST.replace(year=year)) for year in (2026, 2027)]
    assert [one.at.year for one in found if one] == [2026, 2027]


def test_a_format_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValidationError, match="there is no format 'exel'; write one of iso, rfc822"):
        Moment.model_validate({"field": "f", "format": "exel"})


@pytest.mark.parametrize("text", ["2026-03-01 07.17", "2026-03-01T13,45", "2026-03-01 07.30.15"])
def test_a_time_with_dots_is_no_hour_with_a_fraction(text: str) -> None:
    """It was read as seven o'clock."""
    with pytest.raises(RecordError, match="no moment as mapped"):
        read(text)
    assert read("2026-03-01 07.17", format=["iso", "%Y-%m-%d %H.%M"]) == read("2026-03-01 07:17")
