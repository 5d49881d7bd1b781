"""Fields made of fields: what each way gives, what it gives where something is missing, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from engine.errors import FeedError
from engine.guard.guard import Guard
from engine.ingest.charter import check_feed
from engine.ingest.derive import deriver
from engine.ingest.mapping import Derived, Mapping, Numbers
from engine.ingest.needs import check_columns, needed
from engine.model.feed import Feed, Fetch
from engine.model.incident import Incident

One = Callable[..., Any]
NUMBERS = Numbers(decimal=",")


@pytest.mark.parametrize(("made", "fields", "value"), [
    ({"join": ["a", "b"]}, {"a": "x", "b": 7.0}, "x/7"),
    ({"join": ["a", "b"], "by": " "}, {"a": "2026-03-08", "b": "07:30"}, "2026-03-08 07:30"),
    ({"join": ["a", "b"]}, {"a": " ", "b": "y"}, "y"),
    ({"join": ["a", "b"]}, {}, None),
    ({"first": ["a", "b"]}, {"a": "", "b": 0}, 0),
    ({"first": ["a", "b.c"]}, {"b": {"c": [1, 2]}}, [1, 2]),
    ({"first": ["a", "b"]}, {"a": None}, None),
    ({"pad": "a", "width": 5}, {"a": 380}, "00380"),
    ({"pad": "a", "width": 2}, {"a": "1234"}, "1234"),
    ({"cut": "a", "width": 4}, {"a": "055150000000"}, "0551"),
    ({"cut": "a", "width": 4}, {}, None),
    ({"cut": "a", "width": 4}, {"a": ["0551"]}, None),
    ({"ratio": ["a", "b"]}, {"a": "12,5", "b": "50"}, 0.25),
    ({"ratio": ["a", "b"]}, {"a": 0, "b": 50}, 0.0),
    ({"ratio": ["a", "b"]}, {"a": 5, "b": 0}, None),
    ({"ratio": ["a", "b"]}, {"a": 5}, None),
    ({"ratio": ["a", "b"]}, {"a": "many", "b": 2}, None),
    ({"between": ["a", "b"]}, {"a": "2026-03-08T07:00:00Z", "b": "2026-03-08T10:30:00+01:00"}, 2.5),
    ({"between": ["a", "b"], "unit": "d"}, {"a": "2026-03-01", "b": "2026-03-08"}, 7.0),
    ({"between": ["a", "b"], "unit": "m", "format": ["%H.%M", "%H:%M"]}, {"a": "07.00", "b": "07:45"}, 45.0),
    ({"between": ["a", "b"]}, {"a": "2026-03-29T01:00:00", "b": "2026-03-29T04:00:00"}, 2.0),
    ({"between": ["a", "b"]}, {"a": "2026-03-08T07:00:00Z"}, None),
    ({"between": ["a", "b"]}, {"a": "2026-03-08T07:00:00Z", "b": "soon"}, None),
    ({"between": ["a", "b"]}, {"a": "2026-03-08T07:00:00Z", "b": "2026-03-07T07:00:00Z"}, None),
])  # fmt: skip
def test_a_field_is_made_of_others_or_missing(
    made: dict[str, Any], fields: dict[str, Any], value: Any
) -> None:
    derive = deriver({"made": Derived.model_validate(made)}, NUMBERS, ZoneInfo("Europe/Stockholm"))
    assert derive(fields)["made"] == value
    assert "made" not in fields


def test_one_is_made_of_another(one: One) -> None:
    found = one(
        {"no": 7, "year": 2026, "county": "A1999", "out": 3, "all": 4},
        derive={
            "key": {"join": ["year", "no"]}, "area": {"cut": "county", "width": 2},
            "where": {"first": ["gone", "area"]}, "part": {"ratio": ["out", "all"]},
        },
        source_id="key", place={"code": "where"}, measures={"share": "part"},
    )  # fmt: skip
    assert isinstance(found, Incident)
    assert (found.source_id, found.areas, dict(found.measures)) == ("2026/7", ("A1",), {"share": 0.75})


@pytest.mark.parametrize(("made", "reason"), [
    ({}, "found none of them"),
    ({"join": ["a"], "first": ["b"]}, "found join and first"),
    ({"pad": "a"}, "need 'width'"),
    ({"first": ["a"], "by": "-"}, "'by' goes only with join"),
    ({"ratio": ["a"]}, "'ratio' needs two fields"),
    ({"between": ["a", "b", "c"]}, "at most 2"),
    ({"between": ["a", "b"], "format": "day"}, "there is no format 'day'"),
    ({"first": ["a"], "unit": "h"}, "'unit' goes only with between"),
])  # fmt: skip
def test_what_would_do_nothing_is_refused(made: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        Derived.model_validate(made)


def test_what_it_is_made_of_is_what_is_read(mapped: Callable[..., Mapping]) -> None:
    mapping = mapped(
        derive={"key": {"join": ["a", "half"]}, "half": {"cut": "b", "width": 2}}, source_id="key",
        title="key", keep_text=True,
    )  # fmt: skip
    assert [name for (key, *_), name in mapping.reads() if key == "source_id"] == ["a", "b"]
    assert mapping.texts() == {"a", "b"}


def test_a_table_needs_the_columns_that_it_is_made_of(feed: Callable[..., Feed]) -> None:
    made = feed(
        derive={"day": {"first": ["seen", "told"]}, "key": {"ratio": ["n", "of"]}}, occurred_at="day",
        source_id="key",
    )  # fmt: skip
    assert needed(made.mapping)["occurred_at"] == [{"seen"}, {"told"}]
    columns = ("told", "n", "of", "where", "what")
    assert check_columns(Fetch(records=(), columns=columns), made, Guard()) == []
    with pytest.raises(FeedError, match=r"seen or told \(occurred_at\)"):
        check_columns(Fetch(records=(), columns=("n", "of", "where", "what")), made, Guard())


def test_the_charter_reads_the_names_of_what_is_made(mapped: Callable[..., Mapping]) -> None:
    mapping = mapped(derive={"citizenship": {"first": ["a", "b"]}})
    assert any("citizenship" in sentence for _, sentence in check_feed("incident", mapping))
