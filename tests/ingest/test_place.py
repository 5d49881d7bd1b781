"""Places by code, name, point and shape, one or several."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import RecordError
from engine.ingest.gazetteer import Gazetteer
from engine.ingest.mapping import Place
from engine.ingest.place import locator


def locate(gazetteer: Gazetteer, fields: dict[str, Any], **attempt: Any) -> tuple[str, ...] | None:
    return locator(Place.model_validate(attempt), gazetteer)(fields)


@pytest.mark.parametrize(("fields", "attempt", "areas"), [
    ({"c": "A1"}, {"code": "c"}, ("A1",)),
    ({"c": 1}, {"code": "c", "prefix": "A"}, ("A1",)),
    ({"c": ["B", "A", "B", "Z9"]}, {"code": "c"}, ("A", "B")),
    ({"c": "A; B;"}, {"code": "c", "separator": ";"}, ("A", "B")),
    ({"n": "stad", "h": "North"}, {"name": "n", "within": "h"}, ("A2",)),
    ({"n": "Ås", "h": ""}, {"name": "n", "within": "h"}, ("A1",)),
    ({"a": "51", "o": 10.5}, {"point": ["a", "o"]}, ("A1",)),
    ({"gps": "51,13"}, {"point": "gps"}, ("B",)),
    ({"a": "51°00'30\"N", "o": "10° 30′ E"}, {"point": ["a", "o"]}, ("A1",)),
    ({"gps": "N51°0', E13°0'"}, {"point": "gps"}, ("B",)),
    ({"gps": "51 0 N,13 0 E"}, {"point": "gps"}, ("B",)),
    ({"gps": [51, 13]}, {"point": ["gps"]}, ("B",)),
    ({"a": 51, "o": 14.05}, {"point": ["a", "o"], "reach": 10}, ("B",)),
    ({"p": ["50,11 50,13 51,13 51,11 50,11"]}, {"shape": "p", "level": "county"}, ("A", "B")),
    ({"p": [], "c": "51,13 20"}, {"shape": ["p", "c"], "level": "county"}, ("B",)),
    ({"g": {"type": "Point", "coordinates": [13, 51]}}, {"shape": "g", "level": "county"}, ("B",)),
    ({}, {"fixed": "L"}, ("L",)),
])  # fmt: skip
def test_each_way_of_saying_where(
    gazetteer: Gazetteer, fields: dict[str, Any], attempt: dict[str, Any], areas: tuple[str, ...]
) -> None:
    assert locate(gazetteer, fields, **attempt) == areas


def test_leading_zeros_are_filled_up(gazetteer: Gazetteer) -> None:
    with pytest.raises(RecordError, match="the code '0007'"):
        locate(gazetteer, {"c": 7.0}, code="c", width=4)


@pytest.mark.parametrize("attempt", [
    {"code": "x"}, {"name": "x"}, {"point": ["x", "y"]}, {"point": "x"}, {"shape": "x", "level": "county"},
])  # fmt: skip
@pytest.mark.parametrize("fields", [{}, {"x": None, "y": None}, {"x": "", "y": ""}, {"x": []}])
def test_empty_fields_are_no_place_and_no_mistake(
    gazetteer: Gazetteer, attempt: dict[str, Any], fields: dict[str, Any]
) -> None:
    assert locate(gazetteer, fields, **attempt) is None


def test_zero_zero_is_not_known(gazetteer: Gazetteer) -> None:
    assert locate(gazetteer, {"a": "0.0", "o": 0}, point=["a", "o"]) is None


@pytest.mark.parametrize(("fields", "attempt", "reason"), [
    ({"a": "north", "o": "10"}, {"point": ["a", "o"]}, "which is no point"),
    ({"a": "nan", "o": "10"}, {"point": ["a", "o"]}, "which is no point"),
    ({"a": "1e999", "o": "10"}, {"point": ["a", "o"]}, "which is no point"),
    ({"g": "1,2,3"}, {"point": "g"}, "which is no point"),
    # Of the other axis, of sixty minutes and more, of two signs, and numbers that nothing marks as degrees.
    ({"g": "13°0'E,51°0'N"}, {"point": "g"}, "which is no point"),
    ({"g": "51°60'N,13°0'E"}, {"point": "g"}, "which is no point"),
    ({"g": "-51°0'N,13°0'E"}, {"point": "g"}, "which is no point"),
    ({"g": "51 0,13 0"}, {"point": "g"}, "which is no point"),
    ({"a": "6580000", "o": "674000"}, {"point": ["a", "o"]}, "metres of a map projection"),
    ({"s": "51,13 -5"}, {"shape": "s", "level": "county"}, "not a CAP polygon or circle"),
    ({"s": "51,13 52,14"}, {"shape": "s", "level": "county"}, "not a CAP polygon or circle"),
    ({"s": "121,31 122,31 122,32 121,31"}, {"shape": "s", "level": "county"}, "latitude comes first"),
    ({"s": "here"}, {"shape": "s", "level": "county"}, "not a CAP polygon or circle"),
    ({"s": {"type": "Square"}}, {"shape": "s", "level": "county"}, "not a GeoJSON geometry"),
    ({"s": {"type": "Polygon", "coordinates": [["a"]]}}, {"shape": "s", "level": "county"}, "not a GeoJSON"),
    ({"s": 7}, {"shape": "s", "level": "county"}, "no polygon, circle or geometry"),
    ({"c": ["Z8", "Z9"]}, {"code": "c"}, "there is no area with the code 'Z8'"),
])  # fmt: skip
def test_what_cannot_be_placed_is_a_reason(
    gazetteer: Gazetteer, fields: dict[str, Any], attempt: dict[str, Any], reason: str
) -> None:
    with pytest.raises(RecordError, match=reason):
        locate(gazetteer, fields, **attempt)
