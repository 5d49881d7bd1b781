"""Where in each file the charter reaches, what a text may say there, and what it quotes."""

from __future__ import annotations

from typing import Any

import pytest

from engine.charter import reach
from engine.charter.address import asked
from engine.charter.judgement import Kind, refusals


def feed(**changes: Any) -> dict[str, Any]:
    entry = {"id": "desk", "title": "Desk", "covers": {"categories": ["fire"]}, "options": {}, "map": {}}
    return {"feeds": [{**entry, **changes}]}


def places(name: str, data: Any, protected: frozenset[str] = frozenset()) -> list[Any]:
    return [where for where, _ in reach.refused(name, data, protected)]


@pytest.mark.parametrize(("changes", "where"), [
    ({"title": {"en": "Desk", "zh": "信访"}}, ("title", "zh")),
    ({"id": "watchlist"}, ("id",)),
    ({"source": "Office for religious affairs"}, ("source",)),
    ({"map": {"source_id": ["id_card"]}}, ("map", "source_id", 0)),
    ({"map": {"place": [{"name": "hometown"}]}}, ("map", "place", 0, "name")),
    ({"map": {"skip": {"field": "民族", "equals": ["x"]}}}, ("map", "skip", "field")),
    ({"map": {"skip": [{"field": "x", "equals": ["汉"]}]}}, ("map", "skip", 0, "equals", 0)),
    ({"map": {"withdrawn": {"field": "x", "starts": ["petit"]}}}, ("map", "withdrawn", "starts", 0)),
    ({"map": {"severity": {"field": "x", "table": {"Uyghur": 4}}}}, ("map", "severity", "table", "Uyghur")),
    ({"map": {"measures": {"migrants": "n"}}}, ("map", "measures", "migrants")),
    ({"map": {"measures": {"n": "age"}}}, ("map", "measures", "n")),
    ({"map": {"category": {"keywords": [{"any": ["smoke", "游行"]}]}}},
     ("map", "category", "keywords", 0, "any", 1)),
    ({"map": {"occurred_at": {"pattern": "回族.*"}}}, ("map", "occurred_at", "pattern")),
    ({"options": {"columns": ["id", "religion"]}}, ("options", "columns", 1)),
    ({"options": {"query": {"ethnicity": "x"}}}, ("options", "query", "ethnicity")),
    ({"options": {"url": "https://data.example/?sex=x"}}, ("options", "url")),
    ({"options": {"records": "data.petitions"}}, ("options", "records")),
    ({"something_new": "petitioners"}, ("something_new",)),
])  # fmt: skip
def test_every_text_of_a_feed_is_held(changes: dict[str, Any], where: tuple[Any, ...]) -> None:
    assert places("feeds", feed(**changes)) == [("feeds", 0, *where)]


def test_every_word_of_a_template_is_held_also_what_is_put_together_by_it() -> None:
    honest = {"en": "{{ grade|upper }} {{ place }}: {{ title }}", "zh": "{{ place }}{{ grade }}：{{ title }}"}
    evil = {"en": "{% if title == 'petitioners' %}x{% endif %}", "zh": "{{ place }}上{{ '' }}访"}
    one = {"id": "short", "subject": honest, "text": honest}
    assert places("routes", {"templates": [one]}) == []
    written = {
        "templates": [{**one, "text": evil}, {**one, "id": "petitions"}],
        "reports": [{"id": "mosques"}],
    }
    assert places("routes", written) == [
        ("templates", 0, "text", "en"), ("templates", 0, "text", "zh"), ("templates", 1, "id"),
        ("reports", 0, "id"),
    ]  # fmt: skip


@pytest.mark.parametrize("changes", [
    {"covers": {"categories": ["civic.assembly"], "areas": ["muslims"]}},
    {"map": {"category": [{"fixed": "civic.worship"}]}},
    {"map": {"category": {"keywords": [{"any": ["smoke"], "category": "civic.petition"}]}}},
    {"options": {"token": "xRefugee9"}},
])  # fmt: skip
def test_references_are_judged_where_they_are_declared(changes: dict[str, Any]) -> None:
    assert places("feeds", feed(**changes)) == []


def test_a_feed_of_what_is_protected_alone_may_be_about_crowds_and_nothing_more() -> None:
    covers = {"categories": ["civic.assembly"]}
    protected = frozenset({"civic.assembly"})
    assert places("feeds", feed(title="Demonstrations notified", covers=covers), protected) == []
    assert places("feeds", feed(title="Petitions", covers=covers), protected) == [("feeds", 0, "title")]
    both = {"categories": ["civic.assembly", "fire"]}
    assert places("feeds", feed(title="Demonstrations notified", covers=both), protected)


