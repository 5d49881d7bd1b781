"""A first mapping for exports in the shapes of public portals and offices, from many countries."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine import app
from engine.cli.guess import drafted
from engine.cycle.settings import Settings
from engine.errors import FeedError
from engine.ingest import batch
from engine.ingest.mapping import Mapping
from engine.model.feed import Covers, Feed, Subject
from engine.model.incident import Incident, Precision
from engine.model.text import Text

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)
ROWS = 30
#: Every seven hours from here on: no day is above 12, so that day and month could change places.
FIRST = datetime(2025, 3, 1, 0, 17)


@pytest.fixture(scope="module")
def settings() -> Settings:
    return app.settings(ROOT)


def at(n: int) -> datetime:
    return FIRST + timedelta(hours=7 * n, minutes=n)


def guessed(settings: Settings, file: Path) -> tuple[dict, str]:
    """What is guessed, as a program reads it, and as a person does."""
    text, _ = drafted(settings, file, "x", str(file), NOW)
    (found,) = yaml.safe_load(f"feeds:\n{text}")["feeds"]
    return found, " ".join(text.replace("#", " ").split())


def table(
    path: Path, header: Sequence[str], row: Callable[[int], Sequence[Any]], encoding: str = "utf-8",
    delimiter: str = ",",
) -> Path:  # fmt: skip
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([header, *map(row, range(ROWS))])
    path.write_bytes(text.getvalue().encode(encoding))
    return path


#: Headings (of what identifies, when, what), two kinds, and what the second means, by encoding.
OFFICES = {
    "cp932": ("番号", "発生日", "罪名", "窃盗", "放火", "fire.arson"),
    "cp949": ("접수번호", "신고일시", "사고유형", "구조", "교통사고", "traffic.crash"),
    "big5": ("案件編號", "發生日期", "案類", "竊盜", "火災", "fire"),
    "gb18030": ("工单编号", "发生日期", "事件类型", "供水问题", "燃气泄漏", "accident.spill"),
    "cp1251": ("№ п/п", "Дата происшествия", "Вид происшествия", "Наводнение", "Пожар", "fire"),
    "koi8-r": ("Номер", "Дата происшествия", "Вид происшествия", "ДТП", "Кража", "property.theft"),
    "cp1256": ("رقم البلاغ", "تاريخ الحادث", "نوع الحادث", "سرقة", "حريق", "fire"),
    "cp1250": ("Numer", "Data zdarzenia", "Rodzaj zdarzenia", "Kradzież", "Pożar łąki", "fire"),
    "cp1254": ("Olay no", "Olay tarihi", "Olay türü", "Taşkın", "Yangın", "fire"),
    "cp1252": ("Réf", "Date de début", "Catégorie – nature", "Vol à l’étalage", "Incendie", "fire"),
}  # fmt: skip


@pytest.mark.parametrize("encoding", OFFICES)
def test_an_export_of_any_country_is_read_in_its_encoding(settings: Settings, tmp_path: Path, encoding: str):
    id_, when, what, first, second, meant = OFFICES[encoding]
    file = table(tmp_path / "export.csv", (id_, when, what), lambda n: (
        f"A{n:03}", f"{at(n):%Y/%m/%d %H:%M}", (first, second)[n % 2]), encoding, ";")  # fmt: skip
    found, _ = guessed(settings, file)
    assert found["options"]["encoding"] == encoding
    assert found["map"]["source_id"] == id_
    assert found["map"]["occurred_at"]["field"] == when
    assert found["map"]["category"]["field"] == what
    assert found["map"]["category"]["table"][second] == meant


@pytest.mark.parametrize("text", ["ÅRHUS;ÄRENDE;ÖREBRO", "COLISIÓN;ÑUÑOA", "Þjófnaður í Reykjavík", "Größe"])
def test_western_texts_stay_western(settings: Settings, tmp_path: Path, text: str):
    file = table(tmp_path / "a.csv", ("id", "date", "type"), lambda n: (n, "2025-03-01", text), "latin-1")
    assert guessed(settings, file)[0]["options"]["encoding"] == "latin-1"


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M:%S %p"), ("%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M"),
        ("%m-%d-%Y", "%m-%d-%Y"), ("%d-%m-%Y", "%d-%m-%Y"),
    ],
)  # fmt: skip
def test_day_and_month_stand_where_the_moments_lie_close(
    settings: Settings, tmp_path: Path, written: str, form: str
):
    """The first twelve days of a month, read the other way, would be spread over a year."""
    file = table(tmp_path / "a.csv", ("id", "date"), lambda n: (n, at(n).strftime(written)))
    assert guessed(settings, file)[0]["map"]["occurred_at"]["format"] == form


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("%m/%d/%Y 12:00:00 AM", "%m/%d/%Y 12:00:00 AM"), ("%Y-%m-%dT00:00:00.000", "%Y-%m-%dT00:00:00.000"),
        ("%Y-%m-%d 00:00:00", "%Y-%m-%d 00:00:00"),
    ],
)  # fmt: skip
def test_a_day_that_is_written_as_its_midnight_is_a_day(
    settings: Settings, tmp_path: Path, written: str, form: str
):
    """As a moment it would be of an hour that nobody told."""
    file = table(tmp_path / "a.csv", ("id", "date"), lambda n: (n, at(n).strftime(written)))
    assert guessed(settings, file)[0]["map"]["occurred_at"] == {"field": "date", "format": form}


@pytest.mark.parametrize(
    ("header", "row", "occurred"),
    [
        (("id", "jour", "mois", "an", "hrmn"), "%d %m %Y %H:%M",
         {"fields": ["an", "mois", "jour", "hrmn"], "format": "%Y %m %d %H:%M"}),
        (("id", "fecha", "hora"), "%d/%m/%Y %H:%M:%S",
         {"fields": ["fecha", "hora"], "format": "%d/%m/%Y %H:%M:%S"}),
        (("id", "Date", "Heure"), "%d/%m/%Y %Hh%M",
         {"fields": ["Date", "Heure"], "format": "%d/%m/%Y %Hh%M"}),
        (("id", "date", "time"), "%Y-%m-%d %H%M", {"fields": ["date", "time"], "format": "%Y-%m-%d %H%M"}),
        (("id", "発生年月日", "発生時刻"), "%Y年%m月%d日 %H時%M分",
         {"fields": ["発生年月日", "発生時刻"], "format": "zh"}),
        (("id", "발생일자", "시간"), "%Y년%m월%d일 %H시%M분",
         {"fields": ["발생일자", "시간"], "format": "zh"}),
    ],
    ids=["three columns and a clock", "fecha", "24h", "four digits", "kanji", "hangul"],
)  # fmt: skip
def test_the_parts_of_a_moment_are_put_together(
    settings: Settings, tmp_path: Path, header: Sequence[str], row: str, occurred: dict
):
    parts = [at(n).strftime(row).split(" ") for n in range(ROWS)]
    file = table(tmp_path / "a.csv", header, lambda n: (f"K{n}", *parts[n]), delimiter=";")
    found, _ = guessed(settings, file)
    assert found["map"]["occurred_at"] == occurred
    assert not any("code" in place for place in found["map"]["place"]), "days are no codes of counties"


def test_a_time_without_its_zero_is_not_joined(settings: Settings, tmp_path: Path):
    """`130` would be read as one in the afternoon."""
    file = table(tmp_path / "a.csv", ("id", "date", "time"), lambda n: (
        f"K{n}", f"{at(n):%Y-%m-%d}", str(int(f"{at(n):%H%M}"))))  # fmt: skip
    assert guessed(settings, file)[0]["map"]["occurred_at"] == "date"


#: The times that portals tell where they tell no day: headings, and what stands in them.
SPANS = {
    "month": (("Month",), ("2025-01", "2025-02", "2025-03")),
    "named month": (("Month",), ("Jan 2025", "Feb 2025", "Mar 2025")),
    "digits": (("month",), ("202501", "202502", "202503")),
    "月份": (("月份",), ("2025年1月", "2025年2月", "2025年3月")),
    "two columns": (("År", "Månad"), ("2025 januari", "2025 februari", "2025 mars")),
    "quarter": (("Period",), ("2025Q1", "2025Q2", "2025Q3")),
    "季度": (("季度",), ("2025年一季度", "2025年二季度", "2025年三季度")),
    "week": (("Vecka",), ("2025-W09", "2025-W10", "2025-W11")),
    "year": (("Year",), ("2023", "2024", "2025")),
}


@pytest.mark.parametrize("written", SPANS)
def test_a_month_is_never_taken_for_a_day_or_for_the_moment_of_the_poll(
    settings: Settings, tmp_path: Path, written: str
):
    """All of a year would fall on one day, and that day would warn."""
    headings, texts = SPANS[written]
    file = table(tmp_path / "a.csv", ("id", *headings, "Crime type"), lambda n: (
        f"K{n}", *(texts[n % 3].split(" ") if len(headings) > 1 else [texts[n % 3]]),
        ("Burglary", "Robbery")[n % 2]))  # fmt: skip
    found, said = guessed(settings, file)
    fields = {"field": headings[0]} if len(headings) == 1 else {"fields": list(headings)}
    assert found["map"]["occurred_at"] == {**fields, "format": "span", "precision": "unknown"}
    assert "no day or week can be judged by this source" in said
    read = became(settings, found, file)
    assert len(read) == ROWS and {one.precision for one in read} == {Precision.UNKNOWN}
    first = min(one.occurred_at for one in read).astimezone(settings.ingest.zone)
    assert first.date() == found["covers"]["from"]


def test_a_published_day_is_no_day_of_a_month(settings: Settings, tmp_path: Path):
    file = table(tmp_path / "a.csv", ("id", "Month", "Published"), lambda n: (
        f"K{n}", f"2025-{n % 3 + 1:02}", f"2025-04-{n % 9 + 1:02}"))  # fmt: skip
    found, _ = guessed(settings, file)
    assert found["map"]["occurred_at"]["field"] == "Month" and found["map"]["known_at"] == "Published"


def became(settings: Settings, found: dict, file: Path) -> list[Incident]:
    """What the file's records become by the entry, none of them refused."""
    options = {key: value for key, value in found["options"].items() if key not in ("path", "not_empty")}
    records = app.sample(file, found["connector"], options).records
    feed = Feed(
        id="x", title=Text("x", "x"), connector="", subject=Subject(found["subject"]), options=None,
        mapping=Mapping.model_validate(found["map"]),
        covers=Covers(areas=(), categories=frozenset(), since=found["covers"]["from"]),
        poll=timedelta(hours=1), max_silence=timedelta(days=3),
    )  # fmt: skip
    read = list(batch.batches(records, feed, settings.ingest, NOW))
    assert not [one for part in read for one in part.rejects]
    return [one for part in read for one in part.incidents]


