"""Categories by published code and by words."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import RecordError
from engine.ingest.classify import classifier
from engine.ingest.mapping import Category
from engine.model.taxonomy import Taxonomy


def classify(taxonomy: Taxonomy, record: dict[str, Any], **attempt: Any) -> str | None:
    return classifier(Category.model_validate(attempt), taxonomy)(record)


@pytest.mark.parametrize("code", ["Skogsbrand", "SKOGSBRAND", " skogsbrand "])
def test_a_code_is_found_however_it_is_written(taxonomy: Taxonomy, code: str) -> None:
    assert classify(taxonomy, {"type": code}, field="type", scheme="desk") == "fire.wood"


def test_a_number_is_a_code(taxonomy: Taxonomy) -> None:
    assert classify(taxonomy, {"type": 190}, field="type", scheme="cameo") == "attack"


def test_an_unknown_code_is_a_reason_with_the_nearest(taxonomy: Taxonomy) -> None:
    reason = r"'type' holds 'Skogsbrnd', no desk code.*did you mean 'Skogsbrand'"
    with pytest.raises(RecordError, match=reason):
        classify(taxonomy, {"type": "Skogsbrnd"}, field="type", scheme="desk")


def test_an_empty_field_is_no_code(taxonomy: Taxonomy) -> None:
    assert classify(taxonomy, {"type": " "}, field="type", scheme="desk") is None


TABLE = {"field": "type", "table": {"着火": "fire", "Big Fire": "fire.wood", "119": "fire"}}


@pytest.mark.parametrize(
    ("value", "category"),
    [("着火", "fire"), ("big fire", "fire.wood"), (119, "fire"), ("Cat", "abuse"), ("", "abuse")],
)
def test_a_table_says_what_a_value_means(taxonomy: Taxonomy, value: Any, category: str) -> None:
    assert classify(taxonomy, {"type": value}, **TABLE, otherwise="abuse") == category


def test_a_value_that_is_not_in_the_table_is_a_reason_with_the_nearest(taxonomy: Taxonomy) -> None:
    with pytest.raises(RecordError, match=r"'type' holds 'Bog Fire', which is not in the .*'Big Fire'"):
        classify(taxonomy, {"type": "Bog Fire"}, **TABLE)


KEYWORDS = [
    {"any": ["drill", "演练"], "category": "abuse"},
    {"any": ["wood*", "forest"], "all": ["fire"], "none": ["camp fire"], "category": "fire.wood"},
    {"any": ["fire", "着火"], "category": "fire"},
]


@pytest.mark.parametrize(("text", "category"), [
    ("Fire in a WOODLAND", "fire.wood"),
    ("forest fire", "fire.wood"),
    ("camp fire in the woods", "fire"),
    ("厨房着火了", "fire"),
    ("ＦＩＲＥ", "fire"),
    ("Fire drill", "abuse"),
    ("消防演练着火", "abuse"),
])  # fmt: skip
def test_the_first_entry_whose_words_are_found_counts(taxonomy: Taxonomy, text: str, category: str) -> None:
    assert classify(taxonomy, {"t": text}, keywords=KEYWORDS, fields=["t"]) == category


@pytest.mark.parametrize("text", ["firefly", "misfire", "nothing"])
def test_words_are_whole_words(taxonomy: Taxonomy, text: str) -> None:
    with pytest.raises(RecordError, match="none of the keywords stands in t"):
        classify(taxonomy, {"t": text}, keywords=KEYWORDS, fields=["t"])


def test_words_are_looked_for_in_every_field_named(taxonomy: Taxonomy) -> None:
    record = {"a": "in the forest", "b": "a fire"}
    found = classify(taxonomy, record, keywords=KEYWORDS, fields=["a", "b", "c"])
    assert found == "fire.wood"
    assert classify(taxonomy, {}, keywords=KEYWORDS, fields=["a"]) is None
