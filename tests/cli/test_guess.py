"""A first mapping for sources nobody has mapped: real ones read unedited, and made-up ones of every form."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
import yaml
from click.testing import CliRunner

from connectors import CONNECTORS
from engine import app
from engine.cli import forewarn
from engine.cli.guess import drafted
from engine.cycle.settings import Settings
from engine.errors import FeedError
from engine.ingest import batch

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
SETS = DATA / "guess"
NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def settings() -> Settings:
    return app.settings(ROOT)


def entry(settings: Settings, file: Path) -> dict:
    """What is guessed, as a program reads it."""
    text, _ = drafted(settings, file, "x", str(file), NOW)
    (found,) = yaml.safe_load(f"feeds:\n{text}")["feeds"]
    return found


def root_with(tmp_path: Path, text: str) -> Path:
    """A copy of the bundled configuration whose only feed is this one."""
    shutil.copytree(ROOT / "config", tmp_path / "config", ignore=shutil.ignore_patterns("demo"))
    (tmp_path / "rules").mkdir()
    (tmp_path / "config" / "feeds.yaml").write_text(text, encoding="utf-8")
    return tmp_path


REAL = sorted(path for path in SETS.iterdir() if path.suffix != ".md")


@pytest.mark.parametrize("file", REAL, ids=lambda path: path.stem)
def test_a_guess_reads_a_real_set_unedited(settings: Settings, file: Path, tmp_path: Path):
    text, _ = drafted(settings, file, "x", str(file), NOW)
    found = app.settings(root_with(tmp_path, f"feeds:\n{text}"))
    feed = found.feeds["x"]
    fetch = app.sample(file, feed.connector, feed.options.model_dump(exclude={"path"}, exclude_unset=True))
    read = list(batch.batches(fetch.records, feed, found.ingest, NOW))
    many, refused = sum(one.read for one in read), sum(len(one.rejects) for one in read)
    assert many >= 8 and refused <= 0.05 * many


#: A file of each connector's that is guessed to be its, and what is said of a ready mapping.
KINDS = {
    "csv": (SETS / "germany_arvig.csv", ""),
    "json": (SETS / "suricata_eve.json", "preset: suricata"),
    "geojson": (SETS / "usgs_day.json", ""),
    "rss": (SETS / "gdacs.xml", ""),
    "stix": (DATA / "presets/stix.json", "preset: stix"),
    "misp": (DATA / "presets/misp.json", "preset: misp"),
    "cve": (DATA / "presets/cve.json", "preset: cve"),
    "csaf": (DATA / "presets/csaf/icsa-22-354-05.json", "preset: csaf"),
}
#: A file of a connector whose mapping nobody need guess, or cannot.
NAMED = ("cap", "sql")


def test_every_connector_that_reads_files_is_guessed_or_named(settings: Settings, tmp_path: Path):
    """One that is new has its file above; what comes by a post, a broker, a mailbox, a form or an index
    has none."""
    assert {*KINDS, *NAMED} == set(CONNECTORS) - {"push", "form", "mqtt", "imap", "gdelt"}
    for connector, (file, ready) in KINDS.items():
        text, _ = drafted(settings, file, "x", str(file), NOW)
        assert yaml.safe_load(text)[0]["connector"] == connector
        assert ready in text
    with closing(sqlite3.connect(tmp_path / "desk.db")) as made:
        made.execute("CREATE TABLE calls (id)")
    for connector, file in zip(NAMED, (DATA / "connectors/australia.cap", tmp_path / "desk.db"), strict=True):
        with pytest.raises(FeedError, match=f"connector: {connector}"):
            entry(settings, file)


#: What is seen of each set: (how it is read, what identifies, when, what).
SEEN = {
    "sweden_police.jsonl": ("json", "id", "datetime", "se_police"),
    "sanmateo_dispatch.jsonl": ("json", "id", ["date", "time"], "category"),
    "portugal_fires.jsonl": ("json", "id", "dateTime", "natureza"),
    "usgs_day.json": ("geojson", "id", {"field": "properties.time", "format": "epoch_ms"}, None),
    "gdelt_mentions.csv": ("csv", None, {"field": "eventtimedate", "format": "%Y%m%d%H%M%S"}, None),
    "scad.csv": ("csv", None, {"field": "startdate", "format": "%d-%b-%y"}, None),
    "cisa_kev.json": ("json", "cveID", {"reported": True}, "vulnerability"),
    "gdacs.xml": ("rss", "guid", {"field": "fromdate", "format": "rfc822"}, "eventtype"),
}


@pytest.mark.parametrize("name", SEEN)
def test_a_guess_names_what_a_person_would(settings: Settings, name: str):
    connector, id_, happened, what = SEEN[name]
    found = entry(settings, SETS / name)
    occurred = found["map"]["occurred_at"]
    first = occurred[0] if isinstance(occurred, list) else occurred
    assert found["connector"] == connector
    assert id_ is None or found["map"]["source_id"] == id_
    assert first.get("fields", first) == happened if isinstance(first, dict) else first == happened
    assert what is None or what in str(found["map"]["category"])


def test_names_of_areas_and_points_are_found_with_how_many(settings: Settings):
    text, _ = drafted(settings, SETS / "sweden_police.jsonl", "x", "x", NOW)
    assert "- {name: location.name}" in text and "- {point: [location.gps]}" in text
    assert "location.name: 25 of 25 (100%) placed (municipality" in text


def test_swapped_coordinates_are_noticed(settings: Settings):
    text, _ = drafted(settings, SETS / "chp_incidents.csv", "x", "x", NOW)
    assert "the column src_latitude holds longitudes: the two are swapped" in text


def test_columns_that_the_charter_refuses_are_left_unread(settings: Settings):
    text, _ = drafted(settings, SETS / "scad.csv", "x", "x", NOW)
    found = yaml.safe_load(f"feeds:\n{text}")["feeds"][0]
    assert "lgbtq_issue" not in found["options"]["columns"] and "-" in found["options"]["columns"]
    assert "left unread, by the charter: lgbtq_issue" in text


def test_a_table_of_kinds_names_no_lawful_act(settings: Settings):
    category = entry(settings, SETS / "germany_arvig.csv")["map"]["category"]
    assert "disorder.assault" in category["table"].values() and category["otherwise"] == "notice.other"
    assert not [value for value in category["table"] if "demo" in value.casefold()]


CALLS = [["110 接警记录"], ["警情编号", "发生时间", "所属县", "警情类别", "备注"]] + [
    [f"JQ2026{number:05}", f"2026年3月{number % 7 + 1}日{number % 24}时05分", "Uppsala", kind, "无"]
    for number, kind in enumerate(["火灾", "盗窃", "斗殴", "交通事故"] * 10)
]


def as_csv(rows: list[list[str]], delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("gb18030", ","), ("gb18030", "\t"), ("utf-8-sig", ";"), ("utf-16", "|"), ("utf-8", ",")],
)
def test_a_chinese_export_is_read_whatever_its_encoding(
    settings: Settings, tmp_path: Path, encoding: str, delimiter: str
):
    file = tmp_path / "calls.csv"
    file.write_bytes(as_csv(CALLS, delimiter).encode(encoding))
    found = entry(settings, file)
    assert found["options"]["header"] == 2
    assert found["options"].get("encoding", "utf-8") == {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    assert found["map"]["source_id"] == "警情编号"
    assert found["map"]["occurred_at"] == {"field": "发生时间", "format": "zh"}
    assert found["map"]["place"][0] == {"name": "所属县"}
    assert found["map"]["category"]["table"] == {
        "火灾": "fire", "盗窃": "property.theft", "斗殴": "disorder.brawl", "交通事故": "traffic.crash",
    }  # fmt: skip


def test_a_workbook_with_a_title_and_a_total(settings: Settings, tmp_path: Path):
    book = openpyxl.Workbook()
    for row in [*CALLS, ["合计", "40"]]:
        book.active.append(row)
    book.save(tmp_path / "calls.xlsx")
    options = entry(settings, tmp_path / "calls.xlsx")["options"]
    assert (options["header"], options["footer"]) == (2, 1)


def test_western_letters_are_no_chinese(settings: Settings, tmp_path: Path):
    rows = [["id", "datum", "plats", "typ"]]
    rows += [[f"A{n}", f"2026-03-0{n % 7 + 1} 10:00", "Malmö", "Stöld"] for n in range(30)]
    (tmp_path / "list.csv").write_bytes(as_csv(rows, ";").encode("latin-1"))
    options = entry(settings, tmp_path / "list.csv")["options"]
    assert (options["encoding"], options["delimiter"]) == ("latin-1", ";")


def test_a_long_key_is_cut_to_its_area(settings: Settings, tmp_path: Path):
    rows = [["nr", "date", "municipality_key"]]
    rows += [[f"N-{n}", "2026-03-01", f"{code}00050"] for n, code in enumerate(["0380", "0180", "1280"] * 9)]
    (tmp_path / "keys.csv").write_text(as_csv(rows), encoding="utf-8")
    place = entry(settings, tmp_path / "keys.csv")["map"]["place"]
    assert place[0] == {"code": "municipality_key", "width": 9, "cut": 4}


def test_without_an_id_columns_together_tell_records_apart(settings: Settings):
    assert entry(settings, SETS / "montgomery_911.csv")["map"]["source_id"][0] == "timeStamp"


#: Exports as offices of several countries write them: the headings of what identifies, when, when known, and
#: what, then two values and what they mean.
HEADINGS = {
    "sv": ("Ärende", "Larmtid", "Registrerad", "Händelse",
           ("Skogsbrand", "fire"), ("Cykelstöld", "property.theft")),
    "SV": ("ARENDENUMMER", "INTRAFFADE", "ANMALD", "BROTTSTYP",
           ("Bostadsinbrott", "property.burglary"), ("Slagsmål", "disorder.brawl")),
    "da": ("Sagsnummer", "Alarmtid", "Oprettet", "Hændelsestype",
           ("Færdselsuheld", None), ("Indbrud", "property.burglary")),
    "fi": ("Tapahtumatunnus", "Hälytysaika", "Kirjattu", "Tapahtumatyyppi",
           ("Maastopalo", "fire"), ("Tulva", None)),
    "de": ("Einsatznummer", "Alarmierungszeit", "Erfasst", "Einsatzart",
           ("Wohnungseinbruch", "property.burglary"), ("Flächenbrand", "fire")),
    "nl": ("Meldingsnummer", "Aanvang", "Geregistreerd", "Soort",
           ("Woninginbraak", "property.burglary"), ("Aanrijding", "traffic.crash")),
    "fr": ("Numéro", "Début", "Saisi le", "Nature",
           ("Incendie", "fire"), ("Cambriolage", "property.burglary")),
    "es": ("Expediente", "Fecha inicio", "Registrado", "Tipo",
           ("Robo", "violence.robbery"), ("Colisión", "traffic.crash")),
    "it": ("Protocollo", "Inizio", "Inserito", "Tipologia",
           ("Incendio", "fire"), ("Rapina", "violence.robbery")),
    "pt": ("Número", "Início", "Registo", "Categoria", ("Incêndio", "fire"), ("Furto", "property.theft")),
    "pl": ("Numer", "Początek", "Utworzono", "Rodzaj", ("Pożar", "fire"), ("Kradzież", "property.theft")),
    "zh": ("警情号", "案发时间", "录入时间", "案由", ("盗窃", "property.theft"), ("火灾", "fire")),
}  # fmt: skip


@pytest.mark.parametrize("language", HEADINGS)
def test_headings_are_read_in_many_languages(settings: Settings, tmp_path: Path, language: str):
    id_, when, known, what, *values = HEADINGS[language]
    rows = [[when, known, what, "Kommun", id_]]
    for n in range(30):
        day = f"2026-01-{n + 1:02}"
        rows.append([f"{day} 10:{n:02}", f"{day} 11:{n:02}", values[n % 2][0], "Ale", f"A-{n * n}"])
    (tmp_path / "export.csv").write_text(as_csv(rows), encoding="utf-8")
    found = entry(settings, tmp_path / "export.csv")["map"]
    assert (found["source_id"], found["occurred_at"], found["known_at"]) == (id_, when, known)
    assert found["category"]["field"] == what
    means = {text: code for text, code in values if code}
    assert means.items() <= found["category"]["table"].items()


@pytest.mark.parametrize("ids", ["running", "made up"])
def test_an_id_is_what_tells_apart_and_never_a_moment(settings: Settings, tmp_path: Path, ids: str):
    """Every call has a minute of its own, and what identifies it has a heading that nobody knows."""
    rows = [["Larmtid", "Kommun", "Xyz", "Nr"]]
    for n in range(40):
        id_ = f"{4711 + n}" if ids == "running" else f"K{n * 37 % 100}"
        rows.append([f"2026-03-01 10:{n:02}", "Ale", id_, f"{n % 3}"])
    (tmp_path / "calls.csv").write_text(as_csv(rows), encoding="utf-8")
    assert entry(settings, tmp_path / "calls.csv")["map"]["source_id"] == "Xyz"
    (tmp_path / "none.csv").write_text(as_csv([row[:2] for row in rows]), encoding="utf-8")
    found = entry(settings, tmp_path / "none.csv")["map"]["source_id"]
    assert isinstance(found, list), "the moment alone is said to tell them apart"


def test_what_never_can_warn_is_said(settings: Settings, tmp_path: Path):
    rows = [["id", "date", "text"], *([f"a{n}", f"2026-03-0{n % 7 + 1}", f"x{n}"] for n in range(10))]
    (tmp_path / "odd.csv").write_text(as_csv(rows), encoding="utf-8")
    said = "all 10 incidents are of 'notice.other', which nobody judges"
    text, told = drafted(settings, tmp_path / "odd.csv", "odd", "odd.csv", NOW)
    assert said in " ".join(text.replace("#", " ").split()) and said in told[0]
    rows[1][2:] = ["fire"]
    root = root_with(tmp_path, f"feeds:\n{text}".replace("path: odd.csv", f"path: {tmp_path}/odd.csv"))
    for command in (["feeds", "check"], ["doctor"]):
        assert said in CliRunner().invoke(forewarn, ["--root", str(root), *command]).output


def test_a_log_is_never_empty_and_what_goes_on_now_may_be(settings: Settings, tmp_path: Path):
    for days, always in ((20, True), (2, False)):
        rows = [["id", "date"], *([f"a{n}", f"2026-02-{n % days + 1:02}"] for n in range(40))]
        (tmp_path / "log.csv").write_text(as_csv(rows), encoding="utf-8")
        assert entry(settings, tmp_path / "log.csv")["options"].get("not_empty", False) is always


def test_what_is_no_source_is_said_to_be_none(settings: Settings, tmp_path: Path):
    (tmp_path / "one.json").write_text(json.dumps({"status": "fine"}), encoding="utf-8")
    (tmp_path / "page.csv").write_text("<!doctype html><title>Log in</title>", encoding="utf-8")
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    for file in sorted(tmp_path.iterdir()):
        with pytest.raises(FeedError, match=file.name):
            drafted(settings, file, "x", "x", NOW)


def test_a_guess_is_added_to_the_feeds_and_can_be_tried(tmp_path: Path):
    root = root_with(tmp_path, "feeds: []\n")
    shutil.copy(SETS / "sweden_police.jsonl", tmp_path / "police.jsonl")
    call = CliRunner().invoke
    where = ["--root", str(root), "feeds"]
    assert call(forewarn, [*where, "guess", str(tmp_path / "police.jsonl"), "--add"]).exit_code == 0
    assert call(forewarn, [*where, "guess", str(tmp_path / "police.jsonl"), "--add"]).exit_code != 0
    again = call(forewarn, [*where, "guess", str(tmp_path / "police.jsonl"), "--id", "again", "--add"])
    assert "the feed 'police' reads" in str(again.exception), "what two feeds tell counts twice"
    assert (root / "config" / "feeds.yaml").read_text(encoding="utf-8").count("- id: ") == 1
    tried = call(forewarn, [*where, "try", "police", "--format", "json"])
    assert tried.exit_code == 0, tried.output
