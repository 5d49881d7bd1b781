"""What the charter refuses in a feed, and what it must not refuse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from engine.ingest.charter import check_columns, check_feed
from engine.ingest.mapping import Mapping
from engine.model.feed import Subject
from engine.model.taxonomy import Taxonomy
from engine.model.text import Text


@pytest.fixture
def refused(mapped: Callable[..., Mapping], taxonomy: Taxonomy) -> Callable[..., list[tuple[Any, str]]]:
    def check(
        id_: str = "desk", title: Text | str = "Desk", subject: str = "incident",
        headers: tuple[str, ...] = (), **changes: Any,
    ) -> list[tuple[Any, str]]:  # fmt: skip
        return check_feed(id_, title, subject, mapped(**changes), headers, taxonomy)

    return check


@pytest.mark.parametrize("columns", [
    ("name", "id_number"), ("姓名", "身份证号"), ("personnummer",), ("DateOfBirth",), ("passportNo",),
    ("ethnicity",), ("民族",), ("Actor1EthnicCode",), ("religion",), ("宗教信仰",), ("nationality",),
    ("户籍地",), ("country_of_origin",), ("上访次数",), ("petitioner",), ("政治面貌",), ("political.view",),
    ("sentiment",), ("重点人员",), ("watchlist",), ("first_name", "gender"), ("姓名", "性别"),
    ("victim age", "victim sex"), ("förnamn", "efternamn"),
])  # fmt: skip
def test_columns_that_list_persons_or_sort_them_are_refused(columns: tuple[str, ...]) -> None:
    assert check_columns(columns)


@pytest.mark.parametrize("columns", [
    ("id", "happened", "published", "type", "place"), ("timeStamp", "title", "twp", "zip", "lat", "lng"),
    ("oblast", "raion", "hromada", "level", "started_at", "source"),
    ("来电人", "联系电话", "事件类型", "地点"),
    ("caller", "phone"), ("age",), ("trace", "raced", "courage", "sexton"),
    ("originator", "types", "status"),
    ("observed_day", "CVE", "EPSS"), ("properties.mag", "properties.place", "geometry.coordinates"),
])  # fmt: skip
def test_columns_of_incidents_are_not_refused(columns: tuple[str, ...]) -> None:
    assert check_columns(columns) == []


@pytest.mark.parametrize(("title", "term"), [
    ("Register of petitioners", "petitioners"), ("List of persons of interest", "persons of interest"),
    (Text("Incidents", "重点人员名单"), "重点人"), ("Mosques of the county", "mosques"),
    ("Public opinion", "opinion"),
    ("信访事项", "信访"), ("Immigrants by street", "immigrants"),
])  # fmt: skip
def test_a_feed_about_persons_or_opinions_is_refused_by_its_title(
    refused: Callable[..., Any], title: Any, term: str
) -> None:
    (where, sentence), = refused(title=title)
    assert where == ("title",) and f"('{term}')" in sentence


def test_a_feed_of_incidents_passes_whole(refused: Callable[..., Any]) -> None:
    assert refused(title=Text("Fire brigade log", "消防警情"), headers=("id", "when", "where", "what")) == []


@pytest.mark.parametrize("subject", ["person", "persons", ""])
def test_persons_are_no_subject(refused: Callable[..., Any], subject: str) -> None:
    (where, sentence), = refused(subject=subject)
    assert where == ("subject",) and "incident, hazard, advisory" in sentence


def test_every_subject_of_the_model_passes(refused: Callable[..., Any]) -> None:
    assert [refused(subject=subject) for subject in Subject] == [[]] * 3


def words(*any_: str, category: str = "fire") -> dict[str, Any]:
    return {"category": {"keywords": [{"any": list(any_), "category": category}], "fields": ["text"]}}


@pytest.mark.parametrize(("changes", "where", "term"), [
    ({"source_id": "id_card"}, ("map", "source_id", 0), "id card"),
    ({"place": {"name": "hometown"}}, ("map", "place", 0), "hometown"),
    ({"skip": {"field": "民族", "equals": "x"}}, ("map", "skip", 0, "field"), "民族"),
    ({"severity": {"field": "religion", "bounds": [1]}}, ("map", "severity", "field"), "religion"),
    ({"severity": {"field": "x", "table": {"Uyghur": 4}}}, ("map", "severity", "table", "Uyghur"), "uyghur"),
    ({"measures": {"migrants": "n"}}, ("map", "measures", "migrants"), "migrants"),
    ({"measures": {"age": "n"}}, ("map", "measures", "age"), "age"),
    (words("smoke", "mosque"), ("map", "category", 0, "keywords", 0, "any", 1), "mosque"),
    (words("上访"), ("map", "category", 0, "keywords", 0, "any", 0), "上访"),
    (words("protest"), ("map", "category", 0, "keywords", 0, "any", 0), "protest"),
    (words("游行"), ("map", "category", 0, "keywords", 0, "any", 0), "游行"),
])  # fmt: skip
def test_fields_measures_and_keywords_obey_the_lexicon(
    refused: Callable[..., Any], changes: dict[str, Any], where: tuple[Any, ...], term: str
) -> None:
    (found, sentence), = refused(**changes)
    assert found == where and term in sentence


@pytest.mark.parametrize(("category", "word"), [("attack", "political"), ("assembly", "protected")])
def test_keywords_feed_nothing_political_and_nothing_protected(
    refused: Callable[..., Any], category: str, word: str
) -> None:
    (where, sentence), = refused(**words("smoke", category=category))
    assert where == ("map", "category", 0, "keywords", 0, "category") and f"the {word} category" in sentence


def test_an_event_codebook_feeds_its_violence_and_what_is_protected(refused: Callable[..., Any]) -> None:
    assert refused(category={"field": "EventCode", "scheme": "cameo"}) == []


def test_a_codebooks_speech_and_assembly_are_no_harm(
    mapped: Callable[..., Mapping], taxonomy: Taxonomy
) -> None:
    loud = Taxonomy.of([replace(taxonomy["fire"], codes={"cameo": ("14", "204"), "acled": ("Protests",)})])
    for scheme, code in (("cameo", "14"), ("acled", "Protests")):
        mapping = mapped(category={"field": "code", "scheme": scheme})
        (where, sentence), = check_feed("gdelt", "Events", "incident", mapping, (), loud)
        assert where == ("map", "category", 0, "scheme") and f"'{code}' of 'fire' is no violence" in sentence


def test_events_coded_by_cameo_cannot_be_classified_otherwise(refused: Callable[..., Any]) -> None:
    found = refused(
        category={"fixed": "fire"}, skip={"field": "EventRootCode", "equals": ["14"]},
        headers=("-", "EventRootCode"),
    )  # fmt: skip
    assert [where for where, _ in found] == [("map", "category", 0)]