#: Tables as offices write them: what stands in the lines that are no records.
TOTALS = {
    "behind the title": (["Incidents of 2025", "", "", ""], ["Total", "", "", "30"]),
    "all filled": (None, ["Total", "All", "All", "30"]),
    "合计": (["一季度警情统计", "", "", ""], ["合计", "", "", "30"]),
    "i alt": (None, ["I alt", "", "", "30"]),
    "итого": (None, ["Итого:", "", "", "30"]),
}


@pytest.mark.parametrize("at", ["first", "among", "last"])
@pytest.mark.parametrize("kind", TOTALS)
def test_a_line_that_adds_up_others_is_no_record_wherever_it_stands(
    settings: Settings, tmp_path: Path, kind: str, at: str
):
    title, total = TOTALS[kind]
    rows = [[f"2025-03-{n + 1:02}", "Uppsala", ("Fire", "Burglary")[n % 2], "3"] for n in range(ROWS)]
    rows.insert({"first": 0, "among": 7, "last": ROWS}[at], total)
    text = io.StringIO()
    head = [*([title] if title else []), ["Date", "Municipality", "Type", "Count"]]
    csv.writer(text).writerows([*head, *rows])
    (tmp_path / "a.csv").write_text(text.getvalue(), encoding="utf-8")
    found, _ = guessed(settings, tmp_path / "a.csv")
    assert found["map"]["occurred_at"] == "Date"
    assert found["map"]["measures"] == {"number": "Count"}
    assert len(became(settings, found, tmp_path / "a.csv")) == ROWS


