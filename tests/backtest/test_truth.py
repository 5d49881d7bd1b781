from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from engine.cli.sentences import in_chinese
from engine.errors import ConfigError
from engine.ingest.truth import Event, Truth, read
from tests.backtest.conftest import TREE

DOMAINS = {"burglary": "public-safety", "fraud": "cyber"}


@pytest.fixture
def written(tmp_path: Path):
    def write(text: str) -> Path:
        path = tmp_path / "truth.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def complaints(path: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(path, TREE, DOMAINS)
    return [f"{problem.line}: {problem.sentence}" for problem in caught.value.problems]


def test_rows_become_events_and_a_file_knows_what_it_speaks_of(written):
    truth = read(written(
        "\ufeffarea,topic,start,end,label,onset\n"
        "T1,burglary,2026-03-03,2026-03-05,a gang,yes\n"
        "C,public-safety,2026-03-03T10:00,2026-03-04,storm,2026-03-04\n"
        "\n"
        "T2,fraud,2026-03-01,2026-03-31,none,\n"
    ), TREE, DOMAINS)  # fmt: skip
    third, fourth, fifth = date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 5)
    assert truth.events == (
        Event("T1", "burglary", third, fifth, "a gang", True, third),
        Event("C", "public-safety", third, fourth, "storm", True, fourth),
    )
    assert truth.named == {"burglary", "public-safety", "fraud"}
    assert truth.speaks_of("burglary", "public-safety") and truth.speaks_of("theft", "public-safety")
    assert not truth.speaks_of("riots", "political")


def test_a_topic_is_asked_with_its_domain_and_a_domain_with_its_topics(written):
    rows = "T1,burglary,2026-03-03,2026-03-05,x\nT1,public-safety,2026-03-03,2026-03-05,y\n"
    truth = read(written("area,topic,start,end,label\n" + rows), TREE, DOMAINS)
    labels = {subject: [event.label for event in truth.about(subject, DOMAINS)]
              for subject in ("burglary", "public-safety", "fraud", "cyber")}  # fmt: skip
    assert labels == {"burglary": ["x", "y"], "public-safety": ["x", "y"], "fraud": [], "cyber": []}


def test_without_the_column_nothing_is_an_onset(written):
    truth = read(written("area,topic,start,end,label\nT1,burglary,2026-03-03,2026-03-05,x\n"), TREE, DOMAINS)
    assert not truth.events[0].onset


def test_a_file_speaks_from_its_first_day_to_its_last_and_not_of_what_it_calls_unknown(written):
    truth = read(written(
        "area,topic,start,end,label\n"
        "T1,burglary,2026-03-03,2026-03-05,x\n"
        "C,burglary,2026-02-01,2026-03-04,none\n"
        "T2,burglary,2026-03-09,2026-03-31,unknown\n"
        "C,cyber,2026-01-01,2026-01-31,none\n"
    ), TREE, DOMAINS)  # fmt: skip
    assert truth.reach("burglary", DOMAINS) == (date(2026, 2, 1), date(2026, 3, 5))
    assert truth.reach("fraud", DOMAINS) == (date(2026, 1, 1), date(2026, 1, 31))
    assert [one.area for one in truth.blanks("burglary", DOMAINS)] == ["T2"]
    assert not list(truth.blanks("fraud", DOMAINS)) and len(truth.events) == 1
    assert Truth((), frozenset()).reach("burglary", DOMAINS) is None


def test_what_was_known_on_a_morning(written):
    truth = read(written(
        "area,topic,start,end,label,known\n"
        "T1,burglary,2026-03-03,2026-03-05,early,\n"
        "T1,burglary,2026-03-03,2026-03-05,late,2026-05-01\n"
        "C,burglary,2026-02-01,2026-12-31,none,\n"
        "C,fraud,2026-02-01,2026-12-31,none,2027-01-15\n"
    ), TREE, DOMAINS)  # fmt: skip
    told = {day: [one.label for one in truth.by(day).events]
            for day in (date(2026, 3, 5), date(2026, 3, 6), date(2026, 5, 1))}  # fmt: skip
    assert list(told.values()) == [[], ["early"], ["early", "late"]]
    morning = truth.by(date(2026, 3, 6))
    assert morning.reach("burglary", DOMAINS) == (date(2026, 2, 1), date(2026, 3, 5))
    first, last = morning.reach("fraud", DOMAINS)
    assert last < first and morning.speaks_of("fraud", "cyber")


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("area,topic,begin,end,label", "the column 'start' is missing"),
        ("area,topik,start,end,label", "unknown column 'topik' (did you mean 'topic'?)"),
        ("area,topic,start,end,label,onsett", "unknown column 'onsett' (did you mean 'onset'?)"),
        ("area,topic,start,end,label,label", "the column 'label' stands here twice"),
        ("", "the column 'area' is missing"),
    ],
)
def test_a_misspelt_or_missing_column_is_an_error_with_the_nearest_name(written, header: str, said: str):
    assert any(line.startswith(f"1: {said}") for line in complaints(written(header + "\n")))