def test_what_the_environment_fills_in_is_held_and_never_quoted() -> None:
    (found,) = reach.expanded({"url": "https://x.example/${WHAT}"}, {"url": "https://x.example/petitions"})
    assert found[0] == ("url",) and "${WHAT}" in found[1] and "x.example/petitions" not in found[1]
    assert list(reach.expanded({"token": "${KEY}"}, {"token": "petitions"})) == []


def test_an_address_asks_by_its_parameters() -> None:
    found = list(asked("https://x.example/?sex=male&q=cGV0aXRpb25lcnM%3D&page=2"))
    assert (Kind.READ, "sex") in found and (Kind.VALUE, "petitioners") in found and (Kind.VALUE, "2") in found
    assert list(asked("data/desk.csv")) == [] and list(asked("http://[")) == []


def category(**changes: Any) -> dict[str, Any]:
    return {"categories": [{"code": "extra", "title": "Fire", **changes}]}


@pytest.mark.parametrize(("changes", "taken"), [
    ({"title": "Petitions"}, False), ({"title": "Petitions", "protected": True}, True),
    ({"title": "Petitions", "protected": "yes"}, False), ({"title": "Uyghurs", "protected": True}, False),
    ({"title": "Suicide"}, False), ({"title": "Suicide", "sensitive": True}, True),
    ({"codes": {"desk": ["Peaceful protest"]}}, False), ({"codes": {"religion": ["1"]}}, False),
    ({"children": [{"code": "extra.mosque", "title": "Visits"}]}, False),
    ({"protected": True, "children": [{"code": "extra.worship", "title": "Worship"}]}, True),
    ({"protected": True, "children": [{"code": "x", "title": "Worship", "protected": False}]}, True),
])  # fmt: skip
def test_marks_of_a_category_are_no_choice(changes: dict[str, Any], taken: bool) -> None:
    assert (places("taxonomy", category(**changes)) == []) is taken


@pytest.mark.parametrize(("entry", "taken"), [
    ({"what": "Detain the organisers", "aim": "traffic"}, False),
    ({"what": "First aid at demonstrations", "aim": "medical"}, True),
    ({"what": "First aid at demonstrations", "aim": "patrol"}, False),
    ({"what": "Stop buses that bring demonstrators", "aim": "traffic"}, False),
    ({"what": "Agree the route of the march with its organisers", "aim": "facilitation"}, True),
    ({"what": {"en": "Talk", "zh": "约谈当事人"}, "aim": "mediation"}, False),
    ({"what": "Fire patrols", "department": "religious-affairs"}, False),
])  # fmt: skip
def test_a_measure_eases_or_names_nobody(entry: dict[str, Any], taken: bool) -> None:
    assert (places("measures", {"measures": [{"code": "extra", **entry}]}) == []) is taken


def test_only_crowd_safety_names_what_is_protected() -> None:
    title = {"title": "Safety at demonstrations"}
    assert places("rule", {"topic": "crowd-safety", **title}) == []
    assert places("rule", {"topic": "fire", **title}) == [("title",)]
    assert places("topics", {"topics": [{"id": "crowd-safety", **title}]}) == []
    assert places("rule", {"topic": "crowd-safety", "title": "Safety of Uyghurs"})


def test_what_is_no_file_of_ours_is_held_as_titles() -> None:
    assert places("plans", {"steps": [{"what": "watch the mosque"}]}) == [("steps", 0, "what")]
    for broken in (None, [], "x", {"feeds": 3}, {"categories": [1, None]}, {"measures": {"a": 1}}):
        for name in ("feeds", "taxonomy", "measures", "topics", "rule", "plans"):
            assert places(name, broken) == []


def test_marks_that_turn_the_order_are_refused() -> None:
    (sentence,) = refusals(Kind.KEYWORD, "\u202etsetorp")
    assert "turn the order" in sentence


def test_a_refusal_says_what_why_and_how_to_ask() -> None:
    (sentence,) = refusals(Kind.KEYWORD, "mosque")
    assert sentence == (
        "'mosque' sorts texts by worship ('mosque'); forewarn judges places and harms, never persons or"
        " opinions; if something else is meant, docs/charter.md says how to ask for a change of the code"
    )
