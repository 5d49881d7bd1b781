"""What the charter refuses in how a feed's records become incidents, and in its columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.charter import columns
from engine.ingest.charter import check_feed
from engine.ingest.mapping import Mapping
from engine.model.feed import Subject
from engine.model.taxonomy import Taxonomy


@pytest.fixture
def refused(mapped: Callable[..., Mapping], taxonomy: Taxonomy) -> Callable[..., list[tuple[Any, str]]]:
    def check(
        subject: str = "incident", said: tuple[str, ...] = (), headers: tuple[str, ...] = (), **changes: Any
    ) -> list[tuple[Any, str]]:
        return check_feed(subject, mapped(**changes), said, headers, taxonomy)

    return check


@pytest.mark.parametrize("named", [
    ("name", "id_number"), ("姓名", "身份证号"), ("personnummer",), ("DateOfBirth",), ("passportNo",),
    ("ethnicity",), ("民族",), ("Actor1EthnicCode",), ("religion",), ("宗教信仰",), ("nationality",),
    ("户籍地",), ("country_of_origin",), ("上访次数",), ("petitioner",), ("政治面貌",), ("political.view",),
    ("sentiment",), ("重点人员",), ("watchlist",), ("first_name", "gender"), ("姓名", "性别"),
    ("victim age", "victim sex"), ("förnamn", "efternamn"),
])  # fmt: skip
def test_columns_that_list_persons_or_sort_them_are_refused(named: tuple[str, ...]) -> None:
    assert columns.refused(named)


@pytest.mark.parametrize("named", [
    ("id", "happened", "published", "type", "place"), ("timeStamp", "title", "twp", "zip", "lat", "lng"),
    ("oblast", "raion", "hromada", "level", "started_at", "source"),
    ("来电人", "联系电话", "事件类型", "地点"),
    ("caller", "phone"), ("age",), ("trace", "raced", "courage", "sexton"),
    ("originator", "types", "status"),
    ("observed_day", "CVE", "EPSS"), ("properties.mag", "properties.place", "geometry.coordinates"),
])  # fmt: skip
def test_columns_of_incidents_are_not_refused(named: tuple[str, ...]) -> None:
    assert columns.refused(named) == []


def test_a_feed_of_incidents_passes_whole(refused: Callable[..., Any]) -> None:
    assert refused(said=("Fire brigade log", "消防警情"), headers=("id", "when", "where", "what")) == []


@pytest.mark.parametrize("subject", ["person", "persons", ""])
def test_persons_are_no_subject(refused: Callable[..., Any], subject: str) -> None:
    (where, sentence), = refused(subject=subject)
    assert where == ("subject",) and "incident, hazard, advisory" in sentence


def test_every_subject_of_the_model_passes(refused: Callable[..., Any]) -> None:
    assert [refused(subject=subject) for subject in Subject] == [[]] * 3


def words(*any_: str, category: str = "fire") -> dict[str, Any]:
    return {"category": {"keywords": [{"any": list(any_), "category": category}], "fields": ["text"]}}


@pytest.mark.parametrize(("category", "word"), [("attack", "political"), ("assembly", "protected")])
def test_keywords_feed_nothing_political_and_nothing_protected(
    refused: Callable[..., Any], category: str, word: str
) -> None:
    (where, sentence), = refused(**words("smoke", category=category))
    assert where == ("map", "category", 0, "keywords", 0, "category") and f"the {word} category" in sentence


@pytest.mark.parametrize(("category", "word"), [("attack", "political"), ("assembly", "protected")])
def test_a_table_feeds_nothing_political_and_nothing_protected(
    refused: Callable[..., Any], category: str, word: str
) -> None:
    (where, sentence), = refused(category={"field": "kind", "table": {"smoke": category}})
    assert where == ("map", "category", 0, "table", "smoke")
    assert f"a table may not feed the {word}" in sentence


def test_an_event_codebook_feeds_its_violence_and_what_is_protected(refused: Callable[..., Any]) -> None:
    assert refused(category={"field": "EventCode", "scheme": "cameo"}) == []


def test_events_coded_by_cameo_cannot_be_classified_otherwise(refused: Callable[..., Any]) -> None:
    found = refused(
        category={"fixed": "fire"}, skip={"field": "EventRootCode", "equals": ["14"]},
        headers=("-", "EventRootCode"),
    )  # fmt: skip
    assert [where for where, _ in found] == [("map", "category", 0)]


@pytest.mark.parametrize("said", ["GDELT events", "http://data.gdeltproject.org", "data/acled_2024.csv"])
def test_a_source_that_names_a_codebook_is_classified_by_it(refused: Callable[..., Any], said: str) -> None:
    (where, sentence), = refused(said=("Desk", said), category={"field": "kind", "scheme": "own"})
    assert where == ("map", "category", 0) and "whose harms are listed" in sentence
    name = "cameo" if "gdelt" in said.casefold() else "acled"
    assert refused(said=(said,), category={"field": "kind", "scheme": name}) == []
    assert refused(said=(said,), category=[{"fixed": "assembly"}]) == []
    assert refused(said=(said,), category=[{"fixed": "fire"}])