@pytest.mark.parametrize("first", ["Sumy", "Totana", "Summerfield", "Total loss of power"])
def test_what_only_begins_as_a_total_is_a_record(settings: Settings, tmp_path: Path, first: str):
    file = table(tmp_path / "a.csv", ("Place", "date", "type"), lambda n: (
        (first, "Uppsala")[n % 2], f"{at(n):%Y-%m-%d %H:%M}", "Fire"))  # fmt: skip
    found, _ = guessed(settings, file)
    assert "skip" not in found["map"] and "footer" not in found["options"]


@pytest.mark.parametrize("end", ["\n", ""])
def test_a_remark_beneath_a_table_is_no_broken_record(settings: Settings, tmp_path: Path, end: str):
    file = table(tmp_path / "a.csv", ("id", "date", "type"), lambda n: (
        f"K{n}", f"{at(n):%Y-%m-%d %H:%M}", "Fire"))  # fmt: skip
    file.write_text(file.read_text() + "Totalt,30,\nKälla: Polisen, uttag i mars".replace(",", " ", 2) + end)
    found, said = guessed(settings, file)
    assert found["options"]["footer"] == 2 and "footer must be as many in every file" in said
    assert len(became(settings, found, file)) == ROWS


def test_eras_and_the_digits_of_any_script_are_read(settings: Settings, tmp_path: Path):
    arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    for written in (f"{at(3):%Y/%m/%d %H:%M}".translate(arabic), "令和7年3月1日", "民國114年3月1日"):
        file = table(tmp_path / "a.csv", ("id", "日期"), lambda n, written=written: (f"K{n}", written))
        found, _ = guessed(settings, file)
        assert found["map"]["occurred_at"] == {"field": "日期", "format": "zh"}
        assert found["covers"]["from"].isoformat() in ("2025-03-01", "2025-03-02"), "by the centre's own days"


