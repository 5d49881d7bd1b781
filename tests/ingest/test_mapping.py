"""The grammar of `map:`: what it takes, what it refuses and with which words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from engine import yamlfile
from engine.ingest.mapping import Mapping


def test_short_forms_mean_the_long_ones(mapped: Callable[..., Mapping]) -> None:
    short = mapped(
        source_id="id", occurred_at="when", place={"name": "where"}, skip={"field": "x", "equals": 7}
    )
    long = mapped(
        source_id=["id"], occurred_at=[{"field": "when"}], place=[{"name": "where"}],
        skip=[{"field": "x", "equals": ["7"]}],
    )  # fmt: skip
    assert short == long
    assert short.ahead == timedelta(hours=1)


@pytest.mark.parametrize(("changes", "reason"), [
    ({"occurred_at": {}}, "exactly one of field, fields, reported is needed here; found none of them"),
    ({"occurred_at": {"field": "a", "reported": True}}, "found field and reported"),
    ({"occurred_at": {"reported": True, "zone": "UTC"}}, "'zone' goes only with field or fields"),
    ({"occurred_at": {"field": "a", "zone": "Stockholm"}}, "not a time zone"),
    ({"occurred_at": {"field": "a", "pattern": "("}}, "not a regular expression"),
    ({"occurred_at": {"field": "a", "pattern": "(?P<day>.)"}}, "needs the named groups"),
    ({"occurred_at": {"field": "a", "pattern": "(?P<day>.)(?P<month>.)(?P<x>.)"}}, "the pattern's groups"),
    ({"known_at": {"field": "a", "at": "25:00"}}, "not a time of day"),
    ({"ahead": "soon"}, "is not a duration"),
    ({"place": []}, "at least 1"),
    ({"place": {"code": "a", "name": "b"}}, "found code and name"),
    ({"place": {"code": "a", "within": "b"}}, "'within' goes only with name"),
    ({"place": {"shape": "a"}}, "'shape' needs 'level'"),
    ({"place": {"point": ["a", "b", "c"]}}, "at most 2"),
    ({"category": {"field": "a"}}, "'field' needs either 'scheme' or 'table'"),
    ({"category": {"field": "a", "scheme": "desk", "otherwise": "b"}}, "'otherwise' goes only with"),
    ({"place": {"name": "a", "cut": 2}}, "'cut' goes only with"),
    ({"category": {"keywords": [{"any": "a", "category": "fire"}]}}, "'keywords' needs 'fields'"),
    ({"category": {"keywords": [{"category": "fire"}], "fields": ["a"]}}, "keywords need 'any' or 'all'"),
    ({"severity": {"field": "a"}}, "'field' needs either 'table' or 'bounds'"),
    ({"severity": {"field": "a", "bounds": [3, 2]}}, "the bounds must rise"),
    ({"severity": {"field": "a", "table": {"x": 5}}}, "less than or equal to 4"),
    ({"severity": {"fixed": 2, "otherwise": 1}}, "'otherwise' goes only with field"),
    ({"title": "t"}, "'title' is kept only with keep_text: true"),
    ({"keep_point": True}, "'keep_point' needs a 'point' among the places"),
    ({"accuracy": "100m"}, "'accuracy' goes only with keep_point"),
    ({"accuracy": "a street", "keep_point": True, "place": {"point": "a"}}, "'a street' is no distance"),
    ({"accuracy": {"within": "100m", "where": {"field": "a"}}}, "exactly one of equals, starts"),
    ({"withdrawn": {"field": "a"}}, "exactly one of equals, starts"),
])  # fmt: skip
def test_what_would_do_nothing_or_cannot_be_is_refused(
    mapped: Callable[..., Mapping], changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ValidationError, match=reason):
        mapped(**changes)


def test_a_misspelt_key_is_named_with_its_line_and_the_right_one() -> None:
    document, _ = yamlfile.parse(
        "source_id: id\noccurred_at: when\nplace:\n  - {nmae: where}\ncategory: {fixed: fire}\n", "feeds.yaml"
    )
    assert document is not None
    _, problems = yamlfile.validate(document, Mapping, "map")
    assert (problems[0].line, problems[0].sentence.partition(";")[0]) == (
        4, "unknown key 'nmae' (did you mean 'name'?)",
    )  # fmt: skip


def test_every_field_read_is_named(mapped: Callable[..., Mapping]) -> None:
    mapping = mapped(
        source_id=["a", "b"], revision_of="c", occurred_at=[{"fields": ["d", "e"]}, {"reported": True}],
        ended_at="f", known_at={"field": "g"},
        place=[
            {"code": "h"}, {"name": "i", "within": "j"}, {"point": ["k", "l"]},
            {"shape": "m", "level": "county"},
        ],
        category=[
            {"field": "n", "scheme": "desk"},
            {"keywords": [{"any": "x", "category": "fire"}], "fields": ["o"]},
        ],
        severity={"field": "p", "bounds": [1]}, measures={"size": "q"}, title="r", keep_text=True,
        withdrawn={"field": "s", "equals": "x"}, skip={"field": "t", "starts": "x"},
    )  # fmt: skip
    assert "".join(sorted(field for _, field in mapping.reads())) == "abcdefghijklmnopqrst"
    assert mapping.texts() == {"o", "r"}


@pytest.mark.parametrize(("form", "said"), [
    ("%Y %Y", "names a part of the moment twice"), ("%Z %z", "names a part of the moment twice"),
    ("%Q", "cannot be read by: 'Q' is a bad directive"), ("%d %", "cannot be read by: stray %"),
])  # fmt: skip
def test_a_format_that_nothing_can_be_read_by_is_refused(
    mapped: Callable[..., Mapping], form: str, said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        mapped(occurred_at={"field": "when", "format": form})


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%d %B %Y %H:%M %Z", "%%%Y%m%d", "%c %z"])
def test_a_format_that_fits_something_is_taken(mapped: Callable[..., Mapping], form: str) -> None:
    assert mapped(occurred_at={"field": "when", "format": form}).occurred_at[0].format == (form,)


@pytest.mark.parametrize("form", ["%Y-%m", "%B %Y", "%Y", "%Y-W%V", "span"])
def test_what_tells_no_day_is_said_to_be_of_unknown_days(mapped: Callable[..., Mapping], form: str) -> None:
    """Else all of a month would be counted on its first day."""
    with pytest.raises(ValidationError, match="say precision: unknown, and no day counts it"):
        mapped(occurred_at={"field": "when", "format": form})
    with pytest.raises(ValidationError, match="only occurred_at takes them"):
        mapped(known_at={"field": "when", "format": ["iso", form]})
    assert mapped(occurred_at={"field": "when", "format": form, "precision": "unknown"})