WRONG = [
    ("T9,burglary,2026-03-03,2026-03-05,x,", "unknown area 'T9'"),
    ("T1,burglry,2026-03-03,2026-03-05,x,", "unknown topic or domain 'burglry' (did you mean 'burglary'"),
    ("T1,burglary,3 March,2026-03-05,x,", "start: '3 March' is no date"),
    ("T1,burglary,2026-03-05,2026-03-03,x,", "it ends on 2026-03-03, before it starts on 2026-03-05"),
    ("T1,burglary,2026-03-03,2026-03-05,x,maybe", "onset: 'maybe' is neither yes nor no nor a date"),
    ("T1,burglary,2026-03-03,2026-03-05,x,2026-03-09", "the onset 2026-03-09 lies outside of"),
    ("T1,burglary,2026-03-03,9999-12-31,x,", "end: 9999-12-31 is no day of 1900 to 2200"),
    ("T1,burglary,0001-01-01,2026-03-05,none,", "start: 0001-01-01 is no day of 1900 to 2200"),
    ("T1,burglary,2026-03-03,2026-03-05", "4 values where the header has 6 columns"),
]


@pytest.mark.parametrize(("row", "said"), WRONG)
def test_a_mistake_in_a_row_is_told_in_chinese(written, row: str, said: str):
    good = "T1,burglary,2026-03-03,2026-03-05,x,\n"
    (line,) = complaints(written(f"area,topic,start,end,label,onset\n{good}{row}\n"))
    english = line.partition(": ")[2]
    chinese = in_chinese(english)
    assert re.search("[\u4e00-\u9fff]", chinese) and not re.search(r"unknown|mean|date|before|lies", chinese)


@pytest.mark.parametrize(("row", "said"), WRONG)
def test_a_mistake_in_a_row_is_an_error_with_its_line(written, row: str, said: str):
    good = "T1,burglary,2026-03-03,2026-03-05,x,\n"
    path = written(f"area,topic,start,end,label,onset\n{good}{row}\n")
    (line,) = complaints(path)
    assert line.startswith(f"3: {said}")


def test_what_happened_was_not_known_before_and_what_is_stated_may_be(written):
    """A year mistyped would let claims be learned from what was still to come."""
    head = "area,topic,start,end,label,known\n"
    (line,) = complaints(written(f"{head}T1,burglary,2026-03-03,2026-03-05,x,2025-03-06\n"))
    assert line.startswith("2: it was known on 2025-03-06, before it started on 2026-03-03")
    for label, known in (("x", "2026-03-03"), ("unknown", "2025-03-06"), ("none", "2025-03-06")):
        path = written(f"{head}T1,burglary,2026-03-03,2026-03-05,{label},{known}\n")
        assert read(path, TREE, DOMAINS).named == {"burglary"}


def test_a_file_without_a_row_says_nothing_and_is_refused(written):
    assert "holds no row" in complaints(written("area,topic,start,end,label\n"))[0]


def test_a_file_that_is_no_text_is_refused(tmp_path: Path):
    path = tmp_path / "truth.csv"
    path.write_bytes(b"area,topic\xff\xfe")
    assert complaints(path) == ["1: this is not UTF-8 text: save the file as UTF-8"]


def test_another_separator_is_named(tmp_path: Path):
    path = tmp_path / "truth.csv"
    path.write_text("area;topic;start;end;label\n01;burglary;2026-03-01;2026-03-02;x\n", encoding="utf-8")
    assert complaints(path) == ["1: the columns are separated by ';': separate them by commas"]