#: Two columns of coordinates in Uppsala.
NAMES = ("lat", "lon")


@pytest.mark.parametrize(
    ("latitude", "longitude", "numbers"),
    [
        ("59,86", "17,64", {"decimal": ","}), ("59°51'30\"N", "17°38'24\"E", None),
        ("N 59° 51.5'", "E 17° 38.4'", None), ("北纬59度51分", "东经17度38分", None),
    ],
)  # fmt: skip
def test_degrees_are_read_as_people_write_them(
    settings: Settings, tmp_path: Path, latitude: str, longitude: str, numbers: dict | None
):
    file = table(tmp_path / "a.csv", ("id", "date", *NAMES), lambda n: (
        f"K{n}", f"{at(n):%Y-%m-%d %H:%M}", latitude, longitude), delimiter=";")  # fmt: skip
    found, said = guessed(settings, file)
    assert found["map"]["place"][0] == {"point": list(NAMES)}
    assert found["map"].get("numbers") == numbers
    assert "lat and lon: 30 of 30 (100%) placed (county 30)" in said


@pytest.mark.parametrize("names", [("X", "Y"), ("E", "N"), ("COORDENADA_X_UTM", "COORDENADA_Y_UTM"), NAMES])
def test_metres_of_a_map_are_refused_in_words(settings: Settings, tmp_path: Path, names: Sequence[str]):
    file = table(tmp_path / "a.csv", ("id", "date", *names), lambda n: (
        f"K{n}", f"{at(n):%Y-%m-%d %H:%M}", 440000 + n, 4470000 + n))  # fmt: skip
    found, said = guessed(settings, file)
    assert not any("point" in place for place in found["map"]["place"])
    assert f"in {names[0]} and {names[1]} cannot be read: these are no degrees but metres" in said


