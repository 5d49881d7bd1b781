"""Files as offices and report servers write them: what one poll of each comes to."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.story.cases.office import PLAIN, Office

Fields = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A file, how its feed is set, and what is right: the areas and the moment of each incident."""

    file: str
    right: Mapping[str, tuple[str, str]]
    options: Fields = field(default_factory=dict)
    mapping: Fields = field(default_factory=dict)
    connector: str = "csv"


TEN = "2026-03-01T09:00:00+00:00"

CASES = [
    Case("xlsx-dimension-a1.xlsx", {"1": ("01", TEN), "2": ("02", "2026-03-01T10:00:00+00:00")}),
    Case("xlsx-merged.xlsx", {"1": ("01", TEN), "2": ("01", "2026-03-01T10:00:00+00:00"),
                              "3": ("01", "2026-03-01T11:00:00+00:00")}, {"fill_down": ["area"]}),
    Case("xlsx-serial-date.xlsx", {"1": ("01", TEN)},
         mapping={"occurred_at": {"field": "when", "format": "excel"}}),
    Case("xlsx-title-row.xlsx", {"1": ("01", TEN)}, {"header": 3}),
    Case("zip-csv.zip", {"1": ("01", TEN)}),
    Case("decimal-comma-measure.csv", {"1": ("01", TEN), "2": ("01", TEN)}, {"delimiter": ";"},
         {"measures": {"ha": "ha"}}),
    Case("decimal-comma-measure.csv", {"1": ("01", TEN), "2": ("01", TEN)}, {"delimiter": ";"},
         {"measures": {"ha": "ha"}, "numbers": {"decimal": ","}}),
    *(
        Case("rfc822-gmt.csv", {"1": ("01", "2026-03-01T08:00:00+00:00")}, {"delimiter": "|"},
             {"occurred_at": {"field": "when", "format": written}})
        for written in ("%a, %d %b %Y %H:%M:%S %Z", "rfc822")
    ),
    Case("georss-feed.xml", {"EQ1": ("01", "2026-03-01T08:00:00+00:00")}, connector="rss", mapping={
        "occurred_at": "published", "place": {"point": ["lat", "lon"]}, "category": {"fixed": "hazard.quake"},
        "severity": {"field": "alertlevel", "table": {"Green": 1, "Orange": 3, "Red": 4}},
    }),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[f"{at}-{case.file}" for at, case in enumerate(CASES)])
def test_every_record_of_the_file_becomes_its_incident(office: Office, case: Case) -> None:
    options = {"path": office.put(case.file)} | case.options
    office.feed(options, PLAIN | case.mapping, case.connector)
    assert office.call("feeds", "check").exit_code == 0
    polled = office.poll()
    assert (polled["error"], polled["new"], polled["read"]) == ("", len(case.right), len(case.right))
    assert {
        name: (*one.areas, one.occurred_at.isoformat()) for name, one in office.last.items()
    } == case.right


def test_what_a_measure_holds_is_read_as_it_is_written_or_told_as_lost(office: Office) -> None:
    """Without the mark that parts the decimals only the value is lost, and the operators hear of it."""
    mapping = PLAIN | {"measures": {"ha": "ha"}}
    options = {"path": office.put("decimal-comma-measure.csv"), "delimiter": ";"}
    office.feed(options, mapping)
    office.poll()
    assert {name: one.measures for name, one in office.last.items()} == {"1": {}, "2": {"ha": 3.0}}
    assert office.told() == ["partly"]
    office.feed(options, mapping | {"numbers": {"decimal": ","}})
    assert office.poll()["revised"] == 1
    assert office.last["1"].measures == {"ha": 12.5}


def test_the_severity_of_an_rss_entry_is_read(office: Office) -> None:
    (georss,) = [case for case in CASES if case.connector == "rss"]
    office.feed({"path": office.put(georss.file)}, PLAIN | georss.mapping, "rss")
    office.poll()
    assert office.last["EQ1"].severity == 3


@pytest.mark.parametrize(
    ("file", "connector", "options", "reason"),
    [
        ("csv-columns-renamed-empty.csv", "csv", {},
         "the table lacks id (source_id), when (occurred_at), area (place), type (category)"),
        ("json-success-false.json", "json", {"records": "data"}, "'success' tells of a failure"),
        ("json-success-false.json", "json", {"records": "data", "ok": {"field": "success", "equals": True}},
         "'success' is not true"),
        ("xlsx-title-row.xlsx", "csv", {}, "line 3 names them: set header: 3"),
        ("georss-feed.xml", "cap", {"follow": False}, "read them with `connector: rss`"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_a_failed_poll_that_says_so(
    office: Office, file: str, connector: str, options: Fields, reason: str
) -> None:
    office.feed({"path": office.put(file)} | options, connector=connector)
    polled = office.poll()
    assert reason in polled["error"] + "".join(office.rejected)
    assert polled["new"] == 0 and office.last == {}
    status = office.status()
    assert status["state"] != "ok" and status["detail"]
    assert office.told() == ["down"]


def test_a_moment_in_another_spelling_is_refused_as_it_stands(office: Office) -> None:
    """No guard takes it for a number of somebody's."""
    options = {"path": office.put("iso-slash.csv"), "delimiter": "|"}
    office.feed(options)
    office.poll()
    (reason,) = office.rejected
    assert "2026/03/01 10:00" in reason and "[phone]" not in reason
    office.feed(options, PLAIN | {"occurred_at": {"field": "when", "format": "%Y/%m/%d %H:%M"}})
    assert office.poll()["new"] == 1


def test_cells_that_are_merged_are_not_guessed(office: Office) -> None:
    office.feed({"path": office.put("xlsx-merged.xlsx")})
    assert (office.poll()["new"], len(office.rejected)) == (1, 2)
    assert all("place" in reason for reason in office.rejected)


GOOD = {"id": "1", "when": "2026-03-01 01:00", "area": "01", "type": "fire"}
LINES = "id,when,area,type\n1,2026-03-01 01:00,01,fire\n"


@pytest.mark.parametrize(("connector", "name", "options", "write"), [
    ("json", "in.json", {"records": "data"}, lambda n: json.dumps({"data": [GOOD, *[None] * n]})),
    ("csv", "in.csv", {}, lambda n: LINES + ",,,,x\n" * n),
    ("csv", "in.csv", {}, lambda n: LINES + "".join(
        f"{k},2026-03-01 0{k}:00,01,fire,x\n" for k in range(n)
    )),
])  # fmt: skip
def test_what_is_alike_and_cannot_be_read_is_counted_each_and_once(
    office: Office, connector: str, name: str, options: dict[str, Any], write: Callable[[int], str]
) -> None:
    """Of none of these anything is kept by which it could be told from the others."""
    office.feed({"path": name, **options}, connector=connector)
    counts = []
    for many in (3, 3, 5):
        office.put(name, write(many))
        (office.root / name).touch()
        assert office.poll()["rejected"] == many or counts
        counts.append(len(office.rejected))
    assert counts == [3, 3, 5]