def test_features_of_a_map_server_are_read(settings: Settings, tmp_path: Path):
    features = [
        {"attributes": {"OBJECTID": n, "CALL_DATE": int(at(n).timestamp() * 1000),
                        "OFFENSE": ("ASSAULT", "BURGLARY")[n % 2]}, "geometry": {"x": 17.64, "y": 59.86}}
        for n in range(ROWS)
    ]  # fmt: skip
    (tmp_path / "a.json").write_text(json.dumps({"geometryType": "esriGeometryPoint", "features": features}))
    found, _ = guessed(settings, tmp_path / "a.json")
    assert found["options"]["records"] == "features"
    assert found["map"]["occurred_at"] == {"field": "attributes.CALL_DATE", "format": "epoch_ms"}
    assert found["map"]["place"][0] == {"point": ["geometry.y", "geometry.x"]}
    assert found["map"]["category"]["table"]["BURGLARY"] == "property.burglary"


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ({"meta": {"columns": [{"name": "id"}, {"name": "date"}]}, "data": [[n, "fire"] for n in range(9)]},
         "lists without names"),
        ({"incidents": {f"k{n}": {"date": "2025-03-01", "kind": "fire"} for n in range(9)}},
         "keys of their own"),
    ],
)  # fmt: skip
def test_records_that_no_connector_reads_are_said_to_be_none(
    settings: Settings, tmp_path: Path, document: dict, why: str
):
    """Never something else of the document, such as the description of its columns, instead."""
    (tmp_path / "a.json").write_text(json.dumps(document))
    with pytest.raises(FeedError, match=why):
        guessed(settings, tmp_path / "a.json")


def test_what_a_source_brings_or_gives_out_page_by_page_has_its_preset(settings: Settings, tmp_path: Path):
    with pytest.raises(FeedError, match="`preset: alertmanager`"):
        guessed(settings, ROOT / "tests/data/presets/alertmanager.json")
    bundle = json.loads((ROOT / "tests/data/presets/stix.json").read_text())
    (tmp_path / "a.json").write_text(json.dumps({"more": False, "objects": bundle["objects"]}))
    assert "`preset: taxii`" in guessed(settings, tmp_path / "a.json")[1]


def test_what_columns_say_of_persons_together_is_left_unread(settings: Settings, tmp_path: Path):
    """Age and sex, each harmless alone, make a list of persons."""
    file = table(tmp_path / "a.csv", ("DR_NO", "DATE OCC", "Vict Age", "Vict Sex", "Crime type"), lambda n: (
        f"K{n}", f"{at(n):%Y-%m-%d %H:%M}", 30, "M", ("ARSON", "THEFT")[n % 2]))  # fmt: skip
    found, said = guessed(settings, file)
    assert found["options"]["columns"] == ["DR_NO", "DATE OCC", "-", "-", "Crime type"]
    assert "left unread, by the charter: Vict Age, Vict Sex" in said


def test_hot_water_is_no_threat(settings: Settings, tmp_path: Path):
    file = table(tmp_path / "a.csv", ("id", "date", "Complaint Type"), lambda n: (
        f"K{n}", f"{at(n):%Y-%m-%d %H:%M}", ("HEAT/HOT WATER", "Gas Leak")[n % 2]))  # fmt: skip
    assert guessed(settings, file)[0]["map"]["category"]["table"] == {"Gas Leak": "accident.spill"}


ACROSS = [("2025M01", "2025M02"), ("Jan 2025", "Feb 2025", "Mar 2025"), ("Q1 2025", "Q2 2025")]


@pytest.mark.parametrize("times", ACROSS)
def test_a_cross_table_is_said_to_be_none(settings: Settings, tmp_path: Path, times: Sequence[str]):
    """Its lines, taken for incidents, would all be of the moment of the poll."""
    file = table(tmp_path / "a.csv", ("Region", "Type", *times), lambda n: (
        "Ale", f"T{n}", *(n % 7 for _ in times)))  # fmt: skip
    with pytest.raises(FeedError, match=f"its columns are times [(]{times[0]}"):
        guessed(settings, file)


def test_a_time_with_a_dot_is_joined_where_its_heading_speaks_of_one(settings: Settings, tmp_path: Path):
    for heading, joined in (("klockslag", True), ("Strecke_km", False)):
        file = table(tmp_path / "a.csv", ("id", "dag", heading), lambda n: (
            f"K{n}", f"{at(n):%Y-%m-%d}", f"{at(n):%H.%M}"))  # fmt: skip
        occurred = guessed(settings, file)[0]["map"]["occurred_at"]
        assert (occurred == {"fields": ["dag", heading], "format": "%Y-%m-%d %H.%M"}) is joined
        assert joined or occurred == "dag"
